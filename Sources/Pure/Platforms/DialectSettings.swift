/// One setting of a dialect: a word or a free text.
public struct DialectSetting: Sendable, Hashable {
    public let name: String
    /// The default.
    public let standard: String
    /// The words that are allowed; nil: any text.
    public let words: [String]?
    public let summary: String

    public init(_ name: String, standard: String, words: [String]? = nil, summary: String) {
        self.name = name
        self.standard = standard
        self.words = words
        self.summary = summary
    }
}

/// The values of a dialect's settings that differ from their defaults. A pipeline file checks them when it is read.
public struct DialectSettings: Sendable, Hashable {
    private var values: [String: String] = [:]

    public init() {}

    public subscript(setting: DialectSetting) -> String {
        get { values[setting.name] ?? setting.standard }
        set { values[setting.name] = newValue == setting.standard ? nil : newValue }
    }
}
