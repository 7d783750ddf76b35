/* Three lives: each must find its table as the image has it, whatever the last one did to it. */
#include "../common/check.h"
#include "app.h" /* ECHO, A_SLOT, B_SLOT, LIVES_BASE */

#define LIVES 3u

static void table_is_new(void)
{
    struct k5_cap_info info;
    CHECK_ERROR(k5_cap_info(K5_SLOT(ECHO), &info), K5_OK);
    CHECK(info.type == K5_CAP_ENDPOINT && info.depth == 0 && info.fixed);
    CHECK_ERROR(k5_cap_info(A_SLOT, &info), K5_OK);
    CHECK(info.type == K5_CAP_NONE);
    CHECK_ERROR(k5_cap_info(B_SLOT, &info), K5_OK);
    CHECK(info.type == K5_CAP_NONE);
}

int main(void)
{
    volatile uint32_t *lives = (volatile uint32_t *)LIVES_BASE;
    uint32_t life = lives[0]++;
    checks_done = lives[1];
    table_is_new();
    CHECK_ERROR(k5_cap_copy(K5_SLOT(ECHO), A_SLOT), K5_OK);
    CHECK_ERROR(k5_cap_copy(A_SLOT, B_SLOT), K5_OK);
    CHECK_ERROR(k5_cap_delete(K5_SLOT(ECHO)), K5_OK);
    CHECK_ERROR(k5_cap_copy(K5_SLOT(ECHO), B_SLOT), K5_ERR_SLOT);
    lives[1] = checks_done;
    if (life + 1 < LIVES) {
        k5_exit(life); /* on-fault starts it anew */
    }
    CHECK_END("mortal");
}
