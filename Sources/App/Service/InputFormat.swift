import Foundation
import SidetoneFiles

/// The format of an input file, by its name and its first bytes.
enum InputFormat {
    /// Extensions of files that libsndfile commonly reads.
    private static let audio: Set<String> = [
        "wav", "wave", "flac", "ogg", "oga", "opus", "mp3", "aif", "aiff", "aifc", "au", "snd", "caf", "w64", "rf64",
        "voc",
    ]
    private static let captures: Set<String> = ["jsonl", "json", "ndjson"]

    /// Extensions that telephone systems use for headerless files, with their codings.
    private static let headerless: [String: RawLayout] = {
        var layouts: [String: RawLayout] = [:]
        for ending in ["ulaw", "ul", "mulaw", "mu", "pcmu"] { layouts[ending] = RawLayout(.pcmu, sampleRate: 8_000) }
        for ending in ["alaw", "al", "pcma"] { layouts[ending] = RawLayout(.pcma, sampleRate: 8_000) }
        // Asterisk's signed linear, with the rate in thousands.
        for ending in ["sln", "slin", "sln8"] { layouts[ending] = RawLayout(.l16, sampleRate: 8_000) }
        for thousands in [12, 16, 24, 32, 48, 96, 192] {
            layouts["sln\(thousands)"] = RawLayout(.l16, sampleRate: thousands * 1_000)
        }
        layouts["sln44"] = RawLayout(.l16, sampleRate: 44_100)
        layouts["gsm"] = RawLayout(.gsm, sampleRate: 8_000)
        layouts["vox"] = RawLayout(.vox, sampleRate: 8_000)
        return layouts
    }()

    /// Extensions of headerless files that do not state the coding.
    private static let unnamed: Set<String> = ["raw", "pcm", "bin", "sw", "s16", "s16le", "s16be", "lin"]
    /// Extensions of files that other programs can convert.
    private static let foreign: Set<String> = [
        "amr", "awb", "g722", "g723", "g726", "g729", "m4a", "mp4", "aac", "wma", "webm", "mkv", "mov", "3gp", "ilbc",
        "speex", "spx", "pcap", "pcapng",
    ]

    /// A file named by the user.
    static func kind(ofNamed path: String, raw: RawLayout?) -> AnalysisInput.Kind {
        let ending = ending(of: path)
        let start = FirstBytes(path)
        if let raw {
            guard !start.isAudioHeader else {
                return .refused("begins with the header of an audio file, which states its codec; omit --codec")
            }
            if captures.contains(ending) || start.isCapture {
                return .refused("is a capture, which states its codec; omit --codec")
            }
            return .raw(raw)
        }
        if captures.contains(ending) || start.isCapture { return .capture }
        if start.isAudioHeader { return .audio }
        if let layout = headerless[ending] { return .raw(layout) }
        if unnamed.contains(ending) {
            return .refused("has no header; specify its codec and rate, such as --codec l16 --rate 8000")
        }
        if foreign.contains(ending) {
            return .refused("is not supported as .\(ending); convert it first: ffmpeg -i INPUT OUTPUT.wav")
        }
        return .audio
    }

    /// A file in a folder named by the user.
    /// - Returns: nil for files to skip.
    static func kind(ofFound path: String, raw: RawLayout?) -> AnalysisInput.Kind? {
        let ending = ending(of: path)
        guard raw == nil || headerless[ending] != nil || unnamed.contains(ending) else { return nil }
        if captures.contains(ending) { return FirstBytes(path).isCapture ? .capture : nil }
        guard audio.contains(ending) || headerless[ending] != nil || unnamed.contains(ending) else { return nil }
        switch kind(ofNamed: path, raw: raw) {
        case .refused where raw != nil || unnamed.contains(ending): return nil
        case let kind: return kind
        }
    }

    private static func ending(of path: String) -> String { URL(filePath: path).pathExtension.lowercased() }
}

/// The first bytes of a file.
private struct FirstBytes {
    private let bytes: [UInt8]

    init(_ path: String) {
        let handle = FileHandle(forReadingAtPath: path)
        bytes = (try? handle?.read(upToCount: 256)).flatMap { $0 }.map { Array($0) } ?? []
    }

    /// Whether it is the header of an audio format. MP3 is excluded: silence in µ-law begins with the same two bytes.
    var isAudioHeader: Bool {
        let marks = [
            "RIFF", "RIFX", "RF64", "riff", "FORM", "fLaC", "OggS", ".snd", "dns.", "caff", "Creative Voice File",
        ]
        return marks.contains { bytes.starts(with: $0.utf8) }
    }

    /// Whether it is the first line of a capture.
    var isCapture: Bool {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard rest.first == UInt8(ascii: "{") else { return false }
        return String(decoding: rest, as: UTF8.self).contains("\"sidetone_capture\"")
    }
}
