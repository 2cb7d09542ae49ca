package import SidetoneCallControl
package import SidetoneModel
package import SidetonePlayback

/// The audio of both sides of an emulated call: the timeline that its streams and its recordings share. Inbound is the
/// caller's audio with the pressed keys; outbound is the other side's audio with the speech of actions. It is generated
/// in blocks while the call continues; past audio is not kept.
package struct CallMedia {
    package let sampleRate: Int
    /// The position of the call, in samples.
    package private(set) var position: Int64 = 0
    /// Whether the caller is on hold: inbound is silent, and outbound is music.
    package var isHeld = false
    /// The muted directions; see `mute(_:)`.
    package private(set) var muted: Set<TrackRole> = []

    private var voices: [(any SampleReader)?]
    /// Sounds added by actions, by `TrackRole.index`, in the order of their start.
    private var sounds: [[PlacedSound]] = [[], []]
    private var music: HoldMusic

    /// A sound and its position on the timeline.
    private struct PlacedSound {
        var first: Int64
        var samples: [Int16]
        /// Whether other audio of the track is muted meanwhile.
        var isAlone: Bool
        var end: Int64 { first + Int64(samples.count) }
    }

    /// - Parameters:
    /// - inbound: the caller's audio; nil for silence.
    /// - outbound: the other side's audio; nil for silence.
    package init(sampleRate: Int, inbound: (any SampleReader)?, outbound: (any SampleReader)?) {
        self.sampleRate = sampleRate
        voices = [inbound, outbound]
        music = HoldMusic(sampleRate: sampleRate)
    }

    /// The end of the given audio of both sides.
    package var end: Int64 { voices.map { $0?.sampleCount ?? 0 }.max() ?? 0 }

    /// Plays a sound from a position.
    ///
    /// - Parameters:
    /// - first: at least `position`; earlier samples are skipped.
    /// - isAlone: mutes the rest of the track meanwhile, as a telephone mutes its microphone while a key is held.
    package mutating func play(_ samples: [Int16], on role: TrackRole, at first: Int64, isAlone: Bool = false) {
        sounds[role.index].append(PlacedSound(first: first, samples: samples, isAlone: isAlone))
    }

    /// Ends the sounds of a track immediately.
    package mutating func silence(_ role: TrackRole) { sounds[role.index] = [] }

    /// Assumed, see `AudioDirection`: `read` is the caller's audio, `write` is what the caller hears.
    package mutating func mute(_ direction: AudioDirection) { muted.formUnion(Self.roles(direction)) }

    package mutating func unmute(_ direction: AudioDirection) { muted.subtract(Self.roles(direction)) }

    private static func roles(_ direction: AudioDirection) -> [TrackRole] {
        switch direction {
        case .read: [.inbound]
        case .write: [.outbound]
        case .both: [.inbound, .outbound]
        }
    }

    /// The next samples of both tracks.
    ///
    /// - Parameter count: at least 1.
    /// - Throws: when the given audio cannot be read.
    package mutating func next(_ count: Int) throws -> MediaBlock {
        let first = position
        position += Int64(count)
        let inbound = try track(.inbound, first: first, count: count)
        let outbound = try track(.outbound, first: first, count: count)
        for index in sounds.indices { sounds[index].removeAll { $0.end <= position } }
        return MediaBlock(first: first, sampleRate: sampleRate, inbound: inbound, outbound: outbound)
    }

    private mutating func track(_ role: TrackRole, first: Int64, count: Int) throws -> [Int16] {
        var samples: [Int16] = []
        samples.reserveCapacity(count)
        // Read in any case: muted speech continues.
        try voices[role.index]?.read(count, into: &samples)
        samples.append(contentsOf: repeatElement(0, count: count - samples.count))
        let isHeard = !muted.contains(role)
        if isHeld {
            samples = role == .outbound && isHeard ? music.next(count) : [Int16](repeating: 0, count: count)
        } else if !isHeard {
            samples = [Int16](repeating: 0, count: count)
        }
        guard isHeard, !(isHeld && role == .inbound) else { return samples }
        for sound in sounds[role.index] {
            let from = max(first, sound.first)
            let until = min(first + Int64(count), sound.end)
            guard from < until else { continue }
            for place in from..<until {
                let other = sound.isAlone ? 0 : Int32(samples[Int(place - first)])
                samples[Int(place - first)] = Int16(clamping: other + Int32(sound.samples[Int(place - sound.first)]))
            }
        }
        return samples
    }
}
