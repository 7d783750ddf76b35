/* Opens one session at a time. A right that comes is used, kept, or left to be dropped. */
#include <k5/k5.h>

#include "app.h" /* VAULT_SERVE, INBOX_SLOT, SESSION_SLOT, KEPT_SLOT */

K5_MSG_SLOT(INBOX_SLOT);

static uint32_t waiting; /* token */

static k5_slot session_mint(uint32_t badge)
{
    (void)!k5_cap_delete(SESSION_SLOT);
    k5_error error = k5_cap_mint(K5_SLOT(VAULT_SERVE), SESSION_SLOT, K5_RIGHT_CALL, badge);
    return error == K5_OK ? SESSION_SLOT : K5_NO_SLOT;
}

enum vault_error vault_serve_open(uint32_t badge, uint32_t number, k5_slot *session,
                                  uint32_t *caller, uint32_t words[2])
{
    *session = session_mint(number);
    *caller = badge;
    words[0] = number + 1;
    words[1] = number + 2;
    return number == 99 ? VAULT_ERR_FULL : VAULT_OK; /* an error brings nothing */
}

void vault_serve_lend(bool right, uint32_t bits, bool on, uint32_t *outcome, bool *came)
{
    k5_slot slot = right ? INBOX_SLOT : KEPT_SLOT;
    *outcome = on ? k5_signal(K5_NOTIFICATION(slot), bits) : K5_ERR_ARG;
    *came = right;
}

void vault_serve_keep(bool right)
{
    if (right) {
        k5_error error = k5_cap_move(INBOX_SLOT, KEPT_SLOT);
        K5_ASSERT(error == K5_OK);
    }
}

void vault_serve_swap(bool mine, k5_slot *yours, bool *came)
{
    *yours = mine ? INBOX_SLOT : K5_NO_SLOT; /* back goes what came */
    *came = mine;
}

void vault_serve_open_later(uint32_t token)
{
    waiting = token;
}

void vault_serve_release(uint32_t *first_error, uint32_t *second_error)
{
    *first_error = vault_reply_open_later(waiting, VAULT_OK, K5_SLOT(VAULT_SERVE), 5);
    *second_error = vault_reply_open_later(waiting, VAULT_OK, session_mint(500), 6);
}

int main(void)
{
    vault_serve(VAULT_SERVE);
}
