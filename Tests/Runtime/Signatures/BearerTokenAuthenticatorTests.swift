import Testing

@testable import SidetoneSignatures

@Suite struct BearerTokenAuthenticatorTests {
    private func isAccepted(
        _ authenticator: BearerTokenAuthenticator, field: String?, target: String = "/media", pathToken: String? = nil
    ) -> Bool {
        let credentials = UpgradeCredentials(
            target: target, pathToken: pathToken, headers: field.map { [(name: "Authorization", value: $0)] } ?? [])
        if case .accepted = authenticator.authenticate(credentials) { return true }
        return false
    }

    @Test(arguments: [
        ("Bearer one", true), ("bearer two", true), ("Bearer one2", false), ("Bearer on", false), ("Bearer ", false),
        ("Basic one", false), ("one", false), (nil, false),
    ])
    func `one of the tokens is accepted`(field: String?, opens: Bool) {
        #expect(isAccepted(BearerTokenAuthenticator { ["one", "two"] }, field: field) == opens)
    }

    @Test func `an empty list admits nobody, and a token in the URL is ignored`() {
        #expect(!isAccepted(BearerTokenAuthenticator { [] }, field: "Bearer one"))
        #expect(
            !isAccepted(
                BearerTokenAuthenticator { ["one"] }, field: nil, target: "/media/one?token=one", pathToken: "one"))
    }
}
