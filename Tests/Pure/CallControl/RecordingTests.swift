import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct RecordingTests {
    @Test func `a recording reads back as it was written, finished or not`() throws {
        var recording = Recording(id: "rec_c1", callID: "c1", status: "started")
        #expect(try Recording.read(recording.write()) == recording)
        recording.status = "completed"
        recording.fileURL = "https://files.example.org/rec_c1.wav"
        recording.durationSeconds = JSONNumber(12.5)
        recording.sizeBytes = 400_044
        recording.storageType = "local"
        recording.createdAt = UTCTime("2026-03-04T09:15:07Z")
        recording.updatedAt = UTCTime("2026-03-04T09:15:19Z")
        #expect(try Recording.read(recording.write()) == recording)
    }

    @Test func `an invalid recording is reported with every path`() {
        let text = #"{"id":"","status":3,"size_bytes":-1,"created_at":"soon"}"#
        #expect(
            problems { () throws(Diagnostics) in try Recording.read(Array(text.utf8)) }
                == [
                    "id notAllowed", "call_id missing", "status wrongType", "size_bytes notAllowed",
                    "created_at notAllowed",
                ])
    }
}
