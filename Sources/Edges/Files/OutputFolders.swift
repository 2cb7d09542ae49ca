package import Logging
package import SidetonePipeline
import Synchronization

/// The folders of one output directory, shared by all sinks that write there, so that a stream's files are in one folder.
///
///     let folders = OutputFolders(directory: "out", logger: logger)
///     let sink = WAVFormat.sink(WAVSettings(), folders, logger)
package final class OutputFolders: Sendable {
    package let directory: String
    let inputs: Set<FileIdentity>
    let logger: Logger

    /// The folder of a stream, kept as long as outputs of the stream are in flight.
    private struct Location {
        weak var life: StreamLife?
        /// Closed once the last sink releases it.
        weak var folder: Folder?
        /// Below the directory.
        let path: [String]
    }

    private struct State {
        var top: Folder?
        var journal: Journal?
        var locations: [ObjectIdentifier: Location] = [:]

        func location(of stream: StreamInfo) -> Location? {
            // An identifier may be reused once its object is deallocated.
            guard let location = locations[ObjectIdentifier(stream.life)], location.life === stream.life else {
                return nil
            }
            return location
        }
    }

    private let state = Mutex(State())

    /// Does not access the file system: the directory is created for the first stream.
    ///
    /// - Parameter inputs: paths of files being read, which must not be overwritten.
    package init(directory: String, inputs: [String] = [], logger: Logger) {
        self.directory = directory
        self.inputs = Set(inputs.compactMap { FileIdentity(path: $0) })
        self.logger = logger
    }

    /// Creates the directory and checks that it is writable, before the first call.
    package func prepare() throws(FileError) {
        try state.withLock { state throws(FileError) in _ = try Self.open(directory, state: &state) }
    }

    /// Makes the files of a stream for one sink.
    func files(of stream: StreamInfo) throws(FileError) -> StreamFiles {
        let (folder, path, journal) = try state.withLock {
            state throws(FileError) -> (Folder, [String], Journal) in
            let (top, journal) = try Self.open(directory, state: &state)
            if let location = state.location(of: stream) {
                if let folder = location.folder { return (folder, location.path, journal) }
                var folder = top
                for name in location.path { folder = try folder.folder(name) }
                state.locations[ObjectIdentifier(stream.life)]?.folder = folder
                return (folder, location.path, journal)
            }
            state.locations = state.locations.filter { $0.value.life != nil }
            let (folder, path) = try Self.make(stream, top: top, taken: state.locations.values.map(\.path))
            state.locations[ObjectIdentifier(stream.life)] = Location(life: stream.life, folder: folder, path: path)
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

    /// Creates a stream's folder; existing ones are not overwritten unless the stream replaces an earlier run.
    private static func make(
        _ stream: StreamInfo, top: Folder, taken: [[String]]
    ) throws(FileError) -> (Folder, [String]) {
        // The name should already be safe; this is the last check.
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
