/* The deferred log: one frame for each call, stamped with task and time, into a ring of RTT layout.
 *
 *   log_ring (the drain task may write it)      log_state (the kernel's own)
 *     id, buffer, size                            first -> owner, length of each frame in the ring,
 *     write: copied out, never read back                   oldest first
 *     read: believed if it lies in the frames     held: bytes of each account in the ring
 *     data: ..|frame|frame|frame|....           read ^                  ^ write
 *
 * A frame is written whole or not at all; nothing here waits. Whatever the drain task does to the
 * ring, it can lose or spoil log lines and nothing else.
 *
 * Fair share: a frame is taken only if its account then holds no more than is still free. So one
 * flooding task fills half of the ring, n of them n/(n + 1), and a task that holds nothing finds as
 * much room as the largest flooder has taken. The list of frames is shared by the same rule: a
 * frame is charged at least LOG_CHARGE_MIN.
 * Fault and restart frames are charged to the task they tell of, but may fill the ring whatever it
 * holds, up to LOG_RESERVE: the fault of a task that floods is seen, and a storm of faults leaves
 * room for the others. Boot and reset frames have an account of the kernel's own.
 */
#include "kernel/log.h"

#include <stddef.h>

#include "arch/arch.h"
#include "kernel/contract.h"
#include "kernel/kernel.h"

#define LOG_RETIRE  8u /* frames retired in one entry; one is added, so this catches up */
#define LOG_RESERVE (K5_LOG_RING_SIZE / 8u) /* what faults leave for ordinary frames */

struct log log_state;

struct log_ring {
    char id[16];
    uint32_t up_count, down_count;
    uint32_t name, buffer, size, write, read, flags;
    char text[16];
    uint8_t data[K5_LOG_RING_SIZE];
};
_Static_assert(offsetof(struct log_ring, up_count) == K5_LOG_RTT_UP_COUNT, "RTT layout");
_Static_assert(offsetof(struct log_ring, name) == K5_LOG_RTT_NAME, "RTT layout");
_Static_assert(offsetof(struct log_ring, write) == K5_LOG_RTT_WRITE, "RTT layout");
_Static_assert(offsetof(struct log_ring, read) == K5_LOG_RTT_READ, "RTT layout");
_Static_assert(offsetof(struct log_ring, data) == K5_LOG_RTT_DATA, "RTT layout");
_Static_assert(LOG_ENCODED(LOG_RAW_MAX) <= UINT8_MAX, "a frame's length is kept in a byte");
_Static_assert(LOG_FAULT_BYTES <= K5_LOG_BYTES, "a packed call is the longest frame");

volatile struct log_ring log_ring __attribute__((section(".k5_log")));

/* ---- offsets in the ring ---------------------------------------- */

static uint32_t ring_distance(uint32_t from, uint32_t to)
{
    return to >= from ? to - from : K5_LOG_RING_SIZE - from + to;
}

static uint32_t ring_after(uint32_t offset, uint32_t bytes)
{
    uint32_t to = offset + bytes;

    return to >= K5_LOG_RING_SIZE ? to - K5_LOG_RING_SIZE : to;
}

static uint32_t ring_put(uint32_t at, uint8_t byte)
{
    log_ring.data[at] = byte;
    return at + 1u == K5_LOG_RING_SIZE ? 0 : at + 1u;
}

/* How far the drain says it is. What cannot be true counts as no progress. */
static uint32_t ring_drained(void)
{
    uint32_t at = log_ring.read;
    uint32_t used = ring_distance(log_state.read, log_state.write);

    if (at >= K5_LOG_RING_SIZE || ring_distance(log_state.read, at) > used) {
        return log_state.read;
    }
    return at;
}

/* ---- the frames in the ring ---------------------------------------- */

static uint32_t frame_slot(uint32_t slot)
{
    return slot >= LOG_FRAMES ? slot - LOG_FRAMES : slot;
}

static uint32_t frame_charge(uint32_t length)
{
    return length < LOG_CHARGE_MIN ? LOG_CHARGE_MIN : length;
}

