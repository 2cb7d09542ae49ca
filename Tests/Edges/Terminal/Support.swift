@testable import SidetoneTerminal

func call(_ id: String, seconds: Double, alerts: String = "") -> String {
    #"{"id":"\#(id)","state":"active","duration_s":\#(seconds),"speaking":"none","tracks":{"inbound":{"level_dbfs":-30.0,"speech":false},"#
        + #""outbound":{"level_dbfs":-40.0,"speech":true}},"silence_s":1.5,"talk_share":{"inbound":0.25,"outbound":null},"#
        + #""alerts":[\#(alerts)]}"#
}

func activeCalls(_ calls: String...) -> String {
    #"{"seq":2,"type":"active_calls","status":{"state":"running","streams":{"open":2,"limit":10},"cpu_percent":3.25},"calls":[\#(calls.joined(separator: ","))]}"#
}

extension MonitorState {
    mutating func receive(_ text: String) throws { handle(try LiveMessage(text.utf8)) }
}
