#include "vector_math.h"
#include <string.h>

// No fused multiply-add: it rounds once where the copy for older processors rounds twice.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
#define EVERY_PROCESSOR __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define EVERY_PROCESSOR
#endif

typedef float f4 __attribute__((ext_vector_type(4)));
typedef float f8 __attribute__((ext_vector_type(8)));
typedef int i8 __attribute__((ext_vector_type(8)));

#define LOAD(type, pointer) ({ type v_; memcpy(&v_, (pointer), sizeof v_); v_; })
#define STORE(pointer, value) ({ __typeof__(value) v_ = (value); memcpy((pointer), &v_, sizeof v_); })

// Macros, because a vector argument would be passed in another way in each copy.
#define ADD4(v) (((v).x + (v).z) + ((v).y + (v).w))
#define ADD8(v) ({ f4 h_ = (v).lo + (v).hi; ADD4(h_); })
#define MAX(a, b) ((a) > (b) ? (a) : (b))

EVERY_PROCESSOR float vm_sum(const float *x, long count) {
    f8 a = 0, b = 0;
    long n = 0;
    for (; n + 16 <= count; n += 16) a += LOAD(f8, x + n), b += LOAD(f8, x + n + 8);
    a += b;
    float sum = ADD8(a);
    for (; n < count; n++) sum += x[n];
    return sum;
}

EVERY_PROCESSOR void vm_squares(const float *x, long count, float *sum, float *peak) {
    f8 a = 0, b = 0, most = 0;
    long n = 0;
    for (; n + 16 <= count; n += 16) {
        f8 p = LOAD(f8, x + n), q = LOAD(f8, x + n + 8);
        p *= p;
        q *= q;
        a += p;
        b += q;
        most = MAX(p, most);
        most = MAX(q, most);
    }
    a += b;
    float s = ADD8(a);
    f4 half = MAX(most.lo, most.hi);
    float m = MAX(MAX(half.x, half.y), MAX(half.z, half.w));
    for (; n < count; n++) {
        float p = x[n] * x[n];
        s += p;
        m = MAX(p, m);
    }
    *sum = s;
    *peak = m;
}

EVERY_PROCESSOR long vm_crossings(const float *x, long count, float threshold) {
    int crossings = 0;
    for (long n = 1; n < count; n++) crossings += (x[n] < -threshold) ^ (x[n - 1] < -threshold);
    return crossings;
}

EVERY_PROCESSOR long vm_clipped(const float *x, long count, float ceiling) {
#define AT(n) (__builtin_fabsf(x[n]) >= ceiling)
    int clipped = (AT(0) & AT(1)) + (AT(count - 1) & AT(count - 2));
    for (long n = 1; n < count - 1; n++) clipped += AT(n) & (AT(n - 1) | AT(n + 1));
    return clipped;
#undef AT
}

EVERY_PROCESSOR int vm_within(const float *x, long count, float limit) {
    int beyond = 0;
    // Not-a-number is not at most anything.
    for (long n = 0; n < count; n++) beyond |= !(__builtin_fabsf(x[n]) <= limit);
    return !beyond;
}

EVERY_PROCESSOR void vm_multiply(const float *x, const float *w, float *restrict y, long count) {
    for (long n = 0; n < count; n++) y[n] = x[n] * w[n];
}

EVERY_PROCESSOR void vm_emphasize(
    const float *x, float mean, float a, const float *w, float *restrict y, long count) {
    if (count > 0) y[0] = ((x[0] - mean) - a * (x[0] - mean)) * w[0];
    for (long n = 1; n < count; n++) y[n] = ((x[n] - mean) - a * (x[n - 1] - mean)) * w[n];
}

