/* client: lends a page; with its true length, with a lie, and without the right to write it. */
#include <k5/k5.h>

#include "app.h" /* generated: PRINTER, printer_large(), printer_error_name() */
#include "printer.h"

static K5_LENDABLE struct page page = {15, "lent, not given"};
static K5_LENDABLE const struct page constant = {4, "read"};

int main(void)
{
    k5_error error = printer_large(PRINTER, &page, sizeof page, k5_after(K5_MS(50)));
    K5_INFO("{}: {}", printer_error_name(error), page.text);
    page.length = 1000;
    error = printer_large(PRINTER, &page, sizeof page, k5_after(K5_MS(50)));
    K5_INFO("a lie: {}", printer_error_name(error));
    error = printer_large(PRINTER, (void *)&constant, sizeof constant, k5_after(K5_MS(50)));
    K5_INFO("not its own to write: {}", printer_error_name(error));
    return 0;
}
