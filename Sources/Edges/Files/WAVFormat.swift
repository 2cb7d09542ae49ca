import Logging
package import SidetoneModel
package import SidetonePipeline

/// `inbound.wav`, `outbound.wav` and `call.wav`: the tracks as decoded, 16-bit, as long as their span on the call clock.
package final class WAVFormat: FileFormat {
    package static let name = "wav"
    package static let summary = "Each track as a WAV file, and both as a stereo file; readable at any moment."
    package static let kinds: PipelineItem.Kinds = .samples
    package static func openFiles(_ settings: WAVSettings) -> Int {
        (settings.tracks ? 2 : 0) + (settings.stereo ? 1 : 0)
    }
    package static let outputs = (TrackRole.allCases.map(\.rawValue) + ["call"]).map {
        FileDeclaration("\($0).wav", FileDeclaration.audio)
    }

    private let settings: WAVSettings
    private let files: StreamFiles
    private var tracks: [TrackRecorder?] = [nil, nil]
    private var call: StereoRecorder?
    private var hasOneRate = true

    package init(_ stream: StreamInfo, settings: WAVSettings, files: StreamFiles) throws(FileError) {
        self.settings = settings
        self.files = files
    }

    package func append(_ output: StreamOutput) throws(FileError) {
        switch output {
        case .track(let track): try open(track.role, sampleRate: track.grid.sampleRate)
        case .samples(let block):
            try tracks[block.track.index]?.append(block)
            try call?.append(block)
        default: break
        }
    }

    package func finish(_ summary: StreamSummary?) throws(FileError) {
        for role in TrackRole.allCases {
            try tracks[role.index]?.finish(samples: summary?.tracks.first { $0.role == role }?.samples)
        }
        let spans = summary?.tracks.filter { $0.sampleRate == call?.sampleRate }.map(\.samples) ?? []
        try call?.finish(samples: spans.max())
        tracks = [nil, nil]
        call = nil
    }

    private func open(_ role: TrackRole, sampleRate: Int) throws(FileError) {
        if settings.tracks {
            let writer = try WAVWriter(files, name: "\(role.rawValue).wav", sampleRate: sampleRate, channels: 1)
            tracks[role.index] = TrackRecorder(writer)
        }
        guard settings.stereo, hasOneRate else { return }
        if let call {
            guard call.sampleRate != sampleRate else { return }
            hasOneRate = false
            files.logger.warning("Tracks differ in sample rate; call.wav is not written")
            try call.discard()
            self.call = nil
        } else {
            call = StereoRecorder(try WAVWriter(files, name: "call.wav", sampleRate: sampleRate, channels: 2))
        }
    }
}

package struct WAVSettings: FileSettings {
    package var directory = "out"
    package var tracks = true
    package var stereo = true

    package init() {}

    package static let fields: [Setting<Self>] = [
        Setting("directory", \.directory, "a path", "The output directory; each stream gets a folder below it."),
        Setting("tracks", \.tracks, "Whether each track gets a file: inbound.wav, outbound.wav."),
        Setting("stereo", \.stereo, "Whether both tracks get one file: call.wav, left inbound, right outbound."),
    ]
}
