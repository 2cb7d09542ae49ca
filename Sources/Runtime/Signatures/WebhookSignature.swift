import Crypto
package import SidetoneCallControl

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Creates and verifies the signatures of webhooks and upgrades.
///
///     let signature = WebhookSignature(key: Secret(environment["WEBHOOK_SECRET"]))
///     try signature.checkMiniVoice(
///         headers["X-MiniVoice-Signature"], timestamp: headers["X-MiniVoice-Timestamp"], body: bytes, now: seconds)
///
/// ``SignedText`` defines the text that each platform signs. Verification takes constant time.
package struct WebhookSignature: Sendable {
    /// The hash of a signature. SignalWire sends SHA-1 as `X-Signalwire-Signature` and SHA-256 as
    /// `X-Signalwire-SHA256-Signature`; Twilio names it in `X-Twilio-Webhooks-Signature-Settings`.
    package enum Hash: Sendable { case sha1, sha256 }

    /// The tolerated difference of a MiniVoice timestamp from the current time, in seconds, either way.
    package static let windowS = 300.0

    private let key: SymmetricKey

    /// - Parameter key: the webhook secret, the signing key or the auth token, as displayed by the platform.
    package init(key: Secret) { self.key = SymmetricKey(data: Array(key.value.utf8)) }

    // MARK: Signing

    /// The value of `X-MiniVoice-Signature`: `v1=` and the HMAC-SHA256 in hex.
    ///
    /// - Parameter timestamp: the value of `X-MiniVoice-Timestamp`.
    package func miniVoice(timestamp: String, body: [UInt8]) -> String {
        "v1=" + hex(SignedText.miniVoice(timestamp: timestamp, body: body), hash: .sha256)
    }

    /// The HMAC in hex.
    ///
    /// - Parameter url: as configured, with its query.
    package func signalWire(_ hash: Hash, url: String, body: [UInt8]) -> String {
        hex(SignedText.signalWire(url: url, body: body), hash: hash)
    }

    /// The value of `X-Twilio-Signature`: the HMAC in base64.
    ///
    /// - Parameters:
    ///   - url: the full public URL; for a socket the `wss://` URL.
    ///   - fields: the form fields of the body; none for a socket or a JSON body.
    package func twilio(url: String, fields: [Form.Field] = [], hash: Hash = .sha1) -> String {
        Data(code(SignedText.twilio(url: url, fields: fields), hash: hash)).base64EncodedString()
    }

    // MARK: Verification

    /// Verifies a MiniVoice webhook.
    ///
    /// - Parameters:
    ///   - signature: the value of `X-MiniVoice-Signature`; nil if missing.
    ///   - timestamp: the value of `X-MiniVoice-Timestamp`; *assumed* to be whole seconds since 1970.
    ///   - body: as received, before decoding.
    ///   - now: seconds since 1970.
    package func checkMiniVoice(
        _ signature: String?, timestamp: String?, body: [UInt8], now: Double
    ) throws(SignatureError) {
        let signature = try required(signature, name: "X-MiniVoice-Signature")
        let timestamp = try required(timestamp, name: "X-MiniVoice-Timestamp")
        guard signature.hasPrefix("v1=") else {
            throw SignatureError(.malformed, "X-MiniVoice-Signature does not start with v1=")
        }
        guard timestamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let sent = Int64(timestamp) else {
            throw SignatureError(.malformed, "X-MiniVoice-Timestamp is not whole seconds since 1970")
        }
        // The signature first: a peer that cannot sign learns nothing about the clock.
        try compare(
            "v1=" + signature.dropFirst(3).lowercased(), right: miniVoice(timestamp: timestamp, body: body),
            name: "X-MiniVoice-Signature")
        guard abs(Double(sent) - now) <= Self.windowS else {
            throw SignatureError(
                .outsideWindow,
                "X-MiniVoice-Timestamp is more than \(Int(Self.windowS)) s from now: compare the clocks of both machines"
            )
        }
    }

    /// Verifies a SignalWire request.
    ///
    /// - Parameters:
    ///   - signature: the value of the header field for `hash`; nil if missing.
    ///   - url: as configured, with its query.
    package func checkSignalWire(
        _ signature: String?, hash: Hash, url: String, body: [UInt8]
    ) throws(SignatureError) {
        let name = hash == .sha1 ? "X-Signalwire-Signature" : "X-Signalwire-SHA256-Signature"
        try compare(
            try required(signature, name: name).lowercased(), right: signalWire(hash, url: url, body: body), name: name)
    }

    /// Verifies a Twilio webhook or upgrade. The URL may have been signed with or without its port.
    ///
    /// - Parameters:
    ///   - signature: the value of `X-Twilio-Signature`; nil if missing.
    ///   - url: the full public URL, as configured at Twilio; for a socket the `wss://` URL.
    ///   - fields: the form fields of the body; none for a socket.
    package func checkTwilio(
        _ signature: String?, url: String, fields: [Form.Field] = [], hash: Hash = .sha1
    ) throws(SignatureError) {
        let received = try required(signature, name: Self.twilioHeader)
        var isValid = false
        for variant in SignedText.twilioVariants(ofURL: url)
        where ConstantTime.equal(received, twilio(url: variant, fields: fields, hash: hash)) { isValid = true }
        guard isValid else { throw mismatch(Self.twilioHeader) }
    }

    /// Verifies a Twilio webhook with a JSON body. Twilio signs its URL, whose query contains the body's hash as
    /// `bodySHA256`.
    package func checkTwilio(
        _ signature: String?, url: String, jsonBody body: [UInt8], hash: Hash = .sha1
    ) throws(SignatureError) {
        try checkTwilio(signature, url: url, hash: hash)
        let query = url.prefix { $0 != "#" }.drop { $0 != "?" }.dropFirst()
        guard let received = (try? Form.read(Array(query.utf8)))?["bodySHA256"] else {
            throw SignatureError(.missing, "bodySHA256 is missing in the query: without it the body is not signed")
        }
        guard ConstantTime.equal(received, Self.hex(SHA256.hash(data: body))) else {
            throw SignatureError(.mismatch, "bodySHA256 does not match the body: check whether a proxy changes it")
        }
    }

    private static let twilioHeader = "X-Twilio-Signature"

    private func required(_ value: String?, name: String) throws(SignatureError) -> String {
        guard let value, !value.isEmpty else { throw SignatureError(.missing, "\(name) is missing") }
        return value
    }

    private func compare(_ received: String, right: String, name: String) throws(SignatureError) {
        guard ConstantTime.equal(received, right) else { throw mismatch(name) }
    }

    private func mismatch(_ name: String) -> SignatureError {
        SignatureError(
            .mismatch, "\(name) does not match: compare the key, the public URL, and whether a proxy changes the body")
    }

    private func hex(_ text: [UInt8], hash: Hash) -> String { Self.hex(code(text, hash: hash)) }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private func code(_ text: [UInt8], hash: Hash) -> [UInt8] {
        switch hash {
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: text, using: key))
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: text, using: key))
        }
    }
}