EVERY_PROCESSOR void vm_power(const float *pairs, float *restrict p, long bins) {
    long k = 0;
    for (; k + 8 <= bins; k += 8) {
        f8 a = LOAD(f8, pairs + 2 * k), b = LOAD(f8, pairs + 2 * k + 8);
        a *= a;
        b *= b;
        f8 re = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
        f8 im = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
        STORE(p + k, re + im);
    }
    for (; k < bins; k++) p[k] = pairs[2 * k] * pairs[2 * k] + pairs[2 * k + 1] * pairs[2 * k + 1];
}

EVERY_PROCESSOR void vm_square_roots(const float *x, float *restrict y, long count) {
    for (long n = 0; n < count; n++) y[n] = __builtin_elementwise_sqrt(x[n]);
}

// scale·ln(max(x, floor)) of eight values; a macro as ADD4 is.
#define LOG8(x, floor, scale) ({ \
    f8 v_ = (x); \
    v_ = MAX(v_, (f8)(floor)); \
    i8 bits_ = (i8)v_; \
    /* √½ is 0x3F3504F3: the difference's upper bits are the exponent, for a mantissa in √½…√2. */ \
    i8 exponent_ = (bits_ - 0x3F3504F3) >> 23; \
    f8 e_ = __builtin_convertvector(exponent_, f8); \
    f8 t_ = (f8)(bits_ - (exponent_ << 23)) - 1; \
    f8 t2_ = t_ * t_; \
    /* Odd and even powers apart: two short chains instead of a long one. */ \
    f8 even_ = (0.08700435f * t2_ + 0.14914769f) * t2_ + 0.19963063f; \
    f8 odd_ = (-0.14267486f * t2_ - 0.16577585f) * t2_ - 0.25001338f; \
    f8 r_ = (even_ * t_ + odd_) * t_ + 0.3333391f; \
    f8 low_ = t2_ * t_ * r_ - 0.5f * t2_ - e_ * 2.1219444e-4f; \
    (scale) * (e_ * 0.6933594f + (t_ + low_)); \
})

EVERY_PROCESSOR void vm_log(const float *x, float *y, long count, float floor, float scale) {
    if (count >= 8) {
        // The last eight overlap the ones before them: read first, as y may be x, and written last.
        f8 last = LOAD(f8, x + count - 8);
        for (long n = 0; n + 8 < count; n += 8) STORE(y + n, LOG8(LOAD(f8, x + n), floor, scale));
        STORE(y + count - 8, LOG8(last, floor, scale));
        return;
    }
    float few[8] = {0};
    for (long n = 0; n < count; n++) few[n] = x[n];
    STORE(few, LOG8(LOAD(f8, few), floor, scale));
    for (long n = 0; n < count; n++) y[n] = few[n];
}

EVERY_PROCESSOR void vm_bands(
    const float *p, const int *starts, const int *blocks, const float *w, float *restrict y, long bands) {
    for (long b = 0; b < bands; b += 4) {
        f4 sums[4] = {0, 0, 0, 0};
        const float *from[4] = {p + starts[b], p + starts[b + 1], p + starts[b + 2], p + starts[b + 3]};
        // Few rounds, four sums side by side: unrolling only adds branches.
#pragma clang loop unroll(disable)
        for (long n = 0; n < 4 * blocks[b / 4]; n += 4, w += 16) {
            for (int i = 0; i < 4; i++) sums[i] += LOAD(f4, from[i] + n) * LOAD(f4, w + 4 * i);
        }
        // Four sums of four lanes at once.
        f4 low = __builtin_shufflevector(sums[0], sums[1], 0, 2, 4, 6)
            + __builtin_shufflevector(sums[0], sums[1], 1, 3, 5, 7);
        f4 high = __builtin_shufflevector(sums[2], sums[3], 0, 2, 4, 6)
            + __builtin_shufflevector(sums[2], sums[3], 1, 3, 5, 7);
        f4 all = __builtin_shufflevector(low, high, 0, 2, 4, 6) + __builtin_shufflevector(low, high, 1, 3, 5, 7);
        STORE(y + b, all);
    }
}

