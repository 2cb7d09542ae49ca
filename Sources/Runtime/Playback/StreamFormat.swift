package import SidetoneCodecs
package import SidetoneModel
package import SidetonePlatforms

/// How a stream's audio is sent.
package struct StreamFormat: Hashable, Sendable {
    package var format: MediaFormat
    /// The length of a packet in milliseconds.
    package var packetMs: Int

    /// - Parameters:
    ///   - platform: whose stream it is: it sends its own formats only.
    ///   - text: as documents name it: `PCMU`, `OPUS`, `L16@16000h@40i`; nil for the usual codec.
    ///   - callRate: samples per second of the call; a stream has the same, where it names no other and the codec takes it.
    package init(
        platform: any Dialect.Type, codec text: String?, usual: any AudioCodec.Type, callRate: Int, packetMs: Int
    ) throws(CodecError) {
        let type = text.map { CodecCatalog.named($0) } ?? usual
        guard let type else {
            throw CodecError(.unsupportedEncoding, "the codec is not one of \(CodecCatalog.names)")
        }
        let rates = platform.sampleRates(of: type)
        var rate = rates.contains(callRate) ? callRate : rates.first ?? callRate
        // Named by a document, G.711 is what it is in SDP: 8 kHz.
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
