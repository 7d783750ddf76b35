/* Calls both servers with all registers full. */
#include <k5/k5.h>

#include "../common/fp_hold.h"
#include "app.h" /* ROOT, COUNT, TALLY_BASE */
#include "tally.h"

static uint32_t n;

/* The root of (n * 0.25)^2, in bits: 0.25 is 0x3E800000, and n a power of two moves the exponent.
 */
FP_UNTOUCHED static void ask_root(void)
{
    uint32_t exponent = n % 32;
    struct k5_msg m = {.label = ROOT_OF, .w = {0x3D800000u + (exponent << 24)}};
    k5_error error = k5_call(ROOT, &m, K5_FOREVER);
    TALLY->calls[ME]++;
    TALLY->wrong[ME] += error != K5_OK || m.w[0] != 0x3E800000u + (exponent << 23) ? 1 : 0;
    n++;
}

FP_UNTOUCHED static void ask_count(void)
{
    struct k5_msg m = {.label = COUNT_ONE};
    k5_error error = k5_call(COUNT, &m, K5_FOREVER);
    TALLY->calls[ME]++;
    TALLY->wrong[ME] += error != K5_OK || m.w[0] == 0 ? 1 : 0;
}

int main(void)
{
    for (;;) {
        const struct fp_hold root = {PATTERN, 0x30C0009F, 3, ask_root};
        const struct fp_hold count = {PATTERN + 64, 0xC080001F, 3, ask_count};
        TALLY->lost[ME] += root.loops - fp_hold(&root);
        TALLY->lost[ME] += count.loops - fp_hold(&count);
    }
}
