import Crypto

/// Remembers the IDs of processed events for a limited time, so that an event delivered twice is processed once.
///
/// IDs are stored as hashes, so each costs the same: at most about 120 bytes.
package struct DeduplicationCache: Sendable {
    package enum Answer: Sendable, Hashable {
        /// Unknown so far; recorded now.
        case fresh
        /// Known and not expired.
        case repeated
        /// The cache is full. Evicting another ID instead would admit that one again.
        case full
    }

    /// The maximum number of IDs.
    package let capacity: Int
    /// How long each is kept, in seconds.
    package let windowS: Double
    /// The number of repeated IDs.
    package private(set) var repeated = 0
    /// The number of IDs rejected for lack of capacity.
    package private(set) var overflowed = 0

    private var ids: Set<SHA256.Digest> = []
    /// In order of expiry; those before `oldest` have expired.
    private var queue: [(id: SHA256.Digest, end: Double)] = []
    private var oldest = 0
    private var latest = -Double.infinity

    /// - Parameters:
    ///   - capacity: at least 1.
    ///   - windowS: above 0; at least as long as a signature stays valid.
    package init(capacity: Int, windowS: Double) {
        precondition(capacity > 0 && windowS > 0, "capacity and window must be positive")
        self.capacity = capacity
        self.windowS = windowS
    }

    /// The current number of IDs.
    package var count: Int { ids.count }

    /// Whether an ID is known.
    ///
    /// - Parameter now: seconds on a monotonic clock.
    package mutating func contains(_ id: String, now: Double) -> Bool {
        evict(now)
        return ids.contains(Self.hash(id))
    }

    /// Whether the cache has capacity for a number of further IDs.
    ///
    /// - Parameter now: seconds on a monotonic clock.
    package mutating func hasRoom(for count: Int, now: Double) -> Bool {
        evict(now)
        return ids.count + count <= capacity
    }

    /// Records an ID.
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

    /// A clock that steps back does not expire anything early.
    private mutating func evict(_ now: Double) {
        latest = max(latest, now)
        while oldest < queue.count, queue[oldest].end <= latest {
            ids.remove(queue[oldest].id)
            oldest += 1
        }
        // Half of the queue at a time, so that each ID is moved about once.
        guard oldest > 0, oldest * 2 >= queue.count else { return }
        queue.removeFirst(oldest)
        oldest = 0
    }
}
