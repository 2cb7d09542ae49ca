package import SidetoneCallControl
package import SidetoneCodecs
package import SidetonePlatforms

/// The configuration of one emulated call.
package struct CallConfiguration: Sendable {
    /// The source of its actions.
    package enum Beginning: Sendable {
        case document(CallDocument)
        case answerURL(DocumentRequest)
    }

    package var call: WebhookCall
    package var accountID: String?
    /// The ID of its n-th stream, from 1.
    package var streamID: @Sendable (Int) -> String
    package var beginning: Beginning
    package var platform: any Platform.Type
    /// The codec of streams that name none.
    package var codec: any AudioCodec.Type
    /// The packet duration, 1…1000.
    package var packetMs = 20
    package var keys = KeyScript()
    /// Seconds from the answer until the caller hangs up; nil to end with the actions and audio.
    package var hangUpAfter: Double?
    /// Faults to inject into the streams' messages.
    package var faults = FaultPlan()
    /// The seed of the faults.
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

    /// The request for further actions. Assumed for POST, because MiniVoice does not document its body: the call and
    /// its variables; SignalWire's is as documented, with the fields that Sidetone knows.
    func request(_ redirect: RedirectRequest, variables: [String: String]) -> DocumentRequest {
        DocumentRequest(
            url: redirect.url, method: redirect.method,
            body: redirect.method == .post
                ? platform.documentRequest(for: call, variables: variables, state: "answered") : nil,
            mostRedirects: redirect.maxRedirects ?? CallStateMachine.mostRedirects)
    }
}
