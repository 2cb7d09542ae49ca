/// The file descriptors that sinks need.
struct DescriptorNeed: Sendable, Equatable {
    /// Per active stream.
    var perStream = 0
    /// Regardless of streams.
    var fixed = 0
    /// Maximum clients of the sinks.
    var connections = 0
}
