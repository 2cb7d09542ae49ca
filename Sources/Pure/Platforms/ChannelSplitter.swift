/// Splits interleaved audio into the channels, whatever the lengths of its messages: what is cut within a sample frame is
/// completed by the next message.
public struct ChannelSplitter: Sendable {
    private let sampleBytes: Int
    private let frameBytes: Int
    /// The beginning of a sample frame.
    private var rest: [UInt8] = []
    /// By channel; the storage is used again.
    private var channels: [[UInt8]]

    /// - Parameters:
    ///   - channels: 1 or more.
    ///   - sampleBytes: of one sample of one channel.
    public init(channels: Int, sampleBytes: Int) {
        precondition(channels > 0 && sampleBytes > 0, "a channel holds samples")
        self.sampleBytes = sampleBytes
        frameBytes = channels * sampleBytes
        self.channels = Array(repeating: [], count: channels)
    }

    /// Emits the payload of every channel, in order; nothing where no sample frame is complete.
    ///
    /// - Complexity: O(n); allocates nothing once the storage has grown to the size of a message.
    public mutating func split(_ bytes: [UInt8], emit: (_ channel: Int, _ payload: [UInt8]) -> Void) {
        for channel in channels.indices { channels[channel].removeAll(keepingCapacity: true) }
        var index = 0
        if !rest.isEmpty {
            while rest.count < frameBytes, index < bytes.count {
                rest.append(bytes[index])
                index += 1
            }
            guard rest.count == frameBytes else { return }
            for offset in rest.indices { channels[offset / sampleBytes].append(rest[offset]) }
            rest.removeAll(keepingCapacity: true)
        }
        while index + frameBytes <= bytes.count {
            for channel in channels.indices {
                for _ in 0..<sampleBytes {
                    channels[channel].append(bytes[index])
                    index += 1
                }
            }
        }
        rest.append(contentsOf: bytes[index...])
        guard !channels[0].isEmpty else { return }
        for channel in channels.indices { emit(channel, channels[channel]) }
    }
}
