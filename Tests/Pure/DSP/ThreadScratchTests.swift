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

    @Test func `a thread has one value a layout, and a type`() {
        let scratch = ThreadScratch(layout: [1, 2]) { Thing() }
        let again = ThreadScratch(layout: [1, 2]) { Thing() }
        let other = ThreadScratch(layout: [1, 3]) { Thing() }
        #expect(scratch.value === scratch.value)
        #expect(scratch.value === again.value)
        #expect(scratch.value !== other.value)
        let spectrum = FrameSpectrum.shared(window: 200, sampleRate: 8_000, needs: .power).value
        #expect(spectrum === FrameSpectrum.shared(window: 200, sampleRate: 8_000, needs: .power).value)
        #expect(spectrum !== FrameSpectrum.shared(window: 200, sampleRate: 8_000, needs: .magnitude).value)
    }

    @Test func `two threads have two values, and the value goes with its thread`() {
        final class Mortal: Sendable {
            static let alive = Mutex(0)
            init() { Self.alive.withLock { $0 += 1 } }
            deinit { Self.alive.withLock { $0 -= 1 } }
        }
        let own = ThreadScratch(layout: []) { Mortal() }.value
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { _ in
                _ = ThreadScratch(layout: []) { Mortal() }.value
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
