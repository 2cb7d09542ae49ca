import SidetoneCallControl
import SidetoneModel

/// Decides what is sent to one receiver, and when: a value, driven by a clock and a network. Webhooks of one call are
/// sent in order; a failing webhook does not delay other calls.
struct DeliveryQueue: Sendable {
    /// The result of an attempt.
    enum Outcome: Sendable, Hashable {
        /// The status, and the seconds of Retry-After.
        case answered(status: Int, retryAfter: Double?)
        case failed(String)
        /// Must not be requested: further attempts are pointless.
        case forbidden(String)
    }

    enum Step: Sendable, Hashable {
        case send(id: Int, OutgoingWebhook)
        /// Nothing is due before this time.
        case wait(until: Double)
        /// Nothing is due until an attempt ends or a webhook is added.
        case idle
    }

    private struct Entry: Sendable {
        var id: Int
        var webhook: OutgoingWebhook
        var due: Double
        var attempt = 0
        var isUnderWay = false
    }

    private(set) var counts = DeliveryCounts()
    /// One sentence per abandoned webhook, at most ten.
    private(set) var failures: [String] = []
    private let settings: DeliverySettings
    private let faults: FaultPlan.Webhooks
    private var random: SplitMix64
    /// In the order of their arrival.
    private var entries: [Entry] = []
    private var lastID = 0

    init(_ settings: DeliverySettings, faults: FaultPlan.Webhooks = [], seed: UInt64 = 0) {
        self.settings = settings
        self.faults = faults
        random = SplitMix64(seed: seed, stream: 0)
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Enqueues a webhook, unless the queue is full.
    mutating func add(_ webhook: OutgoingWebhook, now: Double) {
        // Every webhook draws all its random numbers, so that adding a fault does not change the others.
        let (duplicates, reorders, share) = (random.fraction() < 0.5, random.fraction() < 0.5, random.fraction())
        var due = now
        if faults.contains(.delay) {
            due += share * FaultPlan.Webhooks.mostDelay
            counts.delayed += 1
        }
        guard enqueue(webhook, due: due) else { return }
        if faults.contains(.duplicate), duplicates, enqueue(webhook, due: due) { counts.duplicated += 1 }
        if faults.contains(.reorder), reorders { overtake(webhook) }
    }

    private mutating func enqueue(_ webhook: OutgoingWebhook, due: Double) -> Bool {
        guard entries.count < settings.queue else {
            counts.refused += 1
            report("\(webhook.label) to \(webhook.receiver): refused, because \(settings.queue) others are queued")
            return false
        }
        lastID += 1
        entries.append(Entry(id: lastID, webhook: webhook, due: due))
        return true
    }

    /// Moves the last entry before the previous one of its call, if that has not been attempted yet.
    private mutating func overtake(_ webhook: OutgoingWebhook) {
        guard
            let place = entries.lastIndex(where: { $0.webhook.callID == webhook.callID && $0.webhook != webhook }),
            !entries[place].isUnderWay, entries[place].attempt == 0, let last = entries.indices.last, place < last
        else { return }
        let entry = entries.remove(at: last)
        entries.insert(entry, at: place)
        counts.reordered += 1
    }

    /// The next step. Call again until it is to wait or idle.
    mutating func next(now: Double) -> Step {
        guard entries.count(where: \.isUnderWay) < settings.concurrent else { return .idle }
        var busy: Set<String> = []
        var earliest = Double.infinity
        for index in entries.indices where busy.insert(entries[index].webhook.callID).inserted {
            guard !entries[index].isUnderWay else { continue }
            guard entries[index].due <= now else {
                earliest = min(earliest, entries[index].due)
                continue
            }
            entries[index].isUnderWay = true
            entries[index].attempt += 1
            counts.attempts += 1
            return .send(id: entries[index].id, entries[index].webhook)
        }
        return earliest.isFinite ? .wait(until: earliest) : .idle
    }

    /// Handles the outcome of an attempt.
    mutating func ended(id: Int, _ outcome: Outcome, now: Double) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        let reason: String
        var wait = backoff(after: entries[index].attempt)
        switch outcome {
        case .answered(let status, _) where (200...299).contains(status):
            counts.delivered += 1
            entries.remove(at: index)
            return
        case .answered(let status, let retryAfter):
            reason = "the receiver answered \(status)"
            wait = max(wait, min(retryAfter ?? 0, settings.mostRetryAfter))
        case .failed(let detail): reason = detail
        case .forbidden(let detail): return abandon(index, reason: detail)
        }
        guard entries[index].attempt < settings.attempts else { return abandon(index, reason: reason) }
        entries[index].isUnderWay = false
        entries[index].due = now + wait
    }

    /// The deadline has passed: counts what is still queued.
    mutating func stop() {
        counts.unfinished += entries.count
        for entry in entries { report("\(entry.webhook.label) to \(entry.webhook.receiver): the deadline passed") }
        entries = []
    }

    /// Exponential back-off, randomly shortened by up to a half, so that calls that failed together do not retry
    /// together.
    private mutating func backoff(after attempt: Int) -> Double {
        var delay = settings.firstDelay
        for _ in 1..<max(1, attempt) where delay < settings.mostDelay { delay *= 2 }
        return min(delay, settings.mostDelay) * (1 - random.fraction() / 2)
    }

    private mutating func abandon(_ index: Int, reason: String) {
        let entry = entries.remove(at: index)
        counts.givenUp += 1
        let attempts = entry.attempt == 1 ? "1 attempt" : "\(entry.attempt) attempts"
        report("\(entry.webhook.label) to \(entry.webhook.receiver): given up after \(attempts): \(reason)")
    }

    private mutating func report(_ failure: String) {
        if failures.count < 10 { failures.append(failure) }
    }
}
