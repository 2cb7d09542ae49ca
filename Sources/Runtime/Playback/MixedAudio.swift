/// Both sides of a call in one channel.
enum MixedAudio {
    /// The sum, clipped to the sample range; the shorter side is padded with silence.
    static func mix(_ left: [Int16], _ right: [Int16]) -> [Int16] {
        let (longer, shorter) = left.count < right.count ? (right, left) : (left, right)
        var mixed = longer
        for index in shorter.indices {
            mixed[index] = Int16(clamping: Int32(longer[index]) + Int32(shorter[index]))
        }
        return mixed
    }
}
