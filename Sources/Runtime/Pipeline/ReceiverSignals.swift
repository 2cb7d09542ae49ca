import SidetoneAnalysis
package import SidetoneModel
import SidetoneTracks

/// The signals that the receiver itself reports: of streams, packets, talk spurts and sinks.
package enum ReceiverSignals {
    /// One each, in alphabetical order.
    package static let all: [SignalDeclaration] = [
        SignalDeclaration(
            "gap",
            "what a sink did not receive of the stream: blocks for which its queue had no room, or a file that could not be "
                + "written", form: .moment, subject: .call,
            values: [
                Value("sink", .text, "the sink that did not receive it"),
                Value(
                    "kind", .text,
                    "what was lost: samples, rows, signals, messages, health, overview, all (the sink receives nothing more of "
                        + "the stream) or file (missing or incomplete)"),
                Value("blocks", .integer(minimum: 1), "how many blocks were lost; absent for a file", isOptional: true),
                Value("bytes", .integer(minimum: 0), "their size in the queue; absent for a file", isOptional: true),
                Value(
                    "file", .text, "the file's name, * for all files of the sink; absent for blocks", isOptional: true),
                Value(
                    "reason", .text,
                    "why the file is missing: tooManyFiles, diskFull, readOnly, notPermitted, failed; absent for blocks",
                    isOptional: true),
            ]),
        SignalDeclaration(
            "media.clock_jump", "the platform's clock jumped, as two packets agree; neither track moves", form: .moment,
            values: [
                Value(
                    "jump_ms", .integer(),
                    "how far the platform's timestamps moved, in milliseconds; negative when back")
            ]),
        SignalDeclaration(
            "media.gap", "a stretch without packets; it was concealed", form: .moment,
            values: [
                Value(
                    "cause", .word([Gap.Cause.lost, .notSent].map(\.rawValue)),
                    "whether packets are missing, or the platform sent none")
            ], alertPolicy: .always(.warn)),
        SignalDeclaration(
            "media.stalled",
            "no packet of an open stream, or of one of its tracks, arrives for long; without a track, none has arrived at all",
            form: .interval, subject: .either, alertPolicy: .always(.alert)),
        SignalDeclaration(
            "media.wrong_codec_suspected",
            "a track sounds like another codec than the announced one, so that none of its measurements can be trusted",
            form: .moment,
            values: [
                Value("announced", .text, "the codec that the stream announced"),
                Value(
                    "sounds_like", .text,
                    "the codec that its bytes sound like; compressed for none of those that carry samples"),
                Value(
                    "advantage_db", .number(),
                    "by how many dB that codec predicts the bytes better than the announced one"),
            ], alertPolicy: .always(.warn)),
        SignalDeclaration("speech", "a talk spurt: speech from confirmed start to confirmed end", form: .interval),
        SignalDeclaration(
            "stream", "one media stream of a call, from start to stop", form: .interval, subject: .call,
            values: [
                Value("stream", .text, "its id"), Value("dialect", .text, "the platform dialect"),
                Value("codec", .text, "as announced", in: [.started]),
                Value("sample_rate_hz", .integer(minimum: 1), "in hertz", in: [.started]),
                Value("detector", .text, "of speech", in: [.started]),
                Value("reason", .word(EndReason.allCases.map(\.rawValue)), "why it ended", in: [.ended]),
            ]),
    ]

    private typealias Value = SignalDeclaration.Value
}

/// Every kind of signal that Sidetone writes.
package enum SignalDeclarations {
    package static let all = (ReceiverSignals.all + SignalCatalog.all.map { $0.declaration }).sorted {
        $0.name < $1.name
    }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    private static let byType = Dictionary(all.flatMap { kind in kind.types.map { ($0, kind) } }) { first, _ in first }

    package static func named(_ name: String) -> SignalDeclaration? { byName[name] }
    package static func ofType(_ type: String) -> SignalDeclaration? { byType[type] }
}
