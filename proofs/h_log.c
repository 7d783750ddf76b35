/* kernel/log.c itself: whatever the drain task wrote into the ring's header, a frame goes into free
 * bytes only, whole or not at all, and the rest of the kernel sees what log_contract.c says.
 *
 * The log's source is included, for only it knows the layout of the ring. The ring is small here.
 */
#include "prove.h"

#include "kernel/log.c" /* NOLINT(bugprone-suspicious-include) */

const uint32_t k5_build_id[2] = {1, 2};

struct config nondet_config(void);
struct kernel nondet_kernel(void);
struct host nondet_host(void);
struct reset nondet_reset(void);
struct log nondet_log(void);
struct log_ring nondet_ring(void);

static struct log_ring old_ring;
static struct log old_log;

/* The part of log_valid() that memory safety rests on. The sums of the accounts are not in it: they
 * decide only who finds room, and tests/unit/test_log.c follows them. */
static bool log_in_range(void)
{
    bool ok = log_state.write < K5_LOG_RING_SIZE && log_state.read < K5_LOG_RING_SIZE &&
              log_state.first < LOG_FRAMES && log_state.count <= LOG_FRAMES &&
              log_state.last <= k.now && log_state.until_absolute < K5_LOG_ABSOLUTE_EVERY;

    for (uint32_t i = 0; i < LOG_FRAMES; i++) {
        ok = ok && log_state.owner[i] < LOG_ACCOUNTS;
    }
    return ok;
}

/* The log needs little of the kernel's state: who runs, and a clock. */
static void any_log(void)
{
    cfg = nondet_config();
    k = nondet_kernel();
    host = nondet_host();
    log_state = nondet_log();
    log_ring = nondet_ring();
    ASSUME(k.current < K5_TASKS && k.now <= TIME_LAST && log_in_range());
    for (uint32_t a = 0; a < LOG_ACCOUNTS; a++) { /* true of any sum of charges in the ring */
        ASSUME(log_state.held[a] <= LOG_FRAMES * UINT8_MAX);
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ASSUME((uint32_t)cfg.region_first[t] + cfg.region_count[t] <= K5_REGIONS);
        ASSUME(cfg.region_count[t] <= K5_REGION_MAX);
    }
    true_time = nondet_u64();
    ASSUME(true_time >= k.now && true_time <= TIME_LAST && true_time - k.now <= UINT32_MAX);
    old.k = k;
    old.host = host;
    old_log = log_state;
}

static void prove_contract(task_t me)
{
    task_t t = any_task();
    uint32_t i = nondet_u32();

    ASSUME(i < K5_A_COUNT);
    PROVE(same_ipc(t) && same_record(t));
    PROVE(k.ready == old.k.ready && k.current == old.k.current && k.turned == old.k.turned);
    PROVE(k.since == old.k.since && k.next_event == old.k.next_event && k.alarm == old.k.alarm);
    PROVE(k.now >= old.k.now && k.now <= true_time);
    PROVE(host.arg[t][i] == old.host.arg[t][i] || (t == me && i == K5_A_OP));
}

void h_log_words(void)
{
    any_log();
    ASSUME(host.arg[k.current][K5_A_OP] >> 16 != K5_LOG_BUFFER);
    PROVE(sys_log() == SCHED_SAME);
    PROVE(log_in_range());
    prove_contract(k.current);
}

void h_log_packed(void)
{
    any_log();
    ASSUME(host.arg[k.current][K5_A_OP] >> 16 == K5_LOG_BUFFER);
    PROVE(sys_log() == SCHED_SAME);
    PROVE(log_in_range());
    prove_contract(k.current);
}

#ifndef RAW
#define RAW 20u /* bytes before encoding */
#endif
#ifndef START
#define START (K5_LOG_RING_SIZE - 5u) /* so that the frame goes over the end of the ring */
#endif

/* One frame from any raw bytes: it ends with its only zero byte, so a decoder finds the next one,
 * is no longer than was asked for, and leaves the rest of the ring alone. */
void h_log_encode(void)
{
    uint32_t i = nondet_u32();
    uint32_t at = nondet_u32();

    log_state = nondet_log();
    log_ring = nondet_ring();
    old_ring = log_ring;
    log_state.write = START;
    log_state.raw_length = RAW;
    ASSUME(at < K5_LOG_RING_SIZE);
    frame_publish();
    uint32_t length = ring_distance(START, log_state.write);

    PROVE(log_state.write < K5_LOG_RING_SIZE && log_ring.write == log_state.write);
    PROVE(length >= 3u && length <= LOG_ENCODED(RAW));
    if (ring_distance(START, at) >= length) {
        PROVE(log_ring.data[at] == old_ring.data[at]);
    }
    ASSUME(i < length);
    PROVE((log_ring.data[ring_after(START, i)] == 0) == (i == length - 1u));
}

/* Wherever it starts: no byte outside the ring is touched, nothing wraps that should not. */
void h_log_encode_safe(void)
{
    log_state = nondet_log();
    log_ring = nondet_ring();
    ASSUME(log_state.write < K5_LOG_RING_SIZE && log_state.raw_length >= 1u);
    ASSUME(log_state.raw_length <= LOG_RAW_MAX);
    frame_publish();
    PROVE(log_state.write < K5_LOG_RING_SIZE);
}

void h_log_fault(void)
{
    any_log();
    log_fault(any_task());
    PROVE(log_in_range());
    prove_contract(K5_NIL);
}

void h_log_restart(void)
{
    any_log();
    log_restart(any_task(), nondet_bool() ? any_task() : K5_NIL);
    PROVE(log_in_range());
    prove_contract(K5_NIL);
}

void h_log_reset(void)
{
    struct reset why = nondet_reset();

    any_log();
    log_reset(&why);
    PROVE(log_in_range());
    prove_contract(K5_NIL);
}

/* From nothing: the state of memory before boot is anything. */
void h_log_boot(void)
{
    k = nondet_kernel();
    log_state = nondet_log();
    log_ring = nondet_ring();
    ASSUME(k.now <= TIME_LAST);
    true_time = nondet_u64();
    ASSUME(true_time >= k.now && true_time <= TIME_LAST && true_time - k.now <= UINT32_MAX);
    log_boot();
    PROVE(log_valid() && log_ring.write == log_state.write && log_state.read == 0);
    PROVE(log_ring.size == K5_LOG_RING_SIZE);
}

/* Draining at a panic ends, and reads the ring only, whatever the drain task wrote. */
void h_log_drain(void)
{
    uint8_t byte;

    log_state = nondet_log();
    log_ring = nondet_ring();
    if (log_drain(&byte)) {
        PROVE(log_ring.read < K5_LOG_RING_SIZE);
    }
}

void twin_log(void)
{
    any_log();
    (void)sys_log();
    PROVE(log_state.write == old_log.write);
}
