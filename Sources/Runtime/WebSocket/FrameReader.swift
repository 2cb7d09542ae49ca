import NIOCore
import NIOWebSocket

/// Parses frames (RFC 6455 §5.2) from the bytes of a connection, independently of TCP segmentation.
///
/// It buffers less than one frame within the limit plus one read of the socket.
struct FrameReader {
    /// The header of a complete frame.
    struct Frame {
        var opcode: WebSocketOpcode
        var isLast: Bool
        /// Whether a bit reserved for extensions is set (§5.2, RSV1 to RSV3).
        var isExtended: Bool
        /// The masking key; nil if the payload is not masked.
        var key: SIMD4<UInt8>?
        /// Length of the payload, in bytes.
        var length: Int
        /// Length of the header, in bytes.
        fileprivate var header: Int
    }

    /// An invalid header.
    enum Failure: Error {
        /// The payload exceeds the limit, whether or not it has arrived.
        case tooLong
        /// A fragmented control frame, or one of more than 125 bytes (§5.5).
        case badControlFrame
    }

    /// Maximum payload length in bytes.
    private let limit: Int
    private var waiting = ByteBuffer()

    init(limit: Int) { self.limit = limit }

    /// Appends bytes read from the socket.
    mutating func add(_ bytes: ByteBuffer) {
        guard waiting.readableBytes > 0 else {
            waiting = bytes
            return
        }
        // Bytes are copied only in the middle of a frame.
        waiting.discardReadBytes()
        waiting.writeImmutableBuffer(bytes)
    }

    /// Buffered bytes, headers included.
    var waitingBytes: Int { waiting.readableBytes }

    /// Discards the buffered bytes.
    mutating func clear() { waiting = ByteBuffer() }

    /// The next complete frame, whose payload is to be consumed next.
    mutating func next() throws(Failure) -> Frame? {
        guard let frame = try Self.header(waiting.readableBytesUInt8Span, limit: limit),
            waiting.readableBytes - frame.header >= frame.length
        else { return nil }
        return frame
    }

    /// Consumes a frame returned by `next` and appends its payload, unmasked.
    mutating func consume(_ frame: Frame, appendingTo bytes: inout [UInt8]) {
        let start = bytes.count
        let payload = waiting.readerIndex + frame.header
        if let view = waiting.viewBytes(at: payload, length: frame.length) { bytes.append(contentsOf: view) }
        if let key = frame.key { Masking.apply(key, to: &bytes, from: start) }
        waiting.moveReaderIndex(forwardBy: frame.header + frame.length)
        // The storage belongs to the network: it is not retained between reads.
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
            for offset in 2..<2 + width { length = length << 8 | UInt64(bytes[offset]) }
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
