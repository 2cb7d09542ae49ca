public import SidetoneModel

/// What is known of a call, running or over.
public struct CallRecord: Sendable, Hashable {
    /// One stream of the call.
    public struct Stream: Sendable, Hashable {
        public var id: String
        public var dialect: String
        public var codec: String
        public var sampleRateHz: Int
        /// Wall-clock times, seconds since 1970.
        public var startedAt: Double
        public var endedAt: Double?
        /// How it ended, as `EndReason`; nil while it runs.
        public var reason: String?
        /// The folders below an output directory.
        public var folder: [String]
        /// The totals as JSON, as `summary.json` holds them; nil while it runs.
        public var summary: String?

        public init(
            id: String, dialect: String, codec: String, sampleRateHz: Int, startedAt: Double, endedAt: Double?,
            reason: String?, folder: [String], summary: String?
        ) {
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

    public var id: String
    /// Wall-clock times, seconds since 1970.
    public var startedAt: Double
    public var endedAt: Double?
    /// As stored: masked unless the store was told to keep numbers.
    public var from: String?
    public var to: String?
    public var streams: [Stream]

    public init(id: String, startedAt: Double, endedAt: Double?, from: String?, to: String?, streams: [Stream]) {
        self.id = id
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.from = from
        self.to = to
        self.streams = streams
    }
}

/// Which calls are asked for.
public struct CallQuery: Sendable, Hashable {
    public enum State: String, Sendable { case active, ended, all }

    public var state: State
    /// Only calls that began before this moment, seconds since 1970: pages are asked for from the newest back.
    public var before: Double?
    public var limit: Int

    public init(state: State = .all, before: Double? = nil, limit: Int = 100) {
        self.state = state
        self.before = before
        self.limit = limit
    }
}

/// A sink that remembers calls, and can be asked for them.
public protocol CallHistory: Sendable {
    /// Calls, the newest first.
    func calls(_ query: CallQuery) async throws -> [CallRecord]
    func call(_ id: String) async throws -> CallRecord?
    /// The signals of a call as CloudEvents in JSON, in the order in which they were told.
    func events(of call: String) async throws -> [String]
    /// The tracks of a call at a glance, between two moments of the call clock in seconds.
    func overview(of call: String, from: Double, to: Double) async throws -> [TrackOverview]
    /// The three logs of a call, in the order of their times.
    func log(of call: String) async throws -> [CallLogEntry]
}
