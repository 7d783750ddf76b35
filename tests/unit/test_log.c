/* The kernel's log against the tool's frame decoder: what goes in comes out, whatever the ring is
 * like.
 *
 * The drain task is played by moving the ring's read offset; "hostile" means that it writes
 * anything there. The random sequences are seeded: the same every time.
 */
/* build: tool/frame.c -Iabi */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/k5_panic.h"
#include "arch/host/host.h"
#include "frame.h"
#include "kernel/kernel.h"
#include "kernel/log.h"

extern volatile uint8_t log_ring[]; /* as the drain sees it: RTT layout */

static uint32_t ring_word(uint32_t offset)
{
    uint32_t word;

    memcpy(&word, (const uint8_t *)log_ring + offset, sizeof word);
    return word;
}

static void ring_read_set(uint32_t at)
{
    memcpy((uint8_t *)log_ring + K5_LOG_RTT_READ, &at, sizeof at);
}

/* ---- the drain: takes whole frames ---- */

static struct frame frame; /* the last one taken */

/* Decodes the next frame and moves the read offset behind it. False if there is none. */
static bool frame_take(void)
{
    struct frame_split split = {0};
    uint32_t at = ring_word(K5_LOG_RTT_READ);

    while (at != ring_word(K5_LOG_RTT_WRITE)) {
        bool done = frame_split(&split, log_ring[K5_LOG_RTT_DATA + at]);

        at = at + 1 == K5_LOG_RING_SIZE ? 0 : at + 1;
        if (done) {
            ring_read_set(at);
            assert_true(frame_decode(split.bytes, split.length, &frame));
            return true;
        }
    }
    assert_int_equal(split.length, 0); /* whole frames only */
    return false;
}

static void drain_all(void)
{
    while (frame_take()) {
    }
}

/* ---- the caller ---- */

#define ID (5u * K5_LOG_SITE_SIZE)

static uint32_t log_call(task_t task, uint32_t count, uint32_t id, const uint32_t words[4])
{
    k.current = task;
    host.arg[task][K5_A_OP] = K5_SYS_LOG | count << 16;
    host.arg[task][K5_A_AUX] = id;
    memcpy(&host.arg[task][K5_A_W0], words, 4 * sizeof words[0]);
    assert_int_equal(sys_log(), SCHED_SAME);
    assert_true(log_valid());
    return host.arg[task][K5_A_OP] & 0xFFu;
}

static uint32_t log_buffer(task_t task, uint32_t address, uint32_t length)
{
    const uint32_t words[4] = {address, length};

    return log_call(task, K5_LOG_BUFFER, ID, words);
}

#define RAM 0x28201000u

static int setup(void **state)
{
    (void)state;
    memset(&k, 0, sizeof k);
    memset(&host, 0, sizeof host);
    memset(&cfg, 0, sizeof cfg);
    memset(cfg.irq_task, K5_NIL, sizeof cfg.irq_task);
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        cfg.region_first[t] = 0;
        cfg.region_count[t] = 1;
    }
    cfg.region_base[0] = RAM;
    cfg.region_size[0] = 1024;
    cfg.region_rights[0] = K5_MEM_READ | K5_MEM_WRITE;
    k.now = 1000;
    host.counter = 1000;
    log_boot();
    return 0;
}

/* ---- tests ---- */

static void test_layout(void **state)
{
    static const char id[16] = "SEGGER RTT";

    (void)state;
    assert_memory_equal((const uint8_t *)log_ring, id, sizeof id);
    assert_int_equal(ring_word(K5_LOG_RTT_UP_COUNT), 1);
    assert_int_equal(ring_word(K5_LOG_RTT_DOWN_COUNT), 0);
    assert_int_equal(ring_word(K5_LOG_RTT_SIZE), K5_LOG_RING_SIZE);
    assert_int_equal(ring_word(K5_LOG_RTT_BUFFER), (uint32_t)(uintptr_t)&log_ring[K5_LOG_RTT_DATA]);
    assert_int_equal(ring_word(K5_LOG_RTT_READ), 0);
    assert_int_equal(ring_word(K5_LOG_RTT_FLAGS), 0);
}

static void test_boot_frame(void **state)
{
    (void)state;
    assert_true(frame_take());
    assert_int_equal(frame.task, K5_TASK_KERNEL);
    assert_int_equal(frame.id, K5_LOG_KERNEL_BOOT);
    assert_true(frame.absolute);
    assert_int_equal(frame.time, 1000);
    struct reader reader = frame_arguments(&frame);

    assert_int_equal(read_u32(&reader), k5_build_id[0]);
    assert_int_equal(read_u32(&reader), K5_TICK_HZ);
    assert_int_equal(read_u8(&reader), K5_ABI_VERSION);
    assert_int_equal(read_u8(&reader), K5_TASKS);
    assert_in_range(reader.left, 0, 6);
    assert_false(frame_take());
}

