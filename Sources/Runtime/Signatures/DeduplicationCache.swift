import Crypto

/// Remembers the ids of what was processed for a time, so that an event that is delivered twice is processed once.
///
/// Ids are kept as hashes: whatever their length, one costs the same, at most about 120 bytes.
package struct DeduplicationCache: Sendable {
    package enum Answer: Sendable, Hashable {
        /// Not known; it is now.
        case fresh
        /// Known, and not yet forgotten.
        case repeated
        /// There is no room. Forgetting another id instead would let that one in again.
        case full
    }

    /// How many ids are kept at most.
    package let capacity: Int
    /// How long each is kept, in seconds.
    package let windowS: Double
    /// How many ids were repeated.
    package private(set) var repeated = 0
    /// How many ids found no room.
    package private(set) var overflowed = 0

    private var ids: Set<SHA256.Digest> = []
    /// In the order in which they expire; those before `oldest` are forgotten.
    private var queue: [(id: SHA256.Digest, end: Double)] = []
    private var oldest = 0
    private var latest = -Double.infinity

    /// - Parameters:
    ///   - capacity: at least 1.
    ///   - windowS: above 0; at least as long as a signature stays valid.
    package init(capacity: Int, windowS: Double) {
        precondition(capacity > 0 && windowS > 0, "room for one id, and time to keep it")
        self.capacity = capacity
        self.windowS = windowS
    }

    /// How many are kept now.
    package var count: Int { ids.count }

    /// Whether an id is known.
    ///
    /// - Parameter now: seconds on a monotonic clock.
    package mutating func contains(_ id: String, now: Double) -> Bool {
        evict(now)
        return ids.contains(Self.hash(id))
    }

    /// Whether a number of further ids finds room.
    ///
    /// - Parameter now: seconds on a monotonic clock.
    package mutating func hasRoom(for count: Int, now: Double) -> Bool {
        evict(now)
        return ids.count + count <= capacity
    }

    /// Records an id.
    ///
    /// - Parameter now: seconds on a monotonic clock.
    package mutating func insert(_ id: String, now: Double) -> Answer {
        evict(now)
        let id = Self.hash(id)
        guard !ids.contains(id) else {
            repeated += 1
            return .repeated
        }
        guard ids.count < capacity else {
            overflowed += 1
            return .full
        }
        ids.insert(id)
        queue.append((id, latest + windowS))
        return .fresh
    }

    private static func hash(_ id: String) -> SHA256.Digest { SHA256.hash(data: Array(id.utf8)) }

    /// A clock that steps back forgets nothing early.
    private mutating func evict(_ now: Double) {
        latest = max(latest, now)
        while oldest < queue.count, queue[oldest].end <= latest {
            ids.remove(queue[oldest].id)
            oldest += 1
        }
        // Half of the queue at a time, so that each id is moved about once.
        guard oldest > 0, oldest * 2 >= queue.count else { return }
        queue.removeFirst(oldest)
        oldest = 0
    }
}
