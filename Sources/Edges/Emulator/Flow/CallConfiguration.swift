package import SidetoneCallControl
package import SidetoneCodecs
package import SidetonePlatforms

/// What one emulated call is to be.
package struct CallConfiguration: Sendable {
    /// Where its actions come from.
    package enum Beginning: Sendable {
        case document(CallDocument)
        case answerURL(DocumentRequest)
    }

    package var call: WebhookCall
    package var accountID: String?
    /// The id of its n-th stream, from 1.
    package var streamID: @Sendable (Int) -> String
    package var beginning: Beginning
    package var platform: any Platform.Type
    /// What streams are sent with that name no codec.
    package var codec: any AudioCodec.Type
    /// The length of a packet, 1…1000.
    package var packetMs = 20
    package var keys = KeyScript()
    /// Seconds from the answer to when the caller hangs up; nil for when all is over.
    package var hangUpAfter: Double?
    /// What goes wrong on purpose with the streams' messages.
    package var faults = FaultPlan()
    /// Repeats it.
    package var faultSeed: UInt64 = 0
    package var makeMedia: @Sendable () throws -> CallMedia

    package init(
        call: WebhookCall, beginning: Beginning, platform: any Platform.Type, codec: any AudioCodec.Type,
        streamID: @escaping @Sendable (Int) -> String, makeMedia: @escaping @Sendable () throws -> CallMedia
    ) {
        self.call = call
        self.beginning = beginning
        self.platform = platform
        self.codec = codec
        self.streamID = streamID
        self.makeMedia = makeMedia
    }

    /// The request for further actions. Assumed for POST, as MiniVoice's pages do not say what it carries: the call and its
    /// variables; SignalWire's is as documented, with the fields that Sidetone knows.
    func request(_ redirect: RedirectRequest, variables: [String: String]) -> DocumentRequest {
        DocumentRequest(
            url: redirect.url, method: redirect.method,
            body: redirect.method == .post
                ? platform.documentRequest(for: call, variables: variables, state: "answered") : nil,
            mostRedirects: redirect.maxRedirects ?? CallStateMachine.mostRedirects)
    }
}
