import SidetoneModel
import Testing

@Suite struct MediaTimeTests {
    @Test func `times of different rates are compared as times`() {
        let narrow = MediaTime(samples: 8_000, sampleRate: 8_000)
        let wide = MediaTime(samples: 16_001, sampleRate: 16_000)
        #expect(narrow < wide)
        #expect(!(wide < narrow))
        #expect(MediaTime(samples: -1, sampleRate: 8_000) < MediaTime(samples: 0, sampleRate: 16_000))
    }

    @Test func `the same time at two rates is neither before nor after`() {
        let narrow = MediaTime(samples: 80, sampleRate: 8_000)
        let wide = MediaTime(samples: 160, sampleRate: 16_000)
        #expect(!(narrow < wide) && !(wide < narrow))
    }

    @Test func `a third of a second is distinct from its neighbours`() {
        // 1/3 s at 44.1 kHz is sample 14,700; as decimals the two could read the same.
        let third = MediaTime(samples: 14_700, sampleRate: 44_100)
        #expect(third < MediaTime(samples: 32_001, sampleRate: 96_000))
        #expect(!(third < MediaTime(samples: 32_000, sampleRate: 96_000)))
    }

    @Test func `seconds are samples by rate`() {
        #expect(MediaTime(samples: 12_000, sampleRate: 8_000).seconds == 1.5)
        #expect(MediaTime(samples: 0, sampleRate: 1).seconds == 0)
    }
}
