/* store: gets at most the 64 bytes of its interface, in a buffer of its own. */
#include <string.h>

#include <k5/k5.h>

#include "app.h" /* generated: STORE_SERVE, STORE_ARGS_BYTES, store_serve() */

K5_MSG_BUFFER(STORE_ARGS_BYTES);

static uint8_t text[64];
static uint32_t length;

void store_serve_save(const void *bytes, uint32_t bytes_size)
{
    memcpy(text, bytes, bytes_size); /* the next message overwrites them */
    length = bytes_size;
    K5_INFO("saved {} bytes", length);
}

void store_serve_read(const void **kept, uint32_t *kept_size)
{
    *kept = text;
    *kept_size = length;
}

int main(void)
{
    store_serve(STORE_SERVE);
}
