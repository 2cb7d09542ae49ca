import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetonePlatforms

/// Ids of a new call in the form of its platform, different every time; with a seed the same every time, as far as the
/// form has no clock.
struct CallIDGenerator: Sendable {
    let call: String
    let account: String?
    /// The platform's own name of the call: a UUID.
    let provider: String
    /// The id of the n-th stream, from 1.
    let stream: @Sendable (Int) -> String

    /// - Parameter callID: the call's, where it is given.
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
