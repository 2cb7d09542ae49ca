/// Every call signal that Sidetone derives from rows.
public enum SignalCatalog {
    /// One signal per line, in alphabetical order, so that concurrent additions do not conflict.
    ///
    /// Signals that become known at the same step are reported in this order.
    public static let all: [any CallSignal.Type] = [
        BackchannelSignal.self,
        ClippingSignal.self,
        DTMFSignal.self,
        DeadAirSignal.self,
        HoldSuspectedSignal.self,
        InterruptionSignal.self,
        LevelLowSignal.self,
        MonologueSignal.self,
        OneWayAudioSignal.self,
        OvertalkSignal.self,
        PacketLossSignal.self,
        ResponseLatencySignal.self,
        SilenceSignal.self,
        ToneSignal.self,
        TurnSignal.self,
    ]

    public static func named(_ name: String) -> (any CallSignal.Type)? { all.first { $0.name == name } }
}
