/// The settings of a source, a stage or a sink, as read from a pipeline file.
public protocol ComponentSettings: Sendable, Equatable {
    static var fields: [Setting<Self>] { get }
    init()
    /// Problems that involve several settings, each with the setting it is reported for.
    func problems() -> [(setting: String, problem: String)]
}

extension ComponentSettings {
    public func problems() -> [(setting: String, problem: String)] { [] }
}
