import SidetoneDSP
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct LogisticTests {
    @Test func `both curves equal the C library's in Double`() {
        for step in -20_000...20_000 {
            let x = Float(step) / 100
            // 3e-7: a few units in the last place of Float at 1.
            #expect(abs(Double(Logistic.sigmoid(x)) - 1 / (1 + exp(-Double(x)))) < 3e-7)
            #expect(abs(Double(Logistic.tanh(x)) - tanh(Double(x))) < 3e-7)
        }
    }

    @Test func `infinity gives the limits`() {
        #expect(Logistic.sigmoid(.infinity) == 1 && Logistic.tanh(.infinity) == 1)
        #expect(Logistic.sigmoid(-.infinity) < 1e-30 && Logistic.tanh(-.infinity) == -1)
    }
}
