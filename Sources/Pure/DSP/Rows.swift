/// Copies values between arrays.
package enum Rows {
    /// Copies all of `values`.
    ///
    /// - Parameters:
    ///   - row: at least `offset + values.count` values.
    ///   - offset: the position of the first value.
    /// - Complexity: O(values); allocates nothing.
    // Safe: the range is checked before the copy, and `inout` keeps the two arrays apart.
    package static func copy(_ values: [Float], into row: inout [Float], at offset: Int) {
        precondition(offset >= 0 && offset + values.count <= row.count, "the values must fit into the row")
        values.withUnsafeBufferPointer { values in
            row.withUnsafeMutableBufferPointer { row in
                guard let from = values.baseAddress, let to = row.baseAddress else { return }
                (to + offset).update(from: from, count: values.count)
            }
        }
    }
}
