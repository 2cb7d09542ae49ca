import Foundation

/// The music on hold: a soft A major chord that swells and fades every four seconds.
struct HoldMusic {
    /// A3, C♯4, E4 in equal temperament, in Hz.
    private static let notes = [220.0, 277.183, 329.628]
    /// Peak amplitude of one note, full scale is 32,768: the chord has about −28 dBFS.
    private static let amplitude = 1_400.0

    private let sampleRate: Double
    private var position: Int64 = 0

    init(sampleRate: Int) { self.sampleRate = Double(sampleRate) }

    mutating func next(_ count: Int) -> [Int16] {
        defer { position += Int64(count) }
        return (0..<count).map { n in
            let time = Double(position + Int64(n)) / sampleRate
            let swell = 0.75 - 0.25 * cos(2 * .pi * time / 4)
            let chord = Self.notes.reduce(0) { $0 + sin(2 * .pi * $1 * time) }
            return Int16((Self.amplitude * swell * chord).rounded())
        }
    }
}
