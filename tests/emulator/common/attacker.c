/* The attacker: asks the referee what to do and does it. Starts anew after each fault. */
#include <k5/k5.h>

#include "app.h" /* REFEREE, VICTIM */
#include "referee.h"
#include "victim.h"

static struct places places_ask(void)
{
    struct k5_msg m = {.label = VICTIM_WHERE};
    k5_error error = k5_call(VICTIM, &m, K5_FOREVER);
    K5_ASSERT(error == K5_OK);
    return (struct places){.victim_data = m.w[0], .victim_code = m.w[1]};
}

static void aim_tell(uint32_t address)
{
    struct k5_msg m = {.label = REFEREE_AIM, .w = {address}};
    k5_error error = k5_call(REFEREE, &m, K5_FOREVER);
    K5_ASSERT(error == K5_OK);
}

int main(void)
{
    struct places places = places_ask();
    struct k5_msg m = {.label = REFEREE_NEXT};
    for (;;) {
        k5_error error = k5_call(REFEREE, &m, K5_FOREVER);
        K5_ASSERT(error == K5_OK);
        const struct attack *attack = &attacks[m.w[0]];
        places.n = m.w[1];
        uint32_t address = 0;
        if (attack->aim != NULL) {
            address = attack->aim(&places);
            aim_tell(address);
        }
        attack->run(address, &places);
        m = (struct k5_msg){.label = REFEREE_RETURNED};
    }
}
