import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback
import Testing

@testable import SidetonePlayback

@Suite struct StreamFormatTests {
    @Test(arguments: [
        (nil, 8_000, "PCMU", 8_000, 20), (nil, 16_000, "PCMU", 16_000, 20), ("PCMU", 16_000, "PCMU", 8_000, 20),
        ("pcma@40i", 8_000, "PCMA", 8_000, 40), ("L16@24000h@40i", 8_000, "L16", 24_000, 40),
        ("OPUS", 16_000, "OPUS", 16_000, 20), ("OPUS@48000h", 8_000, "OPUS", 48_000, 20),
        ("OPUS", 44_100, "OPUS", 8_000, 20),
    ])
    func `a document's codec says how a stream is sent`(
        text: String?, callRate: Int, encoding: String, rate: Int, packetMs: Int
    ) throws {
        let format = try StreamFormat(
            platform: MiniVoice.self, codec: text, usual: PCMU.self, callRate: callRate, packetMs: 20)
        #expect(format.format == MediaFormat(encoding: Encoding(rawValue: encoding), sampleRate: rate))
        #expect(format.packetMs == packetMs)
    }

    @Test(arguments: ["G729", "L16@7h", "OPUS@30i", ""])
    func `what cannot be sent is refused`(text: String) {
        #expect(throws: CodecError.self) {
            try StreamFormat(
                platform: MiniVoice.self, codec: text, usual: PCMU.self, callRate: 8_000, packetMs: 20)
        }
    }

    @Test func `µ-law is sent at 8 kHz where the platform documents nothing else`() throws {
        for platform in [Twilio.self, SignalWire.self] as [any Dialect.Type] {
            let format = try StreamFormat(
                platform: platform, codec: nil, usual: PCMU.self, callRate: 16_000, packetMs: 20)
            #expect(format.format.sampleRate == 8_000, "\(platform)")
        }
    }

    @Test func `a format that the platform does not document is refused with those that it does`() {
        #expect {
            try StreamFormat(platform: Twilio.self, codec: nil, usual: L16.self, callRate: 8_000, packetMs: 20)
        } throws: {
            "\($0)".contains("twilio streams PCMU at 8000 Hz, not L16 at 8000 Hz")
        }
    }
}
