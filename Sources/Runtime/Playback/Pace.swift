/// How fast messages are sent.
package enum Pace: Sendable, Hashable {
    /// This many seconds of the call per second: 1 is real time.
    case times(Double)
    /// As fast as the peer accepts them.
    case max

    /// - Parameter text: `max`, or a number above 0.
    package init?(_ text: String) {
        if text == "max" {
            self = .max
        } else if let speed = Double(text), speed > 0, speed <= 1_000 {
            self = .times(speed)
        } else {
            return nil
        }
    }
}
