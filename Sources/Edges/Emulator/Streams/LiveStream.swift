import SidetoneCallControl
import SidetonePlayback

/// One stream of an active call, with its state and result.
struct LiveStream {
    let stream: ActiveStream
    /// Samples of the call before it.
    let started: Int64
    var ended: Int64?
    var writer: StreamWriter
    let feed = MessageFeed()
    /// A second socket with the same messages, if requested by the fault plan.
    var echo: MessageFeed?
    /// Whether the receiver accepted the upgrade.
    var isOpen = false
    /// Whether it does not, or no longer, receive audio.
    var isStopped = false
    /// Set when its socket is closed.
    var report: PlaybackResult?

    /// Enqueues messages; the report includes what a full feed refuses.
    mutating func send(_ messages: [TimedMessage]) {
        feed.add(messages)
        echo?.add(messages)
    }

    var feeds: [MessageFeed] { [feed] + (echo.map { [$0] } ?? []) }

    /// Ends the stream.
    mutating func stop(at position: Int64) throws {
        guard !isStopped else { return }
        isStopped = true
        ended = position
        defer {
            feed.end()
            echo?.end()
        }
        send(try writer.ending())
    }
}
