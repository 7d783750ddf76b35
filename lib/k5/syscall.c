/* Where the kernel is entered: the tool knows the veneer's address from the board file. */
#include "k5/syscall.h"

#include "app.h"

void k5_enter(uint32_t a[K5_A_COUNT], uint32_t veneer); /* syscall.S */

void k5_syscall(uint32_t a[K5_A_COUNT])
{
    k5_enter(a, K5_VENEER | 1u); /* bit 0: Thumb */
}
