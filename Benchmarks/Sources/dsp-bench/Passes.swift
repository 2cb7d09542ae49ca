import Glibc
import SidetoneAnalysis
import SidetoneDSP
import SidetoneModel

/// What the timed work adds up, so that none of it can be left out.
final class Checksum {
    var value: Float = 0
    func take(_ row: Span<Float>) { if !row.isEmpty, !row[0].isNaN { value += row[0] } }
}

func leave(_ message: String, _ status: Int32) -> Never {
    let line = message + "\n"
    _ = line.withCString { write(2, $0, strlen($0)) }
    exit(status)
}

/// A pass of `Measure` over the audio.
func pass(_ samples: [Float], _ grid: FrameGrid, _ names: [String], _ preset: String, _ sum: Checksum) throws -> () ->
    Int
{
    var settings = AnalysisSettings()
    settings.melPreset = preset
    var measure = try Measure(grid: grid, features: names, settings: settings)
    let rows = Int(grid.rows(in: Int64(samples.count)))
    return {
        let span = samples.span
        for row in 0..<rows {
            let start = row * grid.hop
            measure.process(span.extracting(start..<start + grid.window)) { sum.take($1) }
        }
        return rows
    }
}

/// Packets of 20 ms through a buffer of one window, as a track does it.
func pushes(_ samples: [Float], _ grid: FrameGrid, _ preset: String, _ sum: Checksum) throws -> () -> Int {
    var settings = AnalysisSettings()
    settings.melPreset = preset
    var measure = try Measure(grid: grid, features: ["mel"], settings: settings)
    let packet = grid.sampleRate / 50
    var buffer = [Float](repeating: 0, count: grid.window + packet)
    var held = 0
    return {
        var packets = 0
        var place = 0
        while place + packet <= samples.count {
            buffer.withUnsafeMutableBufferPointer { buffer in
                samples.withUnsafeBufferPointer { samples in
                    guard let to = buffer.baseAddress, let from = samples.baseAddress else { return }
                    (to + held).update(from: from + place, count: packet)
                }
            }
            held += packet
            var start = 0
            while start + grid.window <= held {
                measure.process(buffer.span.extracting(start..<start + grid.window)) { sum.take($1) }
                start += grid.hop
            }
            held -= start
            buffer.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                memmove(base, base + start, held * MemoryLayout<Float>.stride)
            }
            place += packet
            packets += 1
        }
        return packets
    }
}

/// The signals of a call, fed with rows that were measured before: one track of the audio on both sides.
func signals(_ samples: [Float], _ grid: FrameGrid, _ names: [String], _ sum: Checksum) throws -> () -> Int {
    var measure = try Measure(grid: grid, features: names, settings: AnalysisSettings())
    var rows: [[Float]] = []
    for row in 0..<Int(grid.rows(in: Int64(samples.count))) {
        let start = row * grid.hop
        measure.process(samples.span.extracting(start..<start + grid.window)) { _, values in
            rows.append(values.indices.map { values[$0] })
        }
    }
    let columns = measure.columns
    var signals = CallSignals(settings: AnalysisSettings())
    try signals.open(.inbound, grid: grid, columns: columns)
    try signals.open(.outbound, grid: grid, columns: columns)
    var next: Int64 = 0
    return {
        for row in rows {
            signals.process(.inbound, row: next, row.span) { sum.value += Float($0.start) }
            signals.process(.outbound, row: next, row.span) { sum.value += Float($0.start) }
            next += 1
        }
        return 2 * rows.count
    }
}

func floorPass(_ samples: [Float], _ grid: FrameGrid, flags: UInt32, _ sum: Checksum) -> () -> Int {
    guard
        let floor = Floor(
            window: grid.window, size: FrameSpectrum.transformSize(window: grid.window), flags: flags)
    else {
        leave("FFTW has no plan", 1)
    }
    let rows = Int(grid.rows(in: Int64(samples.count)))
    return {
        samples.withUnsafeBufferPointer { samples in
            guard let base = samples.baseAddress else { return }
            for row in 0..<rows { sum.value += floor.process(base + row * grid.hop) }
        }
        return rows
    }
}

/// Sidetone's transform alone, as often as the floor.
func transforms(_ grid: FrameGrid, _ sum: Checksum) -> () -> Int {
    let fft = RealFFT(size: FrameSpectrum.transformSize(window: grid.window))
    for n in 0..<fft.size { fft.input[n] = Float(n % 17) / 17 }
    return {
        for _ in 0..<1_000 {
            fft.transform()
            sum.value += fft.output[2]
        }
        return 1_000
    }
}
