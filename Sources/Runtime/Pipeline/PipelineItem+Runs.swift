import SidetoneModel

extension PipelineItem {
    /// Whether it is a run of silence; see `RowBlock.runLength`.
    var isRun: Bool {
        switch self {
        case .stream(_, .rows(let block)): block.runLength > 0
        case .stream(_, .samples(let block)): block.runLength > 0
        default: false
        }
    }

    /// Calls `body` with the same rows or samples as ordinary blocks of at most a second, or with itself if it is not a
    /// run.
    func forEachBlock(_ body: (PipelineItem) async throws -> Void) async throws {
        switch self {
        case .stream(let stream, .rows(let run)) where run.runLength > 0:
            let longest = Int64(max(1, run.grid.sampleRate / run.grid.hop))
            var done: Int64 = 0
            while done < run.runLength {
                var block = run
                block.runLength = 0
                block.firstRow = run.firstRow + done
                let count = min(longest, run.runLength - done)
                block.values.reserveCapacity(Int(count) * run.values.count)
                for _ in 1..<count { block.values += run.values }
                done += count
                try await body(.stream(stream, .rows(block)))
            }
        case .stream(let stream, .samples(let run)) where run.runLength > 0:
            var done: Int64 = 0
            while done < run.runLength {
                let count = min(Int64(run.sampleRate), run.runLength - done)
                let block = SampleBlock(
                    track: run.track, sampleRate: run.sampleRate, firstSample: run.firstSample + done,
                    samples: [Int16](repeating: 0, count: Int(count)))
                done += count
                try await body(.stream(stream, .samples(block)))
            }
        default: try await body(self)
        }
    }
}

extension Sink where Input == [PipelineItem] {
    /// The maximum number of items per `write` while runs are being expanded.
    private static var blocksPerWrite: Int { 64 }

    /// Writes items with runs of silence expanded to blocks. This happens on the sink's own thread, so that a pause of
    /// minutes takes a single element of the sink's queue and a second's memory.
    func writeExpanded(_ items: [PipelineItem]) async throws {
        guard items.contains(where: \.isRun) else { return try await write(items) }
        var batch: [PipelineItem] = []
        for item in items {
            try await item.forEachBlock { block in
                batch.append(block)
                guard batch.count >= Self.blocksPerWrite else { return }
                try await write(batch)
                batch.removeAll(keepingCapacity: true)
            }
        }
        if !batch.isEmpty { try await write(batch) }
    }
}
