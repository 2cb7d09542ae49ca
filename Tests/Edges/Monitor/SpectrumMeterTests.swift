import Foundation
import SidetoneModel
import Testing

@testable import SidetoneMonitor

@Suite struct SpectrumMeterTests {
    private func sine(_ hz: Double, count: Int, rate: Int = 8_000) -> [Int16] {
        (0..<count).map { Int16(32_767 * sin(2 * Double.pi * hz * Double($0) / Double(rate))) }
    }

    @Test func `a full-scale sine on a bin reads −3 dBFS in its band, and other bands stay low`() throws {
        // 1 kHz is bin 32 of 256 at 8 kHz: the 16th band of two bins each.
        let meter = SpectrumMeter(track: .inbound, sampleRate: 8_000)
        let block = try #require(
            meter.add(
                SampleBlock(track: .inbound, sampleRate: 8_000, firstSample: 0, samples: sine(1_000, count: 1_600))))
        #expect(block.bytes.count % SpectrumMeter.bands == 0)
        let column = Array(block.bytes[..<SpectrumMeter.bands])
        let strongest = column.indices.max { column[$0] < column[$1] }
        #expect(strongest == 15)
        // −3.01 dBFS is 247 of 255; ±1: a byte is 0.38 dB.
        #expect(abs(Int(column[15]) - 247) <= 1)
        #expect(column[40] < 60)
    }

    @Test func `columns do not depend on the sizes of blocks`() {
        let samples = sine(700, count: 8_000)
        func columns(_ size: Int) -> [UInt8] {
            let meter = SpectrumMeter(track: .inbound, sampleRate: 8_000)
            var bytes: [UInt8] = []
            for start in stride(from: 0, to: samples.count, by: size) {
                let part = Array(samples[start..<min(start + size, samples.count)])
                let block = SampleBlock(track: .inbound, sampleRate: 8_000, firstSample: Int64(start), samples: part)
                bytes += meter.add(block)?.bytes ?? []
            }
            return bytes
        }
        #expect(columns(160) == columns(1_600))
        #expect(columns(77) == columns(8_000))
    }

    @Test func `columns stay on the clock grid after a loss`() throws {
        let meter = SpectrumMeter(track: .inbound, sampleRate: 8_000)
        let silence = [Int16](repeating: 0, count: 1_600)
        let first = try #require(
            meter.add(SampleBlock(track: .inbound, sampleRate: 8_000, firstSample: 100, samples: silence)))
        #expect(first.first == 1)
        let later = try #require(
            meter.add(SampleBlock(track: .inbound, sampleRate: 8_000, firstSample: 16_000, samples: silence)))
        #expect(later.first == 100)
        #expect(later.bytes.allSatisfy { $0 == 0 })
    }
}
