import SidetoneJSON
import SidetoneModel
import SidetonePipeline

/// A signal with its number among all signals of the server. Its JSON is encoded on first use.
final class NumberedEvent {
    let number: Int64
    let event: CloudEvent
    /// The name of its type without prefix, phase and version.
    var name: String { event.signal.name }
    lazy var json: [UInt8] = {
        var json = JSONWriter()
        event.write(to: &json)
        return json.bytes
    }()

    init(number: Int64, event: CloudEvent) {
        self.number = number
        self.event = event
    }
}
