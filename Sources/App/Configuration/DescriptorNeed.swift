/// What sinks need of the descriptors of a process.
struct DescriptorNeed: Sendable, Equatable {
    /// For each running stream.
    var perStream = 0
    /// Whatever runs.
    var fixed = 0
    /// Clients that the sinks would admit.
    var connections = 0
}
