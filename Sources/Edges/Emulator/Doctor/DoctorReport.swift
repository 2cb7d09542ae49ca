package import SidetoneCallControl

/// What a walk came to.
package struct DoctorReport: Sendable {
    /// In the order of the walk; what was not reached is there as skipped.
    package internal(set) var steps: [DoctorStep] = []
    /// Everything wrong with the document, where that is what stopped the walk.
    package internal(set) var findings = Findings()

    package var isHealthy: Bool { !steps.contains { $0.outcome == .failed } }
}

/// A walk on its way: takes one step after the other, and ends at the first that fails.
struct DoctorContext {
    /// Thrown at a step that failed, once it is noted.
    struct Broken: Error {}

    private(set) var report = DoctorReport()
    private var omitted: [DoctorStep.Name] = []
    private let tell: @Sendable (DoctorStep) -> Void

    init(_ tell: @escaping @Sendable (DoctorStep) -> Void) { self.tell = tell }

    mutating func pass(_ name: DoctorStep.Name, detail: String) { append(DoctorStep(name, .passed, detail)) }

    mutating func warn(_ name: DoctorStep.Name, detail: String, advice: String) {
        append(DoctorStep(name, .warned, detail, advice: advice))
    }

    /// Notes the step that ends the walk; to be thrown.
    mutating func broken(_ name: DoctorStep.Name, detail: String, advice: String) -> Broken {
        append(DoctorStep(name, .failed, detail, advice: advice))
        return Broken()
    }

    mutating func record(_ findings: Findings) { report.findings = findings }

    /// Notes what was not reached.
    mutating func finish(_ planned: [DoctorStep.Name]) {
        for name in planned where !omitted.contains(name) && !report.steps.contains(where: { $0.name == name }) {
            append(DoctorStep(name, .skipped, "not reached"))
        }
    }

    /// There is nothing to see at these steps.
    mutating func omit(_ names: DoctorStep.Name...) { omitted += names }

    private mutating func append(_ step: DoctorStep) {
        report.steps.append(step)
        tell(step)
    }
}
