import SidetoneJSON
import SidetoneModel
import Yams

/// One `name: value` of a file, with its line.
struct SettingEntry {
    var name: String
    var value: SettingValue
    var line: Int
}

/// Reads the parts of a YAML document, and collects every problem with its line.
struct SettingsReader {
    let file: String
    var diagnostics = Diagnostics()

    init(file: String) { self.file = file }

    mutating func record(_ line: Int, path: String, detail: String) {
        diagnostics.add(Diagnostic(file: file, line: line, path: path, wrong: detail))
    }

    /// The pairs of a mapping, each name once.
    mutating func pairs(_ node: Node, path: String) -> [(name: String, node: Node)]? {
        guard let mapping = node.mapping else {
            record(line(node), path: path, detail: "is not a map; expected name: value pairs")
            return nil
        }
        var pairs: [(name: String, node: Node)] = []
        for (key, value) in mapping {
            guard let name = key.string else {
                record(line(key), path: path, detail: "has a name that is not text")
                continue
            }
            if pairs.contains(where: { $0.name == name }) {
                record(line(key), path: path.isEmpty ? name : "\(path).\(name)", detail: "is given twice; keep one")
                continue
            }
            pairs.append((name, value))
        }
        return pairs
    }

    /// A list of components, each a map with one name: `- wav: { directory: out }`, or only its name: `- wav`.
    mutating func components(_ node: Node, path: String) -> [(name: String, settings: Node?, line: Int)] {
        guard let sequence = node.sequence else {
            record(
                line(node), path: path,
                detail: "is not a list; write each entry on its own line: - name: { setting: value }")
            return []
        }
        var components: [(name: String, settings: Node?, line: Int)] = []
        for item in sequence {
            if let name = item.string {
                components.append((name, nil, line(item)))
            } else if let pairs = pairs(item, path: path) {
                guard let first = pairs.first, pairs.count == 1 else {
                    record(
                        line(item), path: path,
                        detail: "has an entry with \(pairs.count) names; each entry is one name with its settings")
                    continue
                }
                components.append((first.name, first.node, line(item)))
            }
        }
        return components
    }

    /// The settings of one component; maps within are flattened: `tls: { key: k }` is `tls.key: k`.
    mutating func entries(_ node: Node?, path: String, prefix: String = "") -> [SettingEntry] {
        guard let node, node.scalar?.string.isEmpty != true else { return [] }
        var entries: [SettingEntry] = []
        for (name, value) in pairs(node, path: path) ?? [] {
            if value.mapping != nil {
                entries += self.entries(value, path: "\(path).\(name)", prefix: prefix + name + ".")
            } else if let setting = self.value(value) {
                entries.append(SettingEntry(name: prefix + name, value: setting, line: line(value)))
            } else {
                record(line(value), path: "\(path).\(name)", detail: "has no value")
            }
        }
        return entries
    }

    /// Applies entries to settings; for unknown names, the closest match is suggested.
    mutating func apply<Settings>(
        _ entries: [SettingEntry], to settings: inout Settings, fields: [Setting<Settings>], path: String
    ) {
        for entry in entries {
            guard let field = fields.first(where: { $0.name == entry.name }) else {
                unknown(entry.name, among: fields.map(\.name), line: entry.line, path: path, kind: "setting")
                continue
            }
            if let wrong = field.apply(entry.value, &settings) {
                record(entry.line, path: "\(path).\(entry.name)", detail: wrong)
            }
        }
    }

    /// Applies entries to the settings of a component, and validates their combination.
    /// - Parameter line: of the component, for problems of combined settings.
    mutating func apply<Settings: ComponentSettings>(
        _ entries: [SettingEntry], to settings: inout Settings, line: Int, path: String
    ) {
        apply(entries, to: &settings, fields: Settings.fields, path: path)
        for (setting, problem) in settings.problems() { record(line, path: "\(path).\(setting)", detail: problem) }
    }

    mutating func unknown(_ name: String, among names: [String], line: Int, path: String, kind: String) {
        let hint = NearestWord.question(name, in: names).map { $0 + " " } ?? ""
        record(
            line, path: path.isEmpty ? "\"\(name)\"" : "\(path).\(name)",
            detail: names.isEmpty
                ? "is not a \(kind): none is allowed here"
                : "is not a \(kind); \(hint)Available: \(names.joined(separator: ", "))")
    }

    func line(_ node: Node) -> Int { node.mark?.line ?? 1 }

    private func value(_ node: Node) -> SettingValue? {
        if let sequence = node.sequence {
            let values = sequence.compactMap { value($0) }
            return values.count == sequence.count ? .list(values) : nil
        }
        guard let scalar = node.scalar else { return nil }
        guard scalar.style == .any || scalar.style == .plain else { return .text(scalar.string) }
        switch scalar.string {
        case "true": return .flag(true)
        case "false": return .flag(false)
        case "", "~", "null": return nil
        default: break
        }
        if let number = Int(scalar.string) { return .integer(number) }
        if let number = Double(scalar.string), number.isFinite { return .number(number) }
        return .text(scalar.string)
    }
}
