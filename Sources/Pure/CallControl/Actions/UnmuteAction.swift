public import SidetoneJSON

/// `unmute`: unmutes one direction or both.
public struct UnmuteAction: Action {
    public static let name = "unmute"
    public static let summary = "Unmutes the audio read from the call, written to it, or both."

    public var direction: AudioDirection

    public init(direction: AudioDirection) { self.direction = direction }

    public init?(_ fields: inout FieldReader) {
        guard let direction = fields.word("direction", need: .required, of: AudioDirection.self) else { return nil }
        self.direction = direction
    }

    public var parameters: [JSONMember] { members(["direction": .text(direction.rawValue)]) }

    public var instruction: CallInstruction { .unmute(direction) }
}
