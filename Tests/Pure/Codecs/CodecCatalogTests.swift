import SidetoneCodecs
import SidetoneModel
import Testing

@Suite struct CodecCatalogTests {
    @Test func `codecs stand in alphabetical order, each name once`() {
        let names = CodecCatalog.all.map { $0.encoding.rawValue }
        #expect(names == names.sorted())
        let all = CodecCatalog.all.flatMap { [$0.encoding.rawValue.lowercased()] + $0.aliases }
        #expect(Set(all).count == all.count)
    }

    @Test(arguments: ["", "g729", "pcm", ";rate=8000", "audio/x-mulaw2"])
    func `an unknown name matches no codec`(name: String) {
        #expect(CodecCatalog.named(name) == nil)
    }

    @Test func `an unknown encoding is rejected with the supported ones`() {
        let format = MediaFormat(encoding: Encoding(rawValue: "AMR"), sampleRate: 8_000)
        #expect {
            try CodecCatalog.codec(for: format)
        } throws: {
            "\($0)" == #"the encoding is "AMR"; supported: L16, L16BE, OPUS, PCMA, PCMU [unsupportedEncoding]"#
        }
    }

    @Test func `an unsupported rate is rejected with the supported ones`() {
        let format = MediaFormat(encoding: .pcmu, sampleRate: 11_000)
        #expect {
            try CodecCatalog.codec(for: format)
        } throws: {
            "\($0)" == "the sample rate is 11000; PCMU supports 8000, 16000 [unsupportedRate]"
        }
    }
}
