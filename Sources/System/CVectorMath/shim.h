#pragma once

// Swift's squareRoot() may have to set errno, so it is a branch and a call a value and no loop of it is vectorised. The
// builtin is the bare instruction. A header is enough: nothing is compiled or linked for it.

/// Writes the square root of each of `count` values; `output` may be `input`.
static inline void sidetone_square_roots(const float *input, float *output, long count) {
    for (long i = 0; i < count; i++) output[i] = __builtin_elementwise_sqrt(input[i]);
}
