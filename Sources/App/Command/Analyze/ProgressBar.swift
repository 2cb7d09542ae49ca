import Synchronization

/// The progress of a run, on one line of a terminal.
final class ProgressBar: Sendable {
    private let shares: Mutex<[Double]>
    private let isShown: Bool
    private let last = Mutex(-1)

    init(count: Int, isShown: Bool) {
        shares = Mutex([Double](repeating: 0, count: count))
        self.isShown = isShown && count > 0
    }

    func set(_ index: Int, share: Double) {
        guard isShown else { return }
        let (done, total, sum) = shares.withLock { shares in
            shares[index] = max(shares[index], min(1, share))
            return (shares.count { $0 == 1 }, shares.count, shares.reduce(0, +))
        }
        let percent = Int(sum / Double(total) * 100)
        let isChanged = last.withLock { last in
            defer { last = percent }
            return last != percent
        }
        guard isChanged else { return }
        let filled = percent * 30 / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: "·", count: 30 - filled)
        Console.draw("[\(bar)] \(percent) %  \(done)/\(total) inputs")
    }

    func clear() { if isShown { Console.clear() } }
}
