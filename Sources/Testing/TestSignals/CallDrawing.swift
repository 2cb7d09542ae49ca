package import SidetoneModel

/// A call drawn in characters: one line a track, one character a tenth of a second.
///
///     CallDrawing(
///         inbound:  "..#######......",
///         outbound: ".....#######..."
///     )
///
/// `#` is speech and `.` is quiet; a test gives other characters the meaning it needs. A space is a track without
/// rows: not yet open, or over.
package struct CallDrawing: Sendable {
    /// Steps of one hop for each character.
    package let stepsPerCharacter: Int
    private let lines: [[Character]]

    package init(inbound: String, outbound: String, stepsPerCharacter: Int = 10) {
        precondition(stepsPerCharacter > 0, "a character lasts at least one step")
        self.stepsPerCharacter = stepsPerCharacter
        lines = [Array(inbound), Array(outbound)]
    }

    /// How many steps the longer line has.
    package var steps: Int { (lines.map(\.count).max() ?? 0) * stepsPerCharacter }

    /// What is drawn for a step of a track; nil where it has no row.
    package func character(_ role: TrackRole, step: Int) -> Character? {
        let place = step / stepsPerCharacter
        let line = lines[role.index]
        guard line.indices.contains(place), line[place] != " " else { return nil }
        return line[place]
    }
}
