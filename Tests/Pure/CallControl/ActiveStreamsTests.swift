import SidetoneCallControl
import Testing

@Suite struct ActiveStreamsTests {
    /// Three streams: inbound and both to `wss://a`, outbound to `wss://b` under the control id `named`.
    private func three() -> ActiveStreams {
        var streams = ActiveStreams()
        _ = streams.start(StreamRequest(url: "wss://a", tracks: .inbound))
        _ = streams.start(StreamRequest(url: "wss://a", tracks: .both))
        _ = streams.start(StreamRequest(url: "wss://b", tracks: .outbound, controlID: "named"))
        return streams
    }

    @Test(arguments: [
        (StreamMatch.matching(url: "wss://a", tracks: .inbound), ["stream-1"]),
        (.matching(url: "wss://a", tracks: nil), ["stream-1", "stream-2"]),
        (.matching(url: nil, tracks: .outbound), ["named"]), (.matching(url: "wss://c", tracks: nil), []),
        (.matching(url: "wss://b", tracks: .inbound), []),
        (.matching(url: nil, tracks: nil), ["stream-1", "stream-2", "named"]), (.mostRecent, ["named"]),
        (.controlID("stream-2"), ["stream-2"]), (.controlID("nobody"), []),
    ])
    func `a stop removes the matching streams and keeps the others`(_ match: StreamMatch, expected: [String]) {
        var streams = three()
        #expect(streams.stop(match).map(\.controlID) == expected)
        #expect(streams.all.map(\.controlID) == ["stream-1", "stream-2", "named"].filter { !expected.contains($0) })
    }

    @Test func `the most recent stream is the one started last among those that still run`() {
        var streams = three()
        #expect(streams.stop(.mostRecent).map(\.controlID) == ["named"])
        #expect(streams.stop(.mostRecent).map(\.controlID) == ["stream-2"])
        #expect(streams.stop(.mostRecent).map(\.controlID) == ["stream-1"])
        #expect(streams.stop(.mostRecent).isEmpty)
    }

    @Test func `a control id in use starts nothing, and is free again after its stop`() {
        var streams = three()
        let request = StreamRequest(url: "wss://c", tracks: .both, controlID: "named")
        #expect(streams.start(request) == nil)
        #expect(streams.all.count == 3)
        _ = streams.stop(.controlID("named"))
        #expect(streams.start(request)?.controlID == "named")
    }

    @Test func `a generated control ID skips one in use`() {
        var streams = ActiveStreams()
        _ = streams.start(StreamRequest(url: "wss://a", tracks: .both, controlID: "stream-1"))
        #expect(streams.start(StreamRequest(url: "wss://a", tracks: .both))?.controlID == "stream-2")
    }
}
