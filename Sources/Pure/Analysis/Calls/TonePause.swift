/// The level of a pause between bursts, without the moments right before the next burst, in which a tone has no code
/// yet.
struct TonePause {
    private let edge: Int64
    private var steps: Int64 = 0
    /// The loudest step of the current stretch of `edge` steps, of the one before it, and of all before that.
    private var running: Float = -96
    private var latest: Float = -96
    private(set) var loudestDBFS: Float = -96

    /// - Parameter edge: the minimum number of steps before the next burst to exclude.
    init(edge: Int64) { self.edge = edge }

    mutating func add(_ levelDBFS: Float) {
        running = max(running, levelDBFS)
        steps += 1
        guard steps == edge else { return }
        loudestDBFS = max(loudestDBFS, latest)
        latest = running
        running = -96
        steps = 0
    }

    mutating func restart() { self = TonePause(edge: edge) }
}
