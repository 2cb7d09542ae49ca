public import SidetoneModel

/// One kind of event in a call, detected in the rows of both tracks on the call clock.
///
/// To add one, write a file in Signals with the type and its options, and add a line to `SignalCatalog`. Everything is
/// allocated in `init`; `step` runs for every hop of the call.
public protocol CallSignal: SendableMetatype {
    /// Its options in a pipeline file's `signal` stage.
    associatedtype Options: SignalOptions
    /// The name of its signals, without phase.
    static var name: String { get }
    /// One line on what opens and closes it.
    static var summary: String { get }
    /// The source of its limits.
    static var reference: String { get }
    /// Whether it is an interval or a moment.
    static var form: SignalDeclaration.Form { get }
    /// What it is about.
    static var subject: SignalDeclaration.Subject { get }
    /// The values that it carries, besides its track and times.
    static var values: [SignalDeclaration.Value] { get }
    /// When it calls for attention; nil: it is only information.
    static var alertPolicy: SignalDeclaration.AlertPolicy? { get }
    /// The features that it reads, by name: they are measured even where no sink shows them.
    static var features: [String] { get }
    /// The columns of these features that it reads, by name.
    static var columns: [String] { get }
    /// Whether it needs the final speech decisions of a step, after onset and hangover. Otherwise it receives each step
    /// as soon as both tracks' rows are available; such a step has no speech, silence, floor and dead-line information.
    static var followsSpeech: Bool { get }
    /// Whether it uses floor changes only; it then receives only steps with a floor change.
    static var readsFloorOnly: Bool { get }
    /// Whether it receives digits.
    static var hearsDigits: Bool { get }

    init(_ options: Options, context: SignalContext)

    /// Processes the next step of the call clock. Its speech information is final.
    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void)
    /// Handles a digit, once, when its end is known: after the step in which that happened, or at once if the platform
    /// reported it.
    mutating func handle(_ digit: HeardDigit, emit: (Signal) -> Void)
    /// Ends the call: closes open intervals. A later `step` starts anew.
    ///
    /// - Parameter last: the last step, with the resulting floor change.
    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void)
}

extension CallSignal {
    public static var subject: SignalDeclaration.Subject { .track }
    public static var values: [SignalDeclaration.Value] { [] }
    public static var alertPolicy: SignalDeclaration.AlertPolicy? { nil }
    public static var features: [String] { ["speech"] }
    public static var columns: [String] { [] }

    /// All that it declares.
    public static var declaration: SignalDeclaration {
        SignalDeclaration(name, summary, form: form, subject: subject, values: values, alertPolicy: alertPolicy)
    }

    public static var followsSpeech: Bool { true }
    public static var readsFloorOnly: Bool { false }
    public static var hearsDigits: Bool { false }
    public mutating func handle(_ digit: HeardDigit, emit: (Signal) -> Void) {}
    public mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) {}
}

/// The options of one signal; their names are unique across all signals.
public protocol SignalOptions: Sendable {
    init()
    static var fields: [Setting<Self>] { get }
}

/// The options of a signal without options.
public struct NoOptions: SignalOptions {
    public init() {}
    public static let fields: [Setting<Self>] = []
}

/// What a signal is initialised with.
public struct SignalContext: Sendable {
    /// The steps of the call clock.
    public let clock: CallClock
    /// The options of all signals, for options shared between signals.
    public let settings: SignalSettings
    let columns: [String]

    /// The index, within a step, of a column named in the signal's `columns`.
    public func column(_ name: String) -> Int {
        guard let index = columns.firstIndex(of: name) else {
            preconditionFailure("a signal may only read its declared columns: \(name) is not among them")
        }
        return index
    }
}
