import NIOCore
import NIOWebSocket

/// Writes complete messages as frames (RFC 6455 §5.2), header and payload in one buffer.
struct FrameWriter {
    /// A client masks its frames, with a new key for each (§5.3).
    private let isMasking: Bool
    private var keys: UInt64 = 0
    private var hasKey = false
    private let allocator = ByteBufferAllocator()

    init(isMasking: Bool) { self.isMasking = isMasking }

    mutating func frame(_ opcode: WebSocketOpcode, payload: [UInt8]) -> ByteBuffer {
        var frame = allocator.buffer(capacity: 14 + payload.count)
        frame.writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
        let mask: UInt8 = isMasking ? 0x80 : 0
        switch payload.count {
        case 0...125: frame.writeInteger(mask | UInt8(payload.count))
        case 126...0xFFFF:
            frame.writeInteger(mask | 126)
            frame.writeInteger(UInt16(payload.count))
        default:
            frame.writeInteger(mask | 127)
            frame.writeInteger(UInt64(payload.count))
        }
        guard isMasking else {
            frame.writeBytes(payload)
            return frame
        }
        let key = nextKey()
        frame.writeInteger(key)
        var masked = payload
        Masking.apply(
            [UInt8(key >> 24), UInt8(key >> 16 & 0xFF), UInt8(key >> 8 & 0xFF), UInt8(key & 0xFF)], to: &masked, from: 0
        )
        frame.writeBytes(masked)
        return frame
    }

    /// Each call of the system's random source yields two keys.
    private mutating func nextKey() -> UInt32 {
        if !hasKey { keys = UInt64.random(in: .min ... .max) }
        hasKey.toggle()
        defer { keys >>= 32 }
        return UInt32(truncatingIfNeeded: keys)
    }
}
