/* Counts for ever and gives way to nobody. */
#include "app.h" /* TALLY_BASE */
#include "tally.h"

int main(void)
{
    for (;;) {
        TALLY->count[ME]++;
    }
}
