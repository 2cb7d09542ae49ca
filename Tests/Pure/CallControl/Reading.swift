import SidetoneCallControl
import SidetoneJSON

/// What is wrong with a document, one line a finding: `actions[0].say.text missing`.
func problems(ofActions text: String) -> [String] {
    do {
        _ = try ActionDocument.read(Array(text.utf8))
        return []
    } catch { return lines(error) }
}

func problems(ofSWML text: String) -> [String] {
    do {
        _ = try SWMLDocument.read(Array(text.utf8))
        return []
    } catch { return lines(error) }
}

func lines(_ findings: Diagnostics) -> [String] { findings.all.map { "\($0.path) \($0.code.rawValue)" } }

/// What a throwing read finds wrong; empty where nothing is.
func problems<Value>(_ read: () throws(Diagnostics) -> Value) -> [String] {
    do {
        _ = try read()
        return []
    } catch { return lines(error) }
}
