import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import SidetoneHTTP
import SidetonePipeline

extension Monitor {
    /// Serves a file from the folders of a call, if its name is in the catalog.
    func download(_ id: String, name: String, request: Request) async throws -> Response {
        guard let type = downloads.types[name] else { throw APIError.notFound("no such file") }
        guard let descriptor = try await open(id, name: name) else { throw APIError.notFound("no such file") }
        let file = OpenFile(descriptor)
        guard let size = file.size else { throw APIError.notFound("no such file") }
        var headers: HTTPFields = [
            .contentType: type, .acceptRanges: "bytes",
            .contentDisposition: "\(type.hasPrefix("audio/") ? "inline" : "attachment"); filename=\"\(name)\"",
        ]
        switch ByteRange(request.headers, size: size) {
        case .whole: return Response(status: .ok, headers: headers, body: file.body(0..<size))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
            return Response(status: .partialContent, headers: headers, body: file.body(part))
        case .unsatisfiable:
            throw APIError(
                status: .rangeNotSatisfiable, code: "range", message: "the file has \(size) bytes",
                headers: [.contentRange: "bytes */\(size)"])
        }
    }

    private func open(_ id: String, name: String) async throws -> Int32? {
        if let streams = await callStates.streams(ofCall: id) {
            return streams.lazy.compactMap { downloads.open(name, of: $0) }.first
        }
        guard let record = try await history?.call(id) else { throw Self.unknownCall }
        return record.streams.lazy.compactMap { downloads.open(name, in: $0.folder) }.first
    }
}

extension OpenFile {
    private static let chunk: Int64 = 64 * 1_024

    func body(_ range: Range<Int64>) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            var position = range.lowerBound
            while position < range.upperBound {
                let (start, count) = (position, Int(min(Self.chunk, range.upperBound - position)))
                // Blocking disk reads run on another thread.
                let bytes = try await NIOThreadPool.singleton.runIfActive { self.read(count, from: start) }
                guard !bytes.isEmpty else { throw ChannelError.eof }
                try await writer.write(ByteBuffer(bytes: bytes))
                position += Int64(bytes.count)
            }
            try await writer.finish(nil)
        }
    }
}
