/// Every set of measures that a pipeline file may name.
public enum FeatureCatalog {
    /// One line each, in alphabetical order, so that two additions do not meet on one line.
    public static let all: [any Feature.Type] = [
        DTMFFeature.self,
        F0Feature.self,
        LevelFeature.self,
        LineFeature.self,
        MFCCFeature.self,
        MelFeature.self,
        MusicFeature.self,
        SpectrumFeature.self,
        SpeechFeature.self,
        ToneFeature.self,
    ]

    /// Where every `costNs` was measured.
    public static let costMachine = "AMD EPYC, 2 cores, one thread, Swift 6.3.1"

    public static func named(_ name: String) -> (any Feature.Type)? { all.first { $0.name == name } }
}
