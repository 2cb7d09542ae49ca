import SidetonePipeline
import Testing

@Suite(.timeLimit(.minutes(1))) struct WakeSignalTests {
    @Test func `a signal sent before the wait ends that wait only`() async {
        let wake = WakeSignal()
        wake.signal()
        wake.signal()
        await wake.wait()
        let second = Task { await wake.wait() }
        second.cancel()
        await second.value
    }

    @Test func `a signal ends a wait`() async {
        let wake = WakeSignal()
        async let wait: Void = wake.wait()
        wake.signal()
        await wait
    }

    @Test func `cancellation ends a wait, before and after it began`() async {
        for isLate in [false, true] {
            let wake = WakeSignal()
            let waiting = Task { await wake.wait() }
            if isLate { await Task.yield() }
            waiting.cancel()
            await waiting.value
        }
    }

    @Test func `cancellation ends the wait for a queue, which still yields what it holds`() async {
        let queue = BoundedQueue<Int>(limit: 3)
        let waiting = Task { await queue.nextBatch()?.items }
        waiting.cancel()
        #expect(await waiting.value == nil)
        queue.enqueue(1)
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return (await queue.nextBatch(every: .seconds(3_600))?.items, await queue.nextBatch() == nil)
        }
        let (items, isOver) = await late.value
        #expect(items == [1])
        #expect(isOver)
    }
}
