/* filter: halves what it was given, where it lies, and gives it on. */
#include <k5/k5.h>

#include "app.h" /* generated: FILTER_SERVE, filter_serve(), ARCHIVE, INBOX_SLOT */

K5_MSG_SLOT(INBOX_SLOT);

/* It may be looked at and changed in one pass: nobody else writes there. */
enum filter_error filter_serve_take(bool frame)
{
    void *base;
    uint32_t size;
    uint32_t rights = K5_MEM_READ | K5_MEM_WRITE;
    if (!frame || k5_map(K5_REGION(INBOX_SLOT), rights, &base, &size) != K5_OK) {
        return FILTER_ERR_NO_FRAME;
    }
    uint8_t *pixel = base;
    uint8_t brightest = 0;
    for (uint32_t i = 0; i < size; i++) {
        brightest = pixel[i] > brightest ? pixel[i] : brightest;
        pixel[i] /= 2;
    }
    K5_INFO("{} bytes, brightest {}", size, brightest);
    k5_error error = archive_keep(ARCHIVE, INBOX_SLOT, K5_FOREVER); /* unmapped, and gone */
    return error == K5_OK ? FILTER_OK : FILTER_ERR_NO_FRAME;
}

int main(void)
{
    filter_serve(FILTER_SERVE);
}