static void test_words(void **state)
{
    static const uint32_t values[][4] = {
        {0, 0, 0, 0}, {1, 2, 3, 4}, {UINT32_MAX, 0, 0x00FF00FF, 0x80000000}};

    (void)state;
    drain_all();
    for (uint32_t v = 0; v < 3; v++) {
        for (uint32_t count = 0; count <= K5_LOG_WORDS; count++) {
            assert_int_equal(log_call(1, count, ID, values[v]), K5_OK);
            assert_true(frame_take());
            assert_int_equal(frame.task, 1);
            assert_int_equal(frame.id, 5);
            assert_int_equal(frame.drops, 0);
            struct reader reader = frame_arguments(&frame);

            for (uint32_t i = 0; i < count; i++) {
                assert_int_equal(read_u32(&reader), values[v][i]);
            }
            assert_in_range(reader.left, 0, 6);
            assert_false(reader.bad);
        }
    }
}

/* The fake machine's memory at address a holds (uint8_t)a. */
static void test_buffer(void **state)
{
    (void)state;
    drain_all();
    for (uint32_t length = 1; length <= K5_LOG_BYTES; length++) {
        assert_int_equal(log_buffer(1, RAM + 200, length), K5_OK);
        assert_true(frame_take());
        struct reader reader = frame_arguments(&frame);

        assert_in_range(reader.left, length, length + 6);
        for (uint32_t i = 0; i < length; i++) {
            assert_int_equal(read_u8(&reader), (uint8_t)(RAM + 200 + i));
        }
    }
}

static void test_refused(void **state)
{
    static const uint32_t words[4] = {0};

    (void)state;
    drain_all();
    uint32_t write = ring_word(K5_LOG_RTT_WRITE);

    assert_int_equal(log_call(1, 0, 0, words), K5_ERR_ARG);
    assert_int_equal(log_call(1, 0, 8, words), K5_ERR_ARG);
    assert_int_equal(log_call(1, 0, K5_LOG_ID_END, words), K5_ERR_ARG);
    assert_int_equal(log_call(1, 0, UINT32_MAX - 15u, words), K5_ERR_ARG);
    assert_int_equal(log_call(1, K5_LOG_WORDS + 1, ID, words), K5_ERR_ARG);
    assert_int_equal(log_call(1, 0xFFFF, ID, words), K5_ERR_ARG);
    assert_int_equal(log_buffer(1, RAM, 0), K5_ERR_ARG);
    assert_int_equal(log_buffer(1, RAM, K5_LOG_BYTES + 1), K5_ERR_ARG);
    assert_int_equal(log_buffer(1, RAM - 1, 8), K5_ERR_BAD_BUFFER);
    assert_int_equal(log_buffer(1, RAM + 1024 - 7, 8), K5_ERR_BAD_BUFFER);
    assert_int_equal(log_buffer(1, UINT32_MAX - 3, 8), K5_ERR_BAD_BUFFER);
    assert_int_equal(ring_word(K5_LOG_RTT_WRITE), write);
    assert_int_equal(log_call(1, 0, K5_LOG_ID_END - K5_LOG_SITE_SIZE, words), K5_OK);
    assert_int_equal(log_buffer(1, RAM + 1024 - 8, 8), K5_OK);
}

/* Time adds up, and at least every 32nd frame has it absolute. */
static void test_time(void **state)
{
    static const uint32_t words[4] = {0};
    uint64_t now = 1000;
    uint64_t decoded = 0;
    uint32_t relative = 0;

    (void)state;
    drain_all();
    decoded = 1000;
    srand(1);
    for (uint32_t i = 0; i < 500; i++) {
        uint32_t step = (uint32_t)rand() >> (rand() % 31);

        now += step;
        host.counter += step;
        assert_int_equal(log_call(2, 0, ID, words), K5_OK);
        assert_true(frame_take());
        decoded = frame.absolute ? frame.time : decoded + frame.time;
        relative = frame.absolute ? 0 : relative + 1;
        assert_int_equal(decoded, now);
        assert_in_range(relative, 0, K5_LOG_ABSOLUTE_EVERY - 1);
    }
    assert_true(now > UINT32_MAX); /* the counter wrapped on the way */
}

/* Nothing is lost but what is counted: random frames of all tasks, a drain that comes now and then.
 */
