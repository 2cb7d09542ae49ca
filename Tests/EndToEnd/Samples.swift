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
    static func countBySox(_ path: String) async throws -> Int {
        let run = try await Program.run(try Peer.find("soxi"), arguments: ["-s", path])
        return Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }
}
