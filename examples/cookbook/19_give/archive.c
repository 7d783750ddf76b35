/* archive: reads what it was given. Deleted, it goes home to the camera, as if this task ended. */
#include <k5/k5.h>

#include "app.h" /* generated: ARCHIVE_SERVE, archive_serve(), INBOX_SLOT */

K5_MSG_SLOT(INBOX_SLOT);

enum archive_error archive_serve_keep(bool frame)
{
    void *base;
    uint32_t size;
    if (!frame || k5_map(K5_REGION(INBOX_SLOT), K5_MEM_READ, &base, &size) != K5_OK) {
        return ARCHIVE_ERR_NO_FRAME;
    }
    uint8_t most = 0;
    for (uint32_t i = 0; i < size; i++) {
        uint8_t pixel = ((const uint8_t *)base)[i];
        most = pixel > most ? pixel : most;
    }
    K5_INFO("{} bytes, now at most {}", size, most);
    return k5_cap_delete(INBOX_SLOT) == K5_OK ? ARCHIVE_OK : ARCHIVE_ERR_NO_FRAME;
}

int main(void)
{
    archive_serve(ARCHIVE_SERVE);
}