EVERY_PROCESSOR void vm_project(
    const float *x, long inputs, const float *m, long stride, float *restrict y, long outputs) {
    for (long first = 0; first < outputs; first += 16) {
        // The second eight of a lone eight repeat the first: read and thrown away.
        long second = first + 8 < stride ? 8 : 0;
        f8 a = 0, b = 0, c = 0, d = 0;
        const float *row = m + first;
        long n = 0;
        for (; n + 2 <= inputs; n += 2, row += 2 * stride) {
            a += x[n] * LOAD(f8, row);
            b += x[n] * LOAD(f8, row + second);
            c += x[n + 1] * LOAD(f8, row + stride);
            d += x[n + 1] * LOAD(f8, row + stride + second);
        }
        if (n < inputs) {
            a += x[n] * LOAD(f8, row);
            b += x[n] * LOAD(f8, row + second);
        }
        float both[16];
        STORE(both, a + c);
        STORE(both + 8, b + d);
        long rest = outputs - first < 16 ? outputs - first : 16;
        for (long i = 0; i < rest; i++) y[first + i] = both[i];
    }
}

// Six or four sums side by side hide the latency of an addition. Where outputs come in 24s each sum runs over all inputs;
// what is left of them has one sum for even and one for odd inputs. So the bits do not depend on the number of lanes.
EVERY_PROCESSOR void vm_affine(const float *w, const float *x, long inputs, float *restrict y, long outputs) {
    const float *bias = w + inputs * outputs;
    long first = 0;
    for (; first + 48 <= outputs; first += 48) {
        f8 s0 = LOAD(f8, bias + first), s1 = LOAD(f8, bias + first + 8), s2 = LOAD(f8, bias + first + 16);
        f8 s3 = LOAD(f8, bias + first + 24), s4 = LOAD(f8, bias + first + 32), s5 = LOAD(f8, bias + first + 40);
        const float *row = w + first;
        for (long n = 0; n < inputs; n++, row += outputs) {
            s0 += x[n] * LOAD(f8, row);
            s1 += x[n] * LOAD(f8, row + 8);
            s2 += x[n] * LOAD(f8, row + 16);
            s3 += x[n] * LOAD(f8, row + 24);
            s4 += x[n] * LOAD(f8, row + 32);
            s5 += x[n] * LOAD(f8, row + 40);
        }
        STORE(y + first, s0);
        STORE(y + first + 8, s1);
        STORE(y + first + 16, s2);
        STORE(y + first + 24, s3);
        STORE(y + first + 32, s4);
        STORE(y + first + 40, s5);
    }
    for (; first + 24 <= outputs; first += 24) {
        f8 s0 = LOAD(f8, bias + first), s1 = LOAD(f8, bias + first + 8), s2 = LOAD(f8, bias + first + 16);
        const float *row = w + first;
        for (long n = 0; n < inputs; n++, row += outputs) {
            s0 += x[n] * LOAD(f8, row);
            s1 += x[n] * LOAD(f8, row + 8);
            s2 += x[n] * LOAD(f8, row + 16);
        }
        STORE(y + first, s0);
        STORE(y + first + 8, s1);
        STORE(y + first + 16, s2);
    }
    for (; first + 8 <= outputs; first += 16) {
        // The second eight of a lone eight repeat the first: computed and thrown away.
        long second = first + 16 <= outputs ? 8 : 0;
        f8 a = LOAD(f8, bias + first), b = LOAD(f8, bias + first + second), c = 0, d = 0;
        const float *row = w + first;
        long n = 0;
        for (; n + 2 <= inputs; n += 2, row += 2 * outputs) {
            a += x[n] * LOAD(f8, row);
            b += x[n] * LOAD(f8, row + second);
            c += x[n + 1] * LOAD(f8, row + outputs);
            d += x[n + 1] * LOAD(f8, row + outputs + second);
        }
        if (n < inputs) {
            a += x[n] * LOAD(f8, row);
            b += x[n] * LOAD(f8, row + second);
        }
        STORE(y + first, a + c);
        STORE(y + first + second, b + d);
    }
}

