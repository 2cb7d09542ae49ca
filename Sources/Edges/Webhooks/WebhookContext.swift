import Hummingbird
import NIOCore

/// The connection of a request, used to disconnect slow clients.
struct WebhookContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Closes the connection after a delay, so that a response being sent still arrives.
    func hangUp() {
        let channel = channel
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
}
