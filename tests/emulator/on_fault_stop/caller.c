/* The call that kills, and one after it. */
#include "../common/check.h"
#include "app.h" /* SAID, SILENT */

static void ask(k5_endpoint server)
{
    struct k5_msg m = {0};

    CHECK_ERROR(k5_call(server, &m, K5_FOREVER), K5_ERR_PEER_DIED);
    CHECK_ERROR(k5_call(server, &m, K5_FOREVER), K5_ERR_PEER_GONE);
}

int main(void)
{
    ask(SAID);
    ask(SILENT);
    CHECK_END("caller");
}
