/* printer: makes the letters of a page that its client lends it large. */
#include <stddef.h>

#include <k5/k5.h>

#include "app.h" /* generated: PRINTER_SERVE */
#include "printer.h"

static void answer(struct k5_msg *m)
{
    struct k5_loan loan = k5_loan(m); /* of size 0 if nothing was lent */
    uint32_t length;
    m->label = PRINTER_REFUSED;
    if (!k5_loan_read(&loan, offsetof(struct page, length), &length, sizeof length)) {
        return;
    }
    if (length > loan.size - offsetof(struct page, text)) {
        K5_WARN("{} letters in {} bytes", length, loan.size);
        return;
    }
    char *text = (char *)loan.base + offsetof(struct page, text);
    if ((loan.rights & K5_MEM_WRITE) == 0) {
        return; /* to write would be a fault of this task */
    }
    for (uint32_t i = 0; i < length; i++) { /* the copy that was checked, not the page's own */
        text[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
    }
    K5_INFO("{} letters, where they lie", length);
    m->label = PRINTER_OK;
}

int main(void)
{
    k5_serve(PRINTER_SERVE, answer);
}
