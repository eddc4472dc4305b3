/* The time loop by hand, for `benchmarks/throughput.py`: forward Euler on the grid, float32, one array per quantity.

   What `spark.solvers.Euler(on_grid=True)` computes: all variables from the old values, then the test, then the reset.
   Every neuron has parameters of its own, as in a population of Spark; the current is the same for all. `spikes` is of
   shape (steps, n), one byte each; of the potential, column `watched` is kept (the value at the beginning of a step), or
   none when `seen` is NULL. `restrict` and `simd` let the compiler use whole vectors; with -ffast-math expf is one too. */

#include <math.h>
#include <stddef.h>

typedef struct {
    const float *rest, *reset, *tau, *resistance, *threshold;
    const float *soft, *slope, *tau_w, *jump_w, *coupling; /* the adaptive exponential soma's own */
} parameters;

void leaky(int n, int steps, float dt, const parameters *p, const float *current, float *restrict v,
           unsigned char *restrict spikes, float *restrict seen, int watched)
{
    const float *restrict rest = p->rest, *restrict reset = p->reset, *restrict tau = p->tau;
    const float *restrict resistance = p->resistance, *restrict threshold = p->threshold;
    for (int k = 0; k < steps; k++) {
        const float given = current[k];
        unsigned char *restrict fired = spikes + (size_t)k * n;
        if (seen)
            seen[k] = v[watched];
#pragma omp simd
        for (int i = 0; i < n; i++) {
            float end = v[i] + dt * (rest[i] - v[i] + resistance[i] * given) / tau[i];
            int fires = end > threshold[i];
            v[i] = fires ? reset[i] : end;
            fired[i] = fires;
        }
    }
}

void adaptive(int n, int steps, float dt, const parameters *p, const float *current, float *restrict v,
              float *restrict w, unsigned char *restrict spikes, float *restrict seen, int watched)
{
    const float *restrict rest = p->rest, *restrict reset = p->reset, *restrict tau = p->tau;
    const float *restrict resistance = p->resistance, *restrict threshold = p->threshold;
    const float *restrict soft = p->soft, *restrict slope = p->slope, *restrict tau_w = p->tau_w;
    const float *restrict jump_w = p->jump_w, *restrict coupling = p->coupling;
    for (int k = 0; k < steps; k++) {
        const float given = current[k];
        unsigned char *restrict fired = spikes + (size_t)k * n;
        if (seen)
            seen[k] = v[watched];
#pragma omp simd
        for (int i = 0; i < n; i++) {
            float x = (v[i] - soft[i]) / slope[i];
            float growth = slope[i] * expf(x < 60.0f ? x : 60.0f);
            float end = v[i] + dt * (rest[i] - v[i] + growth + resistance[i] * (given - w[i])) / tau[i];
            float after = w[i] + dt * (coupling[i] * (v[i] - rest[i]) - w[i]) / tau_w[i];
            int fires = end > threshold[i];
            v[i] = fires ? reset[i] : end;
            w[i] = fires ? after + jump_w[i] : after;
            fired[i] = fires;
        }
    }
}
