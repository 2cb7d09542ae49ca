import Testing

@testable import SidetoneDiagnostics

@Suite struct EnvironmentTokenTests {
    @Test func `doctor sends a token of the environment on loopback only`() {
        for url in ["ws://localhost:1/", "wss://127.0.0.1/", "wss://[::1]:8443/media"] {
            #expect(StreamDiagnosis.isHere(url))
        }
        for url in [
            "wss://cafe.de/", "wss://127.0.0.1.example.org/", "wss://10.0.0.1/", "", "wss://localhost.example/",
        ] {
            #expect(!StreamDiagnosis.isHere(url))
        }
    }
}
