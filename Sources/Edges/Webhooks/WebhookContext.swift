import Hummingbird
import NIOCore

/// A request's connection, so that whoever dawdles can be cut off.
struct WebhookContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Ends the connection a little later: an answer that is under way still arrives.
    func hangUp() {
        let channel = channel
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
}
