/// The tensors of a network, in the format written by `Benchmarks/models/`.
///
/// ASCII lines, an empty line, then numbers: first `sidetone-weights 1`; then one line per tensor with its name and
/// shape (`8000.stft.basis 130 1 128`); an empty line; then little-endian float32, tensor by tensor, row-major.
struct WeightFile {
    struct Tensor {
        let shape: [Int]
        let values: [Float]
    }

    private var tensors: [String: Tensor] = [:]
    private let name: String

    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: the file name, for messages.
    /// - Throws: `modelMalformed` for another format, too few or too many numbers, or one that is not finite.
    init(_ bytes: [UInt8], name: String) throws(AnalysisError) {
        self.name = name
        var lines: [Substring] = []
        var offset = 0
        // The longest known header has 31 lines; a megabyte without an empty line is not a header.
        while true {
            guard let end = bytes[offset...].prefix(1_000_000).firstIndex(of: UInt8(ascii: "\n")) else {
                throw WeightFile.malformed(name, detail: "it has no header that ends with an empty line")
            }
            let line = String(decoding: bytes[offset..<end], as: UTF8.self)
            offset = end + 1
            if line.isEmpty { break }
            lines.append(line[...])
        }
        guard lines.first == "sidetone-weights 1" else {
            throw WeightFile.malformed(name, detail: "its first line is not \"sidetone-weights 1\"")
        }
        for line in lines.dropFirst() {
            let words = line.split(separator: " ")
            let shape = words.dropFirst().compactMap { Int($0) }
            guard shape.count == words.count - 1, !shape.isEmpty, shape.allSatisfy({ 1...1_000_000 ~= $0 }) else {
                throw WeightFile.malformed(name, detail: "\"\(line)\" is not a name and a shape")
            }
            let count = shape.reduce(1) { min($0 * $1, 1_000_000_000) }
            guard count <= (bytes.count - offset) / 4 else {
                throw WeightFile.malformed(name, detail: "it ends within \"\(line)\"")
            }
            var values = [Float](repeating: 0, count: count)
            for n in 0..<count {
                let at = offset + 4 * n
                let low = UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8
                values[n] = Float(bitPattern: low | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24)
            }
            guard values.allSatisfy(\.isFinite) else {
                throw WeightFile.malformed(name, detail: "\"\(line)\" contains a value that is not a number")
            }
            offset += 4 * count
            tensors[String(words[0])] = Tensor(shape: shape, values: values)
        }
        guard offset == bytes.count else {
            throw WeightFile.malformed(name, detail: "\(bytes.count - offset) bytes follow it")
        }
    }

    /// The values of a tensor, row-major.
    ///
    /// - Throws: `modelMalformed` when it is missing or has another shape.
    func values(_ tensor: String, shape: [Int]) throws(AnalysisError) -> [Float] {
        guard let found = tensors[tensor] else {
            throw WeightFile.malformed(name, detail: "it has no tensor \(tensor)")
        }
        guard found.shape == shape else {
            throw WeightFile.malformed(name, detail: "\(tensor) has the shape \(found.shape); expected \(shape)")
        }
        return found.values
    }

    static func malformed(_ name: String, detail: String) -> AnalysisError {
        AnalysisError(.modelMalformed, "\(name): \(detail): run `make models` again")
    }
}
