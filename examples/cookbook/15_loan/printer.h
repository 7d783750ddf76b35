/* printer.h - what is lent to the printer. */
#include <stdint.h>

struct page {
    uint32_t length;
    char text[60];
};
