import Glibc

/// CPU time of this thread, in seconds.
func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// One thing to time: does its work on the whole audio and says how many units that was.
struct Work {
    let name: String
    /// Passes over the audio a round.
    var run: () -> Int
    /// The fastest round, ns a unit.
    var ns = Double.infinity

    mutating func round() {
        let start = cpuSeconds()
        let units = run()
        ns = min(ns, (cpuSeconds() - start) / Double(units) * 1e9)
    }
}

/// Runs all works in turn, many rounds, so that what else the machine does meets all of them; keeps each one's fastest.
func time(_ works: inout [Work], rounds: Int) {
    for _ in 0..<rounds {
        for index in works.indices { works[index].round() }
    }
}
