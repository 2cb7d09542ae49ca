package import SidetoneModel

/// What is known of a call, running or over.
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
        /// How it ended, as `EndReason`; nil while it runs.
        package var reason: String?
        /// Its span by its samples; nil while it runs, or where it is not known.
        package var seconds: Double?
        /// The folders below an output directory.
        package var folder: [String]
        /// The totals as JSON, as `summary.json` holds them; nil while it runs.
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
    /// As stored: masked unless the store was told to keep numbers.
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

/// Which calls are asked for.
package struct CallQuery: Sendable, Hashable {
    package enum State: String, Sendable { case active, ended, all }

    package var state: State
    /// Only calls that began before this moment, seconds since 1970: pages are asked for from the newest back.
    package var before: Double?
    /// With `before`: also calls of that very moment whose id comes before this one, so that a page may end between two
    /// calls of one moment. A page's last call gives both for the next page.
    package var beforeID: String?
    /// How many calls at most.
    package var limit: Int

    package init(state: State = .all, before: Double? = nil, beforeID: String? = nil, limit: Int = 100) {
        self.state = state
        self.before = before
        self.beforeID = beforeID
        self.limit = limit
    }
}

/// A WAV file that a call left.
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

/// A sink that remembers calls, and can be asked for them.
package protocol CallHistory: Sendable {
    /// Calls, the newest first.
    func calls(_ query: CallQuery) async throws -> [CallRecord]
    func call(_ id: String) async throws -> CallRecord?
    /// The signals of a call as CloudEvents in JSON, in the order in which they were told.
    func events(of call: String) async throws -> [String]
    /// The tracks of a call at a glance, between two moments of the call clock in seconds. Where a call has several
    /// streams, the clock is the first one's, and the others stand in their place on it. Steps that are not known are
    /// left out: a track is given in several pieces then, in order.
    func overview(of call: String, from: Double, to: Double) async throws -> [TrackOverview]
    /// The three logs of a call, in the order of their times.
    func log(of call: String) async throws -> [CallLogEntry]
    /// The WAV files of a call, or of all calls, the newest streams first.
    ///
    /// - Parameters:
    ///   - before: only of streams that began before this moment, seconds since 1970.
    ///   - limit: how many at most.
    func recordings(of call: String?, before: Double?, limit: Int) async throws -> [CallRecording]
}
