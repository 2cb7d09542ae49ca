/// Every set of measures that a pipeline file may name.
public enum FeatureCatalog {
    /// One line each, in alphabetical order, so that two additions do not meet on one line.
    public static let all: [any Feature.Type] = [
        DTMFFeature.self,
        LevelFeature.self,
        LineFeature.self,
        MusicFeature.self,
        SpectrumFeature.self,
        SpeechFeature.self,
        ToneFeature.self,
    ]

    public static func named(_ name: String) -> (any Feature.Type)? { all.first { $0.name == name } }
}
