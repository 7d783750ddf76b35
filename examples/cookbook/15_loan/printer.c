/* printer: makes the letters of a page that its client lends it large. */
#include <stddef.h>

#include <k5/k5.h>

#include "app.h" /* generated: PRINTER_SERVE, printer_serve() */
#include "printer.h"

/* The page has at least 4 bytes and may be written, or this is not called. */
enum printer_error printer_serve_large(const struct k5_loan *page)
{
    uint32_t length = 0;
    bool read = k5_loan_read(page, offsetof(struct page, length), &length, sizeof length);
    if (!read || length > page->size - offsetof(struct page, text)) {
        K5_WARN("{} letters in {} bytes", length, page->size);
        return PRINTER_ERR_TOO_LONG;
    }
    char *text = (char *)page->base + offsetof(struct page, text);
    for (uint32_t i = 0; i < length; i++) { /* the copy that was checked, not the page's own */
        text[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
    }
    K5_INFO("{} letters, where they lie", length);
    return PRINTER_OK;
}

int main(void)
{
    printer_serve(PRINTER_SERVE);
}
