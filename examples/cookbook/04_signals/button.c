/* button: sets bits of the lamp's word. A signal never waits, and a bit that is set twice before it
 * is read is one bit. */
#include <k5/k5.h>

#include "app.h" /* generated: LAMP_SIGNAL, K5_TICK_HZ */
#include "bits.h"

static void tell(uint32_t bits)
{
    k5_error error = k5_signal(LAMP_SIGNAL, bits);
    K5_ASSERT(error == K5_OK); /* K5_ERR_RIGHTS: a bit that app.toml does not give */
}

int main(void)
{
    tell(PRESSED);
    k5_sleep(K5_MS(20));
    tell(RELEASED);
    k5_sleep(K5_MS(20));
    tell(PRESSED);
    k5_sleep(K5_MS(20));
    tell(PRESSED | RELEASED);
    for (;;) {
        k5_sleep(K5_S(60)); /* a return from main would be a fault */
    }
}
