/* client: sends bytes from wherever they lie, and has a buffer of its own for answers. */
#include <string.h>

#include <k5/k5.h>

#include "app.h" /* generated: STORE, STORE_REPLY_BYTES, store_save(), store_read() */

K5_MSG_BUFFER(STORE_REPLY_BYTES);

static const char text[100] = "twelve bytes";

int main(void)
{
    uint8_t back[64]; /* a smaller one does not compile */
    uint32_t size = 0;
    K5_ASSERT(store_save(STORE, text, 12, K5_FOREVER) == K5_OK);
    k5_error error = store_save(STORE, text, sizeof text, K5_FOREVER);
    K5_INFO("100 bytes: {}", k5_error_name(error));
    K5_ASSERT(store_read(STORE, back, &size, K5_FOREVER) == K5_OK);
    bool same = size == 12 && memcmp(back, text, 12) == 0;
    K5_INFO("read {} bytes back, {}", size, same ? "the same" : "others");
    return 0;
}
