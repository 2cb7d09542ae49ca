/// SHA-256 (FIPS 180-4), for file names only: a few hundred bytes per call.
enum SHA256 {
    // §4.2.2
    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]

    /// - Returns: the 64 hexadecimal digits of the digest.
    static func hex(_ message: [UInt8]) -> String {
        // §5.1.1: a one bit, zeros, and the length in bits, to a multiple of 64 bytes.
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        let bits = UInt64(message.count) * 8
        for shift in stride(from: 56, through: 0, by: -8) { padded.append(UInt8(truncatingIfNeeded: bits >> shift)) }

        var state: [UInt32] = [  // §5.3.3
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
        ]
        for start in stride(from: 0, to: padded.count, by: 64) { absorb(padded, start: start, state: &state) }
        let digits = Array("0123456789abcdef".utf8)
        let text = state.flatMap { word in
            stride(from: 28, through: 0, by: -4).map { digits[Int(word >> UInt32($0) & 15)] }
        }
        return String(decoding: text, as: UTF8.self)
    }

    // §6.2.2
    private static func absorb(_ bytes: [UInt8], start: Int, state: inout [UInt32]) {
        var w = (0..<16).map { n in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[start + n * 4 + $1]) } }
        for t in 16..<64 {
            let s0 = rotate(w[t - 15], bits: 7) ^ rotate(w[t - 15], bits: 18) ^ w[t - 15] >> 3
            let s1 = rotate(w[t - 2], bits: 17) ^ rotate(w[t - 2], bits: 19) ^ w[t - 2] >> 10
            w.append(s1 &+ w[t - 7] &+ s0 &+ w[t - 16])
        }
        var v = state
        for t in 0..<64 {
            let choice = v[4] & v[5] ^ ~v[4] & v[6]
            let t1 =
                v[7] &+ (rotate(v[4], bits: 6) ^ rotate(v[4], bits: 11) ^ rotate(v[4], bits: 25)) &+ choice
                &+ constants[t] &+ w[t]
            let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
            let t2 = (rotate(v[0], bits: 2) ^ rotate(v[0], bits: 13) ^ rotate(v[0], bits: 22)) &+ majority
            v = [t1 &+ t2, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
        }
        for n in 0..<8 { state[n] &+= v[n] }
    }

    private static func rotate(_ value: UInt32, bits: UInt32) -> UInt32 { value >> bits | value << (32 - bits) }
}
