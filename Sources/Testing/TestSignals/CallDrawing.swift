package import SidetoneModel

/// A call drawn in characters: one line per track, one character per tenth of a second.
///
///     CallDrawing(
///         inbound:  "..#######......",
///         outbound: ".....#######..."
///     )
///
/// `#` is speech and `.` is quiet; a test may define other characters. A space is a track without rows: not yet open,
/// or ended.
package struct CallDrawing: Sendable {
    /// Steps of one hop for each character.
    package let stepsPerCharacter: Int
    private let lines: [[Character]]

    package init(inbound: String, outbound: String, stepsPerCharacter: Int = 10) {
        precondition(stepsPerCharacter > 0, "a character must last at least one step")
        self.stepsPerCharacter = stepsPerCharacter
        lines = [Array(inbound), Array(outbound)]
    }

    /// The number of steps of the longer line.
    package var steps: Int { (lines.map(\.count).max() ?? 0) * stepsPerCharacter }

    /// The character at a step of a track; nil if it has no row.
    package func character(_ role: TrackRole, step: Int) -> Character? {
        let index = step / stepsPerCharacter
        let line = lines[role.index]
        guard line.indices.contains(index), line[index] != " " else { return nil }
        return line[index]
    }
}
