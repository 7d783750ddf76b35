/* Holds its secret in all registers, always. */
#include "../common/fp_hold.h"
#include "app.h" /* SCRIPT_BASE */
#include "script.h"

#include <stddef.h>

int main(void)
{
    for (;;) {
        const struct fp_hold h = {0x5EC00000, 0xF7C0009F, 10, NULL};
        SCRIPT->held += h.loops;
        SCRIPT->wrong += h.loops - fp_hold(&h);
    }
}
