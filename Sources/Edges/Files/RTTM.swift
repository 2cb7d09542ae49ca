import SidetoneModel

/// `segments.rttm`: one line per talk spurt, for diarisation tools (NIST, Rich Transcription 2009 evaluation plan, appendix
/// A). The channel is that of `call.wav`. The file field is the id of the call or the name of the input, so that scorers
/// find the reference of the same name; blanks, which separate fields, become underscores.
package enum RTTM: SegmentsText {
    package static let name = "rttm"
    package static let summary = "Talk spurts as RTTM, for diarisation tools."
    package static let file = FileDeclaration("segments.rttm", FileDeclaration.plainText)

    package static func text(_ spurts: [TalkSpurt], call: String, seconds: Double) -> String {
        let file = fileID(call)
        return spurts.map { spurt in
            let start = secondsText(spurt.start, decimals: 3)
            let length = secondsText(spurt.end - spurt.start, decimals: 3)
            let channel = spurt.track.index + 1
            return "SPEAKER \(file) \(channel) \(start) \(length) <NA> <NA> \(spurt.track.rawValue) <NA> <NA>\n"
        }.joined()
    }

    private static func fileID(_ name: String) -> String {
        let id = name.unicodeScalars.map { scalar in
            let isBlank =
                scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
                || scalar.properties.isDefaultIgnorableCodePoint
            return isBlank ? "_" : String(scalar)
        }.joined()
        return id.isEmpty ? "_" : id
    }
}
