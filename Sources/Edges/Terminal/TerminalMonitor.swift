import Foundation
import NIOCore
import SidetoneModel
package import SidetoneWebSocket

/// The active calls, or one call, live in a terminal: a subscriber of the monitor's live socket.
package struct TerminalMonitor: Sendable {
    /// An event that updates the screen.
    enum Event: Sendable {
        case opened(WebSocketConnection)
        case message(LiveMessage)
        /// A message that could not be decoded.
        case unreadable
        case lost(String)
        case key(MonitorState.Key)
        case resized
        case ended
    }

    /// Notifications of the system while the calls are shown.
    package enum Notice: Sendable { case resized, ended }

    private let client: WebSocketClient
    private let url: WebSocketURL
    private let headers: [(String, String)]
    private let call: String?
    private let style: TerminalStyle

    /// - Parameters:
    ///   - url: the URL of the monitor's live socket, such as `ws://127.0.0.1:8080/v1/live`.
    ///   - token: for a monitor that requires one.
    ///   - call: the call to show first; nil shows the active calls.
    ///   - style: the style of the screen.
    package init(client: WebSocketClient, url: WebSocketURL, token: String?, call: String?, style: TerminalStyle) {
        self.client = client
        self.url = url
        self.call = call
        headers = token.map { [("Authorization", "Bearer \($0)")] } ?? []
        self.style = style
    }

    /// Largest message accepted: a thousand active calls are one message.
    package static var limits: WebSocketLimits {
        var limits = WebSocketLimits()
        limits.messageBytes = 8 * 1_024 * 1_024
        limits.idle = .seconds(60)
        return limits
    }

    /// Whether standard input and output are a terminal.
    package static var hasTerminal: Bool { RawTerminal.isThere }

    /// Returns one screen as lines, once the server has sent the calls.
    ///
    /// - Parameter width: characters per line.
    /// - Throws: `WebSocketError` if the monitor cannot be reached or does not respond in time.
    package func snapshot(width: Int) async throws -> [String] {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(64))
        let connection = try await client.connect(to: url, headers: headers) { Subscriber { continuation.yield($0) } }
        defer { connection.close() }
        let deadline = connection.eventLoop.scheduleTask(in: .seconds(10)) { continuation.finish() }
        defer { deadline.cancel() }
        var state = MonitorState(watching: call)
        subscribe(connection, state: state)
        for await event in events {
            guard case .message(let message) = event else { continue }
            state.handle(message)
            if state.status != nil, call == nil || state.call != nil {
                // Without the line of keys and without padding.
                return screen(state, width: width, height: 10_000).dropLast().map(Self.trimmed)
            }
        }
        throw WebSocketError(.timedOut, "\(url) did not report \(call.map { "call \($0)" } ?? "its calls") in time")
    }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// Shows the calls until a key or a signal ends the program; reconnects after a lost connection.
    ///
    /// - Returns: false if there is no terminal.
    package func run(notices: some AsyncSequence<Notice, Never> & Sendable) async -> Bool {
        guard let terminal = RawTerminal() else { return false }
        defer { terminal.restore() }
        let (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(1_024))
        terminal.readKeys { continuation.yield(.key($0)) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await keepConnected { continuation.yield($0) } }
            group.addTask {
                for await notice in notices { continuation.yield(notice == .resized ? .resized : .ended) }
            }
            await show(events, on: terminal)
            // Nothing else ends the connection.
            group.cancelAll()
        }
        return true
    }

    private func keepConnected(_ continuation: @escaping @Sendable (Event) -> Void) async {
        var attempts = 0
        while !Task.isCancelled {
            do {
                let connection = try await client.connect(to: url, headers: headers) { Subscriber(continuation) }
                attempts = 0
                await withTaskCancellationHandler {
                    try? await connection.closed.get()
                } onCancel: {
                    connection.close()
                }
            } catch {
                continuation(.lost("\(error)"))
            }
            attempts += 1
            try? await Task.sleep(for: .milliseconds(min(15_000, 250 << min(attempts, 6))))
        }
    }

    private func show(_ events: AsyncStream<Event>, on terminal: RawTerminal) async {
        var state = MonitorState(watching: call)
        var connection: WebSocketConnection?
        draw(state, on: terminal)
        for await event in events {
            switch event {
            case .resized: break
            case .ended: return
            case .opened(let opened):
                connection = opened
                subscribe(opened, state: state)
            case .message(let message): state.handle(message)
            case .unreadable: state.unreadable += 1
            case .lost(let why):
                connection = nil
                state.connection = .lost(why)
            case .key(let key):
                for request in state.handle(key) {
                    switch request {
                    case .watch(let call): connection.map { send("subscribe", call: call, on: $0) }
                    case .unwatch(let call): connection.map { send("unsubscribe", call: call, on: $0) }
                    case .quit: return
                    }
                }
            }
            draw(state, on: terminal)
        }
    }

    private func draw(_ state: MonitorState, on terminal: RawTerminal) {
        let size = RawTerminal.size
        terminal.draw(screen(state, width: size.width, height: size.height))
    }

    private func subscribe(_ connection: WebSocketConnection, state: MonitorState) {
        connection.send(.text("{\"subscribe\":{\"active_calls\":true}}"))
        if let call = state.watched { send("subscribe", call: call, on: connection) }
    }

    private func send(_ command: String, call: String, on connection: WebSocketConnection) {
        let request = [command: Request(call: call)]
        guard let data = try? JSONEncoder().encode(request) else { return }
        connection.send(.text(String(decoding: data, as: UTF8.self)))
    }

    private struct Request: Encodable {
        var call: String
        var rows = false
        var spectrum = false
        var wave = false
        var log = false
    }

    private func screen(_ state: MonitorState, width: Int, height: Int) -> [String] {
        state.watched == nil
            ? ActiveCallsScreen(state: state, style: style).lines(width: width, height: height)
            : CallScreen(state: state, style: style).lines(width: width, height: height)
    }
}
