/* Where the kernel is entered. */
#include "k5/syscall.h"

/* From the linker script, which has it from the board file: the veneer's address, Thumb bit set. */
extern const char k5_veneer[];

void k5_enter(uint32_t a[K5_A_COUNT], const char *veneer); /* syscall.S */

void k5_syscall(uint32_t a[K5_A_COUNT])
{
    k5_enter(a, k5_veneer);
}
