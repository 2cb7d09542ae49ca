/// Why an input cannot be analysed.
package struct InputError: Error, CustomStringConvertible {
    package var description: String
    package init(_ path: String, _ detail: String) { description = "\(path): \(detail)" }
}
