/// How loud a pause between bursts is, without what lies right before the next burst: a tone's first moments have no code.
struct TonePause {
    private let edge: Int64
    private var steps: Int64 = 0
    /// The loudest step of the stretch of `edge` steps that runs, of the one before it, and of all before that.
    private var running: Float = -96
    private var latest: Float = -96
    private(set) var loudestDBFS: Float = -96

    /// - Parameter edge: how many steps before the next burst are left out, at least.
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
