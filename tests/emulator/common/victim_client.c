/* The victim that calls. Each millisecond a round of four checked calls; if all is well it signals
 * a beat to the referee. No beat: a victim was harmed, or does not get the processor.
 */
#include <k5/k5.h>

#include "app.h" /* VICTIM, REFEREE_SIGNAL */
#include "referee.h"
#include "victim.h"

static uint32_t served; /* as the server counts */

static bool call_checked(uint32_t n)
{
    struct k5_msg m = {.label = VICTIM_ADD, .w = {n}};
    k5_error error = k5_call(VICTIM, &m, K5_FOREVER);
    if (error != K5_OK) {
        K5_ERROR("VICTIM: {}", k5_error_name(error));
        return false;
    }
    bool good = m.label == VICTIM_OK && m.w[0] == n + 1 && m.w[2] == VICTIM_CHECKSUM;
    bool counted = m.w[1] > served; /* others may have called it in between */
    served = m.w[1];
    if (!good || !counted) {
        K5_ERROR("VICTIM: wrong answer {}, {}, {}", m.w[0], m.w[1], m.w[2]);
    }
    return good && counted;
}

int main(void)
{
    for (uint32_t n = 0;; n += 4) {
        bool good = true;
        for (uint32_t i = 0; i < 4; i++) {
            good = call_checked(n + i) && good;
        }
        if (good && k5_signal(REFEREE_SIGNAL, REFEREE_BEAT) != K5_OK) {
            K5_ERROR("VICTIM: cannot signal");
        }
        k5_sleep(K5_MS(1));
    }
}
