/* One vocabulary for contracts: what a function needs and what the kernel's state obeys.
 *
 * With K5_CHECKS 1 (debug builds, unit tests, proofs) a contract that does not hold is a
 * kernel_panic with its id; the proofs turn kernel_panic into a failed property, so every contract
 * is proved. With K5_CHECKS 0 it costs nothing.
 */
#ifndef KERNEL_CONTRACT_H
#define KERNEL_CONTRACT_H

#include "abi/k5_panic.h"
#include "kernel/config.h"

_Noreturn void kernel_panic(uint32_t where, uint32_t value);

/* A precondition of the function it opens. `value` helps to see what went wrong. */
#define REQUIRE(condition, value)                    \
    do {                                             \
        if (K5_CHECKS != 0 && !(condition)) {        \
            kernel_panic(K5_PANIC_REQUIRE, (value)); \
        }                                            \
    } while (0)

/* What holds after every kernel entry. */
#define INVARIANT(condition, part)                    \
    do {                                              \
        if (K5_CHECKS != 0 && !(condition)) {         \
            kernel_panic(K5_PANIC_INVARIANT, (part)); \
        }                                             \
    } while (0)

/* Of a function that is not on the way of a message: compiled to be small. */
#define COLD __attribute__((cold))

#endif
