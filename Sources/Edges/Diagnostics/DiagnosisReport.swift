import SidetoneCallControl
package import SidetoneJSON

/// The result of a diagnosis.
package struct DiagnosisReport: Sendable {
    /// In order; steps that were not reached are listed as skipped.
    package internal(set) var steps: [DiagnosisStep] = []
    /// The problems of the document, if they stopped the diagnosis.
    package internal(set) var findings = Diagnostics()

    package var isHealthy: Bool { !steps.contains { $0.outcome == .failed } }
}

/// A diagnosis in progress: runs one step after the other, and ends at the first that fails.
struct DiagnosisContext {
    /// Thrown after a failed step was recorded.
    struct Broken: Error {}

    private(set) var report = DiagnosisReport()
    private var omitted: [DiagnosisStep.Name] = []
    private let onStep: @Sendable (DiagnosisStep) -> Void

    init(_ onStep: @escaping @Sendable (DiagnosisStep) -> Void) { self.onStep = onStep }

    mutating func pass(_ name: DiagnosisStep.Name, detail: String) { append(DiagnosisStep(name, .passed, detail)) }

    mutating func warn(_ name: DiagnosisStep.Name, detail: String, advice: String) {
        append(DiagnosisStep(name, .warned, detail, advice: advice))
    }

    /// Records the step that ends the diagnosis; returns the error to throw.
    mutating func broken(_ name: DiagnosisStep.Name, detail: String, advice: String) -> Broken {
        append(DiagnosisStep(name, .failed, detail, advice: advice))
        return Broken()
    }

    mutating func record(_ findings: Diagnostics) { report.findings = findings }

    /// Records the steps that were not reached.
    mutating func finish(_ planned: [DiagnosisStep.Name]) {
        for name in planned where !omitted.contains(name) && !report.steps.contains(where: { $0.name == name }) {
            append(DiagnosisStep(name, .skipped, "not reached"))
        }
    }

    /// Marks steps that do not apply.
    mutating func omit(_ names: DiagnosisStep.Name...) { omitted += names }

    private mutating func append(_ step: DiagnosisStep) {
        report.steps.append(step)
        onStep(step)
    }
}
