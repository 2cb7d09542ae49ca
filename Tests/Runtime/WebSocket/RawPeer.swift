import NIOCore
import NIOPosix
import NIOSSL

/// A peer that writes and reads bytes, so that it may break every rule of RFC 6455.
struct RawPeer {
    /// One frame as it is on the wire.
    struct Frame: Hashable {
        var isLast: Bool
        var opcode: UInt8
        var payload: [UInt8]

        /// The code of a close frame.
        var closeCode: Int? {
            guard opcode == 8, payload.count >= 2 else { return nil }
            return Int(payload[0]) << 8 | Int(payload[1])
        }

        /// The reason of a close frame; nil where it has none, or is not UTF-8.
        var closeReason: String? {
            guard opcode == 8, payload.count >= 2 else { return nil }
            return String(validating: payload[2...], as: UTF8.self)
        }
    }

    private let writer: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var reader: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var unread = ByteBuffer()

    /// Connects to a port of this machine.
    ///
    /// - Parameter address: of loopback, whose connection it is.
    static func connect<Value: Sendable>(
        to port: Int, from address: String = "127.0.0.1", tls: NIOSSLContext? = nil,
        _ body: @escaping @Sendable (inout RawPeer) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.so_rcvbuf), value: 64 * 1_024)
            .bind(to: try SocketAddress(ipAddress: address, port: 0))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var peer = RawPeer(writer: outbound, reader: inbound.makeAsyncIterator())
            return try await body(&peer)
        }
    }

    /// Connects and asks for the upgrade.
    static func upgrade<Value: Sendable>(
        at port: Int, fields: String = "", body: @escaping @Sendable (inout RawPeer) async throws -> Value
    ) async throws -> Value {
        try await connect(to: port) { peer in
            try await peer.send(text: upgradeHead(fields))
            _ = await peer.head()
            return try await body(&peer)
        }
    }

    /// Runs the body while so many connections of 127.0.0.1 are open that say nothing.
    static func holding<Value: Sendable>(
        _ count: Int, at port: Int, body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard count > 0 else { return try await body() }
        return try await connect(to: port) { _ in try await holding(count - 1, at: port, body: body) }
    }

    static func upgradeHead(_ fields: String = "", method: String = "GET", target: String = "/in") -> String {
        """
        \(method) \(target) HTTP/1.1\r
        Host: localhost\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \(fields)\r

        """
    }

    func send(_ bytes: [UInt8]) async throws { try await writer.write(ByteBuffer(bytes: bytes)) }

    func send(text: String) async throws { try await send(Array(text.utf8)) }

    /// Ends this side of the connection without a close frame.
    func finish() { writer.finish() }

    /// Everything up to an empty line, or to the end.
    mutating func head() async -> String {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8), let byte = await take(1) { head += byte }
        return String(decoding: head, as: UTF8.self)
    }

    /// The next frame; nil at the end of the connection.
    mutating func frame() async -> Frame? {
        guard let opening = await take(2) else { return nil }
        var length = Int(opening[1] & 127)
        if length > 125 {
            guard let bytes = await take(length == 126 ? 2 : 8) else { return nil }
            length = bytes.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let payload = await take(length) else { return nil }
        return Frame(isLast: opening[0] & 0x80 != 0, opcode: opening[0] & 0x7F, payload: payload)
    }

    /// All bytes up to the end of the connection.
    mutating func rest() async -> [UInt8] {
        var rest: [UInt8] = []
        while let byte = await take(1) { rest += byte }
        return rest
    }

    private mutating func take(_ count: Int) async -> [UInt8]? {
        while unread.readableBytes < count {
            // A connection that is reset ends like one that is closed: the tests ask what was read before.
            guard var buffer = try? await reader.next() else { return nil }
            unread.discardReadBytes()
            unread.writeBuffer(&buffer)
        }
        return unread.readBytes(length: count)
    }
}

/// A frame as a client sends it.
///
/// - Parameters:
///   - first: the byte of the FIN bit, the reserved bits and the opcode.
///   - claim: the length in its head, where that is not the payload's.
func frame(_ first: UInt8, payload: [UInt8] = [], isMasked: Bool = true, claim: Int? = nil) -> [UInt8] {
    let length = claim ?? payload.count
    let mask: UInt8 = isMasked ? 0x80 : 0
    var bytes = [first]
    switch length {
    case 0...125: bytes.append(mask | UInt8(length))
    case 126...0xFFFF: bytes += [mask | 126, UInt8(length >> 8), UInt8(length & 255)]
    default:
        bytes.append(mask | 127)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    }
    guard isMasked else { return bytes + payload }
    let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    return bytes + key + payload.enumerated().map { $0.element ^ key[$0.offset % 4] }
}

func frame(_ first: UInt8, text: String) -> [UInt8] { frame(first, payload: Array(text.utf8)) }

/// A close frame's payload.
func closing(_ code: Int, reason: [UInt8] = []) -> [UInt8] { [UInt8(code >> 8), UInt8(code & 255)] + reason }
