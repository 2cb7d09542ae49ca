import Foundation
import SidetoneJSON
package import SidetoneModel
package import SidetonePipeline

/// An ended call as one self-contained HTML file: the call page with all its data.
package struct CallReport: Sendable {
    /// A track's spectrogram as bytes; see `SpectrumMeter`.
    package struct Spectrum: Sendable {
        package var role: TrackRole
        package var highHz: Int
        package var bytes: [UInt8] = []
        /// Columns merged into one, so that the size stays bounded for long calls: 1, 2, 4…
        package var columnsPerStep = 1

        package init(role: TrackRole, highHz: Int) {
            self.role = role
            self.highHz = highHz
        }

        /// Adds columns; beyond `limit`, every two are merged into their maximum.
        package mutating func append(_ columns: [UInt8]) {
            pending += columns
            let bands = SpectrumMeter.bands
            let group = columnsPerStep * bands
            while pending.count >= group {
                bytes += Self.loudest(pending[..<group], bands: bands)
                pending.removeFirst(group)
            }
            guard bytes.count / bands >= Self.limit else { return }
            let halves = stride(from: 0, to: bytes.count, by: 2 * bands)
            bytes = halves.flatMap { Self.loudest(bytes[$0..<min($0 + 2 * bands, bytes.count)], bands: bands) }
            columnsPerStep *= 2
        }

        /// 5½ minutes at the finest step.
        private static let limit = 16_384
        private var pending: [UInt8] = []

        private static func loudest(_ columns: ArraySlice<UInt8>, bands: Int) -> [UInt8] {
            (0..<bands).map { band in
                stride(from: columns.startIndex + band, to: columns.endIndex, by: bands).map { columns[$0] }.max() ?? 0
            }
        }
    }

    package var stream: StreamInfo
    package var summary: StreamSummary
    package var overviews: [TrackOverview]
    package var spectra: [Spectrum]
    /// CloudEvents in JSON.
    package var events: [String]
    /// The recording as a WAV file, to be played in the page; nil omits it.
    package var audio: [UInt8]?

    package init(
        stream: StreamInfo, summary: StreamSummary, overviews: [TrackOverview], spectra: [Spectrum], events: [String],
        audio: [UInt8]?
    ) {
        self.stream = stream
        self.summary = summary
        self.overviews = overviews
        self.spectra = spectra
        self.events = events
        self.audio = audio
    }

    /// Makes the report.
    ///
    /// - Throws: if the dashboard files are missing.
    package func html() throws -> String {
        let page = SelfContainedPage { path in
            Bundle.module.url(forResource: path, withExtension: nil, subdirectory: "Resources/Dashboard").flatMap {
                try? String(contentsOf: $0, encoding: .utf8)
            }
        }
        let title = "Call \(stream.start.callID) · Sidetone"
        guard let html = page.html(page: "call.html", entry: "pages/report.js", data: json, title: title) else {
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: Bundle.module.bundlePath])
        }
        return html
    }

    private var json: String {
        var json = JSONWriter()
        json.beginObject()
        json.key("call")
        json.beginObject()
        json.member("id", text: stream.start.callID)
        json.member("state", text: "ended")
        json.member("started_at", text: UTCTime(unixSeconds: stream.startedAt).microseconds)
        json.member("duration_s", number: summary.seconds)
        json.key("streams")
        json.beginArray()
        json.beginObject()
        json.member("id", text: stream.start.streamID)
        json.member("dialect", text: stream.dialect)
        json.member("codec", text: stream.start.format.encoding.rawValue)
        json.member("sample_rate_hz", integer: Int64(stream.start.format.sampleRate))
        json.member("reason", text: summary.reason.rawValue)
        json.endObject()
        json.endArray()
        json.endObject()
        json.key("summary")
        summary.write(to: &json, of: stream)
        json.key("tracks")
        json.beginArray()
        for overview in overviews { json.write(overview) }
        json.endArray()
        json.key("spectra")
        json.beginArray()
        for spectrum in spectra { json.write(spectrum) }
        json.endArray()
        json.key("events")
        json.beginArray()
        for event in events { json.value(event) }
        json.endArray()
        if let audio { json.member("audio", text: Data(audio).base64EncodedString()) }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ overview: TrackOverview) {
        beginObject()
        member("track", text: overview.role.rawValue)
        member("from", number: Double(overview.first) * Double(TrackOverview.stepMs) / 1_000)
        member("level_dbfs", values: overview.levelDBFS, scale: 10)
        member("peak_dbfs", values: overview.peakDBFS, scale: 10)
        member("f0_hz", values: overview.f0Hz, scale: 10)
        member("wave_min", values: overview.waveMin, scale: 1_000)
        member("wave_max", values: overview.waveMax, scale: 1_000)
        key("speech")
        beginArray()
        for speech in overview.speech { value(Int64(speech ? 1 : 0)) }
        endArray()
        endObject()
    }

    /// - Parameter scale: values are rounded to multiples of its reciprocal.
    private mutating func member(_ name: String, values: [Float], scale: Double) {
        key(name)
        beginArray()
        for value in values { self.value((Double(value) * scale).rounded() / scale) }
        endArray()
    }

    fileprivate mutating func write(_ spectrum: CallReport.Spectrum) {
        beginObject()
        member("track", text: spectrum.role.rawValue)
        member("from", number: 0.0)
        member("step_ms", integer: Int64(SpectrumMeter.stepMs * spectrum.columnsPerStep))
        member("bands", integer: Int64(SpectrumMeter.bands))
        member("low_hz", integer: Int64(0))
        member("high_hz", integer: Int64(spectrum.highHz))
        member("data", text: Data(spectrum.bytes).base64EncodedString())
        endObject()
    }
}
