/// The settings of a source, a stage or a sink, as a pipeline file gives them.
public protocol ComponentSettings: Sendable, Equatable {
    static var fields: [Setting<Self>] { get }
    init()
    /// What no single setting shows: problems between them, each with the setting it is told of.
    func problems() -> [(setting: String, problem: String)]
}

extension ComponentSettings {
    public func problems() -> [(setting: String, problem: String)] { [] }
}
