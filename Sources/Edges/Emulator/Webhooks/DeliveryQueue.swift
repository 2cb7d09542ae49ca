import SidetoneCallControl
import SidetoneModel

/// Decides what is sent to one receiver, and when: a value, driven by whoever has a clock and a network.
///
/// The webhooks of one call go one after another; a call whose webhook is refused holds up no other call.
struct DeliveryQueue: Sendable {
    /// What became of an attempt.
    enum Outcome: Sendable, Hashable {
        /// The status, and the seconds that the receiver asked to wait.
        case answered(status: Int, retryAfter: Double?)
        case failed(String)
        /// May never be requested: another attempt is of no use.
        case forbidden(String)
    }

    enum Step: Sendable, Hashable {
        case send(id: Int, OutgoingWebhook)
        /// Nothing is due before this time.
        case wait(until: Double)
        /// Nothing is due until something else happens: an attempt ends, a webhook comes.
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
    /// Sentences about what was given up, at most ten.
    private(set) var failures: [String] = []
    private let settings: DeliverySettings
    private let faults: FaultPlan.Webhooks
    private var random: SplitMix64
    /// In the order in which they came.
    private var entries: [Entry] = []
    private var lastID = 0

    init(_ settings: DeliverySettings, faults: FaultPlan.Webhooks = [], seed: UInt64 = 0) {
        self.settings = settings
        self.faults = faults
        random = SplitMix64(seed: seed, stream: 0)
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Takes a webhook, unless too many wait.
    mutating func add(_ webhook: OutgoingWebhook, now: Double) {
        // Every webhook draws all its numbers, so that one fault more changes nothing of the others.
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
            report("\(webhook.label) to \(webhook.receiver): refused, because \(settings.queue) others wait")
            return false
        }
        lastID += 1
        entries.append(Entry(id: lastID, webhook: webhook, due: due))
        return true
    }

    /// Puts the last entry before the latest other one of its call, where that has not been tried yet.
    private mutating func overtake(_ webhook: OutgoingWebhook) {
        guard
            let place = entries.lastIndex(where: { $0.webhook.callID == webhook.callID && $0.webhook != webhook }),
            !entries[place].isUnderWay, entries[place].attempt == 0, let last = entries.indices.last, place < last
        else { return }
        let entry = entries.remove(at: last)
        entries.insert(entry, at: place)
        counts.reordered += 1
    }

    /// What is to be done now. Ask again until it waits or is idle.
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

    /// Takes an attempt's outcome.
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

    /// The time is over: counts what still waits.
    mutating func stop() {
        counts.unfinished += entries.count
        for entry in entries { report("\(entry.webhook.label) to \(entry.webhook.receiver): the time was over") }
        entries = []
    }

    /// Exponential, and shortened by up to a half by chance, so that calls that failed together do not return together.
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
