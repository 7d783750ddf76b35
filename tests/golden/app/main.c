/* Every task of the golden app: nothing, so that its size says nothing. */
#include "app.h"

int main(void)
{
    return 0;
}
