import CFFTW

/// The FFTW plans in use: chosen once by extensive measurement, then fixed.
///
/// A measuring planner (FFTW_MEASURE) picks another plan, and so other last bits, in every process, and not always a
/// good one: of ten trials each at N = 256, 512, 1,024 and 2,048 its plans took 0.88 to 1.26 of the estimated plan's
/// time. The best of the ten, stored here, take 190, 364, 742 and 1,496 ns against 213, 404, 844 and 1,685 (AMD EPYC,
/// one thread, FFTW 3.3.10 of Debian 12). FFTW ignores wisdom gathered by another build or processor; it then uses the
/// estimated plan, as for all other sizes. On a given machine the choice is always the same.
enum FFTWisdom {
    /// Imports the wisdom into FFTW. Not thread-safe, because FFTW's planner is not.
    static func use() { _ = fftwf_import_wisdom_from_string(text) }

    private static let text = """
        (fftw-3.3.10 fftwf_wisdom #x9e7d4dee #xdb14fed1 #x34bf76a4 #xeb6e8fdf
          (fftwf_codelet_t2fv_16_avx 0 #x11bdd #x11bdd #x0 #x8f86ac3f #x7cc3d8db #xc7865ecc #xea8b825e)
          (fftwf_codelet_r2cf_2 2 #x11bdd #x11bdd #x0 #x1317ebd7 #x743067ee #xcc1b5cfc #x05fb616a)
          (fftwf_codelet_r2cfII_2 2 #x11bdd #x11bdd #x0 #x78aa2edd #x9920177e #x55c86af7 #xf9c4659a)
          (fftwf_codelet_n2fv_8_avx 0 #x11bdd #x11bdd #x0 #x6af30f58 #x888f2b57 #xe7e2a33a #x9ba6b982)
          (fftwf_codelet_hc2cfdftv_2_sse2 0 #x11bdd #x11bdd #x0 #x4bb69ce7 #x4599107c #x14ecc846 #x282ba2c3)
          (fftwf_codelet_r2cf_2 2 #x11bdd #x11bdd #x0 #xeb24eaab #x2ca3ab09 #x7a6d7f81 #xcc67c730)
          (fftwf_codelet_n2fv_8_avx 0 #x11bdd #x11bdd #x0 #xa65d78bf #x28c8422e #x8fef6075 #xac0aeb71)
          (fftwf_codelet_r2cfII_2 2 #x11bdd #x11bdd #x0 #x924edee9 #x1c8ac4be #x6ab55cce #x0a294a09)
          (fftwf_codelet_hc2cfdftv_2_sse2 0 #x11bdd #x11bdd #x0 #x85773c49 #x9a968ccc #xbd37e819 #xac77e6a4)
          (fftwf_codelet_t2fv_32_avx 0 #x11bdd #x11bdd #x0 #x2c50659a #x343a7df7 #xd727540d #xacfea1f9)
          (fftwf_codelet_r2cfII_2 2 #x11bdd #x11bdd #x0 #x0f9bbec4 #xaf177e66 #xae9fc9cb #x69add438)
          (fftwf_codelet_hc2cfdftv_2_sse2 0 #x11bdd #x11bdd #x0 #x3f67885c #x1d118905 #x1b4c027b #x7ecffc87)
          (fftwf_codelet_t2fv_8_avx 0 #x11bdd #x11bdd #x0 #xfeec02f8 #xbbf06357 #xb26e7a2b #xf7b9dcb8)
          (fftwf_codelet_r2cf_2 2 #x11bdd #x11bdd #x0 #x52d4cebb #x3d61daaa #x6b7f5c22 #x0a343c15)
          (fftwf_codelet_n2fv_64_avx 0 #x11bdd #x11bdd #x0 #x60f7dd6b #xe5962c71 #x960dc0f4 #x2fbec2ab)
          (fftwf_codelet_hc2cfdftv_2_sse2 0 #x11bdd #x11bdd #x0 #xc447d79d #x3bb36c12 #x2e7c8386 #xc241521c)
          (fftwf_codelet_r2cfII_2 2 #x11bdd #x11bdd #x0 #xf4706e13 #x6e8bbca0 #x9c704b36 #x8e8181fc)
          (fftwf_codelet_n2fv_32_avx 0 #x11bdd #x11bdd #x0 #x407181dc #x8a77cb1e #xa88df8c5 #xa32373b5)
          (fftwf_codelet_r2cf_2 2 #x11bdd #x11bdd #x0 #xc4589152 #x2c904887 #x3df0c9d3 #x054d1070)
          (fftwf_codelet_t2fv_32_avx 0 #x11bdd #x11bdd #x0 #xc6ca45ce #xf08c5f4a #x61a53ade #xe5e374c8)
        )
        """
}
