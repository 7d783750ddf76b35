/* client: sends bytes from wherever they lie, and has a buffer of its own for answers. */
#include <string.h>

#include <k5/k5.h>

#include "app.h" /* generated: STORE */
#include "store.h"

K5_MSG_BUFFER(64);

static const char text[100] = "twelve bytes";

int main(void)
{
    struct k5_msg m = {.label = STORE_SAVE, .out = text, .out_size = 12};
    K5_ASSERT(k5_call(STORE, &m, K5_FOREVER) == K5_OK && m.label == STORE_OK);

    m = (struct k5_msg){.label = STORE_SAVE, .out = text, .out_size = sizeof text};
    K5_ASSERT(k5_call(STORE, &m, K5_FOREVER) == K5_OK);
    K5_INFO("too long: {}", m.label == STORE_LARGE ? "refused" : "taken");

    m = (struct k5_msg){.label = STORE_READ};
    K5_ASSERT(k5_call(STORE, &m, K5_FOREVER) == K5_OK);
    bool same = m.in_size == 12 && memcmp(m.in, text, 12) == 0;
    K5_INFO("read {} bytes back, {}", m.in_size, same ? "the same" : "others");
    return 0;
}
