import CSndFile
import Foundation
import SidetoneModel
import Testing

@testable import SidetoneFiles

@Suite struct AudioFileReaderTests {
    private let directory: TemporaryDirectory
    private let ramp = (0..<5_000).map { sample(.inbound, place: $0) }

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ format: Int, channels: Int32 = 1, floats: [Float]? = nil) throws -> String {
        let path = "\(directory.path)/audio"
        var info = SF_INFO()
        info.samplerate = 16_000
        info.channels = channels
        info.format = Int32(format)
        let file = try #require(sf_open(path, Int32(SFM_WRITE), &info))
        defer { sf_close(file) }
        if let floats {
            sf_writef_float(file, floats, sf_count_t(floats.count) / sf_count_t(channels))
        } else {
            sf_writef_short(file, ramp, sf_count_t(ramp.count) / sf_count_t(channels))
        }
        return path
    }

    @Test func `integers are read unchanged`() throws {
        for format in [
            SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_AU | SF_FORMAT_PCM_24,
        ] {
            let path = try write(Int(format))
            #expect(try AudioFileReader(path: path).sampleRate == 16_000)
            #expect(try AudioFileReader(path: path).frames == 5_000)
            #expect(try samples(path) == [ramp])
        }
    }

    @Test func `two channels are separated`() throws {
        let path = try write(Int(SF_FORMAT_WAV | SF_FORMAT_PCM_16), channels: 2)
        let right = (0..<2).map { side in stride(from: side, to: 5_000, by: 2).map { ramp[$0] } }
        #expect(try samples(path) == right)
    }

    @Test func `floats are scaled, clipped and counted`() throws {
        let path = try write(Int(SF_FORMAT_WAV | SF_FORMAT_FLOAT), floats: [0, 0.5, -1, 1, 1.5, -2, .nan, 1 / 32_768])
        let reader = try AudioFileReader(path: path)
        var tracks: [[Int16]] = []
        #expect(try reader.read(100, into: &tracks) == 8)
        #expect(tracks == [[0, 16_384, -32_768, 32_767, 32_767, -32_768, 0, 1]])
        #expect(reader.clipped == 3)
        #expect(try reader.read(100, into: &tracks) == 0)
        #expect(tracks == [[]])
    }

    @Test func `samples of 24 and 32 bits are rounded, not truncated`() throws {
        let path = "\(directory.path)/wide.wav"
        for format in [SF_FORMAT_PCM_24, SF_FORMAT_PCM_32] {
            var info = SF_INFO()
            info.samplerate = 8_000
            info.channels = 1
            info.format = Int32(Int(SF_FORMAT_WAV) | Int(format))
            // A 16-bit step is 65,536 of 32 bits: just below a half, a half, and beyond the largest.
            let steps: [Int32] = [0x7F00, 0x8000, 0xFFFF00, -0x7F00, -0x8100, .max, .min]
            let file = try #require(sf_open(path, Int32(SFM_WRITE), &info))
            sf_writef_int(file, steps, sf_count_t(steps.count))
            sf_close(file)
            #expect(try samples(path) == [[0, 1, 256, 0, -1, 32_767, -32_768]])
        }
    }

    /// A handmade WAV file: the sizes in its header, its coding, its data and what follows.
    private func wav(
        riff: UInt32, data: UInt32, tag: UInt16, bits: UInt16, _ samples: [UInt8], fact: Bool = false,
        after: [UInt8] = []
    ) -> [UInt8] {
        func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
            withUnsafeBytes(of: number.littleEndian) { Array($0) }
        }
        let frame = bits / 8
        var bytes = Array("RIFF".utf8) + little(riff) + Array("WAVEfmt ".utf8) + little(UInt32(16)) + little(tag)
        bytes += little(UInt16(1)) + little(UInt32(8_000)) + little(UInt32(8_000) * UInt32(frame))
        bytes += little(frame) + little(bits)
        if fact { bytes += Array("fact".utf8) + little(UInt32(4)) + little(UInt32(0)) }
        return bytes + Array("data".utf8) + little(data) + samples + after
    }

    // 100 samples each. Expected: the sample at 0x10 in each coding, by G.711's tables and the widths.
    static let codings: [(tag: UInt16, bits: UInt16, sample: [UInt8], value: Int16)] = [
        (UInt16(1), UInt16(16), [UInt8(0x34), 0x12], Int16(0x1234)), (1, 8, [0x90], 0x1000), (7, 8, [0xFF], 0),
        (6, 8, [0xD5], 8), (1, 24, [0x00, 0x34, 0x12], 0x1234), (3, 32, [0, 0, 0, 0x3F], 16_384),
    ]

    @Test(arguments: codings)
    func `a data chunk without a size is read to the end of the data`(
        tag: UInt16, bits: UInt16, sample: [UInt8], value: Int16
    ) throws {
        let data = Array(repeatElement(sample, count: 100).joined())
        for (riff, size) in [(UInt32(0), UInt32(0)), (36, 0), (0xFFFF_FFFF, 0), (0xFFFF_FFFF, 0xFFFF_FFFF)] {
            for fact in [false, true] {
                let file = wav(riff: riff, data: size, tag: tag, bits: bits, data, fact: fact)
                try directory.write(file, to: "open.wav")
                let path = "\(directory.path)/open.wav"
                #expect(try AudioFileReader(path: path).sampleRate == 8_000)
                let all = try samples(path)
                #expect(all == [[Int16](repeating: value, count: 100)], "tag \(tag), riff \(riff), data \(size)")
            }
        }
    }

    @Test func `a data chunk that is really empty has no samples`() throws {
        let list = Array("LIST".utf8) + [4, 0, 0, 0] + Array("INFO".utf8)
        try directory.write(wav(riff: 48, data: 0, tag: 1, bits: 16, [], after: list), to: "empty.wav")
        #expect(try samples("\(directory.path)/empty.wav") == [[]])
    }

    @Test func `a truncated FLAC file is an error, not a shorter recording`() throws {
        let path = try write(Int(SF_FORMAT_FLAC | SF_FORMAT_PCM_16))
        let whole = try directory.bytes("audio")
        try directory.write(Array(whole[..<(whole.count / 2)]), to: "cut.flac")
        #expect(path.hasSuffix("/audio"))
        let error = #expect(throws: FileError.self) { try samples("\(directory.path)/cut.flac") }
        #expect(error?.path.hasSuffix("/cut.flac") == true && error?.detail.contains("truncated") == true)
    }

    @Test func `headerless files are read by their layout`() throws {
        try directory.write([0x34, 0x12, 0xFF, 0xFF], to: "two.sln")
        let little = try AudioFileReader(path: "\(directory.path)/two.sln", layout: RawLayout(.l16, sampleRate: 20_000))
        var tracks: [[Int16]] = []
        #expect(try little.read(10, into: &tracks) == 2)
        #expect(tracks == [[0x1234, -1]] && little.sampleRate == 20_000)
        // 33 bytes per frame of 160 samples (GSM 06.10 §1); 0xD in the upper half of each frame's first byte.
        let frame = [UInt8(0xD0)] + [UInt8](repeating: 0, count: 32)
        try directory.write(frame + frame + frame, to: "call.gsm")
        let gsm = try AudioFileReader(path: "\(directory.path)/call.gsm", layout: RawLayout(.gsm, sampleRate: 8_000))
        #expect(try gsm.read(1_000, into: &tracks) == 480)
    }

    @Test func `three channels, no audio, a folder and a missing file give different errors`() throws {
        let three = #expect(throws: FileError.self) {
            try AudioFileReader(path: write(Int(SF_FORMAT_WAV | SF_FORMAT_PCM_16), channels: 3))
        }
        #expect(three?.detail.contains("3 channels") == true)
        try directory.write(Array("no audio".utf8), to: "text")
        for (name, code) in [("text", FileError.Code.unreadable), ("", .unreadable), ("none", .notFound)] {
            let error = #expect(throws: FileError.self) { try AudioFileReader(path: "\(directory.path)/\(name)") }
            #expect(error?.code == code)
        }
    }

    @Test func `bytes are read in pieces`() throws {
        let bytes = (0..<1_000).map { UInt8($0 % 251) }
        try directory.write(bytes, to: "raw")
        let reader = try ByteReader(path: "\(directory.path)/raw")
        var piece = [UInt8](repeating: 0, count: 300)
        var all: [UInt8] = []
        while case let count = try reader.read(into: &piece), count > 0 { all += piece[..<count] }
        #expect(all == bytes)
    }
}
