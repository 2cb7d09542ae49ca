package import SidetoneCallControl
package import SidetoneHTTP
package import SidetoneJSON
import Synchronization

/// Delivers webhooks concurrently with calls: `offer` never waits, `run` sends, `finish` waits for pending deliveries.
///
///     let sender = WebhookSender(client: client)
///     async let delivered: Void = sender.run()
///     sender.offer(OutgoingWebhook(webhook, to: url, secret: secret))
///     let report = await sender.finish(within: .seconds(10))
///     await delivered
package final class WebhookSender: Sendable {
    /// The results of all offered webhooks.
    package struct Report: Sendable, Hashable {
        package var counts = DeliveryCounts()
        /// One sentence per abandoned webhook; a limited number per receiver.
        package var failures: [String] = []

        package init() {}
    }

    /// Maximum number of receivers with queued webhooks; webhooks to further ones are refused.
    static let mostReceivers = 1_000

    private struct State {
        var queues: [String: DeliveryQueue] = [:]
        var closed = Report()
        var isFinishing = false
        var isOver = false
        /// The time of the next scheduled wake-up.
        var wake = Double.infinity
    }

    private let settings: DeliverySettings
    private let faults: FaultPlan.Webhooks
    private let seed: UInt64
    private let send: @Sendable (WebRequest) async -> Result<WebAnswer, WebError>
    private let now: @Sendable () -> Double
    private let sleep: @Sendable (Double) async -> Void
    private let wallClock: @Sendable () -> UTCTime
    private let state = Mutex(State())
    private let bells: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let ends: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - clock: for delays and time-outs.
    /// - wallClock: the time in signatures.
    /// - send: performs one request.
    package init<C: Clock>(
        _ settings: DeliverySettings = DeliverySettings(), faults: FaultPlan.Webhooks = [], seed: UInt64 = 0,
        clock: C = ContinuousClock(), wallClock: @escaping @Sendable () -> UTCTime,
        send: @escaping @Sendable (WebRequest) async -> Result<WebAnswer, WebError>
    ) where C.Duration == Duration {
        self.settings = settings
        self.faults = faults
        self.seed = seed
        self.send = send
        self.wallClock = wallClock
        let start = clock.now
        now = { start.duration(to: clock.now) / .seconds(1) }
        sleep = { seconds in try? await clock.sleep(until: clock.now.advanced(by: .seconds(seconds)), tolerance: nil) }
        (bells, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (ends, end) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Delivers over the network.
    /// - Parameter client: its time limit applies to one attempt.
    package convenience init(
        _ settings: DeliverySettings = DeliverySettings(), faults: FaultPlan.Webhooks = [], seed: UInt64 = 0,
        wallClock: @escaping @Sendable () -> UTCTime, client: GuardedHTTPClient
    ) {
        self.init(settings, faults: faults, seed: seed, wallClock: wallClock) { request in
            do throws(WebError) { return .success(try await client.send(request)) } catch { return .failure(error) }
        }
    }

    /// Enqueues a webhook; returns immediately, and counts it as refused if the queue is full.
    package func offer(_ webhook: OutgoingWebhook) {
        let key = webhook.receiver
        state.withLock { state in
            guard !state.isOver, state.queues[key] != nil || state.queues.count < Self.mostReceivers else {
                state.closed.counts.refused += 1
                return
            }
            var queue = state.queues[key] ?? DeliveryQueue(settings, faults: faults, seed: seed)
            queue.add(webhook, now: now())
            state.queues[key] = queue
        }
        bell.yield()
    }

    /// Delivers until `finish`, or until the task is cancelled. May be called once.
    package func run() async {
        await withDiscardingTaskGroup { tasks in
            for await _ in bells {
                guard !Task.isCancelled, advance(&tasks) else { break }
            }
            tasks.cancelAll()
        }
        stop()
        end.yield()
    }

    /// Counts what is still queued, and refuses further webhooks.
    private func stop() {
        state.withLock { state in
            for key in state.queues.keys { state.queues[key]?.stop() }
            state.isOver = true
        }
    }

    /// Waits until everything is delivered or abandoned, up to a time limit; then counts what is still queued.
    package func finish(within patience: Duration) async -> Report {
        state.withLock { $0.isFinishing = true }
        bell.yield()
        await withDiscardingTaskGroup { tasks in
            tasks.addTask {
                await self.sleep(patience / .seconds(1))
                guard !Task.isCancelled else { return }
                self.stop()
                self.bell.yield()
                self.end.yield()
            }
            for await _ in ends { break }
            tasks.cancelAll()
        }
        return report
    }

    /// The results so far.
    package var report: Report {
        state.withLock { state in
            state.queues.sorted { $0.key < $1.key }.reduce(into: state.closed) { report, queue in
                report.counts.add(queue.value.counts)
                report.failures += queue.value.failures
            }
        }
    }

    /// The result of one poll of the queues.
    private struct Round: Sendable {
        var due: [(key: String, id: Int, webhook: OutgoingWebhook)]
        /// The time of the next poll, unless something happens before.
        var wake: Double
        var goesOn: Bool
    }

    /// Starts all due attempts.
    /// - Returns: false when all is done, or the deadline has passed.
    private func advance(_ tasks: inout DiscardingTaskGroup) -> Bool {
        let now = now()
        let round = state.withLock { state -> Round in
            var due: [(key: String, id: Int, webhook: OutgoingWebhook)] = []
            var wake = Double.infinity
            if state.wake <= now { state.wake = .infinity }
            for key in state.queues.keys.sorted() {
                steps: while true {
                    switch state.queues[key]?.next(now: now) ?? .idle {
                    case .send(let id, let webhook): due.append((key: key, id: id, webhook: webhook))
                    case .wait(let until):
                        wake = min(wake, until)
                        break steps
                    case .idle: break steps
                    }
                }
            }
            let isDone = state.isFinishing && state.queues.values.allSatisfy(\.isEmpty)
            // One timer for the earliest is enough.
            if wake < state.wake { state.wake = wake } else { wake = .infinity }
            return Round(due: due, wake: wake, goesOn: !isDone && !state.isOver)
        }
        guard round.goesOn else { return false }
        for (key, id, webhook) in round.due { tasks.addTask { await self.deliver(key, id: id, webhook: webhook) } }
        if round.wake.isFinite {
            tasks.addTask {
                await self.sleep(round.wake - now)
                self.bell.yield()
            }
        }
        return true
    }

    private func deliver(_ key: String, id: Int, webhook: OutgoingWebhook) async {
        let time = wallClock()
        let outcome: DeliveryQueue.Outcome
        switch await send(webhook.request(unixSeconds: Int(time.unixMs / 1_000))) {
        case .success(let answer):
            outcome = .answered(
                status: answer.status,
                retryAfter: answer[header: "Retry-After"].flatMap { RetryAfter.seconds($0, nowMs: wallClock().unixMs) })
        case .failure(let error):
            outcome =
                error.code == .badURL || error.code == .refused
                ? .forbidden(error.detail) : .failed(error.detail)
        }
        state.withLock { $0.queues[key]?.ended(id: id, outcome, now: now()) }
        bell.yield()
    }
}
