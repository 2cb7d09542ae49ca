import SidetoneModel

/// The sounds on a track other than speech: music and network tones.
public struct SoundChange: Sendable {
    /// Music is continuing, as far as is known.
    public internal(set) var isMusic = false
    /// The tone whose cadence is continuing.
    var tone: ToneKind?
    var musicChange: MusicSpan.Change?
    var toneChange: ToneCadence.Change?
    /// Whether this step has neither music nor tone nor digit.
    var isQuiet = true
    /// The first and the last step of the current dead stretch of the track; nil if it is not dead.
    var deadSince: Int64?
    var deadLast: Int64 = 0
    /// Whether the dead stretch consists of zeros.
    var isZero = false
    /// Whether the side has spoken in this call.
    var hasSpoken = false
}

/// Tracks sounds other than speech on one track: music, tones and dead stretches.
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

    /// Processes the next step's row; sets everything except the dead stretch.
    mutating func step(
        _ number: Int64, toneCode: Float, toneHz: Float, dtmfCode: Float, stability: Float, levelDBFS: Float
    ) -> SoundChange {
        var sound = SoundChange()
        // The two tones of a digit are not network tones.
        let tone = toneCode > 0 && !(dtmfCode > 0) ? Int(toneCode) : 0
        sound.toneChange = cadence.step(number, code: tone, hz: toneHz.isNaN ? 0 : toneHz, levelDBFS: levelDBFS)
        sound.tone = cadence.kind
        // The lines of a tone are steadier than those of any music; while the 3 s of the measure include one, it is not
        // music.
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

    /// Processes the later speech decision for a step; sets the dead stretch.
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
