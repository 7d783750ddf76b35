/* Lends and is given, by typed calls. */
#include "../common/check.h"

#include "app.h" /* VAULT, CLIENT_BITS_SIGNAL, INBOX_SLOT, SESSION_SLOT, BOARD_BASE */

K5_MSG_SLOT(INBOX_SLOT);

static uint32_t bits_take(void)
{
    volatile uint32_t *board = (volatile uint32_t *)BOARD_BASE;
    uint32_t bits = *board;
    *board = 0;
    return bits;
}

static void opens(void)
{
    bool session = false;
    uint32_t caller = 0;
    uint32_t words[2] = {0};
    CHECK_ERROR(vault_open(VAULT, 99, &session, &caller, words, K5_FOREVER),
                (k5_error)VAULT_ERR_FULL);
    CHECK(!session && caller == 0);
    CHECK_ERROR(vault_open(VAULT, 200, &session, &caller, words, K5_FOREVER), K5_OK);
    CHECK(session && caller != 200 && words[0] == 201 && words[1] == 202);
    CHECK_ERROR(vault_open(VAULT, 201, &session, &caller, words, K5_FOREVER), K5_OK);
    CHECK(!session && words[0] == 202); /* the slot is not empty */
    CHECK_ERROR(k5_cap_move(INBOX_SLOT, SESSION_SLOT), K5_OK);
    vault_endpoint mine = {K5_ENDPOINT(SESSION_SLOT)};
    CHECK_ERROR(vault_open(mine, 202, &session, &caller, words, K5_FOREVER), K5_OK);
    CHECK(!session && caller == 200); /* no grant in it: answered without */
}

static void lends(void)
{
    k5_slot right = K5_SLOT(CLIENT_BITS_SIGNAL);
    uint32_t outcome = 77;
    bool came = false;
    CHECK_ERROR(vault_lend(VAULT, right, 2, true, &outcome, &came, K5_FOREVER), K5_OK);
    CHECK(came && outcome == K5_OK && bits_take() == 2);
    CHECK_ERROR(vault_lend(VAULT, right, 0x10, true, &outcome, &came, K5_FOREVER), K5_OK);
    CHECK(came && outcome == K5_ERR_RIGHTS && bits_take() == 0); /* there was room again */
    CHECK_ERROR(vault_lend(VAULT, K5_NO_SLOT, 1, true, &outcome, &came, K5_FOREVER), K5_OK);
    CHECK(!came && outcome == K5_ERR_SLOT);
    CHECK_ERROR(vault_keep(VAULT, right, K5_FOREVER), K5_OK);
    CHECK_ERROR(vault_lend(VAULT, K5_NO_SLOT, 4, true, &outcome, &came, K5_FOREVER), K5_OK);
    CHECK(!came && outcome == K5_OK && bits_take() == 4);
    CHECK_ERROR(vault_lend(VAULT, K5_SLOT(VAULT.endpoint), 1, true, &outcome, &came, K5_FOREVER),
                K5_ERR_RIGHTS);
    CHECK_ERROR(vault_lend(VAULT, SESSION_SLOT, 1, true, &outcome, &came, K5_FOREVER),
                K5_ERR_RIGHTS);
}

/* What is no message of the interface, or an operation without one, leaves the slot empty. */
static void drops(void)
{
    struct k5_msg m = {.label = 77, .out_cap = K5_CAP_OUT(CLIENT_BITS_SIGNAL)};
    uint32_t outcome = 77;
    bool came = false;
    CHECK_ERROR(k5_call(VAULT.endpoint, &m, K5_FOREVER), K5_OK);
    CHECK(m.label == K5_ANSWER_NO_OPERATION && m.flags == 0);
    m = (struct k5_msg){.label = VAULT_OP_RELEASE, .out_cap = K5_CAP_OUT(CLIENT_BITS_SIGNAL)};
    CHECK_ERROR(k5_send(VAULT.endpoint, &m, K5_FOREVER), K5_OK);
    CHECK(m.flags == 0);
    m = (struct k5_msg){
        .label = VAULT_OP_LEND, .w = {1, 2}, .out_cap = K5_CAP_OUT(CLIENT_BITS_SIGNAL)};
    CHECK_ERROR(k5_call(VAULT.endpoint, &m, K5_FOREVER), K5_OK);
    CHECK(m.label == K5_ANSWER_BAD_ARGUMENT && m.flags == 0);
    CHECK_ERROR(
        vault_lend(VAULT, K5_SLOT(CLIENT_BITS_SIGNAL), 8, true, &outcome, &came, K5_FOREVER),
        K5_OK);
    CHECK(came && outcome == K5_OK && bits_take() == 8);
}

static void swaps(void)
{
    struct k5_cap_info info = {0};
    bool yours = false;
    bool came = false;
    CHECK_ERROR(vault_swap(VAULT, K5_SLOT(CLIENT_BITS_SIGNAL), &yours, &came, K5_FOREVER), K5_OK);
    CHECK(yours && came);
    CHECK(k5_cap_info(INBOX_SLOT, &info) == K5_OK && info.type == K5_CAP_NOTIFICATION);
    CHECK(info.depth == 2 && info.badge == 0x0F); /* there and back */
    CHECK_ERROR(k5_cap_delete(INBOX_SLOT), K5_OK);
    CHECK_ERROR(vault_swap(VAULT, K5_NO_SLOT, &yours, &came, K5_FOREVER), K5_OK);
    CHECK(!yours && !came);
}

int main(void)
{
    uint32_t first = 0;
    uint32_t second = 0;
    opens();
    lends();
    drops();
    swaps();
    CHECK_ERROR(vault_release(VAULT, &first, &second, K5_FOREVER), K5_OK);
    CHECK(first == K5_ERR_RIGHTS && second == K5_OK); /* what cannot go leaves the token good */
    CHECK_END("client");
}
