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
struct log nondet_log(void);
struct log_ring nondet_ring(void);

static struct log_ring old_ring;
static struct log old_log;

/* The log needs little of the kernel's state: who runs, and a clock. */
static void any_log(void)
{
    cfg = nondet_config();
    k = nondet_kernel();
    host = nondet_host();
    log_state = nondet_log();
    log_ring = nondet_ring();
    ASSUME(k.current < K5_TASKS && k.now <= TIME_LAST && log_valid());
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ASSUME((uint32_t)cfg.region_first[t] + cfg.region_count[t] <= K5_REGIONS);
        ASSUME(cfg.region_count[t] <= K5_REGION_MAX);
    }
    true_time = nondet_u64();
    ASSUME(true_time >= k.now && true_time <= TIME_LAST && true_time - k.now <= UINT32_MAX);
    old.k = k;
    old.host = host;
    old_log = log_state;
    old_ring = log_ring;
}

/* A byte that the drain has not read, as far as the kernel knows afterwards, is as it was; what the
 * drain is told is what the kernel thinks. */
static void prove_ring(void)
{
    uint32_t at = nondet_u32();

    ASSUME(at < K5_LOG_RING_SIZE);
    PROVE(log_valid());
    if (ring_distance(log_state.read, at) < ring_distance(log_state.read, old_log.write)) {
        PROVE(log_ring.data[at] == old_ring.data[at]);
    }
    PROVE(log_state.write == old_log.write || log_ring.write == log_state.write);
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
    prove_ring();
    prove_contract(k.current);
}

void h_log_packed(void)
{
    any_log();
    ASSUME(host.arg[k.current][K5_A_OP] >> 16 == K5_LOG_BUFFER);
    PROVE(sys_log() == SCHED_SAME);
    prove_ring();
    prove_contract(k.current);
}

/* One frame into the ring, from any raw bytes: it ends with its only zero byte, so a decoder finds
 * the next one, is no longer than was asked for, and writes nothing outside. */
void h_log_encode(void)
{
    uint32_t i = nondet_u32();
    uint32_t at = nondet_u32();

    log_state = nondet_log();
    log_ring = nondet_ring();
    old_ring = log_ring;
    ASSUME(log_state.write < K5_LOG_RING_SIZE && log_state.raw_length >= 1u);
    ASSUME(log_state.raw_length <= LOG_RAW_MAX && at < K5_LOG_RING_SIZE);
    ASSUME(LOG_ENCODED(log_state.raw_length) < K5_LOG_RING_SIZE);
    uint32_t end = frame_encode();
    uint32_t length = ring_distance(log_state.write, end);

    PROVE(end < K5_LOG_RING_SIZE);
    PROVE(length >= 3u && length <= LOG_ENCODED(log_state.raw_length));
    if (ring_distance(log_state.write, at) >= length) {
        PROVE(log_ring.data[at] == old_ring.data[at]);
    }
    ASSUME(i < length);
    PROVE((log_ring.data[ring_after(log_state.write, i)] == 0) == (i == length - 1u));
}

/* Frames that were read leave the lists; whatever the drain says, the sums stay right. */
void h_log_retire(void)
{
    any_log();
    frames_retire();
    PROVE(log_valid());
    PROVE(log_state.write == old_log.write && log_state.count <= old_log.count);
}

void h_log_fault(void)
{
    any_log();
    log_fault(any_task());
    prove_ring();
    prove_contract(K5_NIL);
}

void h_log_restart(void)
{
    any_log();
    log_restart(any_task(), any_task());
    prove_ring();
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
