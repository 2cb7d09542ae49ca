public import SidetoneModel

/// The networks available to detectors on this machine; the caller of an analysis reads their files.
public struct SpeechModels: Sendable, Equatable {
    public var silero: SileroModel?

    public init(silero: SileroModel? = nil) { self.silero = silero }

    /// A model is one object for the whole process, so it equals only itself.
    public static func == (one: Self, other: Self) -> Bool { one.silero === other.silero }
}

extension DetectSettings {
    /// The detector that `vad` selects for a track; its `name` shows the choice of `auto`.
    ///
    /// `auto` is `silero` where its model is installed and supports the track, else `default`.
    public func detector(on grid: FrameGrid) throws(AnalysisError) -> any SpeechDetector.Type {
        let auto = models.silero != nil && SileroDetector.fits(grid) ? SileroDetector.name : "default"
        guard let type = SpeechDetectorCatalog.named(vad == "auto" ? auto : vad) else {
            throw AnalysisError(.unknownName, "there is no detector \"\(vad)\"")
        }
        return type
    }
}
