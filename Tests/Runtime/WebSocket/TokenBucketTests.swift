import NIOCore
import Testing

@testable import SidetoneWebSocket

@Suite struct TokenBucketTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test func `a burst is free, and then the rate applies`() {
        var bucket = TokenBucket(RateLimit(perSecond: 10, burst: 5))
        bucket.refill(at: start)
        for _ in 0..<5 {
            bucket.spend(1)
            #expect(bucket.wait == nil)
        }
        bucket.spend(1)
        #expect(bucket.wait == .milliseconds(100))
        bucket.refill(at: start + .milliseconds(100))
        #expect(bucket.wait == nil)
    }

    @Test func `no more than the burst accumulates`() {
        var bucket = TokenBucket(RateLimit(perSecond: 10, burst: 5))
        bucket.refill(at: start)
        bucket.refill(at: start + .hours(10))
        bucket.spend(6)
        #expect(bucket.wait == .milliseconds(100))
    }

    @Test func `a time before the last one adds nothing`() {
        var bucket = TokenBucket(RateLimit(perSecond: 10, burst: 1))
        bucket.refill(at: start + .seconds(1))
        bucket.spend(2)
        bucket.refill(at: start)
        #expect(bucket.wait == .milliseconds(100))
    }
}
