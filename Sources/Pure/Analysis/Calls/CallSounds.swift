import SidetoneModel

/// What sounds on a track besides speech: music and the tones of the network.
public struct SoundChange: Sendable {
    /// Music holds on here, as far as is known.
    public internal(set) var isMusic = false
    /// The tone whose rhythm holds on here.
    var tone: ToneKind?
    var musicChange: MusicSpan.Change?
    var toneChange: ToneCadence.Change?
    /// Whether this step is neither music nor tone nor digit.
    var isQuiet = true
    /// The first and the last step of the stretch in which the track carries nothing; nil where it does not.
    var deadSince: Int64?
    var deadLast: Int64 = 0
    /// Whether it carries zeros there.
    var isZero = false
    /// Whether the side has spoken in this call.
    var hasSpoken = false
}

/// Follows what sounds besides speech on one track: music, tones, and that it is dead.
struct TrackSounds {
    private var music: MusicSpan
    private var cadence: ToneCadence
    private var line: DeadLineDetector
    private let memory: Int64

    init(clock: CallClock) {
        music = MusicSpan(clock: clock)
        cadence = ToneCadence(clock: clock)
        line = DeadLineDetector(clock: clock)
        memory = clock.steps(ms: 3_000)
    }

    /// Takes the next step's row: says everything but where the track is dead.
    mutating func step(
        _ number: Int64, toneCode: Float, toneHz: Float, dtmfCode: Float, stability: Float, levelDBFS: Float
    ) -> SoundChange {
        var sound = SoundChange()
        // The two tones of a digit are none of the network's.
        let tone = toneCode > 0 && !(dtmfCode > 0) ? Int(toneCode) : 0
        sound.toneChange = cadence.step(number, code: tone, hz: toneHz.isNaN ? 0 : toneHz, levelDBFS: levelDBFS)
        sound.tone = cadence.kind
        // A tone's lines are steadier than any music's; for as long as it is in the measure's 3 s, it is not music.
        let hadTone = cadence.lastSounding > number - memory
        let stability = hadTone || stability.isNaN ? 0 : stability
        sound.musicChange = music.step(number, stability: stability, levelDBFS: levelDBFS)
        sound.isMusic = music.start != nil
        let mayBeMusic = sound.isMusic || stability >= MusicSpan.mayBe
        sound.isQuiet =
            !cadence.isSounding && sound.tone == nil && !(dtmfCode > 0)
            && !(mayBeMusic && levelDBFS >= MusicSpan.quiet)
        return sound
    }

    /// Takes what was decided of a step's speech, later; adds to what it says where the track is dead.
    mutating func track(_ number: Int64, isSpeech: Bool, levelDBFS: Float, sound: inout SoundChange) {
        line.step(number, isSpeech: isSpeech, levelDBFS: levelDBFS)
        if isSpeech { cadence.recordSpeech(number) }
        report(&sound)
    }

    mutating func finish(at number: Int64) -> SoundChange {
        var sound = SoundChange(musicChange: music.finish(at: number), toneChange: cadence.finish(at: number))
        report(&sound)
        return sound
    }

    private func report(_ sound: inout SoundChange) {
        sound.deadSince = line.start
        sound.deadLast = line.last
        sound.isZero = line.isZero
        sound.hasSpoken = line.hasSpoken
    }
}
