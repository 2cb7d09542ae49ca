/// Detects packets that were lost upstream and replaced with digital silence.
///
/// Such a stretch lasts a whole number of 20 ms packets, plus up to 2.5 % of a packet because its neighbours may be
/// silent by chance, and at most a second: longer ones are a dead line or a muted source. Digital silence is one
/// repeated value: 0, or the value that A-law decodes its code word for 0 to, ±8 of 32,768 (ITU-T G.711 Table 1a).
struct ZeroPackets {
    /// A stretch, in samples of the track.
    struct Stretch: Equatable {
        var first: Int64
        var count: Int64
    }

    /// The largest magnitude of digital silence.
    static let idle: Float = 8.5 / 32_768

    private let packet: Int64
    private let longest: Int64
    /// The start of the next block.
    private var next: Int64
    private var run: Int64
    /// The repeated value; nil before the first sample.
    private var value: Float?

    init(sampleRate: Int, firstSample: Int) {
        packet = Int64(max(1, sampleRate / 50))
        longest = 50 * packet
        next = Int64(firstSample)
        // Silence from the very first sample is not a gap.
        run = longest + packet
    }

    /// - Parameter block: the next samples, fewer than a packet.
    /// - Returns: the stretch that ended in the block.
    mutating func process(_ block: Span<Float>) -> Stretch? {
        // Samples before the start of the track are padding.
        let block = next < 0 ? block.extracting(min(block.count, Int(-next))..<block.count) : block
        let start = max(0, next)
        next = start + Int64(block.count)
        guard !block.isEmpty else { return nil }
        let leading = count(in: block, of: value ?? block[0])
        if leading == block.count {
            value = value ?? block[0]
            run = min(run + Int64(leading), longest + 2 * packet)
            return nil
        }
        let ended = Stretch(first: start - run, count: run + Int64(leading))
        let last = block[block.count - 1]
        var trailing = 0
        if abs(last) <= Self.idle {
            while trailing < block.count, block[block.count - 1 - trailing] == last { trailing += 1 }
        }
        value = last
        run = Int64(trailing)
        return isWhole(ended.count) ? ended : nil
    }

    private func count(in block: Span<Float>, of value: Float) -> Int {
        guard abs(value) <= Self.idle, run > 0 else { return 0 }
        var count = 0
        while count < block.count, block[count] == value { count += 1 }
        return count
    }

    private func isWhole(_ count: Int64) -> Bool {
        Self.packets(in: count, of: packet) > 0 && count <= longest + packet / 40
    }

    /// The number of packets in a stretch of samples; 0 if it is not a whole number.
    static func packets(in count: Int64, of packet: Int64) -> Int64 {
        count >= packet && count % packet <= packet / 40 ? count / packet : 0
    }
}
