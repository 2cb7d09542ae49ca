/// The variables that SWML sets after its stream methods.
public enum SWMLVariables {
    /// After `stream`: its result, and the control id of the stream that started.
    ///
    /// - Parameter started: nil when the start failed; `stream_control_id` keeps its value then.
    public static func afterStream(_ started: ActiveStream?) -> [String: String] {
        guard let started else { return ["stream_result": "failed"] }
        return ["stream_result": "success", "stream_control_id": started.controlID]
    }

    /// After `stop_stream`: whether anything stopped.
    public static func afterStopStream(_ stopped: [ActiveStream]) -> [String: String] {
        ["stop_stream_result": stopped.isEmpty ? "failed" : "success"]
    }
}