/* Forget the oldest frames that were read, a few in each entry. */
static void frames_retire(void)
{
    uint32_t done = ring_distance(log_state.read, ring_drained());

    for (uint32_t i = 0; i < LOG_RETIRE && log_state.count > 0; i++) {
        uint32_t length = log_state.length[log_state.first];

        if (length > done) {
            break;
        }
        done -= length;
        log_state.held[log_state.owner[log_state.first]] -= frame_charge(length);
        log_state.read = ring_after(log_state.read, length);
        log_state.first = frame_slot(log_state.first + 1u);
        log_state.count--;
    }
}

/* Is there room for a frame of at most so many bytes, with `beside` more left free? */
static bool frame_fits(uint32_t bytes, uint32_t beside)
{
    uint32_t room = K5_LOG_RING_SIZE - 1u - ring_distance(log_state.read, log_state.write);
    uint32_t list = (LOG_FRAMES - log_state.count) * LOG_CHARGE_MIN;
    uint32_t most = room < list ? room : list;

    return frame_charge(bytes) + beside <= most;
}

/* ---- building one frame ---------------------------------------- */

static void raw_byte(uint32_t value)
{
    log_state.raw[log_state.raw_length] = (uint8_t)(value & 0xFFu);
    log_state.raw_length++;
}

static void raw_word(uint32_t value)
{
    uint32_t at = log_state.raw_length;

    log_state.raw[at] = (uint8_t)(value & 0xFFu);
    log_state.raw[at + 1u] = (uint8_t)((value >> 8) & 0xFFu);
    log_state.raw[at + 2u] = (uint8_t)((value >> 16) & 0xFFu);
    log_state.raw[at + 3u] = (uint8_t)(value >> 24);
    log_state.raw_length = at + 4u;
}

static void raw_varint(uint64_t value)
{
    for (uint32_t i = 0; i < 9u && value >= 0x80u; i++) {
        raw_byte((uint32_t)(value & 0x7Fu) | 0x80u);
        value >>= 7;
    }
    raw_byte((uint32_t)(value & 0x7Fu));
}

/* Into the ring's free part, as abi/k5_log_abi.h says; returns the offset after the frame. This is
 * most of what a log call costs, so the seven bytes of a group are unrolled. */
COLD static uint32_t frame_encode(void)
{
    uint32_t at = log_state.write;
    uint32_t sum = 0;
    uint32_t weight = 1;
    uint32_t groups = (log_state.raw_length + LOG_GROUP - 1u) / LOG_GROUP;

    for (uint32_t g = 0; g < LOG_GROUPS_MAX && g < groups; g++) {
        uint32_t marker_at = at;
        uint32_t marker = K5_LOG_MARKER;

        at = ring_after(at, 1);
#pragma GCC unroll 7
        for (uint32_t i = 0; i < LOG_GROUP; i++) {
            uint8_t byte = log_state.raw[LOG_GROUP * g + i];

            sum += byte * weight;
            weight += 2u;
            if (byte != 0) {
                at = ring_put(at, byte);
            } else {
                marker |= 1u << i;
            }
        }
        (void)ring_put(marker_at, (uint8_t)marker);
    }
    at = ring_put(at, (uint8_t)((sum & 0xFFu) == 0 ? 1u : sum & 0xFFu));
    return ring_put(at, 0);
}

COLD static void frame_publish(void)
{
    for (uint32_t i = 0; i < LOG_GROUP - 1u; i++) { /* fill the last group */
        log_state.raw[log_state.raw_length + i] = 0;
    }
    log_state.write = frame_encode();
    log_ring.write = log_state.write;
    log_state.last = k.now;
    log_state.until_absolute =
        log_state.until_absolute == 0 ? K5_LOG_ABSOLUTE_EVERY - 1u : log_state.until_absolute - 1u;
}

static void frame_head(uint32_t account, uint32_t task, uint32_t id)
{
    bool absolute = log_state.until_absolute == 0;
    uint32_t drops = log_state.drops[account];

    time_update();
    log_state.raw_length = 0;
    raw_byte(task | (absolute ? K5_LOG_HEAD_ABSOLUTE : 0u) | (drops != 0 ? K5_LOG_HEAD_DROPS : 0u));
    raw_varint(absolute ? k.now : k.now - log_state.last);
    if (drops != 0) {
        raw_varint(drops);
    }
    raw_varint(id);
}

/* Start a frame with `bytes` of arguments to come. False if it has no room: counted, and nothing
 * else changed. */
