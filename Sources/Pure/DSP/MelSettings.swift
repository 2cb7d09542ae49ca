/// The number and convention of mel bands.
public struct MelSettings: Sendable, Hashable {
    /// A convention: the transform's input, the bands and the logarithm.
    public enum Preset: String, Sendable, Hashable, CaseIterable {
        /// As Kaldi's `compute-fbank-feats` with dither 0: samples in steps of 16 bits, the frame's mean removed,
        /// pre-emphasis 0.97, Povey's window; triangles of height 1 on the scale 1127·ln(1 + f/700) from 20 Hz to half
        /// the rate (4,000 Hz at 8 kHz); ln, floor 1.19e-7 (the step of a Float at 1).
        case kaldi
        /// As `librosa.feature.melspectrogram` → `power_to_db(top_db=None)`: samples −1…1, a periodic Hann window;
        /// triangles of area 1 on Slaney's scale from 0 Hz to half the rate (4,000 Hz at 8 kHz); dB, floor −100.
        case librosa
    }

    public var preset: Preset
    /// The number of bands, at least 1.
    public var bands: Int

    public init(preset: Preset = .librosa, bands: Int = 40) {
        self.preset = preset
        self.bands = bands
    }
}

extension MelSettings.Preset {
    /// The unit of `FrameSpectrum.logMel`.
    public var unit: String { self == .kaldi ? "ln" : "dB" }

    /// The minimum of a band before the logarithm.
    var floor: Float { self == .kaldi ? Float.ulpOfOne : 1e-10 }

    /// The factor applied to the natural logarithm.
    var logScale: Float { self == .kaldi ? 1 : NaturalLog.decibels }

    /// The lower edge of the first band, in Hz; the last ends at half the rate.
    public var lowHz: Double { self == .kaldi ? 20 : 0 }
}
