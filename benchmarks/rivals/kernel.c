/* Monte Carlo on a network in C, written for this comparison: what a careful person writes who knows the machine.
 *
 * The same work as ours: triangular durations by the inverse of their distribution from Philox4x32-10 numbers of their own for each (activity,
 * iteration), rounded to whole minutes, a forward pass, the project's finish, a backward pass, how often each activity has no float, and for each
 * activity the sum and the sum of squares of its duration. Iterations run in blocks of LANES, [activity][lane], which the compiler vectorises.
 *
 *   gcc -O3 -march=native -fno-math-errno -fno-trapping-math -shared -fPIC -o kernel.so kernel.c -lm
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef LANES
#define LANES 128
#endif
enum { FS, SS, FF, SF };

static void uniforms(uint32_t seed, uint32_t variable, uint32_t first, float *restrict u) {
    for (uint32_t j = 0; j < LANES / 4; j++) {
        uint32_t c0 = first / 4 + j, c1 = 0, c2 = variable, c3 = 0, k0 = seed, k1 = 0;
        for (int round = 0; round < 10; round++) {
            uint64_t p0 = (uint64_t)0xD2511F53 * c0, p1 = (uint64_t)0xCD9E8D57 * c2;
            c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, c1 = (uint32_t)p1;
            c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1, c3 = (uint32_t)p0;
            k0 += 0x9E3779B9, k1 += 0xBB67AE85;
        }
        u[j] = ((int32_t)(c0 >> 9) + 0.5f) * 0x1p-23f;
        u[LANES / 4 + j] = ((int32_t)(c1 >> 9) + 0.5f) * 0x1p-23f;
        u[2 * (LANES / 4) + j] = ((int32_t)(c2 >> 9) + 0.5f) * 0x1p-23f;
        u[3 * (LANES / 4) + j] = ((int32_t)(c3 >> 9) + 0.5f) * 0x1p-23f;
    }
}

static inline int32_t greater(int32_t a, int32_t b) { return a > b ? a : b; }
static inline int32_t less(int32_t a, int32_t b) { return a < b ? a : b; }

/* points: [n][3] low, likely, high; a finish for each iteration, and three numbers for each activity come back. 0: done; 1: no memory */
int simulate(int n, const double *points, const int64_t *pred_from, const int32_t *pred, const int8_t *pred_type, const int32_t *pred_lag,
             const int64_t *succ_from, const int32_t *succ, const int8_t *succ_type, const int32_t *succ_lag, int iterations, uint32_t seed,
             int32_t *finish_of, int64_t *critical, int64_t *sum, int64_t *squares) {
    int32_t(*duration)[LANES] = aligned_alloc(64, sizeof(int32_t[LANES]) * (size_t)n);
    int32_t(*end)[LANES] = aligned_alloc(64, sizeof(int32_t[LANES]) * (size_t)n); /* early finishes, then late starts */
    if (!duration || !end) return 1;
    float u[LANES];
    int32_t start[LANES], finish[LANES], late[LANES];
    memset(critical, 0, sizeof(int64_t) * (size_t)n);
    memset(sum, 0, sizeof(int64_t) * (size_t)n);
    memset(squares, 0, sizeof(int64_t) * (size_t)n);
    for (int first = 0; first < iterations; first += LANES) {
        int used = iterations - first < LANES ? iterations - first : LANES;
        for (int k = 0; k < LANES; k++) finish[k] = 0;
        for (int i = 0; i < n; i++) {
            int32_t *restrict own = duration[i], *restrict row = end[i];
            float low = (float)points[3 * i], width = (float)(points[3 * i + 2] - points[3 * i]);
            float rise = (float)(width * (points[3 * i + 1] - points[3 * i])), fall = (float)(width * (points[3 * i + 2] - points[3 * i + 1]));
            float mode = width > 0 ? (float)((points[3 * i + 1] - points[3 * i]) / width) : 0.0f;
            uniforms(seed, (uint32_t)i, (uint32_t)first, u);
            for (int k = 0; k < LANES; k++) {
                float below = u[k] * rise, above = (1.0f - u[k]) * fall;
                float root = sqrtf(u[k] < mode ? below : above), back = width - root;
                own[k] = (int32_t)(low + (u[k] < mode ? root : back) + 0.5f);
            }
            int64_t total = 0, square = 0;
            for (int k = 0; k < used; k++) total += own[k], square += (int64_t)own[k] * own[k];
            sum[i] += total, squares[i] += square;
            for (int k = 0; k < LANES; k++) start[k] = 0;
            for (int64_t p = pred_from[i]; p < pred_from[i + 1]; p++) {
                const int32_t *restrict other = end[pred[p]], *restrict length = duration[pred[p]];
                int32_t lag = pred_lag[p];
                switch (pred_type[p]) {
                case FS: for (int k = 0; k < LANES; k++) start[k] = greater(start[k], other[k] + lag); break;
                case SS: for (int k = 0; k < LANES; k++) start[k] = greater(start[k], other[k] - length[k] + lag); break;
                case FF: for (int k = 0; k < LANES; k++) start[k] = greater(start[k], other[k] + lag - own[k]); break;
                default: for (int k = 0; k < LANES; k++) start[k] = greater(start[k], other[k] - length[k] + lag - own[k]);
                }
            }
            for (int k = 0; k < LANES; k++) row[k] = start[k] + own[k];
            for (int k = 0; k < LANES; k++) finish[k] = greater(finish[k], row[k]);
        }
        memcpy(finish_of + first, finish, sizeof(int32_t) * (size_t)used);
        for (int i = n - 1; i >= 0; i--) {
            int32_t *restrict own = duration[i], *restrict row = end[i];
            for (int k = 0; k < LANES; k++) late[k] = finish[k];
            for (int64_t s = succ_from[i]; s < succ_from[i + 1]; s++) {
                const int32_t *restrict other = end[succ[s]], *restrict length = duration[succ[s]];
                int32_t lag = succ_lag[s];
                switch (succ_type[s]) {
                case FS: for (int k = 0; k < LANES; k++) late[k] = less(late[k], other[k] - lag); break;
                case SS: for (int k = 0; k < LANES; k++) late[k] = less(late[k], other[k] - lag + own[k]); break;
                case FF: for (int k = 0; k < LANES; k++) late[k] = less(late[k], other[k] + length[k] - lag); break;
                default: for (int k = 0; k < LANES; k++) late[k] = less(late[k], other[k] + length[k] - lag + own[k]);
                }
            }
            int count = 0;
            for (int k = 0; k < used; k++) count += late[k] <= row[k];
            critical[i] += count;
            for (int k = 0; k < LANES; k++) row[k] = late[k] - own[k];
        }
    }
    free(duration);
    free(end);
    return 0;
}
