/* Logs one line of every kind; app.toml has what must come out. */
#include <k5/k5.h>

#include "app.h"

static void words(void)
{
    int8_t small = -1;
    uint8_t byte = 255;
    int16_t half = -2;
    uint16_t unsigned_half = 65535;
    bool yes = true;
    char letter = 'k';
    K5_DEBUG("no argument");
    K5_INFO("one {}", -7);
    K5_INFO("four {} {x} {#x} {08x}", (uint32_t)-7, -7, 0xBEEF, 0xBEEF);
    K5_INFO("small {} {} {} {} {} {}", small, byte, half, unsigned_half, yes, letter);
    K5_INFO("binary {b}, character {c}, brace {{} here", 5, 'z');
    K5_INFO("fixed {.1} {.2}, wide {5}|", 234, -5, 42);
    K5_INFO("pointer {}", &small);
}

static void packed(void)
{
    char array[] = "xyz";
    const char *none = NULL;
    float real = 1.25f;
    K5_INFO("float {}, double {}, one of three {.3}", real, -0.125, 2.5f);
    K5_INFO("long {}, unsigned {}, hex {x}", -5000000000ll, UINT64_MAX, 0x1234567890abcdefull);
    K5_INFO("string \"{}\", array \"{}\", none \"{}\", empty \"{}\"", "abc", array, none, "");
    K5_INFO("cut \"{}\"", "a string that is longer than the forty-eight bytes that travel");
    K5_INFO("eight {} {} {} {} {} {} {} {}", 1, 2, 3, 4, 5, 6, 7, 8);
}

int main(void)
{
    int once = 0;
    words();
    packed();
    K5_WARN("evaluated once: {}", ++once);
    K5_ASSERT(once == (int){1});
    K5_ASSERT(once == (int){2});
    K5_INFO("not compiled in");
    return 0;
}
