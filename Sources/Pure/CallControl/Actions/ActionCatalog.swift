/// Every action that MiniVoice publishes.
public enum ActionCatalog {
    /// One line each, in alphabetical order, to avoid merge conflicts.
    public static let all: [any Action.Type] = [
        BridgeAction.self,
        ConferenceAction.self,
        GatherAction.self,
        HoldAction.self,
        MuteAction.self,
        RedirectAction.self,
        ResumeAction.self,
        SayAction.self,
        SendDigitsAction.self,
        StartRecordingAction.self,
        StartStreamAction.self,
        StopRecordingAction.self,
        StopStreamAction.self,
        TransferAction.self,
        UnmuteAction.self,
    ]

    public static let names = all.map { $0.name }

    public static func named(_ name: String) -> (any Action.Type)? { all.first { $0.name == name } }
}
