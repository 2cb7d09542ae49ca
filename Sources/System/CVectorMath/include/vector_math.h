#pragma once

// The loops over samples and bins that SidetoneDSP runs for every frame. They are C for two things that Swift does not
// offer: a copy a function for AVX2, chosen when the program is loaded, and a square root without a branch for errno.
//
// Every copy gives the same bits: sums have a fixed number of lanes, nothing is reordered or fused (vector_math.c).
// Pointers need no alignment. "Padded" means that eight zeros follow the last value and may be read or kept zero.

/// Σ x[n]
float vm_sum(const float *x, long count);
/// Σ x[n]² and max x[n]²
void vm_squares(const float *x, long count, float *sum, float *peak);
/// How many neighbours differ in x[n] < −threshold.
long vm_crossings(const float *x, long count, float threshold);
/// How many samples of at least `ceiling` have a neighbour of at least `ceiling`; count ≥ 2.
long vm_clipped(const float *x, long count, float ceiling);
/// Whether every |x[n]| is a number of at most `limit`.
int vm_within(const float *x, long count, float limit);
/// y[n] = x[n]·w[n]
void vm_multiply(const float *x, const float *w, float *y, long count);
/// y[n] = ((x[n] − mean) − a·(x[n−1] − mean))·w[n], x[−1] = x[0]
void vm_emphasize(const float *x, float mean, float a, const float *w, float *y, long count);
/// p[k] = re² + im² of pairs.
void vm_power(const float *pairs, float *p, long bins);
/// y[n] = √x[n]
void vm_square_roots(const float *x, float *y, long count);
/// y[n] = scale·ln(max(x[n], floor)); y may be x. The polynomial is explained in NaturalLog.swift.
void vm_log(const float *x, float *y, long count, float floor, float scale);
/// Σ w·p of every band from starts[b] on, four bands at a time: over blocks[b/4] vectors of four each, the four bands'
/// weights in turn; `bands` a multiple of four, `p` padded.
void vm_bands(const float *p, const int *starts, const int *blocks, const float *w, float *y, long bands);
/// y[i] = Σ x[n]·m[n·stride + i]; stride a multiple of eight.
void vm_project(const float *x, long inputs, const float *m, long stride, float *y, long outputs);
/// y[i] = b[i] + Σ x[n]·w[n·outputs + i], where b follows the weights; outputs a multiple of eight.
void vm_affine(const float *w, const float *x, long inputs, float *y, long outputs);
/// y[n] = y·(27 + y²)/(27 + 9·y²) with y held in −3…3
void vm_squash(float *y, long count);
/// y[n] = √(x[n]·scale) within 5·10⁻⁶ of itself, for x ≥ 0: x·r, where r approaches 1/√x by two steps of Newton's method.
void vm_near_roots(const float *x, float scale, float *y, long count);
/// Σ a[n]·b[n] of every eighth n, from 0…7; what is left of whole eights is not in it.
void vm_products(const float *a, const float *b, long count, float sums[8]);
/// Σ m[k] and Σ k·m[k]; sums[b] = Σ of the b-th sixteen values, of whole sixteens only.
void vm_first_moment(const float *m, long bins, float *sums, float *total, float *moment);
/// Σ (k − centre)²·m[k], and Σ (scale·m[k] − previous[k])²; previous[k] becomes scale·m[k].
void vm_spread(const float *m, long bins, float centre, float scale, float *previous, float *spread, float *change);
/// Σ q, Σ l, Σ q·l, Σ l·w
struct vm_sums {
    float power, log, both, slope;
};
/// With q = max(p, floor).
void vm_power_sums(
    const float *p, const float *l, const float *w, long bins, float floor, struct vm_sums *sums);
