package import SidetoneModel

/// A running or ended call.
package struct CallRecord: Sendable, Hashable {
    /// One stream of the call.
    package struct Stream: Sendable, Hashable {
        package var id: String
        package var dialect: String
        package var codec: String
        package var sampleRateHz: Int
        /// Wall-clock times, seconds since 1970.
        package var startedAt: Double
        package var endedAt: Double?
        /// The `EndReason`; nil while it is running.
        package var reason: String?
        /// Its duration in samples; nil while it is running or if unknown.
        package var seconds: Double?
        /// The folders below an output directory.
        package var folder: [String]
        /// The totals as JSON, as in `summary.json`; nil while it is running.
        package var summary: String?

        package init(
            id: String, dialect: String, codec: String, sampleRateHz: Int, startedAt: Double, endedAt: Double?,
            reason: String?, seconds: Double? = nil, folder: [String], summary: String?
        ) {
            self.seconds = seconds
            self.id = id
            self.dialect = dialect
            self.codec = codec
            self.sampleRateHz = sampleRateHz
            self.startedAt = startedAt
            self.endedAt = endedAt
            self.reason = reason
            self.folder = folder
            self.summary = summary
        }
    }

    package var id: String
    /// Wall-clock times, seconds since 1970.
    package var startedAt: Double
    package var endedAt: Double?
    /// As stored: masked unless the store is configured to keep numbers.
    package var from: String?
    package var to: String?
    package var streams: [Stream]

    package init(id: String, startedAt: Double, endedAt: Double?, from: String?, to: String?, streams: [Stream]) {
        self.id = id
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.from = from
        self.to = to
        self.streams = streams
    }
}

/// A query for calls.
package struct CallQuery: Sendable, Hashable {
    package enum State: String, Sendable { case active, ended, all }

    package var state: State
    /// Only calls that started before this time, seconds since 1970: pages are requested from the newest back.
    package var before: Double?
    /// With `before`: also calls of that exact time whose ID sorts before this one, so that a page may end between two
    /// calls of the same time. The last call of a page provides both values for the next page.
    package var beforeID: String?
    /// The maximum number of calls.
    package var limit: Int

    package init(state: State = .all, before: Double? = nil, beforeID: String? = nil, limit: Int = 100) {
        self.state = state
        self.before = before
        self.beforeID = beforeID
        self.limit = limit
    }
}

/// A recorded WAV file of a call.
package struct CallRecording: Sendable, Hashable {
    package var call: String
    package var stream: String
    /// Wall-clock time of the stream's start, seconds since 1970.
    package var startedAt: Double
    /// The stream's folder below the output directory, outermost first.
    package var folder: [String]
    package var file: RecordedFile

    package init(call: String, stream: String, startedAt: Double, folder: [String], file: RecordedFile) {
        self.call = call
        self.stream = stream
        self.startedAt = startedAt
        self.folder = folder
        self.file = file
    }
}

/// A sink that stores calls and can be queried for them.
package protocol CallHistory: Sendable {
    /// Calls, newest first.
    func calls(_ query: CallQuery) async throws -> [CallRecord]
    func call(_ id: String) async throws -> CallRecord?
    /// The signals of a call as CloudEvents in JSON, in the order in which they were reported.
    func events(of call: String) async throws -> [String]
    /// The overviews of the tracks of a call between two times on the call clock in seconds. If a call has several
    /// streams, the clock is that of the first, and the others are positioned on it. Unknown steps are omitted: a track
    /// then consists of several pieces, in order.
    func overview(of call: String, from: Double, to: Double) async throws -> [TrackOverview]
    /// The three logs of a call, sorted by time.
    func log(of call: String) async throws -> [CallLogEntry]
    /// The WAV files of a call, or of all calls, newest streams first.
    ///
    /// - Parameters:
    ///   - before: only of streams that started before this time, seconds since 1970.
    ///   - limit: the maximum number of files.
    func recordings(of call: String?, before: Double?, limit: Int) async throws -> [CallRecording]
}
