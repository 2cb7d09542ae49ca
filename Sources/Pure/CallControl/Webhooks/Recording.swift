public import SidetoneJSON

/// A recording as MiniVoice describes it.
public struct Recording: Sendable, Hashable {
    public var id: String
    public var callID: String
    /// `started`, `completed`, `failed` were observed.
    public var status: String
    public var customerID: String?
    public var applicationID: String?
    public var providerCallID: String?
    /// `local` was observed.
    public var storageType: String?
    /// Empty until the recording is completed.
    public var fileURL: String
    /// Seconds; nil until it is known.
    public var durationSeconds: JSONNumber?
    public var sizeBytes: Int?
    public var createdAt: UTCTime?
    public var updatedAt: UTCTime?

    public init(id: String, callID: String, status: String, fileURL: String = "") {
        self.id = id
        self.callID = callID
        self.status = status
        self.fileURL = fileURL
    }

    /// - Throws: every problem of the recording.
    public static func read(_ bytes: [UInt8]) throws(Diagnostics) -> Recording {
        var fields = try FieldReader.message(bytes)
        let id = fields.text("id", need: .required, rule: .notEmpty)
        let callID = fields.text("call_id", need: .required, rule: .notEmpty)
        let status = fields.text("status", need: .required, rule: .notEmpty)
        let fileURL = fields.text("file_url")
        var recording = Recording(id: id ?? "", callID: callID ?? "", status: status ?? "", fileURL: fileURL ?? "")
        recording.customerID = fields.text("customer_id")
        recording.applicationID = fields.text("application_id")
        recording.providerCallID = fields.text("provider_call_id")
        recording.storageType = fields.text("storage_type")
        recording.durationSeconds = fields.number("duration_seconds")
        recording.sizeBytes = fields.whole("size_bytes", in: 0...Int.max)
        recording.createdAt = fields.text("created_at", need: .optional, rule: MiniVoiceWebhook.timeRule).flatMap {
            UTCTime($0)
        }
        recording.updatedAt = fields.text("updated_at", need: .optional, rule: MiniVoiceWebhook.timeRule).flatMap {
            UTCTime($0)
        }
        let findings = fields.finish()
        guard findings.isEmpty else { throw findings }
        return recording
    }

    public func write() -> [UInt8] { JSONWriter.bytes(of: json) }

    public var json: JSONValue {
        .object(
            JSONObject(
                members([
                    "id": .text(id), "call_id": .text(callID), "customer_id": customerID.map { .text($0) },
                    "application_id": applicationID.map { .text($0) },
                    "provider_call_id": providerCallID.map { .text($0) }, "status": .text(status),
                    "storage_type": storageType.map { .text($0) }, "file_url": .text(fileURL),
                    "duration_seconds": durationSeconds.map { .number($0) },
                    "size_bytes": sizeBytes.map { .whole($0) },
                    "created_at": createdAt.map { .text($0.seconds) },
                    "updated_at": updatedAt.map { .text($0.seconds) },
                ])))
    }
}
