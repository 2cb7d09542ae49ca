import SidetoneModel
import SidetonePipeline

extension CallStateStore {
    /// The timeline of a call; nil if it is unknown here.
    func timeline(of id: String, from: Double, to: Double) -> [UInt8]? {
        guard let call = call(id) else { return nil }
        return TimelineText.json(
            call: id, courses: call.meters.map { $0?.course }, from: from, to: to, signals: call.events.map(\.json))
    }

    /// The logs of a call in the order of their times; nil if it is unknown here.
    func log(of id: String) -> [CallLogEntry]? { call(id)?.log.sorted { $0.time < $1.time } }

    /// The calls that have files, newest first.
    func recordedCalls() -> [(id: String, startedAt: Double, files: [String])] {
        (Array(active.values) + ended).sorted { ($0.startedAt, $0.id) > ($1.startedAt, $1.id) }
            .map { call in (call.id, call.startedAt, Set(call.streams.flatMap { files($0.info) }).sorted()) }
    }
}
