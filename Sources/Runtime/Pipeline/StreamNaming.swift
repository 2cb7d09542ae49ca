import SidetoneModel

/// Assigns names and time labels to streams.
package struct StreamNaming: Sendable {
    /// Converts any text to a single path component.
    let component: @Sendable (String) -> String
    /// Wall-clock seconds since 1970.
    package let now: @Sendable () -> Double
    /// The monotonic clock, for durations.
    let uptime: @Sendable () -> UptimeReading = { Uptime.reading }
    /// What to call a stream that is not a platform's, by its number within the input.
    private let fileName: (@Sendable (_ segment: Int) -> String)?

    /// Streams of platforms: `<call>/<stream>`.
    ///
    /// - Parameter component: converts untrusted text to one path component that is safe on any file system.
    package init(component: @escaping @Sendable (String) -> String, now: @escaping @Sendable () -> Double) {
        self.component = component
        self.now = now
        fileName = nil
    }

    /// The streams of an input, replaced on the next run.
    ///
    /// - Parameter name: the folder's name for each of them, counted from 1.
    package init(
        file name: @escaping @Sendable (_ segment: Int) -> String, component: @escaping @Sendable (String) -> String,
        now: @escaping @Sendable () -> Double
    ) {
        self.component = component
        self.now = now
        fileName = name
    }

    /// - Parameter segment: the number of the stream on its socket or in its input, from 1; later ones have separate
    ///   folders.
    func info(for start: StreamStart, dialect: String, segment: Int = 1) -> StreamInfo {
        let suffix = segment > 1 ? "-\(segment)" : ""
        return StreamInfo(
            start: start, dialect: dialect, startedAt: now(), startedUptime: uptime().seconds, segment: segment,
            folder: fileName.map { [component($0(segment))] }
                ?? [component(start.callID), component(start.streamID + suffix)],
            replacesFolder: fileName != nil)
    }
}
