/* talker: the type of each argument is known when this compiles; the text never gets to the board.
 */
#include <k5/k5.h>

#include "app.h"

int main(void)
{
    int32_t tenths = 317;
    uint8_t answer = 42;
    bool open = true;
    const char *state = "cold";
    K5_INFO("decimals of an integer: {.1} C", tenths);
    K5_INFO("{} is {#x} and {b} and {08x}", answer, answer, answer, answer);
    K5_INFO("a character {}, a bool {}", (char)'K', open);
    K5_INFO("a text by value, up to 48 bytes: {}", state);
    K5_INFO("a float {.2}, 64 bits {}", 1.25f, UINT64_C(1) << 40);
    K5_INFO("a brace {{ needs two");
    K5_DEBUG("not even compiled: {}", tenths);
    K5_WARN("battery low: {} mV", 2900);
    K5_ERROR("no card");
    for (;;) {
        k5_sleep(K5_S(60)); /* a return from main would be a fault */
    }
}
