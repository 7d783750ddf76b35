/* Has no fp, and tries to read what the unit holds: another way at each start. */
#include <stdint.h>

#include "app.h" /* SCRIPT_BASE */
#include "script.h"

static uint32_t word[32];

int main(void)
{
    register uint32_t *r0 __asm__("r0") = word;
    switch (SCRIPT->thefts++ % 4) {
    case 0: __asm__ volatile(".inst.w 0xECA00A20" : "+r"(r0)::"memory"); break; /* all, vstmia */
    case 1: __asm__ volatile(".inst.w 0xEE100A10" : "+r"(r0)::"memory"); break; /* vmov r0, s0 */
    case 2: __asm__ volatile(".inst.w 0xEE1F0A90" : "+r"(r0)::"memory"); break; /* vmov r0, s31 */
    default: __asm__ volatile(".inst.w 0xEEF10A10" : "+r"(r0)::"memory");       /* vmrs r0, fpscr */
    }
    SCRIPT->stolen++;
    return 0;
}
