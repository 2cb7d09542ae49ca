import SidetoneModel
package import SidetonePipeline

/// Formats a call's talk spurts as one text, written at the end of the call.
package protocol SegmentsText: SendableMetatype {
    /// The sink's name in a pipeline file.
    static var name: String { get }
    static var summary: String { get }
    static var file: FileDeclaration { get }
    /// - Parameters:
    ///   - call: the id of the call or the name of the input, unchanged.
    ///   - seconds: the length of the call, at least the end of the last spurt.
    static func text(_ spurts: [TalkSpurt], call: String, seconds: Double) -> String
}

package final class SegmentsFormat<Text: SegmentsText>: FileFormat {
    package static var name: String { Text.name }
    package static var summary: String { Text.summary }
    package static var kinds: PipelineItem.Kinds { .signals }
    package static func openFiles(_ settings: DirectorySettings) -> Int { 0 }
    package static var outputs: [FileDeclaration] { [Text.file] }

    private let stream: StreamInfo
    private let files: StreamFiles
    private var spurts = TalkSpurtList()

    package init(_ stream: StreamInfo, settings: DirectorySettings, files: StreamFiles) throws(FileError) {
        self.stream = stream
        self.files = files
    }

    package func append(_ output: StreamOutput) throws(FileError) { spurts.append(output) }

    package func finish(_ summary: StreamSummary?) throws(FileError) {
        let spurts = spurts.inOrder
        let seconds = max(summary?.seconds ?? 0, spurts.map(\.end).max() ?? 0)
        try files.writeWhole(
            Text.file.name, bytes: Array(Text.text(spurts, call: stream.start.callID, seconds: seconds).utf8))
    }
}
