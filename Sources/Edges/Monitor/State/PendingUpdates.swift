import SidetoneModel
import SidetonePipeline

/// What somebody looks at closely.
struct SubscriptionOptions: OptionSet, Hashable {
    let rawValue: Int
    static let call = SubscriptionOptions(rawValue: 1)
    static let rows = SubscriptionOptions(rawValue: 2)
    static let spectrum = SubscriptionOptions(rawValue: 4)
    static let wave = SubscriptionOptions(rawValue: 8)
    static let log = SubscriptionOptions(rawValue: 16)
}

/// What a watched call brought since the last turn. Bounded: what a turn cannot tell is left out.
struct PendingUpdates {
    /// Two tracks, a second of each: a turn is a tenth of that.
    static let blockLimit = 10
    static let limit = 200

    private(set) var rows: [RowBlock] = []
    private(set) var events: [NumberedEvent] = []
    private(set) var log: [CallLogEntry] = []
    private(set) var spectra: [SpectrumBlock] = []
    private var meters: [SpectrumMeter?] = [nil, nil]

    mutating func add(_ block: RowBlock) { if rows.count < Self.blockLimit { rows.append(block) } }
    mutating func add(_ event: NumberedEvent) { if events.count < Self.limit { events.append(event) } }
    mutating func add(_ entry: CallLogEntry) { if log.count < Self.limit { log.append(entry) } }

    mutating func add(_ block: SampleBlock) {
        let index = block.track.index
        if meters[index]?.sampleRate != block.sampleRate {
            meters[index] = SpectrumMeter(track: block.track, sampleRate: block.sampleRate)
        }
        guard let spectrum = meters[index]?.add(block), spectra.count < Self.blockLimit else { return }
        spectra.append(spectrum)
    }

    /// Everybody was told.
    mutating func clear() {
        rows.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        log.removeAll(keepingCapacity: true)
        spectra.removeAll(keepingCapacity: true)
    }

    /// Nobody looks at it any more.
    mutating func stopSpectra() { meters = [nil, nil] }
}
