import Foundation
import SidetoneModel
import SidetonePipeline
import SidetoneTestSignals
import SidetoneTracks

@testable import SidetoneMonitor

/// The outputs of a stream, made by hand.
struct WatchedStream {
    let info: StreamInfo
    private static let columns = ["level_dbfs", "peak_dbfs", "speech", "f0_hz"].map {
        Column($0, unit: "", range: "", decimals: 2, "")
    }

    init(
        _ id: String = "MZ1", call: String = "CA1", startedAt: Double = 1_772_366_400,
        parameters: [String: String] = [:]
    ) {
        info = StreamInfo(
            start: StreamStart(
                streamID: id, callID: call, tracks: [.inbound, .outbound],
                format: MediaFormat(encoding: Encoding(rawValue: "PCMU"), sampleRate: 8_000),
                customParameters: parameters),
            dialect: "twilio", startedAt: startedAt, folder: [call, id], replacesFolder: false)
    }

    private func item(_ output: StreamOutput) -> PipelineItem { .stream(info, output) }

    var opened: PipelineItem { item(.opened) }

    func track(_ role: TrackRole) -> PipelineItem {
        item(.track(TrackInfo(role: role, grid: FrameGrid(sampleRate: 8_000), columns: Self.columns)))
    }

    func signal(_ signal: Signal) -> PipelineItem { item(.signal(signal)) }

    func samples(_ role: TrackRole, first: Int64, samples: [Int16]) -> PipelineItem {
        item(.samples(SampleBlock(track: role, sampleRate: 8_000, firstSample: first, samples: samples)))
    }

    func health(_ health: TrackHealth) -> PipelineItem { item(.health(health)) }

    var ended: PipelineItem {
        item(.ended(StreamSummary(reason: .stop, tracks: [], refusedMessages: 0, totals: nil)))
    }

    private func step(_ role: TrackRole, number: Int, character: Character) -> PipelineItem {
        var step = OverviewSample(track: role, number: Int64(number))
        let isSpeech = character == "#"
        step.levelDBFS = isSpeech ? -20 : -60
        step.peakDBFS = isSpeech ? -10 : -50
        step.speech = isSpeech
        if isSpeech { step.f0Hz = 200 }
        return item(.step(step))
    }

    /// Opens the stream and draws its tracks, one character per 100 ms: `#` is speech at −20 dBFS, `.` quiet at −60.
    func drawn(inbound: String, outbound: String, from first: Int = 0) -> [PipelineItem] {
        var items = first == 0 ? [opened, track(.inbound), track(.outbound)] : []
        let drawing = CallDrawing(inbound: inbound, outbound: outbound)
        for (role, drawn) in [(TrackRole.inbound, inbound), (.outbound, outbound)] {
            for (index, character) in drawn.enumerated() {
                items.append(step(role, number: first + index, character: character))
            }
            for block in stride(from: 0, to: drawing.steps, by: 20) {
                var values: [Float] = []
                for step in block..<min(block + 20, drawing.steps) {
                    guard let character = drawing.character(role, step: step) else { continue }
                    values += character == "#" ? [-20, -10, 1, 200] : [-60, -50, 0, .nan]
                }
                guard !values.isEmpty else { continue }
                items.append(
                    item(
                        .rows(
                            RowBlock(
                                track: role, grid: FrameGrid(sampleRate: 8_000), columns: Self.columns,
                                firstRow: Int64(first * 10 + block), values: values))))
            }
        }
        return items
    }
}

/// A store whose clock stands still.
func makeCallStates(history: Int = 100, showsNumbers: Bool = false) -> CallStateStore {
    CallStateStore(historyLimit: history, rateHz: 10, showsNumbers: showsNumbers, now: { 1_772_366_500 })
}

/// JSON as plain values.
func object(_ bytes: [UInt8]?) throws -> [String: Any] {
    guard let bytes, let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
        throw NoObject()
    }
    return object
}

struct NoObject: Error {}

/// A decoded JSON value that can cross tasks.
struct Answer: @unchecked Sendable {
    let value: [String: Any]
    subscript(name: String) -> Any? { value[name] }
}
