/* client: lends a page; with its true length, with a lie, and to be read only. */
#include <k5/k5.h>

#include "app.h" /* generated: PRINTER */
#include "printer.h"

static K5_LENDABLE struct page page = {15, "lent, not given"};

static const char *print(uint32_t rights)
{
    struct k5_msg m = {0};
    struct k5_loan loan = {.base = &page, .size = sizeof page, .rights = rights};
    K5_ASSERT(k5_call_lend(PRINTER, &m, &loan, k5_after(K5_MS(50))) == K5_OK);
    return m.label == PRINTER_OK ? "done" : "refused";
}

int main(void)
{
    const uint32_t both = K5_MEM_READ | K5_MEM_WRITE;
    (void)print(both);
    K5_INFO("{}", page.text);
    page.length = 1000;
    K5_INFO("a lie: {}", print(both));
    page.length = 15;
    K5_INFO("to be read only: {}", print(K5_MEM_READ));
    return 0;
}
