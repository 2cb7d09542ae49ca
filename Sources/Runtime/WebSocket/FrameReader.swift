import NIOCore
import NIOWebSocket

/// Takes frames of RFC 6455 §5.2 out of the bytes of a connection, wherever the network cut them.
///
/// What waits is less than a frame within the limit and one read of the socket.
struct FrameReader {
    /// The header of a frame that is there as a whole.
    struct Frame {
        var opcode: WebSocketOpcode
        var isLast: Bool
        /// Whether a bit is set that only an extension gives a meaning (§5.2, RSV1 to RSV3).
        var isExtended: Bool
        /// What the payload is masked with; nil: it is not.
        var key: SIMD4<UInt8>?
        /// Of the payload, in bytes.
        var length: Int
        /// Of the header, in bytes.
        fileprivate var header: Int
    }

    /// What makes a header no header.
    enum Failure: Error {
        /// The payload is over the limit, whether or not it has come.
        case tooLong
        /// A control frame in fragments, or of more than 125 bytes (§5.5).
        case badControlFrame
    }

    /// Bytes of a payload at most.
    private let limit: Int
    private var waiting = ByteBuffer()

    init(limit: Int) { self.limit = limit }

    /// Takes what left the socket.
    mutating func add(_ bytes: ByteBuffer) {
        guard waiting.readableBytes > 0 else {
            waiting = bytes
            return
        }
        // A frame begun: only in the middle of one is anything copied.
        waiting.discardReadBytes()
        waiting.writeImmutableBuffer(bytes)
    }

    /// Bytes that wait, headers included.
    var waitingBytes: Int { waiting.readableBytes }

    /// Discards what waits.
    mutating func clear() { waiting = ByteBuffer() }

    /// The next frame, once all of it has come; its payload is the next to be taken.
    mutating func next() throws(Failure) -> Frame? {
        guard let frame = try Self.header(waiting.readableBytesUInt8Span, limit: limit),
            waiting.readableBytes - frame.header >= frame.length
        else { return nil }
        return frame
    }

    /// Takes a frame that `next` gave, and appends its payload, unmasked.
    mutating func consume(_ frame: Frame, appendingTo bytes: inout [UInt8]) {
        let start = bytes.count
        let payload = waiting.readerIndex + frame.header
        if let view = waiting.viewBytes(at: payload, length: frame.length) { bytes.append(contentsOf: view) }
        if let key = frame.key { Masking.apply(key, to: &bytes, from: start) }
        waiting.moveReaderIndex(forwardBy: frame.header + frame.length)
        // Its storage is the network's: not held from one read to the next.
        if waiting.readableBytes == 0 { waiting = ByteBuffer() }
    }

    private static func header(_ bytes: Span<UInt8>, limit: Int) throws(Failure) -> Frame? {
        guard bytes.count >= 2 else { return nil }
        let isMasked = bytes[1] & 0x80 != 0
        var length = UInt64(bytes[1] & 0x7F)
        let width = length == 126 ? 2 : length == 127 ? 8 : 0
        let header = 2 + width + (isMasked ? 4 : 0)
        guard bytes.count >= header else { return nil }
        if width > 0 {
            length = 0
            for place in 2..<2 + width { length = length << 8 | UInt64(bytes[place]) }
        }
        guard length <= UInt64(limit) else { throw .tooLong }
        let isLast = bytes[0] & 0x80 != 0
        let isControl = bytes[0] & 0x08 != 0
        guard !isControl || isLast && length <= 125 else { throw .badControlFrame }
        let key = isMasked ? SIMD4(bytes[header - 4], bytes[header - 3], bytes[header - 2], bytes[header - 1]) : nil
        return Frame(
            opcode: WebSocketOpcode(encodedWebSocketOpcode: bytes[0] & 0x0F) ?? .continuation, isLast: isLast,
            isExtended: bytes[0] & 0x70 != 0, key: key, length: Int(length), header: header)
    }
}
