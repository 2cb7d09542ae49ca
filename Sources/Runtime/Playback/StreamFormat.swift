package import SidetoneCodecs
package import SidetoneModel
package import SidetonePlatforms

/// The format in which a stream's audio is sent.
package struct StreamFormat: Hashable, Sendable {
    package var format: MediaFormat
    /// The packet duration in milliseconds.
    package var packetMs: Int

    /// - Parameters:
    /// - platform: the sending platform, which sends only its own formats.
    /// - text: the codec as in documents: `PCMU`, `OPUS`, `L16@16000h@40i`; nil for the default.
    /// - callRate: samples per second of the call; the default rate of the stream, if the codec supports it.
    package init(
        platform: any Dialect.Type, codec text: String?, usual: any AudioCodec.Type, callRate: Int, packetMs: Int
    ) throws(CodecError) {
        let type = text.map { CodecCatalog.named($0) } ?? usual
        guard let type else {
            throw CodecError(.unsupportedEncoding, "the codec is not one of \(CodecCatalog.names)")
        }
        let rates = platform.sampleRates(of: type)
        var rate = rates.contains(callRate) ? callRate : rates.first ?? callRate
        // In documents, as in SDP, G.711 has 8 kHz.
        if text != nil, type.encoding == .pcmu || type.encoding == .pcma { rate = 8_000 }
        var length = packetMs
        for modifier in (text ?? "").split(separator: "@").dropFirst() {
            guard let unit = modifier.last, let value = Int(modifier.dropLast()), value > 0 else { continue }
            if unit == "h" { rate = value }
            if unit == "i" { length = min(value, 1_000) }
        }
        guard rates.contains(rate) else {
            throw CodecError(
                .unsupportedRate,
                platform.formats == nil
                    ? "the sample rate is \(rate); \(type.encoding) supports \(rates.map(String.init).joined(separator: ", "))"
                    : "\(platform.name) streams \(platform.formatNames), not \(type.encoding) at \(rate) Hz")
        }
        format = MediaFormat(encoding: type.encoding, sampleRate: rate)
        self.packetMs = length
        _ = try CodecCatalog.codec(for: format)
        try type.check(packetMs: length)
    }
}
