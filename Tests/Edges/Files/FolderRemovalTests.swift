import Foundation
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

/// What the store may read and remove in the folders of streams.
@Suite struct FolderRemovalTests {
    private let directory: TemporaryDirectory
    private let folders: OutputFolders

    init() throws {
        directory = try TemporaryDirectory()
        folders = OutputFolders(directory: "\(directory.path)/out", logger: quiet)
    }

    /// Folders of streams after a run, with a log of the call beside them.
    private func makeCall(_ ids: [String], call: String = "CA1") throws {
        for id in ids {
            let stream = makeStream(id, call: call)
            let wav = try WAVFormat(stream, settings: WAVSettings(), files: try folders.files(of: stream))
            try wav.append(.track(makeTrack(.inbound)))
            try wav.append(.samples(makeBlock(.inbound, at: 0, count: 8_000)))
            try wav.finish(nil)
        }
        try directory.write(Array("{}\n".utf8), to: "out/\(call)/receiver.jsonl")
    }

    @Test func `a stream's folder is known while outputs of it are in flight`() throws {
        let stream = makeStream()
        #expect(folders.path(of: stream) == nil)
        #expect(folders.isReleased(stream))
        try withExtendedLifetime(folders.files(of: stream)) {
            #expect(folders.path(of: stream) == ["CA1", "MZ1"])
            #expect(!folders.isReleased(stream))
        }
        #expect(folders.isReleased(stream))
        #expect(folders.path(of: stream) == ["CA1", "MZ1"])
        // The same names again: another folder.
        let second = makeStream()
        try withExtendedLifetime(folders.files(of: second)) {
            #expect(folders.path(of: second) == ["CA1", "MZ1-2"])
        }
    }

    @Test func `recordings are listed with their length`() throws {
        try makeCall(["MZ1"])
        try directory.write(Array("no audio".utf8), to: "out/CA1/MZ1/other.wav")
        #expect(
            folders.recordings(in: ["CA1", "MZ1"]) == [
                RecordedFile(name: "call.wav", bytes: 32_044, seconds: 1),
                RecordedFile(name: "inbound.wav", bytes: 16_044, seconds: 1),
            ])
        #expect(folders.recordings(in: ["CA1", "none"]) == [])
        #expect(folders.recordings(in: ["..", "CA1"]) == [])
    }

    @Test func `a stream's folder is removed, and the call's with the last one`() throws {
        try makeCall(["MZ1", "MZ2"])
        let trial = try folders.remove(["CA1", "MZ1"], isTrial: true)
        #expect(trial.files == 2 && trial.bytes == 48_088)
        #expect(directory.has("out/CA1/MZ1"))
        #expect(try folders.remove(["CA1", "MZ1"], isTrial: false) == trial)
        #expect(!directory.has("out/CA1/MZ1"))
        #expect(directory.has("out/CA1/receiver.jsonl"))
        let last = try folders.remove(["CA1", "MZ2"], isTrial: false)
        #expect(last.files == 3 && last.bytes == 48_091)
        #expect(try directory.names("out") == [".sidetone"])
        #expect(try folders.remove(["CA1", "MZ2"], isTrial: false) == RemovedFiles())
    }

    @Test(arguments: [["..", "x"], ["CA1", ".."], [".sidetone"], ["/etc"], ["CA1/MZ1"], [], ["CA1", ""]])
    func `a path that could lead outside is refused`(path: [String]) throws {
        try makeCall(["MZ1"])
        #expect(throws: FileError.self) { try folders.remove(path, isTrial: false) }
        #expect(directory.has("out/CA1/MZ1/call.wav"))
    }

    @Test func `symbolic links are not followed`() throws {
        try makeCall(["MZ1"])
        try FileManager.default.createDirectory(atPath: "\(directory.path)/other", withIntermediateDirectories: true)
        try directory.write([1], to: "other/keep")
        symlink("\(directory.path)/other", "\(directory.path)/out/CA1/MZ1/link")
        symlink("\(directory.path)/other", "\(directory.path)/out/CA2")
        symlink("\(directory.path)/other", "\(directory.path)/out/CA1/MZ9")
        try directory.write([1], to: "other/x")
        #expect(try folders.remove(["CA2", "other"], isTrial: false) == RemovedFiles())
        #expect(throws: FileError.self) { try folders.remove(["CA1", "MZ9"], isTrial: false) }
        #expect(try folders.remove(["CA1", "MZ1"], isTrial: false).files > 0)
        #expect(directory.has("other/keep") && directory.has("other/x"))
    }
}
