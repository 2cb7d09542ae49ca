import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetonePlatforms

/// IDs of a new call in its platform's format: random, or reproducible with a seed, except for parts that hold the
/// time.
struct CallIDGenerator: Sendable {
    let call: String
    let account: String?
    /// The platform's own ID of the call: a UUID.
    let provider: String
    /// The ID of the n-th stream, from 1.
    let stream: @Sendable (Int) -> String

    /// - Parameter callID: the call's ID; nil generates one.
    init(platform: any Platform.Type, seed: UInt64?, number: Int, callID: String?) {
        let time = UTCTime(unixSeconds: WallClock.now()).seconds.prefix(19).filter { $0.isNumber || $0 == "T" }
        var source = IdentifierSource(
            seed: seed.map { $0 &+ UInt64(number) &* 0x1000_0001 } ?? .random(in: 0 ... .max), time: time)
        provider = source.uuid()
        let ids = platform.identifiers(from: &source)
        call = callID ?? ids.call
        account = ids.account
        stream = ids.stream
    }
}
