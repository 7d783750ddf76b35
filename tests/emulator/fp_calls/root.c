/* A server with fp: the root by the unit, a call of its own with all registers full, and the next
 * request taken with them full too. */
#include <k5/k5.h>

#include "../common/fp_hold.h"
#include "app.h" /* ROOT_SERVE, COUNT, TALLY_BASE */
#include "tally.h"

static struct k5_msg request;

FP_UNTOUCHED static void count(void)
{
    struct k5_msg m = {.label = COUNT_ONE};
    (void)!k5_call(COUNT, &m, K5_FOREVER);
}

FP_UNTOUCHED static void answer_and_wait(void)
{
    (void)!k5_reply_recv(ROOT_SERVE, &request, K5_FOREVER);
}

static uint32_t root_of(uint32_t bits)
{
    uint32_t result;
    __asm__ volatile("vmov s0, %1\n\tvsqrt.f32 s0, s0\n\tvmov %0, s0"
                     : "=r"(result)
                     : "r"(bits)
                     : "s0");
    return result;
}

int main(void)
{
    static const struct fp_hold counting = {0xE0000000, 0x0580001F, 1, count};
    static const struct fp_hold waiting = {0xE1110000, 0x90C00000, 1, answer_and_wait};
    (void)!k5_recv(ROOT_SERVE, &request, 0, K5_FOREVER);
    for (;;) {
        TALLY->lost[2] += counting.loops - fp_hold(&counting);
        request.w[0] = root_of(request.w[0]);
        TALLY->lost[2] += waiting.loops - fp_hold(&waiting);
        TALLY->held += 2;
    }
}
