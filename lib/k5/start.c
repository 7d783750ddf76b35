/* Start-up code of every task: the first instruction after a start or a restart.
 *
 * The kernel sets the stack pointer, its limit and all other registers (0). This code makes C's
 * promises true: .data has its initial values, .bss is zero. It runs on the task's own time, so a
 * restart costs the kernel no copying.
 *
 *   code region: text | constants | initial data ---copied---> RAM region: stack | data | bss
 */
#include <string.h>

#include "k5/k5.h"

/* From the linker script. Arrays, so that the names are addresses. */
extern const uint32_t __data_source[];
extern uint32_t __data_start[], __data_end[];
extern uint32_t __bss_start[], __bss_end[];

int main(void);
_Noreturn void _start(void);

void _start(void)
{
    memcpy(__data_start, __data_source, (size_t)((char *)__data_end - (char *)__data_start));
    memset(__bss_start, 0, (size_t)((char *)__bss_end - (char *)__bss_start));
    k5_exit((uint32_t)main());
}
