/* Writes to a place that it may not write to, each time it is started. */
#include "bench.h"

int main(void)
{
    BENCH_MARK(fault_from);
    *(volatile uint32_t *)(uintptr_t)main = 0; /* its own code */
    bench_rest(); /* then no fault is counted, and the benchmark fails */
}
