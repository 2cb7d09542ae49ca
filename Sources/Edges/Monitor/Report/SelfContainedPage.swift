import Foundation

/// A dashboard page as one file with inlined style sheets and modules.
///
/// Modules are resolved by an import map: a relative path inside a `data:` URL has no base, so each import is rewritten
/// to `sidetone/<path>`, which the map resolves.
struct SelfContainedPage {
    /// Reads a dashboard file; nil if the path does not exist.
    let read: (String) -> String?

    /// - Parameters:
    ///   - page: the HTML file to start from.
    ///   - entry: the module that runs instead of the page's own.
    ///   - data: JSON for the entry module, in the element `#data`.
    ///   - title: plain text.
    /// - Returns: the HTML; nil if a referenced file is missing.
    func html(page: String, entry: String, data: String, title: String) -> String? {
        guard let source = read(page), let modules = modules(of: entry) else { return nil }
        var html = ""
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            guard let replaced = replace(line) else { return nil }
            if let replaced { html += replaced + "\n" }
        }
        let map = modules.map { "\(quoted($0.name)):\(quoted($0.address))" }.joined(separator: ",")
        let head = """
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' data:; \
            style-src 'unsafe-inline'; img-src data:; media-src data:; base-uri 'none'; form-action 'none'">
            <title>\(escaped(title))</title>
            <script type="importmap">{"imports":{\(map)}}</script>
            <script type="application/json" id="data">\(safe(data))</script>
            <script type="module">import "sidetone/\(entry)"</script>
            </head>
            """
        return html.replacingOccurrences(of: "</head>", with: head)
            .replacingOccurrences(of: "<body class=\"", with: "<body class=\"page-report ")
    }

    /// The line with the referenced file inlined; `.some(nil)` if the line is omitted, nil if the file is missing.
    private func replace(_ line: Substring) -> String?? {
        if line.contains("<title>") || line.contains("rel=\"icon\"") || line.contains("type=\"module\"") {
            return .some(nil)
        }
        guard line.hasPrefix("<link rel=\"stylesheet\"") || line.hasPrefix("<script src=") else {
            return .some(String(line))
        }
        guard let path = path(in: line), let text = read(path) else { return nil }
        return line.hasPrefix("<link") ? "<style>\n\(text)</style>" : "<script>\n\(text)</script>"
    }

    /// The path after `/assets/` in a line.
    private func path(in line: Substring) -> String? {
        guard let start = line.range(of: "/assets/") else { return nil }
        return String(line[start.upperBound...].prefix { $0 != "\"" })
    }

    /// The entry and all its imports, each once, with its URL.
    private func modules(of entry: String) -> [(name: String, address: String)]? {
        var waiting = [entry]
        var known: Set<String> = [entry]
        var modules: [(name: String, address: String)] = []
        while let path = waiting.popLast() {
            guard var text = read(path) else { return nil }
            for (written, target) in imports(in: text, of: path) {
                text = text.replacingOccurrences(of: "from \"\(written)\"", with: "from \"sidetone/\(target)\"")
                if known.insert(target).inserted { waiting.append(target) }
            }
            let address = "data:text/javascript;base64," + Data(text.utf8).base64EncodedString()
            modules.append(("sidetone/\(path)", address))
        }
        return modules.sorted { $0.name < $1.name }
    }

    /// The imports of a module: as written, and as file paths.
    private func imports(in text: String, of path: String) -> [(written: String, target: String)] {
        text.matches(of: /from "(\.{1,2}\/[^"]+)"/).map { match in
            var folders = path.split(separator: "/").dropLast().map(String.init)
            for part in match.1.split(separator: "/") where part != "." {
                if part == ".." { _ = folders.popLast() } else { folders.append(String(part)) }
            }
            return (String(match.1), folders.joined(separator: "/"))
        }
    }

    private func quoted(_ text: String) -> String { "\"\(text)\"" }

    /// JSON that cannot close the element that contains it.
    private func safe(_ json: String) -> String { json.replacingOccurrences(of: "<", with: "\\u003c") }

    private func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    }
}
