import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct SWMLPlaceholdersTests {
    static let placeholders = SWMLPlaceholders(
        call: ["from": "+4930111222", "call_id": "c-1"],
        variables: ["stream_control_id": "assist-1", "name": "${name}", "user.name": "Ada", "list[0]": "first"])

    // The scopes, both spellings, and the empty text are those of SignalWire's page on variables.
    @Test(arguments: [
        ("", ""), ("plain $ { } %", "plain $ { } %"), ("${stream_control_id}", "assist-1"),
        ("%{stream_control_id}", "assist-1"), ("%{ vars.stream_control_id }", "assist-1"),
        ("from ${call.from} in ${call.call_id}.", "from +4930111222 in c-1."), ("a${nothing}b", "ab"),
        ("a${call.nothing}${envs.key}${params.key}b", "ab"), ("${user.name} ${list[0]}", "Ada first"),
        ("${name}", "${name}"), ("${open", "${open"), ("$${call.from}}", "$+4930111222}"),
        ("Grüß %{name2}Gott", "Grüß Gott"),
    ])
    func `a path stands for its value, and for nothing where it has none`(_ text: String, filled: String) throws {
        #expect(try Self.placeholders.fill(text) == filled)
    }

    @Test(arguments: ["${1 + 1}", "${call.from.length()}", "%{}", "${'a'}", "${a ? {b} : c}", "${é}"])
    func `an expression is not run`(_ text: String) {
        #expect(throws: SWMLPlaceholders.Expression.self) { try Self.placeholders.fill(text) }
    }

    @Test func `a stream's texts are filled, and what they became is checked`() throws {
        var request = StreamRequest(url: "wss://${host}/a", tracks: .both, controlID: "%{id}")
        request.customParameters = ["caller": "${call.from}"]
        request.bearerToken = Secret("${token}")
        let variables = ["host": "rx.example.org", "id": "one", "token": "t0k"]
        let filled = try CallInstruction.startStream(request).filled(
            by: SWMLPlaceholders(call: ["from": "+4930111222"], variables: variables))
        request.url = "wss://rx.example.org/a"
        request.controlID = "one"
        request.customParameters = ["caller": "+4930111222"]
        request.bearerToken = Secret("t0k")
        #expect(filled == .startStream(request))
    }

    @Test(arguments: [
        ("wss://${host}/", ["host": "a b"], "stream.url is not a URL after its variables are filled in"),
        (
            "${host}", ["host": "https://a.example.org/"],
            "stream.url has the scheme \"https\" after its variables are filled in"
        ),
        ("wss://${host}/", [:], "stream.url is not a URL after its variables are filled in"),
        ("wss://${1 + 1}/", [:], "stream.url contains an expression"),
    ])
    func `a stream whose address came to nothing is refused, and the values are not repeated`(
        url: String, variables: [String: String], sentence: String
    ) {
        let instruction = CallInstruction.startStream(StreamRequest(url: url, tracks: .both))
        do {
            _ = try instruction.filled(by: SWMLPlaceholders(variables: variables))
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".hasPrefix(sentence))
            #expect(!"\(error)".contains("a b") && !"\(error)".contains("example"))
        }
    }

    @Test func `a token cannot end its header's line`() {
        var request = StreamRequest(url: "wss://a.example.org/", tracks: .both)
        request.bearerToken = Secret("${token}")
        #expect(throws: Diagnostic.self) {
            try CallInstruction.startStream(request).filled(by: SWMLPlaceholders(variables: ["token": "a\r\nX: b"]))
        }
    }

    @Test func `variables are set as texts, and unset`() throws {
        var variables = ["a": "1"]
        func change(_ step: String) throws -> Bool {
            var findings = Diagnostics()
            let value = try #require(JSONReader.read(Array(step.utf8), into: &findings))
            return SWMLVariables.change(&variables, by: value)
        }
        #expect(try change(#"{"set":{"b":"two","c":3.5,"d":true}}"#))
        #expect(variables == ["a": "1", "b": "two", "c": "3.5", "d": "true"])
        #expect(try change(#"{"unset":"a"}"#))
        #expect(try change(#"{"unset":["b","nothing"]}"#))
        #expect(variables == ["c": "3.5", "d": "true"])
        #expect(try !change(#"{"set":{"e":"1","list":[]}}"#))
        #expect(try !change(#"{"unset":[1]}"#))
        #expect(try !change(#"{"set":"e"}"#))
        #expect(variables == ["c": "3.5", "d": "true"], "nothing of it")
    }
}
