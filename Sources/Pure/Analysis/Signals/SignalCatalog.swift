/// Every signal of a call that Sidetone finds in the rows.
public enum SignalCatalog {
    /// One line each, in alphabetical order, so that two additions do not meet on one line.
    ///
    /// Signals that become known at the same step of the clock are told in this order.
    public static let all: [any CallSignal.Type] = [
        BackchannelSignal.self,
        DeadAirSignal.self,
        InterruptionSignal.self,
        MonologueSignal.self,
        OvertalkSignal.self,
        ResponseLatencySignal.self,
        SilenceSignal.self,
        TurnSignal.self,
    ]

    public static func named(_ name: String) -> (any CallSignal.Type)? { all.first { $0.name == name } }
}
