import SidetoneModel
import SidetonePipeline
import Testing

/// What every source that listens shares.
@Suite struct ListenerSettingsTests {
    private struct Door: ListenerSettings {
        static let plainScheme = "http"
        static let fields = [listenField] + tlsFields
        var listen = "127.0.0.1:9"
        var certificate = ""
        var key = ""
        var allowPlaintext = false
        func problems() -> [(setting: String, problem: String)] { listenerProblems }
    }

    private func problems(_ change: (inout Door) -> Void) -> [String] {
        var door = Door()
        change(&door)
        return door.problems().map(\.setting)
    }

    @Test func `it requires a certificate with its key, or an explicit setting for none`() {
        #expect(problems { $0.allowPlaintext = true } == [])
        #expect(problems { ($0.certificate, $0.key) = ("cert.pem", "key.pem") } == [])
        #expect(problems { _ in } == ["tls"])
        #expect(problems { $0.certificate = "cert.pem" } == ["tls"])
        #expect(problems { $0.key = "key.pem" } == ["tls"])
        #expect(
            problems { ($0.certificate, $0.key, $0.allowPlaintext) = ("cert.pem", "key.pem", true) } == [
                "allow_plaintext"
            ])
    }

    @Test func `an invalid address is reported with a valid example`() {
        var door = Door()
        (door.listen, door.allowPlaintext) = ("here", true)
        #expect(door.problems().map(\.problem) == ["is \"here\"; expected host:port, such as 127.0.0.1:9"])
        #expect(door.address == nil)
    }

    @Test func `its URLs have the scheme of its transport`() {
        var door = Door()
        #expect(door.scheme == "https")
        door.allowPlaintext = true
        #expect(door.scheme == "http")
    }

    @Test(arguments: ["/", "/media", "/media/", "/a-b_c.d~e/1"])
    func `a path of unreserved characters is accepted`(path: String) {
        #expect(Door.problem(ofPath: path, example: "/a") == nil)
    }

    @Test(arguments: ["", "media", "/a//b", "/a:b", "/a*", "/a b", "/ä", "/a?b", "/%20"])
    func `what is no such path is refused`(path: String) { #expect(Door.problem(ofPath: path, example: "/a") != nil) }
}
