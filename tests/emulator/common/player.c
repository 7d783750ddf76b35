/* A player: see play.h. Its endpoints have names of their own in each app: app.toml defines SERVE
 * and TARGETS.
 */
#include <k5/k5.h>

#include "app.h" /* PAGES_BASE; from app.toml: ME, perhaps SERVE, TARGETS */
#include "play.h"

static struct play_page *const page = &PAGES[ME];

static k5_ticks deadline(void)
{
    return page->us == 0 ? K5_FOREVER : k5_after(K5_US(page->us));
}

/* Two instructions a round: 64 ns in the emulator. */
static void spin(uint32_t us)
{
    uint32_t rounds = us * 125u / 8u + 1u;
    __asm__ volatile("1: subs %0, #1\n bne 1b" : "+r"(rounds)::"cc");
}

#ifdef SERVE
static k5_error received(k5_error error, const struct k5_msg *m, uint32_t number)
{
    if (error == K5_OK) {
        page->kept[number] = m->token;
        page->word = m->w[0];
    }
    return error;
}

static void answer(struct k5_msg *m)
{
    m->w[0] = 1000 + ME;
}

static k5_error serve(uint32_t command)
{
    uint32_t number =
        page->argument; /* of a token; the next command may come while this receives */
    struct k5_msg m = {.token = page->kept[number], .w = {1000 + ME}};
    switch (command) {
    case PLAY_RECV: return received(k5_recv(SERVE, &m, 0, deadline()), &m, number);
    case PLAY_REPLY: return k5_reply(&m);
    case PLAY_REPLY_RECV: return received(k5_reply_recv(SERVE, &m, deadline()), &m, number);
    case PLAY_SERVE: k5_serve(SERVE, answer);
    default: return K5_ERR_ARG;
    }
}
#else
static k5_error serve(uint32_t command)
{
    (void)command;
    return K5_ERR_ARG;
}
#endif

#ifdef TARGETS
static k5_error ask(uint32_t command)
{
    static const k5_endpoint targets[] = TARGETS;
    struct k5_msg m = {.label = 7, .w = {ME}};
    k5_error error = command == PLAY_CALL ? k5_call(targets[page->argument], &m, deadline())
                                          : k5_send(targets[page->argument], &m, deadline());
    page->word = m.w[0];
    return error;
}

static void flood(void)
{
    for (;;) {
        (void)ask(PLAY_CALL);
        page->kept[0]++;
    }
}
#else
static void flood(void)
{
}

static k5_error ask(uint32_t command)
{
    (void)command;
    return K5_ERR_ARG;
}
#endif

static k5_error act(uint32_t command)
{
    uint32_t bits = 0;
    switch (command) {
    case PLAY_CALL:
    case PLAY_SEND: return ask(command);
    case PLAY_FLOOD: flood(); return K5_ERR_ARG;
    case PLAY_SPIN: spin(page->argument); return K5_OK;
    case PLAY_SLEEP: k5_sleep(K5_US(page->argument)); return K5_OK;
    case PLAY_WAIT: return k5_wait(2, deadline(), &bits);
    case PLAY_LOOP:
        for (;;) {
            spin(1000);
        }
    case PLAY_FAULT: __asm__ volatile("udf #0"); return K5_OK;
    default: return serve(command);
    }
}

int main(void)
{
    page->starts++;
    for (;;) {
        uint32_t bits = 0;
        k5_error error = k5_wait(PLAY_BIT, K5_FOREVER, &bits);
        K5_ASSERT(error == K5_OK);
        uint32_t step = page->step;
        error = act(page->command);
        page->error = error;
        page->done = step;
    }
}
