import SidetoneModel
import SidetonePipeline

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Compact code of the steps of a track's overview: 3.1 bytes per step, 4.1 with F0, 2 more with the waveform.
///
/// Bytes: the version, 1; flags, 1 where F0 follows, plus 2 where the waveform follows; then for *n* steps *n* bytes of
/// level, *n* of peak, `ceil(n / 8)` of speech, *n* of F0, *n* of lowest and *n* of highest samples.
///
/// | value | code | resolution |
/// |---|---|---|
/// | level, peak | `(dBFS + 96) · 2.5` in 0…240 | 0.4 dB |
/// | speech | one bit per step, lowest bit first | |
/// | F0 | 0 for none, else `1 + 48 · log2(Hz / 50)` in 1…255 | 25 cents, 50…1,959 Hz |
/// | samples | the sign of *x* and `127 · √|x|`, two's complement | 0.006 at 0.5, 0.002 at 0.05 |
enum OverviewCode {
    static let version: UInt8 = 1
    private static let hasF0: UInt8 = 1
    private static let hasWave: UInt8 = 2

    static func encode(_ overview: TrackOverview) -> [UInt8] {
        let isVoiced = overview.f0Hz.contains { !$0.isNaN }
        let isHeard = overview.waveMin.contains { $0 != 0 } || overview.waveMax.contains { $0 != 0 }
        var bytes: [UInt8] = [version, (isVoiced ? hasF0 : 0) | (isHeard ? hasWave : 0)]
        bytes.reserveCapacity(overview.count * 6 + 2)
        for level in overview.levelDBFS { bytes.append(code(level: level)) }
        for peak in overview.peakDBFS { bytes.append(code(level: peak)) }
        for first in stride(from: 0, to: overview.count, by: 8) {
            var byte: UInt8 = 0
            for bit in 0..<min(8, overview.count - first) where overview.speech[first + bit] { byte |= 1 << UInt8(bit) }
            bytes.append(byte)
        }
        if isVoiced { for f0 in overview.f0Hz { bytes.append(code(f0: f0)) } }
        if isHeard {
            for low in overview.waveMin { bytes.append(code(sample: low)) }
            for high in overview.waveMax { bytes.append(code(sample: high)) }
        }
        return bytes
    }

    /// - Returns: nil if the bytes are not an encoding of that many steps.
    static func decode(_ bytes: [UInt8], steps: Int, role: TrackRole, first: Int64) -> TrackOverview? {
        guard steps > 0, steps <= 1_000_000, bytes.count >= 2, bytes[0] == version else { return nil }
        let (isVoiced, isHeard) = (bytes[1] & hasF0 != 0, bytes[1] & hasWave != 0)
        let bits = (steps + 7) / 8
        guard bytes.count == 2 + 2 * steps + bits + (isVoiced ? steps : 0) + (isHeard ? 2 * steps : 0) else {
            return nil
        }
        var offset = 2
        func plane(_ count: Int) -> ArraySlice<UInt8> {
            defer { offset += count }
            return bytes[offset..<(offset + count)]
        }
        var overview = TrackOverview(role: role, first: first)
        overview.levelDBFS = plane(steps).map(level)
        overview.peakDBFS = plane(steps).map(level)
        let speech = Array(plane(bits))
        overview.speech = (0..<steps).map { speech[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
        overview.f0Hz = isVoiced ? plane(steps).map(f0) : [Float](repeating: .nan, count: steps)
        overview.waveMin = isHeard ? plane(steps).map(sample) : [Float](repeating: 0, count: steps)
        overview.waveMax = isHeard ? plane(steps).map(sample) : [Float](repeating: 0, count: steps)
        return overview
    }

    private static func code(level: Float) -> UInt8 {
        level.isNaN ? 0 : UInt8(min(240, max(0, ((level + 96) * 2.5).rounded())))
    }

    private static func level(_ code: UInt8) -> Float { Float(code) / 2.5 - 96 }

    private static func code(f0: Float) -> UInt8 {
        f0 > 0 ? UInt8(min(255, max(1, (1 + 48 * log2(f0 / 50)).rounded()))) : 0
    }

    private static func f0(_ code: UInt8) -> Float { code == 0 ? .nan : 50 * exp2((Float(code) - 1) / 48) }

    private static func code(sample: Float) -> UInt8 {
        let size = (127 * min(1, abs(sample)).squareRoot()).rounded()
        return UInt8(bitPattern: Int8(sample < 0 ? -size : size))
    }

    private static func sample(_ code: UInt8) -> Float {
        let root = Float(max(-127, Int8(bitPattern: code))) / 127
        return root * abs(root)
    }
}
