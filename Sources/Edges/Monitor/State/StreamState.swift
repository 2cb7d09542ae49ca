import SidetonePipeline

/// One stream of a call.
final class StreamState {
    let info: StreamInfo
    /// The id of the call it belongs to.
    let call: String
    /// Counts the stream's signals, like the other sinks do: the count is part of the event ids.
    var signals: Int64 = 0
    /// Nil while it runs.
    var summary: StreamSummary?

    init(_ info: StreamInfo) {
        self.info = info
        call = CallState.id(info)
    }
}
