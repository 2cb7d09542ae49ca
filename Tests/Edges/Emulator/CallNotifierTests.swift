import Foundation
import SidetoneCallControl
import SidetoneHTTP
import SidetoneJSON
import SidetonePlayback
import Synchronization
import Testing

@testable import SidetoneEmulator

@Suite(.timeLimit(.minutes(1))) struct CallNotifierTests {
    private static let call = WebhookCall(
        id: "call_20260304T091507.000000001", status: "dialing", direction: .inbound, from: "+4930111222",
        to: "+4930333444", customerID: "cust_d", applicationID: "app_d")

    /// Plays moments and sound to a teller; gives the webhooks it sent, in order.
    private func webhooks(
        recordings: RecordingStore? = nil, _ body: @escaping @Sendable (CallNotifier) async -> Void
    ) async throws -> [MiniVoiceWebhook] {
        let bodies = Mutex<[[UInt8]]>([])
        let sender = WebhookSender(wallClock: { UTCTime(unixMs: 0) }) { request in
            bodies.withLock { $0.append(request.body) }
            return .success(WebAnswer(status: 200))
        }
        let teller = CallNotifier(
            sender: sender, webhookURL: "https://hooks.example.org/mv", recordings: recordings,
            wallClock: { UTCTime(unixMs: 1_780_000_000_000) })
        async let running: Void = sender.run()
        await body(teller)
        _ = await sender.finish(within: .seconds(10))
        await running
        return try bodies.withLock { $0 }.map { try MiniVoiceWebhook.read($0) }
    }

    private static func moment(_ kind: CallEvent.Kind) -> CallEvent {
        CallEvent(callID: call.id, position: 0, variables: ["tier": "gold"], kind: kind)
    }

    private static func block(_ count: Int, at first: Int64) -> MediaBlock {
        MediaBlock(
            first: first, sampleRate: 8_000, inbound: [Int16](repeating: 1_000, count: count),
            outbound: [Int16](repeating: -2_000, count: count))
    }

    @Test func `webhooks cover a call from its creation to its end, with its variables`() async throws {
        var streams = ActiveStreams()
        let started = streams.start(StreamRequest(url: "wss://a.example", tracks: .both))
        let stream = try #require(started)
        let told = try await webhooks { teller in
            for kind: CallEvent.Kind in [
                .created(Self.call), .answered, .streamFailed(stream, failure: "gone"), .completed(reason: "hang-up"),
            ] { await teller.handle(Self.moment(kind)) }
        }
        // Also where the stream's receiver is dead.
        #expect(told.map(\.event) == [.callCreated, .callAnswered, .callCompleted])
        #expect(told.map(\.call.status) == ["dialing", "in_progress", "completed"])
        #expect(told.allSatisfy { $0.variables["tier"] == .text("gold") })
        #expect(
            told.map(\.eventKey) == ["call.created", "call.answered", "call.completed"].map { "\(Self.call.id):\($0)" })
    }

    @Test func `a call that never was answered fails`() async throws {
        let told = try await webhooks { teller in
            await teller.handle(Self.moment(.created(Self.call)))
            await teller.handle(Self.moment(.failed(.answerURL)))
        }
        #expect(told.map(\.event) == [.callCreated, .callFailed])
    }

    @Test func `a recording's address is whole, wherever its folder was named from`() async throws {
        let folder = try Folder()
        let name = folder.path.split(separator: "/").last ?? ""
        let here = FileManager.default.currentDirectoryPath
        let up = here.split(separator: "/").map { _ in ".." }.joined(separator: "/")
        let relative = "\(up)\(folder.path.dropLast(name.count))\(name)"
        let store = try RecordingStore(directory: relative, wallClock: { UTCTime(unixMs: 0) })
        _ = try await webhooks(recordings: store) { teller in
            for kind: CallEvent.Kind in [
                .created(Self.call), .answered, .recordingAsked(.start), .completed(reason: "hang-up"),
            ] { await teller.handle(Self.moment(kind)) }
        }
        let address = try #require(store.all.first?.fileURL)
        #expect(address.hasPrefix("file:///"))
        #expect(FileManager.default.fileExists(atPath: try #require(URL(string: address)).path))
    }

    @Test func `what is recorded is there as a stereo file with its metadata`() async throws {
        let folder = try Folder()
        let store = try RecordingStore(directory: folder.path, wallClock: { UTCTime(unixMs: 1_780_000_000_000) })
        let told = try await webhooks(recordings: store) { teller in
            await teller.handle(Self.moment(.created(Self.call)))
            await teller.handle(Self.moment(.answered))
            await teller.handle(Self.block(160, at: 0))
            await teller.handle(Self.moment(.recordingAsked(.start)))
            for n in 1...100 { await teller.handle(Self.block(160, at: Int64(n * 160))) }
            await teller.handle(Self.moment(.recordingAsked(.start)))
            await teller.handle(Self.moment(.recordingAsked(.stop)))
            await teller.handle(Self.block(160, at: 101 * 160))
            await teller.handle(Self.moment(.recordingAsked(.stop)))
            await teller.handle(Self.moment(.completed(reason: "hang-up")))
        }
        // Starting twice fails, and stopping what does not run.
        #expect(
            told.map(\.event) == [
                .callCreated, .callAnswered, .recordingStarted, .recordingFailed, .recordingCompleted, .recordingFailed,
                .callCompleted,
            ])
        let id = "rec_\(Self.call.id)"
        let recording = try Recording.read(Array(Data(contentsOf: URL(filePath: "\(folder.path)/\(id).json"))))
        #expect(recording.status == "completed" && recording.durationSeconds?.value == 2)
        #expect(recording.sizeBytes == 44 + 100 * 160 * 4 && recording.callID == Self.call.id)
        #expect(recording.fileURL == "file://\(folder.path)/\(id).wav")
        let wav = try Array(Data(contentsOf: URL(filePath: "\(folder.path)/\(id).wav")))
        #expect(wav.count == recording.sizeBytes)
        // Two channels; left what the caller says.
        #expect(wav[22] == 2 && Array(wav[44..<48]) == [0xE8, 0x03, 0x30, 0xF8])
    }

    @Test func `a recording that still runs at the end of the call is completed after it`() async throws {
        let folder = try Folder()
        let store = try RecordingStore(directory: folder.path, wallClock: { UTCTime(unixMs: 0) })
        let told = try await webhooks(recordings: store) { teller in
            for kind: CallEvent.Kind in [.created(Self.call), .answered, .recordingAsked(.start)] {
                await teller.handle(Self.moment(kind))
            }
            await teller.handle(Self.block(160, at: 0))
            await teller.handle(Self.moment(.completed(reason: "hang-up")))
        }
        #expect(told.suffix(2).map(\.event) == [.callCompleted, .recordingCompleted])
    }

    @Test func `without a directory, a recording fails and the call continues`() async throws {
        let told = try await webhooks { teller in
            for kind: CallEvent.Kind in [
                .created(Self.call), .answered, .recordingAsked(.start), .completed(reason: "hang-up"),
            ] { await teller.handle(Self.moment(kind)) }
        }
        #expect(told.map(\.event) == [.callCreated, .callAnswered, .recordingFailed, .callCompleted])
    }

    @Test(.enabled(if: Folder.mayMount, "only root can make a small file system"))
    func `a full disk loses the recording, which is reported, and the call continues`() async throws {
        let folder = try Folder(tmpfsKB: 64)
        let store = try RecordingStore(directory: folder.path, wallClock: { UTCTime(unixMs: 0) })
        let told = try await webhooks(recordings: store) { teller in
            for kind: CallEvent.Kind in [.created(Self.call), .answered, .recordingAsked(.start)] {
                await teller.handle(Self.moment(kind))
            }
            // Ten seconds of stereo: 320,000 bytes.
            for n in 0..<500 { await teller.handle(Self.block(160, at: Int64(n * 160))) }
            #expect(await teller.failures.first?.contains("No space left") == true)
            await teller.handle(Self.moment(.completed(reason: "hang-up")))
        }
        #expect(
            told.map(\.event) == [.callCreated, .callAnswered, .recordingStarted, .recordingFailed, .callCompleted])
        #expect(store["rec_\(Self.call.id)"]?.status == "failed")
        // No partial file passes for a whole one; what there is can be opened.
        let partial = try Data(contentsOf: URL(filePath: "\(folder.path)/rec_\(Self.call.id).partial.wav"))
        #expect(partial.count > 16_000 && (partial.count - 44) % 4 == 0)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/rec_\(Self.call.id).wav"))
    }
}

/// A folder that is gone when nobody holds it any more, on a small file system of its own where that is asked for.
final class Folder {
    static let mayMount = geteuid() == 0

    let path: String
    private let isMounted: Bool

    init(tmpfsKB: Int? = nil) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "sidetone-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        isMounted = tmpfsKB != nil
        if let tmpfsKB { try Self.run("mount", "-t", "tmpfs", "-o", "size=\(tmpfsKB)k", "tmpfs", path) }
    }

    deinit {
        if isMounted { try? Self.run("umount", path) }
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func run(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
