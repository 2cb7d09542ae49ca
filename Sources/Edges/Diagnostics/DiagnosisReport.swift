import SidetoneCallControl
package import SidetoneJSON

/// What a walk came to.
package struct DiagnosisReport: Sendable {
    /// In the order of the walk; what was not reached is there as skipped.
    package internal(set) var steps: [DiagnosisStep] = []
    /// Everything wrong with the document, where that is what stopped the walk.
    package internal(set) var findings = Diagnostics()

    package var isHealthy: Bool { !steps.contains { $0.outcome == .failed } }
}

/// A walk on its way: takes one step after the other, and ends at the first that fails.
struct DiagnosisContext {
    /// Thrown at a step that failed, once it is noted.
    struct Broken: Error {}

    private(set) var report = DiagnosisReport()
    private var omitted: [DiagnosisStep.Name] = []
    private let tell: @Sendable (DiagnosisStep) -> Void

    init(_ tell: @escaping @Sendable (DiagnosisStep) -> Void) { self.tell = tell }

    mutating func pass(_ name: DiagnosisStep.Name, detail: String) { append(DiagnosisStep(name, .passed, detail)) }

    mutating func warn(_ name: DiagnosisStep.Name, detail: String, advice: String) {
        append(DiagnosisStep(name, .warned, detail, advice: advice))
    }

    /// Notes the step that ends the walk; to be thrown.
    mutating func broken(_ name: DiagnosisStep.Name, detail: String, advice: String) -> Broken {
        append(DiagnosisStep(name, .failed, detail, advice: advice))
        return Broken()
    }

    mutating func record(_ findings: Diagnostics) { report.findings = findings }

    /// Notes what was not reached.
    mutating func finish(_ planned: [DiagnosisStep.Name]) {
        for name in planned where !omitted.contains(name) && !report.steps.contains(where: { $0.name == name }) {
            append(DiagnosisStep(name, .skipped, "not reached"))
        }
    }

    /// There is nothing to see at these steps.
    mutating func omit(_ names: DiagnosisStep.Name...) { omitted += names }

    private mutating func append(_ step: DiagnosisStep) {
        report.steps.append(step)
        tell(step)
    }
}
