import Crypto

/// The ids of what was already taken, so that a webhook that comes twice is taken once.
///
/// Ids are kept as hashes: whatever their length, one costs the same.
public struct SeenIDs: Sendable {
    public enum Answer: Sendable, Hashable {
        /// Not seen before, and now noted.
        case fresh
        /// Seen before and not yet forgotten.
        case repeated
        /// There is no room for it: to forget another one instead would let that one in again.
        case full
    }

    /// How many ids are kept at most.
    public let limit: Int
    /// How long each is kept, in seconds.
    public let lifetimeS: Double
    /// How many ids came again.
    public private(set) var repeated = 0
    /// How many ids found no room.
    public private(set) var overflowed = 0

    private var seen: Set<SHA256.Digest> = []
    /// In the order of their ends; those before `oldest` are forgotten.
    private var queue: [(id: SHA256.Digest, end: Double)] = []
    private var oldest = 0
    private var latest = -Double.infinity

    /// - Parameters:
    ///   - limit: at least 1.
    ///   - lifetimeS: above 0; at least as long as a signature stays valid.
    public init(limit: Int, lifetimeS: Double) {
        precondition(limit > 0 && lifetimeS > 0, "room for one id, and time to keep it")
        self.limit = limit
        self.lifetimeS = lifetimeS
    }

    /// How many are kept now.
    public var count: Int { seen.count }

    /// Notes an id.
    ///
    /// - Parameter now: seconds on any clock; a step back forgets nothing early.
    public mutating func insert(_ id: String, now: Double) -> Answer {
        latest = max(latest, now)
        forget()
        let id = SHA256.hash(data: Array(id.utf8))
        guard !seen.contains(id) else {
            repeated += 1
            return .repeated
        }
        guard seen.count < limit else {
            overflowed += 1
            return .full
        }
        seen.insert(id)
        queue.append((id, latest + lifetimeS))
        return .fresh
    }

    private mutating func forget() {
        while oldest < queue.count, queue[oldest].end <= latest {
            seen.remove(queue[oldest].id)
            oldest += 1
        }
        // Half of the queue at a time, so that each id is moved about once.
        guard oldest > 0, oldest * 2 >= queue.count else { return }
        queue.removeFirst(oldest)
        oldest = 0
    }
}
