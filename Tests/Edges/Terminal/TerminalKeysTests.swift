import Testing

@testable import SidetoneTerminal

@Suite struct TerminalKeysTests {
    private func keys(_ parts: String...) -> [MonitorState.Key] {
        var keys = TerminalKeys()
        return parts.flatMap { keys.consume($0.utf8) } + keys.abandon()
    }

    @Test func `letters, both kinds of arrow keys, and several keys at once are decoded`() {
        #expect(keys("jk\r") == [.down, .up, .choose])
        #expect(keys("\u{1B}[A\u{1B}[B\u{1B}OA\u{1B}OB") == [.up, .down, .up, .down])
        #expect(keys("q") == [.quit])
        #expect(keys("\u{3}") == [.quit], "Control-C")
    }

    @Test func `a key that arrives in parts is one key`() {
        #expect(keys("\u{1B}", "[", "B") == [.down])
        #expect(keys("\u{1B}[", "B\u{1B}") == [.down, .back])
    }

    @Test func `Escape goes back, also before another key`() {
        #expect(keys("\u{1B}") == [.back])
        #expect(keys("\u{1B}\u{1B}") == [.back, .back])
        #expect(keys("\u{1B}q") == [.back, .quit])
    }

    @Test func `unknown keys are ignored`() {
        #expect(keys("x\u{1B}[5~\u{1B}[1;5H\u{1B}[200~é") == [])
        #expect(keys("\u{1B}[") == [])
    }
}
