import Foundation
import Testing

@testable import SidetoneMonitor

@Suite struct LiveQueueTests {
    private let hello = Array("\"type\":\"hello\"}".utf8)

    @Test func `messages are numbered consecutively`() throws {
        var queue = LiveQueue()
        queue.enqueue("hello", body: hello)
        queue.enqueue("hello", body: hello)
        let seqs = try queue.drain().map { try object($0)["seq"] as? Int }
        #expect(seqs == [1, 2])
        #expect(queue.isEmpty && queue.drain().isEmpty)
    }

    @Test func `dropped messages are reported after the delivered ones, with their numbers`() throws {
        var queue = LiveQueue()
        queue.enqueue("hello", body: hello)
        queue.skip("levels")
        queue.skip("levels")
        queue.skip("rows")
        let messages = try queue.drain().map { try object($0) }
        #expect(messages.count == 2)
        let gap = messages[1]
        #expect(gap["type"] as? String == "gap")
        #expect(gap["missed"] as? [String: Int] == ["levels": 2, "rows": 1])
        #expect(gap["from_seq"] as? Int == 2 && gap["to_seq"] as? Int == 4 && gap["seq"] as? Int == 5)
    }

    @Test func `a queue that is never drained does not grow`() throws {
        var queue = LiveQueue()
        for _ in 0..<(LiveQueue.messageLimit + 10) { queue.enqueue("signal", body: hello) }
        #expect(queue.messages.count == LiveQueue.messageLimit)
        let last = try object(queue.drain().last)
        #expect(last["missed"] as? [String: Int] == ["signal": 10])
        let large = [UInt8](repeating: UInt8(ascii: " "), count: LiveQueue.byteLimit / 2 - 100) + hello
        for _ in 0..<5 { queue.enqueue("active_calls", body: large) }
        #expect(queue.messages.count == 2)
    }
}
