/* Everything that one task can do to its own table. */
#include "../common/check.h"
#include "app.h" /* DESK_SERVE, ECHO, ECHO_SIGNAL, A_SLOT .. D_SLOT */

static struct k5_cap_info look(k5_slot slot)
{
    struct k5_cap_info info = {0};
    CHECK_ERROR(k5_cap_info(slot, &info), K5_OK);
    return info;
}

static uint32_t badge_seen(k5_slot slot)
{
    struct k5_msg m = {0};
    CHECK_ERROR(k5_call(K5_ENDPOINT(slot), &m, K5_FOREVER), K5_OK);
    return m.w[0];
}

static void copies(void)
{
    uint32_t mine = badge_seen(K5_SLOT(ECHO));
    CHECK_ERROR(k5_cap_copy(K5_SLOT(ECHO), A_SLOT), K5_OK);
    CHECK_ERROR(k5_cap_copy(A_SLOT, B_SLOT), K5_OK);
    CHECK(badge_seen(B_SLOT) == mine);
    CHECK(look(B_SLOT).depth == 2 && look(B_SLOT).badge == mine && !look(B_SLOT).fixed);
    CHECK_ERROR(k5_cap_copy(K5_SLOT(ECHO), A_SLOT), K5_ERR_OCCUPIED);
    CHECK_ERROR(k5_cap_copy(K5_SLOT(ECHO), K5_SLOT(DESK_SERVE)), K5_ERR_SLOT);
    CHECK_ERROR(k5_cap_copy(C_SLOT, D_SLOT), K5_ERR_SLOT);
    CHECK_ERROR(k5_cap_mint(A_SLOT, C_SLOT, K5_RIGHT_CALL, mine + 1), K5_ERR_RIGHTS);
    CHECK_ERROR(k5_cap_move(B_SLOT, C_SLOT), K5_OK);
    CHECK(badge_seen(C_SLOT) == mine);
    CHECK(look(B_SLOT).type == K5_CAP_NONE);
    CHECK_ERROR(k5_cap_delete(A_SLOT), K5_OK);
    CHECK(badge_seen(C_SLOT) == mine);
    CHECK_ERROR(k5_cap_revoke(K5_SLOT(ECHO)), K5_OK);
    CHECK(look(C_SLOT).type == K5_CAP_NONE);
    CHECK(badge_seen(K5_SLOT(ECHO)) == mine);
}

static void server_right(void)
{
    CHECK_ERROR(k5_cap_copy(K5_SLOT(DESK_SERVE), A_SLOT), K5_ERR_RIGHTS);
    CHECK_ERROR(k5_cap_mint(K5_SLOT(DESK_SERVE), A_SLOT, K5_RIGHT_CALL, 77), K5_OK);
    struct k5_cap_info info = look(A_SLOT);
    CHECK(info.rights == K5_RIGHT_CALL && info.badge == 77 && info.depth == 1);
    CHECK(info.object == look(K5_SLOT(DESK_SERVE)).object);
    struct k5_msg m = {0};
    CHECK_ERROR(k5_call(K5_ENDPOINT(A_SLOT), &m, K5_POLL), K5_ERR_ARG); /* its own */
    k5_server not_mine = {A_SLOT.slot};
    CHECK_ERROR(k5_recv(not_mine, &m, 0, K5_POLL), K5_ERR_RIGHTS);
    CHECK_ERROR(k5_cap_delete(A_SLOT), K5_OK);
    CHECK_ERROR(k5_cap_delete(A_SLOT), K5_ERR_SLOT);
}

static void bits(void)
{
    CHECK_ERROR(k5_cap_mint(K5_SLOT(ECHO_SIGNAL), A_SLOT, K5_RIGHT_SIGNAL, 0x3), K5_OK);
    CHECK_ERROR(k5_signal(K5_NOTIFICATION(A_SLOT), 0x2), K5_OK);
    CHECK_ERROR(k5_signal(K5_NOTIFICATION(A_SLOT), 0x4), K5_ERR_RIGHTS);
    CHECK_ERROR(k5_cap_mint(A_SLOT, B_SLOT, K5_RIGHT_SIGNAL, 0x7), K5_ERR_RIGHTS);
    struct k5_msg m = {0};
    CHECK_ERROR(k5_call(K5_ENDPOINT(A_SLOT), &m, K5_POLL), K5_ERR_TYPE);
    CHECK_ERROR(k5_cap_delete(A_SLOT), K5_OK);
}

/* To the end of what may derive, through the four free slots in turn. */
static void depth(void)
{
    const k5_slot slot[] = {A_SLOT, B_SLOT, C_SLOT, D_SLOT};
    k5_slot from = K5_SLOT(ECHO);
    for (uint32_t i = 0; i < K5_DEPTH_MAX; i++) {
        CHECK_ERROR(k5_cap_copy(from, slot[i % 4]), K5_OK);
        if (i != 0) {
            CHECK_ERROR(k5_cap_delete(from), K5_OK);
        }
        from = slot[i % 4];
    }
    CHECK_ERROR(k5_cap_copy(from, slot[K5_DEPTH_MAX % 4]), K5_ERR_DEPTH);
    CHECK(badge_seen(from) == look(K5_SLOT(ECHO)).badge);
    struct k5_cap_info list[3];
    CHECK(k5_cap_list(list, 3) == 7);
    CHECK(list[2].type == K5_CAP_NOTIFICATION);
}

int main(void)
{
    copies();
    server_right();
    bits();
    depth();
    CHECK_END("maker");
}
