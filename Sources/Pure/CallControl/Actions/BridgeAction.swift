public import SidetoneJSON

/// `bridge`: connects two parties.
///
/// The platform's tables name `destination`, its examples `to`; both are read, `destination` is written.
public struct BridgeAction: Action {
    public static let name = "bridge"
    public static let summary = "Connects the call with another party; later actions do not run."

    public var request: ConnectRequest

    public init(_ request: ConnectRequest) { self.request = request }

    public init?(_ fields: inout FieldReader) {
        guard let request = ConnectRequest(&fields) else { return nil }
        self.request = request
    }

    public var parameters: [JSONMember] { request.parameters }

    public var instruction: CallInstruction { .bridge(request) }
}
