package import Logging
package import SidetonePipeline
import Synchronization

/// The folders of one output directory; all sinks that write there share it, so that a stream's files lie together.
///
///     let folders = OutputFolders(directory: "out", logger: logger)
///     let sink = WAVFormat.sink(WAVSettings(), folders, logger)
package final class OutputFolders: Sendable {
    package let directory: String
    let inputs: Set<FileIdentity>
    let logger: Logger

    /// Where a stream's files are, as long as anything of the stream is on its way.
    private struct Place {
        weak var life: StreamLife?
        /// Closed once the last sink lets go.
        weak var folder: Folder?
        /// Below the directory.
        let path: [String]
    }

    private struct State {
        var top: Folder?
        var journal: Journal?
        var places: [ObjectIdentifier: Place] = [:]

        func location(of stream: StreamInfo) -> Place? {
            // An identifier may come back once its object is gone.
            guard let place = places[ObjectIdentifier(stream.life)], place.life === stream.life else { return nil }
            return place
        }
    }

    private let state = Mutex(State())

    /// Touches nothing yet: the directory is made for the first stream.
    ///
    /// - Parameter inputs: paths of files that are being read, and must not be overwritten.
    package init(directory: String, inputs: [String] = [], logger: Logger) {
        self.directory = directory
        self.inputs = Set(inputs.compactMap { FileIdentity(path: $0) })
        self.logger = logger
    }

    /// Finds out before the first call whether the directory can be written, and makes it.
    package func prepare() throws(FileError) {
        try state.withLock { state throws(FileError) in _ = try Self.open(directory, state: &state) }
    }

    /// The files of a stream for one sink.
    func files(of stream: StreamInfo) throws(FileError) -> StreamFiles {
        let (folder, path, journal) = try state.withLock {
            state throws(FileError) -> (Folder, [String], Journal) in
            let (top, journal) = try Self.open(directory, state: &state)
            if let place = state.location(of: stream) {
                if let folder = place.folder { return (folder, place.path, journal) }
                var folder = top
                for name in place.path { folder = try folder.folder(name) }
                state.places[ObjectIdentifier(stream.life)]?.folder = folder
                return (folder, place.path, journal)
            }
            state.places = state.places.filter { $0.value.life != nil }
            let (folder, path) = try Self.make(stream, top: top, taken: state.places.values.map(\.path))
            state.places[ObjectIdentifier(stream.life)] = Place(life: stream.life, folder: folder, path: path)
            return (folder, path, journal)
        }
        return StreamFiles(
            folders: self, folder: folder, path: path.joined(separator: "/"), journal: journal,
            isProvisional: stream.replacesFolder, inputs: inputs, logger: logger)
    }

    package func path(of stream: StreamInfo) -> [String]? {
        state.withLock { $0.location(of: stream)?.path }
    }

    package func isReleased(_ stream: StreamInfo) -> Bool {
        state.withLock { $0.location(of: stream)?.folder == nil }
    }

    private static func open(_ directory: String, state: inout State) throws(FileError) -> (Folder, Journal) {
        if let top = state.top, let journal = state.journal { return (top, journal) }
        let top = try Folder.at(directory, makes: true)
        let journal = try Journal(in: top)
        state.top = top
        state.journal = journal
        return (top, journal)
    }

    /// Makes a stream's folder: nothing that is there is overwritten, unless the stream replaces an earlier run.
    private static func make(
        _ stream: StreamInfo, top: Folder, taken: [[String]]
    ) throws(FileError) -> (Folder, [String]) {
        // Whoever named the folder should have made it safe; here is the last place to see to it.
        var path = stream.folder.map { SafeName.isComponent($0) ? $0 : SafeName.component($0) }
        let name = path.popLast() ?? "stream"
        var parent = top
        for component in path {
            _ = try parent.makeFolder(component)
            parent = try parent.folder(component)
        }
        var number = 1
        while true {
            let numbered = number == 1 ? name : "\(name)-\(number)"
            let isNew = try parent.makeFolder(numbered)
            let isTaken = taken.contains(path + [numbered])
            if isNew || stream.replacesFolder && !isTaken {
                return (try parent.folder(numbered), path + [numbered])
            }
            number += 1
        }
    }
}
