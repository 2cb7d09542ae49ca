import SidetoneDSP
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct ThreadScratchTests {
    private final class Thing: Sendable {}

    @Test func `a thread has one value per layout and type`() {
        var scratch = ThreadScratch(layout: [1, 2]) { Thing() }
        var again = ThreadScratch(layout: [1, 2]) { Thing() }
        var other = ThreadScratch(layout: [1, 3]) { Thing() }
        let things = [scratch.own(), scratch.own(), again.own(), other.own()]
        #expect(things[0] === things[1])
        #expect(things[0] === things[2])
        #expect(things[0] !== things[3])
        var power = FrameSpectrum.shared(window: 200, sampleRate: 8_000, needs: .power)
        var same = FrameSpectrum.shared(window: 200, sampleRate: 8_000, needs: .power)
        var magnitude = FrameSpectrum.shared(window: 200, sampleRate: 8_000, needs: .magnitude)
        let spectra = [power.own(), same.own(), magnitude.own()]
        #expect(spectra[0] === spectra[1])
        #expect(spectra[0] !== spectra[2])
    }

    @Test func `two threads have two values, released with their threads`() {
        final class Mortal: Sendable {
            static let alive = Mutex(0)
            init() { Self.alive.withLock { $0 += 1 } }
            deinit { Self.alive.withLock { $0 -= 1 } }
        }
        var scratch = ThreadScratch(layout: []) { Mortal() }
        let own = scratch.own()
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { _ in
                var scratch = ThreadScratch(layout: []) { Mortal() }
                _ = scratch.own()
                // Its own, beside the first thread's.
                let alive = Mortal.alive.withLock { $0 }
                return UnsafeMutableRawPointer(bitPattern: alive)
            }, nil)
        #expect(status == 0)
        var alive: UnsafeMutableRawPointer?
        pthread_join(thread, &alive)
        #expect(alive == UnsafeMutableRawPointer(bitPattern: 2))
        withExtendedLifetime(own) { #expect(Mortal.alive.withLock { $0 } == 1) }
    }
}
