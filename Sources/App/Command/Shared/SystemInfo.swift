import Foundation

enum SystemInfo {
    static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A number for display: no decimals from 100 on, otherwise one.
    static func round(_ value: Double) -> String {
        value >= 100 && value < 1e15 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
    }

    static func fixed(_ value: Double, decimals: Int) -> String { String(format: "%.\(decimals)f", value) }
}
