/* In place of havoc.c: one client and one server as they meet, with any message, buffers and
 * regions.
 *
 *   -DPAIR_SENDS    the client runs; the server receives, or not
 *   -DPAIR_ANSWERS  the server runs and the client awaits its answer
 *   -DPAIR_TAKES    the server runs and the client is queued
 *
 * So a solver is done in seconds with what h_long.c says of any state (suite.txt: full).
 */
#include "prove.h"

struct config cfg;
struct old old;

struct config nondet_config(void);
struct host nondet_host(void);

#define CLIENT 0
#define SERVER 1
#define TURN   60

task_t any_task(void)
{
    task_t t = nondet_u8();

    ASSUME(t < K5_TASKS);
    return t;
}

static void tables_make(void)
{
    struct config any = nondet_config();

    cfg = (struct config){.endpoint = {K5_NIL, 0}, .server = {SERVER}, .cap_badge = {5, 0}};
    cfg.cap_rights[CLIENT] = K5_RIGHT_CALL;
    cfg.cap_rights[SERVER] = K5_RIGHT_SERVE;
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        cfg.equals[t] = 1u << t;
        cfg.handler[t] = K5_NIL;
        cfg.budget[t] = TURN;
        cfg.period[t] = TURN;
        cfg.slot_first[t] = (uint16_t)t;
        cfg.slot_count[t] = 1;
        cfg.cap_type[t] = K5_CAP_ENDPOINT;
        cfg.region_first[t] = (uint16_t)t;
        cfg.region_count[t] = 1;
        cfg.region_base[t] = any.region_base[t];
        cfg.region_size[t] = any.region_size[t];
        cfg.region_rights[t] = any.region_rights[t];
    }
}

static void task_make(task_t t)
{
    k.task.sc[t] = t;
    k.task.lender[t] = K5_NIL;
    k.task.object[t] = K5_NIL;
    k.task.cap_place[t] = SLOT_NONE;
    k.task.buffer[t] = nondet_u32();
    k.task.buffer_size[t] = nondet_u16();
    ASSUME(k.task.buffer_size[t] <= K5_BUFFER_MAX);
    k.refill.count[t] = 1;
    k.refill.amount[t][0] = TURN;
    cap_load(t);
}

static void blocked(task_t t, uint8_t state, uint8_t object)
{
    k.task.state[t] = state;
    k.task.object[t] = object;
    k.ready &= ~(1u << t);
}

static void meet(void)
{
#if defined PAIR_SENDS
    k.current = CLIENT;
    if (nondet_bool()) {
        blocked(SERVER, K5_TASK_RECEIVING, 0);
    }
#elif defined PAIR_ANSWERS
    k.current = SERVER;
    k.task.calls[CLIENT] = 1;
    blocked(CLIENT, K5_TASK_AWAITING, SERVER);
#elif defined PAIR_TAKES
    k.current = SERVER;
    k.ep.waiting[0] = 1u << CLIENT;
    blocked(CLIENT, nondet_bool() ? K5_TASK_SENDING : K5_TASK_CALLING, 0);
#endif
}

void any_call_state(void)
{
    tables_make();
    k = (struct kernel){.now = 10, .since = 10, .next_event = TIME_NEVER, .alarm = TIME_NEVER};
    k.ready = 1u << CLIENT | 1u << SERVER;
    for (uint32_t m = 0; m < K5_MAPS; m++) {
        k.map.lender[m] = K5_NIL;
    }
    host = nondet_host();
    task_make(CLIENT);
    task_make(SERVER);
    meet();
    k.charged = k.current;
    true_time = k.now;
    witness = (struct witness){.address = nondet_u32()};
    machine_refuses = nondet_bool();
    old.k = k;
    old.host = host;
}

bool same_ipc(task_t t)
{
    return k.task.state[t] == old.k.task.state[t] && k.task.object[t] == old.k.task.object[t] &&
           k.task.setup_mask[t] == old.k.task.setup_mask[t] &&
           k.task.buffer[t] == old.k.task.buffer[t] &&
           k.task.buffer_size[t] == old.k.task.buffer_size[t] &&
           k.task.calls[t] == old.k.task.calls[t];
}
