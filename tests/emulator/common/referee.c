/* The referee: see referee.h. Its lines are what app.toml expects. */
#include "referee.h"

#include <k5/k5.h>

#include "app.h" /* REFEREE_SERVE, ATTACKER_TASK */

#ifndef LIMIT_MS /* an attack that takes longer hangs */
#define LIMIT_MS 20
#endif
#ifndef BEATS_EVERY /* of a repeated attack: ask the victims after so many */
#define BEATS_EVERY 64
#endif

static const struct k5_supervised supervised[K5_SUPERVISED_COUNT] = {K5_SUPERVISED_LIST};

static uint32_t aim;   /* announced for this attack; 0: none */
static uint32_t wrong; /* attacks that went another way than expected */

/* Two rounds of the victims that began after now: the first beat may be an old one. */
static bool victims_answer(void)
{
    uint32_t bits = 0;
    (void)!k5_wait(REFEREE_BEAT, K5_POLL, &bits);
    for (uint32_t i = 0; i < 2; i++) {
        if (k5_wait(REFEREE_BEAT, k5_after(K5_MS(100)), &bits) != K5_OK) {
            return false;
        }
    }
    return true;
}

static bool victims_starve(void)
{
    uint32_t bits = 0;
    (void)!k5_wait(REFEREE_BEAT, K5_POLL, &bits);
    return k5_wait(REFEREE_BEAT, k5_after(K5_MS(LIMIT_MS)), &bits) == K5_TIMEOUT;
}

/* Next message of the attacker (true) or its fault (false), or a time-out (*hung). Messages that
 * are no part of the game, as a random attacker sends them, are refused and forgotten. */
static bool attacker_asks(struct k5_msg *m, k5_ticks deadline, bool *hung)
{
    for (;;) {
        k5_error error = k5_recv(REFEREE_SERVE, m, supervised[0].bits, deadline);
        *hung = error != K5_OK;
        if (*hung || (m->flags & K5_FLAG_BITS)) {
            return false;
        }
        if (m->label == REFEREE_NEXT || m->label == REFEREE_RETURNED) {
            return true;
        }
        if (m->label == REFEREE_AIM) {
            aim = m->w[0];
        }
        (void)!k5_reply(m);
    }
}

static bool address_good(const struct k5_task_info *info)
{
    return aim == 0 || ((info->flags & K5_FAULT_HAS_ADDRESS) && info->address == aim);
}

/* The attacker faulted or hangs: what came of it, as one bit of `expect`. */
static uint32_t outcome_get(const struct attack *attack, bool hung)
{
    struct k5_task_info info = {0};
    k5_error error = k5_task_inspect(supervised[0].task, &info);
    K5_ASSERT(error == K5_OK);
    if (hung) {
        return HANGS;
    }
    if (info.state != K5_TASK_FAULTED || !address_good(&info)) {
        K5_ERROR("WRONG {}: {}, address {#x}", attack->name, k5_fault_name(info.cause),
                 info.address);
        return 0;
    }
    return 1u << info.cause;
}

static const char *outcome_name(uint32_t outcome)
{
    if (outcome == HANGS) {
        return "goes on until it is restarted";
    }
    return outcome == RETURNS ? "comes back" : k5_fault_name((uint32_t)__builtin_ctz(outcome));
}

static bool beat_due(uint32_t index, uint32_t n)
{
    return n % BEATS_EVERY == BEATS_EVERY - 1 || n + 1 >= attacks[index].times;
}

/* An attack that goes on is seen to starve the victims, or not to. */
static void going_on_check(uint32_t index, uint32_t n)
{
    const struct attack *attack = &attacks[index];
    if (attack->starves && !victims_starve()) {
        K5_ERROR("WRONG {}: the victims run", attack->name);
    }
    if (!attack->starves && beat_due(index, n) && !victims_answer()) {
        K5_ERROR("WRONG {}: the victims do not answer while it goes on", attack->name);
    }
}

/* One repetition: the attacker waits in *m for its number, and again when this returns. */
static uint32_t attack_once(uint32_t index, uint32_t n, struct k5_msg *m)
{
    bool hung = false;
    aim = 0;
    m->w[0] = index;
    m->w[1] = n;
    (void)!k5_reply(m);
    if (attacker_asks(m, k5_after(K5_MS(LIMIT_MS)), &hung)) {
        return RETURNS;
    }
    uint32_t outcome = outcome_get(&attacks[index], hung);
    if (hung) {
        uint32_t bits = 0;
        going_on_check(index, n);
        (void)!k5_wait(supervised[0].bits, K5_POLL, &bits); /* it may have faulted meanwhile */
    }
    k5_error error = k5_task_restart(supervised[0].task);
    K5_ASSERT(error == K5_OK);
    if (!attacker_asks(m, k5_after(K5_S(1)), &hung)) {
        K5_ERROR("WRONG {}: the attacker does not come back", attacks[index].name);
    }
    return outcome;
}

static void attack_judge(uint32_t index, struct k5_msg *m)
{
    const struct attack *attack = &attacks[index];
    uint32_t times = attack->times == 0 ? 1 : attack->times;
    uint32_t outcome = 0;
    uint32_t returns = 0;
    uint32_t hangs = 0;
    bool good = true;
    for (uint32_t n = 0; n < times; n++) {
        outcome = attack_once(index, n, m);
        if (outcome & attack->again) {
            outcome = attack_once(index, n, m);
        }
        returns += outcome == RETURNS ? 1 : 0;
        hangs += outcome == HANGS ? 1 : 0;
        if ((outcome & attack->expect) == 0) {
            K5_ERROR("WRONG {} ({}): {}", attack->name, n, outcome_name(outcome | 1u << 31));
            good = false;
        }
        if (beat_due(index, n) && !victims_answer()) {
            K5_ERROR("WRONG {} ({}): the victims do not answer", attack->name, n);
            good = false;
        }
    }
    if (!good) {
        wrong++;
    } else if (times > 1) {
        K5_INFO("{}, {} times; victims answer", attack->name, times);
        K5_INFO("faults {}, returns {}, hangs {}", times - returns - hangs, returns, hangs);
    } else {
        K5_INFO("{}: {}; victims answer", attack->name, outcome_name(outcome));
    }
}

int main(void)
{
    struct k5_msg m;
    bool hung = false;
    if (!victims_answer() || !attacker_asks(&m, k5_after(K5_S(1)), &hung)) {
        K5_ERROR("WRONG: victims or attacker do not start");
    }
    for (uint32_t i = 0; i < attack_count; i++) {
        attack_judge(i, &m);
    }
    K5_INFO("{} attacks, {} wrong", attack_count, wrong);
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
