import Foundation
import SidetoneFiles

/// Whole audio files, read by libsndfile.
enum Samples {
    /// The samples, channel after channel in each frame.
    static func read(_ path: String) throws -> [Int16] {
        let reader = try AudioFileReader(path: path)
        var samples: [Int16] = []
        var tracks: [[Int16]] = []
        while true {
            let count = try reader.read(65_536, into: &tracks)
            guard count > 0 else { return samples }
            for frame in 0..<count { for track in tracks { samples.append(track[frame]) } }
        }
    }

    /// Frames that sox counts in a file.
    static func countBySox(_ path: String) throws -> Int {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["soxi", "-s", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }
}
