import CSndFile
import Foundation
import SidetoneModel
import Testing

@testable import SidetoneFiles

@Suite struct AudioFileReaderTests {
    private let directory: TemporaryDirectory
    private let ramp = (0..<5_000).map { sample(.inbound, $0) }

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

    @Test func `whole numbers come back as they are`() throws {
        for format in [
            SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_AU | SF_FORMAT_PCM_24,
        ] {
            let path = try write(Int(format))
            #expect(try AudioFileReader(path: path).sampleRate == 16_000)
            #expect(try AudioFileReader(path: path).frames == 5_000)
            #expect(try samples(path) == [ramp])
        }
    }

    @Test func `two channels come apart`() throws {
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

    @Test func `three channels, no audio, a folder and nothing are told apart`() throws {
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

    @Test func `bytes come piece by piece`() throws {
        let bytes = (0..<1_000).map { UInt8($0 % 251) }
        try directory.write(bytes, to: "raw")
        let reader = try ByteReader(path: "\(directory.path)/raw")
        var piece = [UInt8](repeating: 0, count: 300)
        var all: [UInt8] = []
        while case let count = try reader.read(into: &piece), count > 0 { all += piece[..<count] }
        #expect(all == bytes)
    }
}
