import SidetoneModel
import Testing

@Suite struct SignalDeclarationTests {
    private let declaration = SignalDeclaration(
        "echo", "a side hears itself; by its delay", form: .interval,
        values: [
            .init("delay_ms", .number(0...500), "in milliseconds"),
            .init("share", .number(0...1), "of the interval", in: [.ended]),
            .init("side", .word(["near", "far"]), "where it arises", isOptional: true), .severity,
        ], alertPolicy: .reported(from: .alert))

    private func signal(
        _ values: [Signal.Entry], phase: Signal.Phase = .started, track: TrackRole? = .inbound
    ) -> Signal {
        Signal("echo", phase, track: track, start: 1, end: phase == .started ? nil : 2, values: values)
    }

    @Test func `a signal as declared breaks nothing`() {
        let values = [Signal.Entry("delay_ms", .number(120)), Signal.Entry("severity", .text("warn"))]
        #expect(declaration.breach(by: signal(values)) == nil)
        #expect(declaration.breach(by: signal(values + [Signal.Entry("share", .number(0.5))], phase: .ended)) == nil)
    }

    @Test func `each breach is named`() {
        let delay = Signal.Entry("delay_ms", .number(120))
        let severity = Signal.Entry("severity", .text("warn"))
        #expect(declaration.breach(by: signal([delay, severity], phase: .moment)) == "echo is not reported as moment")
        #expect(declaration.breach(by: signal([delay, severity], track: nil)) == "echo names no track")
        #expect(declaration.breach(by: signal([delay])) == "echo started lacks severity")
        #expect(
            declaration.breach(by: signal([delay, severity, Signal.Entry("share", .number(1))]))
                == "echo started does not declare share")
        #expect(declaration.breach(by: signal([Signal.Entry("delay_ms", .number(501)), severity])) != nil)
        #expect(declaration.breach(by: signal([Signal.Entry("delay_ms", .number(.nan)), severity])) != nil)
        #expect(declaration.breach(by: signal([Signal.Entry("delay_ms", .integer(1)), severity])) != nil)
        #expect(
            declaration.breach(by: signal([delay, severity, Signal.Entry("side", .text("left"))])) != nil)
    }

    @Test func `severity follows what the signal states`() {
        func severity(_ word: String) -> SignalDeclaration.Severity? {
            declaration.severity(of: signal([Signal.Entry("severity", .text(word))]))
        }
        #expect(severity("warn") == nil)
        #expect(severity("alert") == .alert)
        var always = declaration
        always.alertPolicy = .always(.warn)
        #expect(always.severity(of: signal([])) == .warn)
        always.alertPolicy = nil
        #expect(always.severity(of: signal([])) == nil)
        #expect(!always.isAlert && declaration.isAlert)
    }

    @Test func `an interval has two types and a moment one`() {
        #expect(declaration.types == ["sidetone.echo.started.v1", "sidetone.echo.ended.v1"])
        #expect(SignalDeclaration("beep", "a beep", form: .moment).types == ["sidetone.beep.v1"])
        #expect(declaration.schema(of: "sidetone.echo.v1") == nil)
    }
}
