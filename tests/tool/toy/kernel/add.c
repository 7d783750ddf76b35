/* An addition that stops at LIMIT, and a table. */
#include "add.h"

unsigned table[SIZE];

unsigned add_capped(unsigned a, unsigned b)
{
    return a > LIMIT - b ? LIMIT : a + b; /* b is at most LIMIT */
}
