import SidetoneJSON

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Standard output and standard error. Control characters are escaped, so no input can control the terminal.
enum Console {
    /// Data: one line.
    static func print(_ line: String) {
        Swift.print(PrintableText.escaped(line, keepsLines: true))
        fflush(nil)
    }

    /// A message: one line.
    static func log(_ line: String) { write(PrintableText.escaped(line, keepsLines: true) + "\n") }

    static func fail(_ message: String, code: Int32) -> Never {
        log("sidetone: \(message)")
        exit(code)
    }

    /// A line that the next one overwrites; only for a terminal.
    static func draw(_ line: String) { write("\r\u{1B}[K" + line) }

    static func clear() { write("\r\u{1B}[K") }

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// A blocked reader of standard error must not block the program: messages not accepted within this time are
    /// dropped.
    private static let patienceMs: Int32 = 2_000

    private static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            var error = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
            guard poll(&error, 1, patienceMs) == 1 else { return }
            // A writable pipe has room for this many bytes.
            let chunk = bytes.prefix(Int(PIPE_BUF))
            let written = chunk.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
