import SidetoneJSON
import SidetoneModel
package import SidetonePipeline

/// Collects the data of one stream for a report.
package actor ReportSink: Sink {
    package static let name = "report"
    package nonisolated var kinds: PipelineItem.Kinds { [.overview, .samples, .signals] }

    private struct Track {
        var overview: TrackOverview
        var meter: SpectrumMeter
        var spectrum: CallReport.Spectrum
    }

    private var stream: StreamInfo?
    private var summary: StreamSummary?
    private var tracks: [TrackRole: Track] = [:]
    private var events: [String] = []

    package init() {}

    package func write(_ items: [PipelineItem]) {
        for case .stream(let stream, let output) in items {
            switch output {
            case .opened: self.stream = stream
            case .track(let info): open(info)
            case .step(let step): tracks[step.track]?.overview.append(step)
            case .samples(let block): process(block)
            case .signal(let signal):
                var json = JSONWriter()
                CloudEvent(signal, of: stream, number: Int64(events.count + 1)).write(to: &json)
                events.append(String(decoding: json.bytes, as: UTF8.self))
            case .ended(let summary): self.summary = summary
            case .rows, .message, .health: break
            }
        }
    }

    package func close() {}

    /// The collected data; nil if there was no stream.
    package func report(audio: [UInt8]?) -> CallReport? {
        guard let stream, let summary else { return nil }
        let known = TrackRole.allCases.compactMap { tracks[$0] }
        return CallReport(
            stream: stream, summary: summary, overviews: known.map(\.overview), spectra: known.map(\.spectrum),
            events: events, audio: audio)
    }

    private func open(_ info: TrackInfo) {
        tracks[info.role] = Track(
            overview: TrackOverview(role: info.role, first: 0),
            meter: SpectrumMeter(track: info.role, sampleRate: info.grid.sampleRate),
            spectrum: CallReport.Spectrum(role: info.role, highHz: info.grid.sampleRate / 2))
    }

    private func process(_ block: SampleBlock) {
        guard var track = tracks.removeValue(forKey: block.track) else { return }
        if let columns = track.meter.add(block) { track.spectrum.append(columns.bytes) }
        tracks[block.track] = track
    }
}
