/* Logs without end, long lines. */
#include <k5/k5.h>

#include "app.h"

int main(void)
{
    for (uint32_t n = 0;; n++) {
        K5_INFO("flood {} {}", "a long string that fills the log quickly", n);
    }
}
