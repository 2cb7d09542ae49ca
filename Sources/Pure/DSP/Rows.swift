/// Moves values between arrays at known places.
package enum Rows {
    /// Copies all of `values`.
    ///
    /// - Parameters:
    ///   - row: of at least `place + values.count` values.
    ///   - place: where the first value goes.
    /// - Complexity: O(values); allocates nothing.
    // Safe: the range is checked before the copy, and `inout` keeps the two arrays apart.
    package static func copy(_ values: [Float], into row: inout [Float], at place: Int) {
        precondition(place >= 0 && place + values.count <= row.count, "the values fit the row")
        values.withUnsafeBufferPointer { values in
            row.withUnsafeMutableBufferPointer { row in
                guard let from = values.baseAddress, let to = row.baseAddress else { return }
                (to + place).update(from: from, count: values.count)
            }
        }
    }
}
