import SidetoneModel
import SidetonePipeline

/// The parts of a call that a client subscribed to.
struct SubscriptionOptions: OptionSet, Hashable {
    let rawValue: Int
    static let call = SubscriptionOptions(rawValue: 1)
    static let rows = SubscriptionOptions(rawValue: 2)
    static let spectrum = SubscriptionOptions(rawValue: 4)
    static let wave = SubscriptionOptions(rawValue: 8)
    static let log = SubscriptionOptions(rawValue: 16)
}

/// The updates of a subscribed call since the last tick. Bounded: what exceeds the limit of a tick is dropped.
struct PendingUpdates {
    /// Two tracks with one second each; a tick has a tenth of that.
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

    /// Discards the updates once all clients have received them.
    mutating func clear() {
        rows.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        log.removeAll(keepingCapacity: true)
        spectra.removeAll(keepingCapacity: true)
    }

    /// Stops computing spectra when the last client has unsubscribed.
    mutating func stopSpectra() { meters = [nil, nil] }
}
