import SidetoneModel
package import SidetonePipeline

/// Gathers what a report shows of one stream.
package actor ReportSink: Sink {
    package static let name = "report"
    package nonisolated var kinds: PipelineItem.Kinds { [.rows, .samples, .signals] }

    private struct Track {
        var overview: TrackOverviewBuilder
        var spectrogram: SpectrogramBuilder
        var spectrum: CallReport.Spectrum
        var whole: TrackOverview
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
            case .rows(let block):
                tracks[block.track]?.overview.add(block)
            case .samples(let block): take(block)
            case .signal(let signal):
                var json = JSONText()
                CloudEvent(signal, of: stream, number: Int64(events.count + 1)).write(to: &json)
                events.append(String(decoding: json.bytes, as: UTF8.self))
            case .ended(let summary): self.summary = summary
            case .message, .health: break
            }
        }
    }

    package func close() {
        for role in tracks.keys {
            if let rest = tracks[role]?.overview.finish() { tracks[role]?.whole.append(rest) }
        }
    }

    /// What was gathered; nil when there was no stream.
    package func report(audio: [UInt8]?) -> CallReport? {
        guard let stream, let summary else { return nil }
        let known = TrackRole.allCases.compactMap { tracks[$0] }
        return CallReport(
            stream: stream, summary: summary, overviews: known.map(\.whole), spectra: known.map(\.spectrum),
            events: events, audio: audio)
    }

    private func open(_ info: TrackInfo) {
        let spectrogram = SpectrogramBuilder(sampleRate: info.grid.sampleRate)
        tracks[info.role] = Track(
            overview: TrackOverviewBuilder(info), spectrogram: spectrogram,
            spectrum: CallReport.Spectrum(role: info.role, highHz: spectrogram.highHz),
            whole: TrackOverview(role: info.role, first: 0))
    }

    private func take(_ block: SampleBlock) {
        guard var track = tracks.removeValue(forKey: block.track) else { return }
        track.overview.add(block)
        track.spectrum.append(track.spectrogram.add(block).bytes)
        if let steps = track.overview.take() { track.whole.append(steps) }
        tracks[block.track] = track
    }
}

extension TrackOverview {
    /// Adds the steps that follow.
    fileprivate mutating func append(_ next: TrackOverview) {
        levelDBFS += next.levelDBFS
        peakDBFS += next.peakDBFS
        speech += next.speech
        f0Hz += next.f0Hz
        waveMin += next.waveMin
        waveMax += next.waveMax
    }
}
