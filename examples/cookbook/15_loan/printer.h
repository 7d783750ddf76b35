/* printer.h - what is lent to the printer. */
#include <stdint.h>

#define PRINTER_OK      0
#define PRINTER_REFUSED 1

struct page {
    uint32_t length;
    char text[60];
};
