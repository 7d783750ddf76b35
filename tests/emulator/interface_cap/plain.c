/* No capability goes with its calls, nor with their answers; the rest of both does. */
#include "../common/check.h"

#include "app.h" /* VAULT, CLIENT_BITS_SIGNAL, INBOX_SLOT */

K5_MSG_SLOT(INBOX_SLOT);

int main(void)
{
    bool session = true;
    uint32_t caller = 0;
    uint32_t words[2] = {0};
    uint32_t outcome = 77;
    bool came = true;
    CHECK_ERROR(vault_open(VAULT, 300, &session, &caller, words, K5_FOREVER), K5_OK);
    CHECK(!session && words[0] == 301 && caller != 0);
    CHECK_ERROR(
        vault_lend(VAULT, K5_SLOT(CLIENT_BITS_SIGNAL), 16, true, &outcome, &came, K5_FOREVER),
        K5_ERR_RIGHTS);
    CHECK(outcome == 77 && came);
    CHECK_ERROR(vault_lend(VAULT, K5_NO_SLOT, 1, false, &outcome, &came, K5_FOREVER), K5_OK);
    CHECK(outcome == K5_ERR_ARG && !came);
    CHECK_END("plain");
}
