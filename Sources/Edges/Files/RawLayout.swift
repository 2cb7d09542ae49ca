import CSndFile

/// How samples are stored in a headerless file, or after a header that does not state their number.
package struct RawLayout: Sendable, Hashable {
    package enum Coding: Sendable, Hashable {
        /// G.711.
        case pcmu, pcma
        /// Linear; little-endian except for `l16BigEndian`.
        case unsigned8, l16, l16BigEndian, l24, l32, float32, float64
        /// GSM 06.10 full rate, 33 bytes per frame, as Asterisk writes it.
        case gsm
        /// Dialogic ADPCM.
        case vox
    }

    package var coding: Coding
    /// Samples per second.
    package var sampleRate: Int
    package var channels: Int
    /// The offset of the first sample in bytes.
    package var offset: Int64

    package init(_ coding: Coding, sampleRate: Int, channels: Int = 1, offset: Int64 = 0) {
        self.coding = coding
        self.sampleRate = sampleRate
        self.channels = channels
        self.offset = offset
    }

    /// libsndfile's format code.
    var format: Int32 {
        let (subtype, order): (Int, Int) =
            switch coding {
            case .pcmu: (Int(SF_FORMAT_ULAW), 0)
            case .pcma: (Int(SF_FORMAT_ALAW), 0)
            case .unsigned8: (Int(SF_FORMAT_PCM_U8), 0)
            case .l16: (Int(SF_FORMAT_PCM_16), Int(SF_ENDIAN_LITTLE))
            case .l16BigEndian: (Int(SF_FORMAT_PCM_16), Int(SF_ENDIAN_BIG))
            case .l24: (Int(SF_FORMAT_PCM_24), Int(SF_ENDIAN_LITTLE))
            case .l32: (Int(SF_FORMAT_PCM_32), Int(SF_ENDIAN_LITTLE))
            case .float32: (Int(SF_FORMAT_FLOAT), Int(SF_ENDIAN_LITTLE))
            case .float64: (Int(SF_FORMAT_DOUBLE), Int(SF_ENDIAN_LITTLE))
            case .gsm: (Int(SF_FORMAT_GSM610), 0)
            case .vox: (Int(SF_FORMAT_VOX_ADPCM), 0)
            }
        return Int32(Int(SF_FORMAT_RAW) | subtype | order)
    }
}

extension RawLayout {
    /// Bytes of one sample of every channel; 0 for codings without a fixed sample size.
    var frameBytes: Int {
        let bytes =
            switch coding {
            case .pcmu, .pcma, .unsigned8: 1
            case .l16, .l16BigEndian: 2
            case .l24: 3
            case .l32, .float32: 4
            case .float64: 8
            case .gsm, .vox: 0
            }
        return bytes * channels
    }
}
