import SidetoneModel
import Testing

@testable import SidetoneAnalysis

@Suite struct SignalSettingsTests {
    @Test func `every option has a unique name`() {
        let names = SignalSettings.fields.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.contains("dead_air_ms") && names.contains("overtalk_ms"))
    }

    @Test func `every signal has a unique name and a summary`() {
        let names = SignalCatalog.all.map { $0.name }
        #expect(Set(names).count == names.count)
        let features = FeatureCatalog.all.map { $0.name }
        #expect(SignalCatalog.all.allSatisfy { $0.features.allSatisfy(features.contains) })
        #expect(SignalCatalog.all.allSatisfy { !$0.summary.isEmpty && !$0.reference.isEmpty })
    }

    @Test func `a signal receives its configured options`() {
        var settings = SignalSettings()
        #expect(settings.apply([("dead_air_ms", .integer(7_000)), ("overtalk_ms", .integer(300))]).isEmpty)
        #expect(settings.options(DeadAirOptions.self).warnMs == 7_000)
        #expect(settings.options(DeadAirOptions.self).alertMs == 10_000)
        #expect(settings.options(OvertalkOptions.self).minimumMs == 300)
        #expect(settings != SignalSettings())
    }

    @Test func `every problem is reported, and valid entries are applied`() {
        var settings = SignalSettings()
        let problems = settings.apply([
            ("dead_ear_ms", .integer(1)), ("silence_ms", .text("long")), ("overtalk_ms", .integer(400)),
            ("monologue_ms", .integer(1)), ("colour", .text("red")),
        ])
        #expect(problems.count == 4)
        #expect(problems[0].contains("did you mean dead_air_ms?"))
        #expect(problems[1].hasPrefix("silence_ms is "))
        #expect(problems[2].contains("1000…3600000"))
        #expect(settings.options(OvertalkOptions.self).minimumMs == 400)
    }

    @Test func `each default is within the range of its field`() {
        var settings = SignalSettings()
        for field in SignalSettings.fields {
            let text = field.standard(settings)
            let value = Int(text).map(SettingValue.integer) ?? Double(text).map(SettingValue.number) ?? .text(text)
            #expect(field.apply(value, &settings) == nil, "\(field.name) = \(text)")
        }
    }
}