static void test_conservation(void **state)
{
    uint32_t accepted[K5_TASKS] = {0};
    uint32_t refused[K5_TASKS] = {0};
    uint32_t got[K5_TASKS] = {0};
    uint64_t told[K5_TASKS] = {0};

    (void)state;
    drain_all();
    srand(2);
    for (uint32_t round = 0; round < 60000; round++) {
        task_t task = (task_t)(rand() % K5_TASKS);
        uint32_t words[4] = {accepted[task] + refused[task], (uint32_t)rand(),
                             (uint32_t)rand() & 0xFF, 0};
        uint32_t result = log_call(task, 1 + (uint32_t)rand() % 4, ID, words);

        assert_true(result == K5_OK || result == K5_ERR_FULL);
        accepted[task] += result == K5_OK;
        refused[task] += result == K5_ERR_FULL;
        for (int n = rand() % 400 == 0 ? rand() % 500 : 0; n > 0 && frame_take(); n--) {
            struct reader reader = frame_arguments(&frame);

            got[frame.task]++;
            told[frame.task] += frame.drops;
            /* the first word counts the task's calls: those before it came or were told of */
            assert_int_equal(read_u32(&reader), got[frame.task] - 1 + told[frame.task]);
        }
        host.counter += (uint32_t)rand() % 100;
    }
    while (frame_take()) {
        got[frame.task]++;
        told[frame.task] += frame.drops;
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        assert_true(refused[t] > 100);
        assert_int_equal(got[t], accepted[t]);
        assert_int_equal(told[t] + log_state.drops[t], refused[t]);
    }
}

/* A flooding task gets half of the ring; what is left is for the others. */
static void test_fair_share(void **state)
{
    static const uint32_t words[4] = {0xABCDEF01, 0x12345678, 0x9ABCDEF0, 0x55555555};
    uint32_t quiet = 0;

    (void)state;
    drain_all();
    for (uint32_t i = 0; i < 10000; i++) {
        (void)log_call(0, 4, ID, words);
    }
    assert_true(log_state.held[0] <= K5_LOG_RING_SIZE / 2);
    assert_true(log_state.held[0] > K5_LOG_RING_SIZE / 2 - 64);
    while (log_call(1, 4, ID, words) == K5_OK) {
        quiet++;
    }
    assert_true(quiet > K5_LOG_RING_SIZE / 4 / 32);
    assert_int_equal(log_call(2, 4, ID, words), K5_OK);
}

/* Every task floods at once: each still gets frames through, and the kernel tells of a fault. */
static void test_all_flood(void **state)
{
    static const uint32_t words[4] = {0xABCDEF01, 0x12345678, 0x9ABCDEF0, 0x55555555};

    (void)state;
    drain_all();
    for (uint32_t i = 0; i < 10000; i++) {
        (void)log_call((task_t)(i % (K5_TASKS - 1)), 4, ID, words);
    }
    assert_int_equal(log_call(K5_TASKS - 1, 4, ID, words), K5_OK);
    log_fault(K5_TASKS - 1);
    assert_int_equal(log_state.drops[K5_TASKS - 1], 0);
}

/* A task that floods and then faults again and again: it is told, and others still get through. */
static void test_fault_storm(void **state)
{
    static const uint32_t words[4] = {0xABCDEF01, 0x12345678, 0x9ABCDEF0, 0x55555555};

    (void)state;
    drain_all();
    for (uint32_t i = 0; i < 1000; i++) {
        (void)log_call(0, 4, ID, words);
    }
    uint32_t count = log_state.count;

    log_fault(0);
    assert_int_equal(log_state.count, count + 1);
    for (uint32_t i = 0; i < 1000; i++) {
        log_fault(0);
        log_restart(0, 1);
        assert_true(log_valid());
    }
    assert_true(log_state.drops[0] > 1000);
    for (uint32_t i = 0; i < K5_LOG_RING_SIZE / 8 / 2 / 32; i++) {
        assert_int_equal(log_call(2, 4, ID, words), K5_OK);
    }
}

/* A drain task that writes anything into the ring: the kernel's own state stays good. */
static void test_hostile_drain(void **state)
{
    static const uint32_t words[4] = {1, 0x12345678, 0, 0x55555555};

    (void)state;
    srand(3);
    for (uint32_t i = 0; i < 200000; i++) {
        if (rand() % 3 == 0) {
            ring_read_set((uint32_t)rand() % (rand() % 2 == 0 ? K5_LOG_RING_SIZE : UINT32_MAX));
        }
        log_ring[(uint32_t)rand() % (K5_LOG_RTT_TOTAL - 64)] = (uint8_t)rand();
        (void)log_call((task_t)(rand() % K5_TASKS), (uint32_t)rand() % 5, ID, words);
        if (rand() % 50 == 0) {
            log_fault((task_t)(rand() % K5_TASKS));
            assert_true(log_valid());
        }
    }
}

