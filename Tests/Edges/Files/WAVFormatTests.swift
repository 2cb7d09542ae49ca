import SidetoneCodecs
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

@Suite struct WAVFormatTests {
    private let directory: TemporaryDirectory
    private let stream = makeStream()
    private let wav: WAVFormat

    init() throws {
        directory = try TemporaryDirectory()
        wav = try makeFormat(WAVFormat.self, stream: stream, in: directory)
    }

    private func read(_ name: String) throws -> [[Int16]] { try samples("\(directory.path)/CA1/MZ1/\(name)") }

    private func open(_ roles: TrackRole...) throws {
        for role in roles { try wav.append(.track(makeTrack(role))) }
    }

    private func give(_ role: TrackRole, at first: Int64, count: Int64 = 1_600) throws {
        try wav.append(.samples(makeBlock(role, at: first, count: count)))
    }

    @Test func `both tracks are interleaved in the recording of the call`() throws {
        try open(.inbound, .outbound)
        for n in 0..<20 {
            try give(.inbound, at: Int64(n) * 1_600)
            try give(.outbound, at: Int64(n) * 1_600)
        }
        try wav.finish(makeSummary())
        let inbound = (0..<32_000).map { sample(.inbound, place: $0) }
        let outbound = (0..<32_000).map { sample(.outbound, place: $0) }
        #expect(try read("inbound.wav") == [inbound])
        #expect(try read("outbound.wav") == [outbound])
        #expect(try read("call.wav") == [inbound, outbound])
    }

    @Test func `every file opens after every block and lacks less than a second`() throws {
        try open(.inbound, .outbound)
        for n in 0..<20 {
            for role in TrackRole.allCases {
                try give(role, at: Int64(n) * 1_600)
                let inbound = try read("inbound.wav")[0]
                #expect(inbound == (0..<Int64(inbound.count)).map { sample(.inbound, place: $0) })
                // Up to 200 ms may still be in the block of the track.
                #expect((n + 1) * 1_600 - inbound.count <= 8_000 - 1_600)
                #expect((n + 1) * 1_600 - (try read("call.wav")[0].count) <= 8_000 - 1_600)
            }
        }
    }

    @Test func `a lost block becomes silence at its position`() throws {
        try open(.inbound)
        try give(.inbound, at: 0)
        try give(.inbound, at: 3_200)
        try wav.finish(nil)
        let right = (0..<4_800).map { (1_600..<3_200).contains($0) ? 0 : sample(.inbound, place: Int64($0)) }
        #expect(try read("inbound.wav") == [right])
        #expect(try read("call.wav") == [right, [Int16](repeating: 0, count: 4_800)])
    }

    @Test func `a hole longer than the buffer costs no memory and is silence`() throws {
        try open(.inbound, .outbound)
        try give(.inbound, at: 0)
        try give(.inbound, at: 80_000)
        for n in 0..<51 { try give(.outbound, at: Int64(n) * 1_600) }
        try wav.finish(nil)
        let inbound = (0..<81_600).map { (1_600..<80_000).contains($0) ? 0 : sample(.inbound, place: Int64($0)) }
        #expect(try read("inbound.wav") == [inbound])
        #expect(try read("call.wav") == [inbound, (0..<81_600).map { sample(.outbound, place: $0) }])
    }

    @Test(arguments: [1_600, 8_000, 16_000, 40_000] as [Int64])
    func `a lagging track is written at its position afterwards`(_ lag: Int64) throws {
        try open(.inbound, .outbound)
        var late: Int64 = 0
        for first in stride(from: Int64(0), to: 80_000, by: 1_600) {
            try give(.inbound, at: first)
            if first >= lag {
                try give(.outbound, at: late)
                late += 1_600
            }
        }
        try wav.finish(nil)
        let call = try read("call.wav")
        #expect(call[0] == (0..<80_000).map { sample(.inbound, place: $0) })
        #expect(call[1] == (0..<80_000).map { $0 < late ? sample(.outbound, place: $0) : 0 })
    }

    @Test func `repeated samples are not overwritten and the file does not shrink`() throws {
        try open(.inbound)
        try give(.inbound, at: 0, count: 16_000)
        try wav.append(
            .samples(SampleBlock(track: .inbound, sampleRate: 8_000, firstSample: 100, samples: [9, 9, 9])))
        try give(.inbound, at: 15_000, count: 2_000)
        try wav.finish(nil)
        #expect(try read("inbound.wav") == [(0..<17_000).map { sample(.inbound, place: $0) }])
        #expect(try read("call.wav")[0] == (0..<17_000).map { sample(.inbound, place: $0) })
    }

    @Test func `blocks of any size produce the same files`() throws {
        var sizes: [Int64] = [1, 7, 80, 1_600, 9_000]
        try open(.inbound, .outbound)
        var ends: [Int64] = [0, 0]
        while ends[0] < 60_000 {
            for role in TrackRole.allCases {
                try give(role, at: ends[role.index], count: sizes[0])
                ends[role.index] += sizes[0]
                sizes.append(sizes.removeFirst())
            }
        }
        try wav.finish(nil)
        let call = try read("call.wav")
        #expect(call[0] == (0..<max(ends[0], ends[1])).map { $0 < ends[0] ? sample(.inbound, place: $0) : 0 })
        #expect(call[1] == (0..<max(ends[0], ends[1])).map { $0 < ends[1] ? sample(.outbound, place: $0) : 0 })
    }

    @Test func `tracks of different rates produce no stereo file`() throws {
        try wav.append(.track(makeTrack(.inbound)))
        try wav.append(.track(makeTrack(.outbound, rate: 16_000)))
        try wav.append(.samples(makeBlock(.outbound, at: 0, rate: 16_000)))
        try wav.finish(nil)
        #expect(try directory.names("CA1/MZ1") == ["inbound.wav", "outbound.wav"])
    }

    @Test func `settings choose the files`() throws {
        var settings = WAVSettings()
        settings.tracks = false
        let wav = try makeFormat(WAVFormat.self, stream: makeStream("MZ2"), in: directory, settings: settings)
        try wav.append(.track(makeTrack(.inbound)))
        try wav.finish(nil)
        #expect(try directory.names("CA1/MZ2") == ["call.wav"])
    }

    @Test func `a header states the largest size for longer files`() {
        let header = WAVHeader.make(sampleRate: 8_000, channels: 1, dataBytes: 1 << 33)
        #expect(header.count == 44)
        #expect(Array(header[4..<8]) == [255, 255, 255, 255])
        #expect(Array(header[40..<44]) == [255, 255, 255, 255])
    }

    @Test func `lost blocks are silence, and the file is as long as the track`() throws {
        let directory = try TemporaryDirectory()
        let wav = try makeFormat(WAVFormat.self, stream: makeStream(), in: directory)
        try wav.append(.track(makeTrack(.inbound)))
        try wav.append(.samples(makeBlock(.inbound, at: 1_600)))
        try wav.append(.samples(makeBlock(.inbound, at: 8_000)))
        try wav.finish(makeSummary(seconds: 2))
        let right = (0..<16_000).map { place in
            (1_600..<3_200).contains(place) || (8_000..<9_600).contains(place) ? sample(.inbound, place: place) : 0
        }
        #expect(try samples("\(directory.path)/CA1/MZ1/inbound.wav") == [right])
        #expect(try samples("\(directory.path)/CA1/MZ1/call.wav") == [right, [Int16](repeating: 0, count: 16_000)])
    }
}
