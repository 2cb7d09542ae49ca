import SidetoneCallControl
import SidetoneSignatures
import Synchronization
import Testing

@Suite struct CallTokenAuthenticatorTests {
    private let key = CallTokenKey()

    /// Seconds that a test sets.
    private final class Clock: Sendable {
        private let seconds = Mutex(0.0)
        var now: Double {
            get { seconds.withLock { $0 } }
            set { seconds.withLock { $0 = newValue } }
        }
    }

    private func authenticator(
        _ clock: Clock = Clock(), uses: Int = 1, capacity: Int = 100
    ) -> CallTokenAuthenticator {
        CallTokenAuthenticator(key: key, maxLifetimeS: 300, uses: uses, capacity: capacity) { clock.now }
    }

    private func bearer(_ token: String) -> UpgradeCredentials {
        UpgradeCredentials(target: "/media", headers: [("Authorization", "Bearer \(token)")])
    }

    /// `accepted`, `absent`, or why the token is refused, at its check or at its use.
    private func outcome(_ authenticator: CallTokenAuthenticator, credentials: UpgradeCredentials) -> String {
        switch authenticator.authenticate(credentials) {
        case .absent: return "absent"
        case .rejected(let error): return error.code.rawValue
        case .accepted(let grant):
            do throws(SignatureError) {
                try grant.use()
                return "accepted"
            } catch { return error.code.rawValue }
        }
    }

    @Test func `a token admits one stream, as a bearer token or in the path`() {
        let authenticator = authenticator()
        let (first, second) = (
            key.mint(call: "c1", now: 0, lifetimeS: 300), key.mint(call: "c1", now: 0, lifetimeS: 300)
        )
        #expect(outcome(authenticator, credentials: bearer(first)) == "accepted")
        #expect(outcome(authenticator, credentials: bearer(first)) == "usedUp")
        #expect(
            outcome(authenticator, credentials: UpgradeCredentials(target: "/media/\(second)", pathToken: second))
                == "accepted")
        #expect(outcome(authenticator, credentials: bearer(second)) == "usedUp", "wherever it is sent")
    }

    @Test func `a token that was only verified is not used up`() {
        let authenticator = authenticator()
        let token = key.mint(call: nil, now: 0, lifetimeS: 300)
        for _ in 0..<3 { _ = authenticator.authenticate(bearer(token)) }
        #expect(outcome(authenticator, credentials: bearer(token)) == "accepted")
    }

    @Test func `of two concurrent requests with the same token, one is admitted`() throws {
        let authenticator = authenticator()
        let token = key.mint(call: nil, now: 0, lifetimeS: 300)
        let grants = (0..<2).compactMap { _ in
            if case .accepted(let grant) = authenticator.authenticate(bearer(token)) { return grant }
            return UpgradeGrant?.none
        }
        #expect(grants.count == 2)
        try grants[0].use()
        #expect(throws: SignatureError.self) { try grants[1].use() }
    }

    @Test func `a token can admit as many streams as the settings allow`() {
        let authenticator = authenticator(uses: 2)
        let token = key.mint(call: nil, now: 0, lifetimeS: 300)
        #expect(
            (0..<4).map { _ in outcome(authenticator, credentials: bearer(token)) } == [
                "accepted", "accepted", "usedUp", "usedUp",
            ])
    }

    @Test func `an expired token, a forged one and one of another kind are distinguished`() {
        let clock = Clock()
        let authenticator = authenticator(clock)
        let token = key.mint(call: nil, now: 0, lifetimeS: 300)
        clock.now = 300
        #expect(outcome(authenticator, credentials: bearer(token)) == "outsideWindow")
        let forged = CallTokenKey().mint(call: nil, now: 300, lifetimeS: 300)
        #expect(outcome(authenticator, credentials: bearer(forged)) == "mismatch")
        #expect(outcome(authenticator, credentials: bearer("a-static-token")) == "absent")
        #expect(outcome(authenticator, credentials: UpgradeCredentials(target: "/media")) == "absent")
    }

    @Test func `used tokens are remembered until they expire, however many others are used`() {
        let clock = Clock()
        let authenticator = authenticator(clock, capacity: 100)
        let token = key.mint(call: nil, now: 0, lifetimeS: 300)
        #expect(outcome(authenticator, credentials: bearer(token)) == "accepted")
        for _ in 0..<99 {
            #expect(
                outcome(authenticator, credentials: bearer(key.mint(call: nil, now: 0, lifetimeS: 300))) == "accepted")
        }
        // There is no room: a further token is refused, and none is forgotten for it.
        #expect(outcome(authenticator, credentials: bearer(key.mint(call: nil, now: 0, lifetimeS: 300))) == "usedUp")
        clock.now = 299
        #expect(outcome(authenticator, credentials: bearer(token)) == "usedUp")
        clock.now = 360
        #expect(
            outcome(authenticator, credentials: bearer(key.mint(call: nil, now: 360, lifetimeS: 300))) == "accepted")
    }

    @Test func `an error never repeats the token`() {
        let token = CallTokenKey().mint(call: "c1", now: 0, lifetimeS: 300)
        guard case .rejected(let error) = authenticator().authenticate(bearer(token)) else {
            Issue.record("a forged token was accepted")
            return
        }
        for part in token.split(separator: ".").dropFirst() { #expect(!"\(error)".contains(part)) }
    }
}
