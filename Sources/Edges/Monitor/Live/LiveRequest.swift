import Foundation

/// A request of a client of the live socket.
enum LiveRequest: Equatable {
    case activeCalls(Bool)
    /// Nil ends the subscription.
    case call(String, SubscriptionOptions?)

    /// - Returns: nil for an invalid request.
    init?(_ bytes: [UInt8]) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any], object.count == 1,
            let (verb, value) = object.first, let wanted = value as? [String: Any],
            ["subscribe", "unsubscribe"].contains(verb)
        else { return nil }
        let subscribes = verb == "subscribe"
        if let isWanted = wanted["active_calls"] as? Bool {
            self = .activeCalls(subscribes && isWanted)
        } else if let call = wanted["call"] as? String, (1...256).contains(call.count) {
            var watch: SubscriptionOptions = .call
            for (name, part) in [
                ("rows", SubscriptionOptions.rows), ("spectrum", .spectrum), ("wave", .wave), ("log", .log),
            ]
            where wanted[name] as? Bool == true { watch.insert(part) }
            self = .call(call, subscribes ? watch : nil)
        } else {
            return nil
        }
    }
}