/* A drain task that wrote nonsense and then takes the published write offset as its own: the log
 * is back, though the ring was full. */
static void test_drain_finds_back(void **state)
{
    static const uint32_t words[4] = {1, 2, 3, 4};
    static const uint32_t nonsense = 0xDEADBEEF;

    (void)state;
    while (log_call(1, 4, ID, words) == K5_OK) {
    }
    memcpy((uint8_t *)log_ring + K5_LOG_RTT_WRITE, &nonsense, 4);
    ring_read_set(nonsense);
    assert_int_equal(log_call(1, 4, ID, words), K5_ERR_FULL);
    assert_int_equal(ring_word(K5_LOG_RTT_WRITE), log_state.write);
    ring_read_set(ring_word(K5_LOG_RTT_WRITE));
    assert_int_equal(log_call(1, 4, ID, words), K5_OK);
    assert_true(frame_take());
    assert_int_equal(frame.drops, 2);
}

static void test_fault_frame(void **state)
{
    (void)state;
    drain_all();
    k.task.cause[1] = K5_FAULT_WRITE;
    k.task.fault_flags[1] = 3;
    k.task.fault_address[1] = 0x28204010;
    for (uint32_t i = 0; i < K5_REG_COUNT; i++) {
        k.task.fault_reg[1][i] = 0x1000 + i;
    }
    log_fault(1);
    assert_true(frame_take());
    assert_int_equal(frame.task, K5_TASK_KERNEL);
    assert_int_equal(frame.id, K5_LOG_KERNEL_FAULT);
    struct reader reader = frame_arguments(&frame);

    assert_int_equal(read_u8(&reader), 1);
    assert_int_equal(read_u8(&reader), K5_FAULT_WRITE);
    assert_int_equal(read_u8(&reader), 3);
    assert_int_equal(read_u32(&reader), 0x28204010);
    static const uint32_t shown[] = {0, 1, 2, 3, 13, 14, 15};

    for (uint32_t i = 0; i < K5_LOG_FAULT_REG_COUNT; i++) {
        assert_int_equal(read_u32(&reader), 0x1000 + shown[i]);
    }
    assert_in_range(reader.left, 0, 6);
}

/* The end: what is in the ring, then the panic's frame, byte by byte. */
static void test_panic(void **state)
{
    static const uint32_t words[4] = {1, 2, 3, 4};
    struct frame_split split = {0};
    uint8_t byte;
    uint32_t frames = 0;

    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        (void)log_call((task_t)(i % K5_TASKS), 4, ID, words);
    }
    while (log_drain(&byte)) {
        frames += frame_split(&split, byte);
    }
    assert_true(frames > 50);
    log_panic(K5_PANIC_CONFIG, 0x1234);
    frames = 0;
    while (log_drain(&byte)) {
        if (frame_split(&split, byte)) {
            assert_true(frame_decode(split.bytes, split.length, &frame));
            frames++;
        }
    }
    assert_int_equal(frames, 1);
    assert_int_equal(frame.id, K5_LOG_KERNEL_PANIC);
    struct reader reader = frame_arguments(&frame);

    assert_int_equal(read_u32(&reader), K5_PANIC_CONFIG);
    assert_int_equal(read_u32(&reader), 0x1234);
}

/* A panic before the ring was laid out. */
static void test_panic_early(void **state)
{
    uint8_t byte;

    (void)state;
    memset(&log_state, 0, sizeof log_state);
    assert_false(log_drain(&byte));
    log_panic(K5_PANIC_CONFIG, 1);
    assert_true(frame_take());
    assert_int_equal(frame.id, K5_LOG_KERNEL_PANIC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_layout, setup),
        cmocka_unit_test_setup(test_boot_frame, setup),
        cmocka_unit_test_setup(test_words, setup),
        cmocka_unit_test_setup(test_buffer, setup),
        cmocka_unit_test_setup(test_refused, setup),
        cmocka_unit_test_setup(test_time, setup),
        cmocka_unit_test_setup(test_conservation, setup),
        cmocka_unit_test_setup(test_fair_share, setup),
        cmocka_unit_test_setup(test_all_flood, setup),
        cmocka_unit_test_setup(test_fault_storm, setup),
        cmocka_unit_test_setup(test_hostile_drain, setup),
        cmocka_unit_test_setup(test_drain_finds_back, setup),
        cmocka_unit_test_setup(test_fault_frame, setup),
        cmocka_unit_test_setup(test_panic, setup),
        cmocka_unit_test_setup(test_panic_early, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
