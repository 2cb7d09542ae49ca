import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The terminal of the program in raw mode, without echo and line editing; restored at the end.
final class RawTerminal: Sendable {
    private let before: Mutex<termios?>

    /// - Returns: nil if standard input or output is not a terminal.
    init?() {
        guard Self.isThere else { return nil }
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        before = Mutex(settings)
        // Control-C is read as a key and Control-Z is disabled, so that the terminal is always restored.
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        // The alternate screen, without cursor and line wrapping.
        Self.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
    }

    static var isThere: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Restores the terminal. Safe to call twice.
    func restore() {
        before.withLock { before in
            guard var settings = before else { return }
            tcsetattr(STDIN_FILENO, TCSANOW, &settings)
            Self.write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
            before = nil
        }
    }

    /// Columns and lines.
    static var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Draws a whole screen in one write, to avoid flicker.
    func draw(_ lines: [String]) {
        write("\u{1B}[H" + lines.map { "\($0)\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    }

    private func write(_ text: String) { Self.write(text) }

    private static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// Reads keys on a separate thread until the program ends, because a read from a terminal cannot be cancelled.
    func readKeys(_ handle: @escaping @Sendable (MonitorState.Key) -> Void) {
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 256)
            var keys = TerminalKeys()
            while true {
                // The bytes of a multi-byte key arrive together; a single escape byte is the Escape key.
                guard keys.isWaiting, !Self.hasInput(within: 50) else {
                    let count = read(STDIN_FILENO, &buffer, buffer.count)
                    // An interrupted wait is repeated.
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { return }
                    for key in keys.consume(buffer[..<count]) { handle(key) }
                    continue
                }
                for key in keys.abandon() { handle(key) }
            }
        }
    }

    private static func hasInput(within milliseconds: Int32) -> Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&input, 1, milliseconds) > 0
    }
}
