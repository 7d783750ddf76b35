/* Looks at its registers first of all, fills them, and does what the script says. */
#include <k5/k5.h>

#include "../common/fp_hold.h"
#include "app.h" /* JUDGE, SCRIPT_BASE */
#include "script.h"

static uint32_t word[FP_WORDS];

FP_UNTOUCHED static void ask(void)
{
    for (uint32_t i = 0; i < 100; i++) {
        (void)k5_time();
    }
}

FP_UNTOUCHED static void doze(void)
{
    k5_sleep(K5_S(10));
}

FP_UNTOUCHED static void call(void)
{
    struct k5_msg m = {.label = 1};
    (void)!k5_call(JUDGE, &m, K5_FOREVER);
}

FP_UNTOUCHED static void fault(void)
{
    __asm__ volatile("str sp, [%0]\n\tudf #0" ::"r"(&SCRIPT->sp) : "memory");
}

int main(void)
{
    static void (*const between[DO_COUNT])(void) = {NULL, ask, doze, call, fault, NULL};
    uint32_t what = SCRIPT->what;
    const struct fp_hold h = {0xF5E50000, 0x08C00015, 50, between[what]};
    fp_read(word);
    for (uint32_t i = 0; i < FP_WORDS; i++) {
        SCRIPT->left += word[i] != 0 ? 1 : 0;
    }
    SCRIPT->starts++;
    while (what == DO_UNUSED) { /* restarted as it started: nothing of its own in them */
        __asm__ volatile("");
    }
    for (;;) {
        SCRIPT->wrong += h.loops - fp_hold(&h);
    }
}