static bool frame_begin(uint32_t account, uint32_t task, uint32_t id, uint32_t bytes)
{
    frames_retire();
    frame_head(account, task, id);
    uint32_t most = LOG_ENCODED(log_state.raw_length + bytes);
    uint32_t share = log_state.held[account] + frame_charge(most);

    if (frame_fits(most, task == K5_TASK_KERNEL ? LOG_RESERVE : share)) {
        return true;
    }
    if (log_state.drops[account] < UINT32_MAX) {
        log_state.drops[account]++;
    }
    if (log_state.dropped[account] < UINT32_MAX) {
        log_state.dropped[account]++;
    }
    log_ring.write = log_state.write; /* a drain that lost its way finds back by it */
    return false;
}

static void frame_end(uint32_t account)
{
    uint32_t slot = frame_slot(log_state.first + log_state.count);
    uint32_t start = log_state.write;

    frame_publish();
    uint32_t length = ring_distance(start, log_state.write);

    log_state.owner[slot] = (uint8_t)account;
    log_state.length[slot] = (uint8_t)length;
    log_state.count++;
    log_state.held[account] += frame_charge(length);
    log_state.drops[account] = 0;
}

/* ---- a task's frame ---------------------------------------- */

static uint8_t log_words(task_t me, uint32_t id, uint32_t count)
{
    if (!frame_begin(me, me, id, count * 4u)) {
        return K5_ERR_FULL;
    }
    for (uint32_t i = 0; i < K5_LOG_WORDS; i++) {
        if (i < count) {
            raw_word(arch_arg(me, K5_A_W0 + i));
        }
    }
    frame_end(me);
    return K5_OK;
}

static uint8_t log_packed(task_t me, uint32_t id)
{
    uint32_t address = arch_arg(me, K5_A_W0);
    uint32_t length = arch_arg(me, K5_A_W0 + 1u);

    if (length == 0 || length > K5_LOG_BYTES) {
        return K5_ERR_ARG;
    }
    if (!task_covers(me, address, length, K5_MEM_READ)) {
        return K5_ERR_BAD_BUFFER;
    }
    if (!frame_begin(me, me, id, length)) {
        return K5_ERR_FULL;
    }
    if (!arch_copy_in(me, &log_state.raw[log_state.raw_length], address, length)) {
        return K5_ERR_BAD_BUFFER;
    }
    log_state.raw_length += length;
    frame_end(me);
    return K5_OK;
}

sched_t sys_log(void)
{
    task_t me = k.current;
    uint32_t count = arch_arg(me, K5_A_OP) >> 16;
    uint32_t id = arch_arg(me, K5_A_AUX);
    uint8_t error = K5_ERR_ARG;

    if (id != 0 && id < K5_LOG_ID_END && id % K5_LOG_SITE_SIZE == 0) {
        if (count == K5_LOG_BUFFER) {
            error = log_packed(me, id / K5_LOG_SITE_SIZE);
        } else if (count <= K5_LOG_WORDS) {
            error = log_words(me, id / K5_LOG_SITE_SIZE, count);
        }
    }
    arch_result(me, K5_A_OP, error);
    return SCHED_SAME;
}

/* ---- the kernel's own frames ---------------------------------------- */

COLD static void ring_lay_out(void)
{
    static const char id[] = "SEGGER RTT";

    log_state = (struct log){.ready = true};
    log_ring.up_count = 1;
    log_ring.down_count = 0;
    log_ring.name = (uint32_t)(uintptr_t)&log_ring.text;
    log_ring.buffer = (uint32_t)(uintptr_t)&log_ring.data;
    log_ring.size = K5_LOG_RING_SIZE;
    log_ring.write = 0;
    log_ring.read = 0;
    log_ring.flags = 0;
    for (uint32_t i = 0; i < sizeof log_ring.text; i++) {
        log_ring.text[i] = i == 0 ? 'k' : i == 1u ? '5' : '\0';
    }
    for (uint32_t i = 0; i < sizeof log_ring.id; i++) { /* last: a probe looks for it */
        log_ring.id[i] = i < sizeof id ? id[i] : '\0';
    }
}