EVERY_PROCESSOR void vm_squash(float *y, long count) {
    for (long n = 0; n < count; n++) {
        float low = y[n] < -3 ? -3 : y[n];
        float x = low > 3 ? 3 : low;
        float square = x * x;
        y[n] = x * (27 + square) / (27 + 9 * square);
    }
}

EVERY_PROCESSOR void vm_near_roots(const float *x, float scale, float *restrict y, long count) {
    for (long n = 0; n < count; n++) {
        float value = x[n] * scale, half = 0.5f * value, r;
        int bits;
        memcpy(&bits, &value, sizeof bits);
        bits = 0x5F3759DF - (int)((unsigned)bits >> 1);
        memcpy(&r, &bits, sizeof r);
        r *= 1.5f - half * r * r;
        r *= 1.5f - half * r * r;
        y[n] = value * r;
    }
}

EVERY_PROCESSOR void vm_products(const float *a, const float *b, long count, float *restrict sums) {
    f8 s = 0;
    for (long n = 0; n + 8 <= count; n += 8) s += LOAD(f8, a + n) * LOAD(f8, b + n);
    STORE(sums, s);
}

static const f8 steps = {0, 1, 2, 3, 4, 5, 6, 7};

EVERY_PROCESSOR void vm_first_moment(const float *m, long bins, float *restrict sums, float *total, float *moment) {
    f8 all = 0, moments = 0, more = 0, k = steps;
    long n = 0;
    for (; n + 16 <= bins; n += 16) {
        f8 a = LOAD(f8, m + n), b = LOAD(f8, m + n + 8);
        moments += k * a;
        more += (k + 8) * b;
        k += 16;
        a += b;
        all += a;
        sums[n / 16] = ADD8(a);
    }
    moments += more;
    float t = ADD8(all), f = ADD8(moments);
    for (; n < bins; n++) {
        t += m[n];
        f += (float)n * m[n];
    }
    *total = t;
    *moment = f;
}

EVERY_PROCESSOR void vm_spread(
    const float *m, long bins, float centre, float scale, float *restrict previous, float *spread, float *change) {
    f8 spreads = 0, changes = 0, offset = steps - centre;
    long n = 0;
    for (; n + 8 <= bins; n += 8) {
        f8 a = LOAD(f8, m + n);
        spreads += offset * offset * a;
        offset += 8;
        a *= scale;
        f8 d = a - LOAD(f8, previous + n);
        changes += d * d;
        STORE(previous + n, a);
    }
    float s = ADD8(spreads), c = ADD8(changes);
    for (; n < bins; n++) {
        float o = (float)n - centre, a = m[n] * scale, d = a - previous[n];
        s += o * o * m[n];
        c += d * d;
        previous[n] = a;
    }
    *spread = s;
    *change = c;
}

EVERY_PROCESSOR void vm_power_sums(
    const float *p, const float *l, const float *w, long bins, float floor, struct vm_sums *sums) {
    f8 powers = 0, logs = 0, both = 0, slopes = 0, floors = floor;
    long n = 0;
    for (; n + 8 <= bins; n += 8) {
        f8 q = LOAD(f8, p + n), v = LOAD(f8, l + n);
        q = MAX(q, floors);
        powers += q;
        logs += v;
        both += q * v;
        slopes += v * LOAD(f8, w + n);
    }
    sums->power = ADD8(powers);
    sums->log = ADD8(logs);
    sums->both = ADD8(both);
    sums->slope = ADD8(slopes);
    for (; n < bins; n++) {
        float q = MAX(p[n], floor);
        sums->power += q;
        sums->log += l[n];
        sums->both += q * l[n];
        sums->slope += l[n] * w[n];
    }
}
