public import SidetoneJSON

/// `transfer`: hands the call over to another party.
///
/// The platform's tables name `destination`, its examples `to`; both are read, `destination` is written.
public struct TransferAction: Action {
    public static let name = "transfer"
    public static let summary = "Hands the call over to another party; later actions do not run."

    public var request: ConnectRequest

    public init(_ request: ConnectRequest) { self.request = request }

    public init?(_ fields: inout FieldReader) {
        guard let request = ConnectRequest(&fields) else { return nil }
        self.request = request
    }

    public var parameters: [JSONMember] { request.parameters }

    public var instruction: CallInstruction { .transfer(request) }
}