COLD void log_boot(void)
{
    ring_lay_out();
    if (frame_begin(LOG_KERNEL, K5_TASK_KERNEL, K5_LOG_KERNEL_BOOT, 10)) {
        raw_word(k5_build_id[0]);
        raw_word(K5_TICK_HZ);
        raw_byte(K5_ABI_VERSION);
        raw_byte(K5_TASKS);
        frame_end(LOG_KERNEL);
    }
}

COLD void log_fault(task_t task)
{
    if (!frame_begin(task, K5_TASK_KERNEL, K5_LOG_KERNEL_FAULT, LOG_FAULT_BYTES)) {
        return;
    }
    raw_byte(task);
    raw_byte(k.task.cause[task]);
    raw_byte(k.task.fault_flags[task]);
    raw_word(k.task.fault_address[task]);
    for (uint32_t i = 0; i < K5_REG_COUNT; i++) {
        if (((K5_LOG_FAULT_REGS >> i) & 1u) != 0) {
            raw_word(k.task.fault_reg[task][i]);
        }
    }
    frame_end(task);
}

/* What happened to a task, through whom, for the how many-th time. */
COLD static void log_event(uint32_t id, task_t task, uint8_t through, uint32_t count)
{
    if (frame_begin(task, K5_TASK_KERNEL, id, 6)) {
        raw_byte(task);
        raw_byte(through);
        raw_word(count);
        frame_end(task);
    }
}

COLD void log_restart(task_t task, task_t by)
{
    log_event(K5_LOG_KERNEL_RESTART, task, by, k.task.restarts[task]);
}

COLD void log_overrun(task_t task, task_t owner)
{
    log_event(K5_LOG_KERNEL_OVERRUN, task, owner, k.task.overruns[task]);
}

uint32_t log_drops(task_t task)
{
    return log_state.dropped[task];
}

/* The last frame: by its own path, for the lists may be what is broken. The caller has drained the
 * ring before, so there is room. */
COLD void log_panic(uint32_t where, uint32_t value)
{
    if (!log_state.ready || log_state.write >= K5_LOG_RING_SIZE) {
        ring_lay_out();
    }
    frame_head(LOG_KERNEL, K5_TASK_KERNEL, K5_LOG_KERNEL_PANIC);
    raw_word(where);
    raw_word(value);
    raw_byte(k.current);
    frame_publish();
}

COLD void log_reset(const struct reset *why)
{
    if (frame_begin(LOG_KERNEL, K5_TASK_KERNEL, K5_LOG_KERNEL_RESET, 12)) {
        raw_byte(why->reason);
        raw_byte(why->task);
        raw_byte(why->cause);
        raw_byte(why->flags);
        raw_word(why->value);
        raw_word(why->count);
        frame_end(LOG_KERNEL);
    }
}

bool log_drain(uint8_t *byte)
{
    if (!log_state.ready || log_state.write >= K5_LOG_RING_SIZE) {
        return false;
    }
    uint32_t at = log_ring.read;

    if (at >= K5_LOG_RING_SIZE) { /* the drain task wrote nonsense */
        at = log_state.write;
    }
    if (at == log_state.write) {
        return false;
    }
    *byte = log_ring.data[at];
    log_ring.read = ring_after(at, 1);
    return true;
}

/* ---- invariant ---------------------------------------- */

bool log_valid(void)
{
    uint32_t held[LOG_ACCOUNTS] = {0};
    uint32_t sum = 0;
    bool good = log_state.write < K5_LOG_RING_SIZE && log_state.read < K5_LOG_RING_SIZE &&
                log_state.first < LOG_FRAMES && log_state.count <= LOG_FRAMES &&
                log_state.last <= k.now && log_state.until_absolute < K5_LOG_ABSOLUTE_EVERY;

    if (!good) {
        return false;
    }
    for (uint32_t i = 0; i < LOG_FRAMES && i < log_state.count; i++) {
        uint32_t slot = frame_slot(log_state.first + i);

        if (log_state.owner[slot] >= LOG_ACCOUNTS) {
            return false;
        }
        held[log_state.owner[slot]] += frame_charge(log_state.length[slot]);
        sum += log_state.length[slot];
    }
    for (uint32_t a = 0; a < LOG_ACCOUNTS; a++) {
        good = good && held[a] == log_state.held[a];
    }
    return good && sum == ring_distance(log_state.read, log_state.write);
}
