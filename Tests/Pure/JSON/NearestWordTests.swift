import SidetoneJSON
import Testing

@Suite struct NearestWordTests {
    private let words = ["twilio", "signalwire", "minivoice", "f0"]

    @Test(arguments: [
        ("twillio", "twilio"), ("twlio", "twilio"), ("Twilio", "twilio"), ("signal_wire", "signalwire"), ("f1", "f0"),
        ("minivoice", "minivoice"), ("twiilo", "twilio"), ("signal", "signalwire"),
        ("MINIVOICE", "minivoice"), ("voice", "minivoice"), ("twilio_media", "twilio"),
    ])
    func `a typing error is recognised`(word: String, meant: String) {
        #expect(NearestWord.of(word, in: words) == meant)
    }

    @Test(arguments: ["", "plivo", "xyz", "abcdefghij"])
    func `another word is not`(word: String) { #expect(NearestWord.of(word, in: words) == nil) }

    @Test func `the question names the word`() {
        #expect(NearestWord.question("twillio", in: words) == "did you mean \"twilio\"?")
        #expect(NearestWord.question("xyz", in: words) == nil)
    }

    @Test func `where there are no words, none is meant`() { #expect(NearestWord.of("a", in: []) == nil) }
}
