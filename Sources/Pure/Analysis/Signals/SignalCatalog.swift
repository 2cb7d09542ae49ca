/// Every signal of a call that Sidetone finds in the rows.
public enum SignalCatalog {
    /// One line each, in alphabetical order, so that two additions do not meet on one line.
    ///
    /// Signals that become known at the same step of the clock are told in this order.
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
