/// Every feature that a pipeline file may name.
public enum FeatureCatalog {
    /// One feature per line, in alphabetical order, so that concurrent additions do not conflict.
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

    /// The machine on which every `costNs` was measured.
    public static let costMachine = "AMD EPYC, 2 cores, one thread, Swift 6.3.1"

    public static func named(_ name: String) -> (any Feature.Type)? { all.first { $0.name == name } }
}
