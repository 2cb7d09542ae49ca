/// The companding laws of ITU-T G.711, as functions of one sample.
///
/// Samples are 16-bit: the standard's 14-bit (µ-law) and 13-bit (A-law) values shifted to the top.
enum G711 {
    /// µ-law, G.711 table 2: all bits are inverted on the wire; segment `s`, step `q`: (2q + 33)·2^s − 33, times 4.
    static func decodeMuLaw(_ code: UInt8) -> Int16 {
        let bits = Int32(~code)
        let magnitude = ((((bits & 0x0F) << 1) + 33) << ((bits >> 4) & 7)) - 33
        return Int16((bits & 0x80 == 0 ? magnitude : -magnitude) * 4)
    }

    /// µ-law; magnitudes above the last decision value read as the last one.
    static func encodeMuLaw(_ sample: Int16) -> UInt8 {
        // The bias of 33 steps of 14 bits is 132 of 16; above 8158¾ of 14 bits, the sum would not fit its 15 bits.
        let magnitude = min(abs(Int32(sample)), 32_635) + 132
        let segment = Int32(24 - (UInt32(magnitude).leadingZeroBitCount))
        let step = (magnitude >> (segment + 3)) & 0x0F
        let sign: Int32 = sample < 0 ? 0x80 : 0
        return ~UInt8(truncatingIfNeeded: sign | (segment << 4) | step)
    }

    /// A-law, G.711 table 1: even bits are inverted on the wire.
    static func decodeALaw(_ code: UInt8) -> Int16 {
        let bits = Int32(code ^ 0x55)
        let segment = (bits >> 4) & 7
        let step = (bits & 0x0F) << 4
        let magnitude = segment == 0 ? step + 8 : (step + 0x108) << (segment - 1)
        return Int16(bits & 0x80 == 0 ? -magnitude : magnitude)
    }

    /// A-law.
    static func encodeALaw(_ sample: Int16) -> UInt8 {
        // A negative value v has the magnitude −v − 1: the decision value between the two zeros is 0.
        let negative = sample < 0
        let magnitude = UInt32(negative ? -(Int32(sample) + 1) : Int32(sample))
        let segment = magnitude < 256 ? 0 : UInt32(24 - magnitude.leadingZeroBitCount)
        let step = segment == 0 ? (magnitude >> 4) & 0x0F : (magnitude >> (segment + 3)) & 0x0F
        return UInt8((segment << 4) | step | (negative ? 0 : 0x80)) ^ 0x55
    }
}

/// A companding law as two lookup tables, built once per process.
struct CompandingTable: Sendable {
    let decoded: [Int16]
    /// The code of each sample, indexed by its bit pattern.
    let encoded: [UInt8]

    static let muLaw = CompandingTable(decode: G711.decodeMuLaw, encode: G711.encodeMuLaw)
    static let aLaw = CompandingTable(decode: G711.decodeALaw, encode: G711.encodeALaw)

    private init(decode: (UInt8) -> Int16, encode: (Int16) -> UInt8) {
        decoded = (0...255).map { decode(UInt8($0)) }
        encoded = (0...65_535).map { encode(Int16(bitPattern: UInt16($0))) }
    }

    func decode(_ payload: [UInt8], into samples: inout [Int16]) {
        let count = payload.count
        let start = samples.count
        samples.append(contentsOf: repeatElement(0, count: count))
        // Proof: both pointers live for the closure; the indices run over `count` values that exist in both, and a byte
        // is always within the table of 256.
        samples.withUnsafeMutableBufferPointer { samples in
            payload.withUnsafeBufferPointer { payload in
                decoded.withUnsafeBufferPointer { table in
                    for n in 0..<count { samples[start + n] = table[Int(payload[n])] }
                }
            }
        }
    }

    func encode(_ samples: ArraySlice<Int16>, into payload: inout [UInt8]) {
        payload.reserveCapacity(payload.count + samples.count)
        for sample in samples { payload.append(encoded[Int(UInt16(bitPattern: sample))]) }
    }
}
