public import SidetoneModel

/// One kind of happening in a call, found in both tracks' rows on the call clock.
///
/// To add one: a file in Signals with the type and its options, and a line in `SignalCatalog`. Everything it allocates
/// is made in `init`; `step` runs for every hop of the call.
public protocol CallSignal: SendableMetatype {
    /// What users set of it in a pipeline file's `signal` stage.
    associatedtype Options: SignalOptions
    /// The name of its signals, without phase.
    static var name: String { get }
    /// What opens and closes it, in one line.
    static var summary: String { get }
    /// Where its numbers come from.
    static var reference: String { get }
    /// The columns it reads, by name.
    static var columns: [String] { get }
    /// Whether it waits for what onset and hangover decide of a step. Otherwise it is given each step as soon as both
    /// tracks' rows are there: of speech, silence, floor and dead lines such a step says nothing.
    static var followsSpeech: Bool { get }
    /// Whether only what becomes of the floor matters to it: then it is given no step without.
    static var readsFloorOnly: Bool { get }
    /// Whether it is given the digits.
    static var hearsDigits: Bool { get }

    init(_ options: Options, _ context: SignalContext)

    /// Takes the next step of the call clock. What a step says of speech is final.
    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void)
    /// Takes a digit, once, when its end is known: after the step in which it became so, or at once where the platform
    /// reports it.
    mutating func handle(_ digit: HeardDigit, emit: (Signal) -> Void)
    /// The call is over: closes what is open. A later `step` begins anew.
    ///
    /// - Parameter last: the last step, with what then became of the floor.
    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void)
}

extension CallSignal {
    public static var columns: [String] { [] }
    public static var followsSpeech: Bool { true }
    public static var readsFloorOnly: Bool { false }
    public static var hearsDigits: Bool { false }
    public mutating func handle(_ digit: HeardDigit, emit: (Signal) -> Void) {}
    public mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) {}
}

/// What users set of one signal; its names are unique over all signals.
public protocol SignalOptions: Sendable {
    init()
    static var fields: [Setting<Self>] { get }
}

/// The options of a signal that has none.
public struct NoOptions: SignalOptions {
    public init() {}
    public static let fields: [Setting<Self>] = []
}

/// What a signal is made for.
public struct SignalContext: Sendable {
    /// The steps of the call clock.
    public let clock: CallClock
    /// The options of all signals, for a signal that shares one with another.
    public let settings: SignalSettings
    let columns: [String]

    /// Where a step keeps a column that the signal's `columns` name.
    public func column(_ name: String) -> Int {
        guard let index = columns.firstIndex(of: name) else {
            preconditionFailure("a signal reads only what its columns name: \(name) is not among them")
        }
        return index
    }
}
