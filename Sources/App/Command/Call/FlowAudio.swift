import SidetoneConfiguration
import SidetoneEmulator
import SidetoneFiles

/// The audio files of both sides of a call, opened for each call and read incrementally.
struct FlowAudio: Sendable {
    private let inbound: String?
    private let outbound: String?
    let sampleRate: Int

    /// - Parameters: paths of mono files; nil for silence.
    /// - Throws: `InputError` when a file cannot be used.
    init(inbound: String?, outbound: String?) throws {
        self.inbound = inbound
        self.outbound = outbound
        let readers = try [inbound, outbound].compactMap { try $0.map { try FileSamples(mono: $0) } }
        let rates = Set(readers.map(\.sampleRate))
        guard rates.count <= 1 else {
            throw InputError(
                "--inbound and --outbound",
                "differ in sample rate (\(rates.sorted().map(String.init).joined(separator: ", "))); both tracks of a call need the same rate"
            )
        }
        sampleRate = rates.first ?? 8_000
        // 10 ms must be whole samples.
        guard sampleRate.isMultiple(of: 100), (8_000...48_000).contains(sampleRate) else {
            throw InputError(inbound ?? outbound ?? "", "has \(sampleRate) Hz; expected 8000…48000, such as 16000")
        }
    }

    /// The media of one call.
    func media() throws -> CallMedia {
        CallMedia(
            sampleRate: sampleRate, inbound: try inbound.map { try FileSamples(mono: $0) },
            outbound: try outbound.map { try FileSamples(mono: $0) })
    }
}

/// A mono file, read in blocks.
private struct FileSamples: SampleReader {
    private let reader: AudioFileReader
    private var tracks: [[Int16]] = []

    var sampleCount: Int64 { reader.frames }
    var sampleRate: Int { reader.sampleRate }

    init(mono path: String) throws {
        reader = try AudioFileReader(path: path)
        guard reader.channels == 1 else {
            throw InputError(path, "has \(reader.channels) channels; expected one mono file per track")
        }
    }

    mutating func read(_ count: Int, into samples: inout [Int16]) throws {
        var left = count
        while left > 0 {
            let read = try reader.read(left, into: &tracks)
            guard read > 0 else { return }
            samples += tracks[0]
            left -= read
        }
    }
}
