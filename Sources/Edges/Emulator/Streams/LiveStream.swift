import SidetoneCallControl
import SidetonePlayback

/// One stream of a call that goes on: what it has been told, and what became of it.
struct LiveStream {
    let stream: ActiveStream
    /// Samples of the call heard before it.
    let started: Int64
    var ended: Int64?
    var writer: StreamWriter
    let feed = MessageFeed()
    /// A second socket that is told the same, where that is asked for.
    var echo: MessageFeed?
    /// The receiver took the upgrade.
    var isOpen = false
    /// It is not, or no longer, told what the call hears.
    var isStopped = false
    /// Set when its socket is gone.
    var report: PlaybackResult?

    /// Hands messages on; what a full feed refuses shows in the report.
    mutating func send(_ messages: [TimedMessage]) {
        feed.add(messages)
        echo?.add(messages)
    }

    var feeds: [MessageFeed] { [feed] + (echo.map { [$0] } ?? []) }

    /// The good-bye.
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
