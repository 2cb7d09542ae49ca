/// Finds packets that were lost upstream and filled with digital silence.
///
/// A stretch whose length is a whole number of 20 ms packets, up to 2.5 % of a packet more, for its neighbours may be
/// silent by chance, and not longer than a second: longer ones are a dead line or a muted source. Digital silence is one
/// value that repeats, 0 or what A-law decodes its code word for 0 to: ±8 of 32,768 (ITU-T G.711 Table 1a).
struct ZeroPackets {
    /// A stretch, in samples of the track.
    struct Stretch: Equatable {
        var first: Int64
        var count: Int64
    }

    /// The greatest magnitude of digital silence.
    static let idle: Float = 8.5 / 32_768

    private let packet: Int64
    private let longest: Int64
    /// Where the next block begins.
    private var next: Int64
    private var run: Int64
    /// What repeats in the run; nil before the first sample.
    private var value: Float?

    init(sampleRate: Int, firstSample: Int) {
        packet = Int64(max(1, sampleRate / 50))
        longest = 50 * packet
        next = Int64(firstSample)
        // Silence from the very first sample on is no gap in anything.
        run = longest + packet
    }

    /// - Parameter block: the next samples, fewer than a packet.
    /// - Returns: the stretch that ended in the block.
    mutating func process(_ block: Span<Float>) -> Stretch? {
        // What lies before the track's first sample is padding.
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

    /// How many packets a stretch of samples is; 0 where it is no whole number of them.
    static func packets(in count: Int64, of packet: Int64) -> Int64 {
        count >= packet && count % packet <= packet / 40 ? count / packet : 0
    }
}
