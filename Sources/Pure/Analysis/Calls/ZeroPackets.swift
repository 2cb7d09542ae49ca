/// Counts packets that were lost upstream and filled with zeros.
///
/// A stretch of exact zeros whose length is a whole number of 20 ms packets, up to 2.5 % of a packet more, for its
/// neighbours may be zero by chance, and not longer than a second: longer ones are a dead line or a muted source.
struct ZeroPackets {
    private let packet: Int
    private var run: Int
    private let longest: Int

    init(sampleRate: Int) {
        packet = max(1, sampleRate / 50)
        longest = 50 * packet
        // Zeros from the very first sample on are no gap in anything.
        run = longest + packet
    }

    mutating func count(in block: Span<Float>) -> Int {
        var leading = 0
        while leading < block.count, block[leading] == 0 { leading += 1 }
        if leading == block.count {
            run = min(run + leading, longest + 2 * packet)
            return 0
        }
        let length = run + leading
        var trailing = 0
        while block[block.count - 1 - trailing] == 0 { trailing += 1 }
        run = trailing
        guard length >= packet, length <= longest + packet / 40, length % packet <= packet / 40 else { return 0 }
        return length / packet
    }
}
