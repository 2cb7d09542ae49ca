import SidetoneAnalysis
import SidetoneDSP
import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The weights where `make models` puts them, and the audio of `References/silero/make_table.py`.
enum SileroReference {

    static let model: SileroModel? = {
        let file = bytes(of: folder(4) + "/models/" + SileroModel.file)
        return file.isEmpty ? nil : try? SileroModel(file)
    }()

    static let tables = folder(1) + "/References/silero/"

    /// The probability of each chunk, by ONNX Runtime.
    static func probabilities(_ signal: String, rate: Int) -> [Float] {
        let text = String(decoding: bytes(of: tables + "probabilities.csv"), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: ",")
            return cells[0] == signal && cells[1] == "\(rate)" ? Float(cells[3]) : nil
        }
    }

    static func samples(_ signal: String, rate: Int) -> [Float] { signal == "formula" ? formula(rate) : speech(rate) }

    /// The probability of each chunk, here: rows of 32 ms side by side are the network's own chunks.
    static func detect(_ samples: [Float], rate: Int, model: SileroModel) throws -> [Float] {
        try rows(samples, grid: FrameGrid(sampleRate: rate, windowMs: 32, hopMs: 32), model: model)
    }

    /// The probability of each row of a grid.
    static func rows(_ samples: [Float], grid: FrameGrid, model: SileroModel) throws -> [Float] {
        var detector = try SileroDetector(grid: grid, models: SpeechModels(silero: model))
        let spectrum = FrameSpectrum(window: grid.window, sampleRate: grid.sampleRate, needs: [])
        let frames = Int(grid.rows(in: Int64(samples.count)))
        var all = (0..<frames).map { row in
            detector.process(samples.span.extracting(row * grid.hop..<row * grid.hop + grid.window), spectrum: spectrum)
        }
        for _ in 0..<detector.lookAhead { all.append(detector.drain()) }
        return Array(all.dropFirst(detector.lookAhead))
    }

    private static func formula(_ rate: Int) -> [Float] {
        var state: UInt32 = 1
        return (0..<3 * rate).map { n in
            let t = Double(n) / Double(rate)
            let phase = 2 * Double.pi * (120 * t + 4 * sin(2 * Double.pi * t))
            var voice = 0.0
            if t.truncatingRemainder(dividingBy: 1) < 0.7 {
                for h in 1...12 { voice += sin(Double(h) * phase) / Double(h) }
            }
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(0.15 * voice + 0.005 * (Double(state) / 2_147_483_648 - 1))
        }
    }

    private static func speech(_ rate: Int) -> [Float] {
        // The file is plain: 44 bytes of header, then 16-bit samples.
        let data = bytes(of: tables + "speech.wav").dropFirst(44)
        let samples = stride(from: data.startIndex, to: data.endIndex - 1, by: 2).map {
            Float(Int16(bitPattern: UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)) / 32_768
        }
        guard rate == 16_000 else { return samples }
        return samples.indices.flatMap { n in
            [samples[n], n + 1 < samples.count ? (samples[n] + samples[n + 1]) / 2 : samples[n]]
        }
    }

    private static func folder(_ levels: Int) -> String {
        #filePath.split(separator: "/").dropLast(levels).reduce("") { $0 + "/" + $1 }
    }

    private static func bytes(of path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&part, 1, part.count, file)
            guard count > 0 else { return all }
            all += part[..<count]
        }
    }
}
