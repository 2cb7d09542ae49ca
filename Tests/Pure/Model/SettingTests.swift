import SidetoneModel
import Testing

@Suite struct SettingTests {
    struct Settings: Sendable {
        var count = 5
        var ratio = 0.5
        var isOn = false
        var path = ""
        var mode = "auto"
        var sets = ["level"]
    }

    static let count = Setting<Settings>("count", \.count, in: 1...10, "How many.")
    static let ratio = Setting<Settings>("ratio", \.ratio, in: 0...1, "How much.")
    static let isOn = Setting<Settings>("on", \.isOn, "Whether.")
    static let path = Setting<Settings>("path", \.path, "a file", "Where.")
    static let mode = Setting<Settings>("mode", \.mode, oneOf: ["auto", "twilio"], "Which.")
    static let sets = Setting<Settings>("sets", \.sets, among: ["level", "spectrum"], "Which ones.")

    private func problem(_ setting: Setting<Settings>, value: SettingValue) -> String? {
        var settings = Settings()
        return setting.apply(value, &settings)
    }

    @Test func `valid values are applied`() {
        var settings = Settings()
        #expect(Self.count.apply(.integer(10), &settings) == nil)
        #expect(Self.ratio.apply(.integer(1), &settings) == nil)
        #expect(Self.isOn.apply(.flag(true), &settings) == nil)
        #expect(Self.path.apply(.text("a.wav"), &settings) == nil)
        #expect(Self.mode.apply(.text("twilio"), &settings) == nil)
        #expect(Self.sets.apply(.list([.text("spectrum"), .text("level")]), &settings) == nil)
        #expect(settings.count == 10)
        #expect(settings.ratio == 1)
        #expect(settings.isOn)
        #expect(settings.path == "a.wav")
        #expect(settings.mode == "twilio")
        #expect(settings.sets == ["spectrum", "level"])
    }

    @Test func `a value of another type is rejected with the expected one`() {
        #expect(problem(Self.count, value: .text("7")) == #"is "7"; expected a whole number, 1…10"#)
        #expect(problem(Self.count, value: .number(7)) == "is 7.0; expected a whole number, 1…10")
        #expect(problem(Self.ratio, value: .flag(true)) == "is true; expected a number, 0.0…1.0")
        #expect(problem(Self.isOn, value: .integer(1)) == "is 1; expected true or false")
        #expect(problem(Self.path, value: .text("")) == #"is ""; expected a file"#)
        #expect(problem(Self.mode, value: .list([])) == "is []; expected one of auto, twilio")
        #expect(problem(Self.sets, value: .text("level")) == #"is "level"; expected a list of level, spectrum"#)
        #expect(problem(Self.sets, value: .list([.integer(1)])) == "holds 1; expected a list of level, spectrum")
    }

    @Test func `a value out of range is rejected with the range`() {
        #expect(problem(Self.count, value: .integer(0)) == "is 0; expected 1…10")
        #expect(problem(Self.count, value: .integer(11)) == "is 11; expected 1…10")
        #expect(problem(Self.ratio, value: .number(1.5)) == "is 1.5; expected 0.0…1.0")
        #expect(problem(Self.ratio, value: .number(.nan)) == "is nan; expected 0.0…1.0")
        #expect(problem(Self.ratio, value: .number(.infinity)) == "is inf; expected 0.0…1.0")
    }

    @Test func `an unknown word is rejected with the closest match`() {
        #expect(
            problem(Self.mode, value: .text("twillio"))
                == #"is "twillio"; did you mean "twilio"? Expected one of auto, twilio"#)
        #expect(problem(Self.mode, value: .text("q")) == #"is "q"; expected one of auto, twilio"#)
        #expect(
            problem(Self.sets, value: .list([.text("levl")]))
                == #"holds "levl"; did you mean "level"? Expected a list of level, spectrum"#)
        #expect(problem(Self.sets, value: .list([.text("level"), .text("level")])) == #"names "level" twice"#)
    }

    @Test func `a rejected value changes nothing`() {
        var settings = Settings()
        _ = Self.count.apply(.integer(99), &settings)
        _ = Self.sets.apply(.list([.text("spectrum"), .text("spectrum")]), &settings)
        #expect(settings.count == 5)
        #expect(settings.sets == ["level"])
    }

    @Test func `defaults are shown as text`() {
        #expect(Self.count.standard(Settings()) == "5")
        #expect(Self.ratio.standard(Settings()) == "0.5")
        #expect(Self.isOn.standard(Settings()) == "false")
        #expect(Self.path.standard(Settings()) == "")
        #expect(Self.mode.standard(Settings()) == "auto")
        #expect(Self.sets.standard(Settings()) == "[level]")
    }
}
