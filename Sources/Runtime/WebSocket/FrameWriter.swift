import NIOCore
import NIOWebSocket

/// Writes whole messages as frames of RFC 6455 §5.2, header and payload in one piece.
struct FrameWriter {
    /// A client masks what it sends, with a key of its own for each frame (§5.3).
    private let isMasking: Bool
    private var keys: UInt64 = 0
    private var hasKey = false
    private let allocator = ByteBufferAllocator()

    init(isMasking: Bool) { self.isMasking = isMasking }

    mutating func frame(_ opcode: WebSocketOpcode, _ payload: [UInt8]) -> ByteBuffer {
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
        frame.writeWithUnsafeMutableBytes(minimumWritableBytes: payload.count) { target in
            Self.mask(payload, with: key, into: target)
            return payload.count
        }
        return frame
    }

    /// Two keys of each look at the system's source of chance.
    private mutating func nextKey() -> UInt32 {
        if !hasKey { keys = UInt64.random(in: .min ... .max) }
        hasKey.toggle()
        defer { keys >>= 32 }
        return UInt32(truncatingIfNeeded: keys)
    }

    private static func mask(_ payload: [UInt8], with key: UInt32, into target: UnsafeMutableRawBufferPointer) {
        // The key's first byte is its highest: it lies first in memory.
        let wide = UInt64(key.bigEndian) << 32 | UInt64(key.bigEndian)
        payload.withUnsafeBytes { source in
            var place = 0
            while place + 8 <= source.count {
                let word = source.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                target.storeBytes(of: word ^ wide, toByteOffset: place, as: UInt64.self)
                place += 8
            }
            while place < source.count {
                target[place] = source[place] ^ UInt8(truncatingIfNeeded: key >> UInt32(24 - 8 * (place & 3)))
                place += 1
            }
        }
    }
}
