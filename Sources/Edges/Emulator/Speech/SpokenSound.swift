/// The output of a speech synthesiser: WAV, 16 bits, mono; its size fields may be invalid.
struct SpokenSound {
    var sampleRate: Int
    var samples: [Int16]

    /// - Returns: nil for any other format.
    init?(wav bytes: [UInt8]) {
        func number(_ place: Int, count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        }
        guard bytes.count >= 12, bytes[0..<4].elementsEqual("RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8)
        else { return nil }
        var place = 12
        var rate: Int?
        while place + 8 <= bytes.count {
            let name = bytes[place..<place + 4]
            let size = number(place + 4, count: 4)
            place += 8
            if name.elementsEqual("fmt ".utf8) {
                guard size >= 16, place + 16 <= bytes.count, number(place, count: 2) == 1,
                    number(place + 2, count: 2) == 1,
                    number(place + 14, count: 2) == 16
                else { return nil }
                rate = number(place + 4, count: 4)
            }
            if name.elementsEqual("data".utf8) {
                guard let rate, (4_000...192_000).contains(rate) else { return nil }
                // The size field of a stream is not reliable; the received bytes are used.
                let count = min(size, bytes.count - place) / 2
                sampleRate = rate
                samples = (0..<count).map { Int16(truncatingIfNeeded: number(place + 2 * $0, count: 2)) }
                return
            }
            place += min(size + size % 2, bytes.count)
        }
        return nil
    }
}
