/// A platform whose webhooks are received.
package enum Platform: String, Sendable, CaseIterable { case minivoice, signalwire, twilio }
