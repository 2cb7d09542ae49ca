/// A platform whose webhooks are received.
public enum Platform: String, Sendable, CaseIterable { case minivoice, signalwire, twilio }
