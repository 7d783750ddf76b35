/* The tool's decoder of the log: fields, lines, and what it does with wrong bytes. */
/* build: tool/frame.c tool/format.c tool/sites.c tool/decode.c tool/fault.c tool/source.c */
/* build: tool/json.c tool/scene.c tool/snapshot.c tool/unwind.c tool/layout.c tool/object.c */
/* build: tool/remote.c tool/packet.c tool/transport.c */
/* build: tool/util.c tool/process.c -Iabi -lelf -ldw */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decode.h"
#include "decoder_fixture.h"
#include "format.h"
#include "k5_log_abi.h"

/* ---- frames ---- */

static void test_frame_round_trip(void **state)
{
    uint8_t raw[128];
    uint8_t wire[256];
    struct frame frame;

    (void)state;
    srand(1);
    for (uint32_t i = 0; i < 20000; i++) {
        size_t length = 3 + (size_t)rand() % 100;
        int zeros = rand() % 100;

        raw[0] = 5;
        raw[1] = 7;
        raw[2] = 9;
        for (size_t j = 3; j < length; j++) {
            raw[j] = (uint8_t)(rand() % 100 < zeros ? 0 : rand());
        }
        size_t n = frame_make(raw, length, wire);

        assert_null(memchr(wire, 0, n - 1));
        assert_true(frame_decode(wire, n - 1, &frame));
        assert_int_equal(frame.task, 5);
        assert_int_equal(frame.time, 7);
        assert_int_equal(frame.id, 9);
        assert_in_range(frame.end - frame.first, length - 3, length + 3);
        assert_memory_equal(frame.raw + frame.first, raw + 3, length - 3);
    }
}

static void test_frame_fields(void **state)
{
    static const uint8_t raw[] = {
        3 | K5_LOG_HEAD_ABSOLUTE | K5_LOG_HEAD_DROPS, 0x80, 0x01, 0xFF, 0x7F, 0x81, 0x01, 42};
    uint8_t wire[64];
    struct frame frame;

    (void)state;
    size_t n = frame_make(raw, sizeof raw, wire);

    assert_true(frame_decode(wire, n - 1, &frame));
    assert_int_equal(frame.task, 3);
    assert_true(frame.absolute);
    assert_int_equal(frame.time, 128);
    assert_int_equal(frame.drops, 16383);
    assert_int_equal(frame.id, 129);
    assert_int_equal(frame.raw[frame.first], 42);
}

static void test_frame_damaged(void **state)
{
    uint8_t wire[64] = {0};
    struct frame frame;
    uint8_t raw[] = {1, 2, 3, 4, 5, 6, 7, 8};

    (void)state;
    assert_false(frame_decode(wire, 0, &frame));
    size_t n = frame_make(raw, sizeof raw, wire) - 1;

    assert_true(frame_decode(wire, n, &frame));
    for (size_t i = 0; i < n; i++) { /* any one byte wrong is noticed */
        for (unsigned change = 1; change < 256; change++) {
            wire[i] ^= (uint8_t)change;
            if (wire[i] != 0) {
                assert_false(frame_decode(wire, n, &frame));
            }
            wire[i] ^= (uint8_t)change;
        }
    }
    assert_false(frame_decode(wire, n - 1, &frame));
    assert_false(frame_decode(wire + 1, n - 1, &frame));
}

static void test_split_overlong(void **state)
{
    struct frame_split split = {0};

    (void)state;
    for (size_t i = 0; i < (size_t)3 * FRAME_ENCODED_MAX; i++) {
        assert_false(frame_split(&split, 0xAA));
    }
    assert_true(frame_split(&split, 0));
    struct frame frame;

    assert_false(frame_decode(split.bytes, split.length, &frame));
    assert_false(frame_split(&split, 0)); /* nothing between two ends is nothing */
    assert_false(frame_split(&split, 1));
    assert_true(frame_split(&split, 0));
    assert_int_equal(split.length, 1);
}

/* ---- lines ---- */

static void test_line(void **state)
{
    static const uint8_t fields[] = {
        K5_LOG_HEAD_ABSOLUTE, 0x80, 0xB5, 0x18, 1, 234, 0, 0, 0, 0x2A, 0, 0, 0};

    (void)state;
    feed(fields, sizeof fields);
    assert_int_equal(decoder.line_count, 1);
    assert_string_equal(line(0), "   0.020 000 INFO  sensor   temp 23.4 C from 2a"
                                 "                                            main.c:17");
    assert_int_equal(strlen(line(0)), DECODE_WIDTH);
    assert_int_equal(decoder.entries, 1);
}

static void test_line_mixed(void **state)
{
    static const uint8_t fields[] = {0, 20, 2, 2, 'o', 'k', 1, 0,    0,
                                     0, 1,  0, 0, 0,   0,   0, 0x80, 0x3F};

    (void)state;
    feed(fields, sizeof fields);
    assert_non_null(strstr(line(0), "ERROR sensor   name \"ok\" big 4294967297 f 1  "));
}

static void test_line_verbatim(void **state)
{
    static const uint8_t fields[] = {0, 20, 3};

    (void)state;
    feed(fields, sizeof fields);
    assert_non_null(strstr(line(0), "DEBUG sensor   plain {{}  "));
    assert_non_null(strstr(line(0), "main.c:275"));
}

static void test_time_adds_up(void **state)
{
    static const uint8_t absolute[] = {K5_LOG_HEAD_ABSOLUTE, 100, 3};
    static const uint8_t relative[] = {0, 100, 3};

    (void)state;
    feed(absolute, sizeof absolute);
    assert_int_equal(decoder.ticks, 100);
    feed(relative, sizeof relative);
    assert_int_equal(decoder.ticks, 200);
    feed(absolute, sizeof absolute);
    assert_int_equal(decoder.ticks, 100);
}

static void test_drops(void **state)
{
    static const uint8_t fields[] = {K5_LOG_HEAD_DROPS, 20, 12, 3};

    (void)state;
    feed(fields, sizeof fields);
    assert_int_equal(decoder.line_count, 2);
    assert_non_null(strstr(line(0), "LOST  sensor   12 log frames dropped here"));
    assert_int_equal(decoder.drops, 12);
}

/* Damage is told of once, before the good frame that follows. */
static void test_damage(void **state)
{
    static const uint8_t damage[] = {1, 2, 3, 0, 4, 5, 0};
    static const uint8_t good[] = {0, 20, 3};

    (void)state;
    decoder_feed(&decoder, damage, sizeof damage);
    assert_int_equal(decoder.line_count, 0);
    feed(good, sizeof good);
    assert_int_equal(decoder.line_count, 2);
    assert_non_null(strstr(line(0), "LOST  ?        2 damaged frames here"));
    assert_int_equal(decoder.damaged, 2);
    feed(good, sizeof good);
    assert_int_equal(decoder.line_count, 1);
}

static void test_unknown(void **state)
{
    static const uint8_t id[] = {0, 20, 99};
    static const uint8_t task[] = {9, 20, 1};
    static const uint8_t kernel[] = {K5_TASK_KERNEL, 20, 77};

    (void)state;
    feed(id, sizeof id);
    assert_non_null(strstr(line(0), "WARN  sensor   unknown log id 99"));
    feed(task, sizeof task);
    assert_non_null(strstr(line(0), "a frame of task 9"));
    feed(kernel, sizeof kernel);
    assert_non_null(strstr(line(0), "unknown kernel frame 77"));
}

static void test_boot(void **state)
{
    static const uint8_t fields[] = {
        K5_TASK_KERNEL, 0,    K5_LOG_KERNEL_BOOT, 0xEF, 0xBE, 0xAD, 0xDE, 0x00, 0x2D,
        0x31,           0x01, K5_ABI_VERSION,     2};

    (void)state;
    feed(fields, sizeof fields);
    assert_int_equal(decoder.line_count, 1);
    assert_non_null(strstr(line(0), "boot: 2 tasks, clock 20000 kHz, build deadbeef"));
    decoder.build_known = true;
    decoder.build = 0x12345678;
    feed(fields, sizeof fields);
    assert_int_equal(decoder.line_count, 3);
    assert_non_null(strstr(line(1), "BUILD kernel   this board runs build deadbeef, your ELF is "
                                    "12345678"));
    assert_non_null(strstr(line(2), "load the image that was built here"));
    assert_true(decoder.other_build);
    decoder.build = 0xdeadbeef;
    feed(fields, sizeof fields);
    assert_int_equal(decoder.line_count, 1);
    assert_false(decoder.other_build);
}

static size_t fault_fields(uint8_t *to, uint8_t task, uint8_t cause, uint32_t address)
{
    uint8_t fields[] = {K5_TASK_KERNEL, 20, K5_LOG_KERNEL_FAULT, task, cause, 3};
    size_t n = sizeof fields;

    memcpy(to, fields, n);
    memcpy(to + n, &address, 4);
    n += 4;
    for (uint32_t i = 0; i < K5_LOG_FAULT_REG_COUNT; i++, n += 4) {
        uint32_t word = 0x28201000 + i;

        memcpy(to + n, &word, 4);
    }
    return n;
}

static void test_fault(void **state)
{
    uint8_t fields[100];

    (void)state;
    feed(fields, fault_fields(fields, 0, K5_FAULT_WRITE, 0x28202010));
    assert_non_null(strstr(line(0), "FAULT sensor   write to 0x28202010 not permitted: "
                                    "it belongs to storage (ram), sensor has no access"));
    assert_int_equal(decoder.faults, 1);
    assert_int_equal(decoder.unhandled, 0);
    feed(fields, fault_fields(fields, 0, K5_FAULT_WRITE, 0x200010));
    assert_non_null(strstr(line(0), "sensor may only read and execute there (code)"));
    feed(fields, fault_fields(fields, 0, K5_FAULT_READ, 0));
    assert_non_null(strstr(line(0), "read of 0x00000000 not permitted: it belongs to no task"));
    feed(fields, fault_fields(fields, 1, K5_FAULT_EXIT, 3));
    assert_non_null(strstr(line(0), "FAULT super    ended with exit code 3"));
    assert_int_equal(decoder.unhandled, 1);
    assert_non_null(strstr(line(decoder.line_count - 1), "it stays stopped"));
    tasks[1].on_fault = K5_ON_FAULT_RESTART;
    feed(fields, fault_fields(fields, 1, K5_FAULT_EXIT, 3));
    assert_non_null(strstr(line(decoder.line_count - 1), "on-fault: the kernel restarts it"));
    tasks[1].on_fault = K5_ON_FAULT_RESET;
    feed(fields, fault_fields(fields, 1, K5_FAULT_EXIT, 3));
    assert_non_null(strstr(line(decoder.line_count - 1), "on-fault: the system resets"));
    tasks[1].supervises.count = 1;
    feed(fields, fault_fields(fields, 1, K5_FAULT_EXIT, 3));
    assert_non_null(strstr(line(decoder.line_count - 1), "it supervises others"));
    assert_int_equal(decoder.unhandled, 1);
    feed(fields, fault_fields(fields, 0, K5_FAULT_PANIC, K5_LOG_SITE_SIZE));
    assert_non_null(strstr(line(0), "panic: \"temp {.1} C from {x}\" at main.c:17"));
    for (unsigned cause = 0; cause < 256; cause++) { /* each has words */
        feed(fields, fault_fields(fields, 0, (uint8_t)cause, 0x1000));
        assert_non_null(strstr(line(0), "FAULT sensor   "));
        assert_true(strlen(line(0)) > 32);
    }
    feed(fields, fault_fields(fields, 7, K5_FAULT_WRITE, 0)); /* no such task */
    assert_non_null(strstr(line(0), "makes no sense"));
    feed(fields, 12); /* cut off */
    assert_non_null(strstr(line(0), "makes no sense"));
}

static void test_restart(void **state)
{
    uint8_t fields[] = {K5_TASK_KERNEL, 20, K5_LOG_KERNEL_RESTART, 0, 1, 3, 0, 0, 0};

    (void)state;
    feed(fields, sizeof fields);
    assert_non_null(strstr(line(0), "INFO  kernel   super restarts sensor (restart 3)"));
    fields[4] = K5_NIL;
    feed(fields, sizeof fields);
    assert_non_null(strstr(line(0), "kernel   the kernel restarts sensor (restart 3)"));
    assert_int_equal(decoder.restarts, 2);
}

static void test_overrun(void **state)
{
    static const uint8_t fields[] = {
        K5_TASK_KERNEL, 20, K5_LOG_KERNEL_OVERRUN, 1, 0, 0x02, 0x01, 0, 0};
    static const uint8_t dropped[] = {
        K5_TASK_KERNEL | K5_LOG_HEAD_DROPS, 20, 7, K5_LOG_KERNEL_OVERRUN, 1, 0, 1, 0, 0, 0};

    (void)state;
    feed(fields, sizeof fields);
    assert_int_equal(decoder.line_count, 1);
    assert_non_null(
        strstr(line(0), "WARN  kernel   super overran its wcet on sensor's time (overrun 258)"));
    feed(dropped, sizeof dropped);
    assert_int_equal(decoder.line_count, 2);
    assert_non_null(strstr(line(0), "LOST  super    7 log frames dropped here"));
}

static void test_panic(void **state)
{
    static const uint8_t fields[] = {
        K5_TASK_KERNEL, 20, K5_LOG_KERNEL_PANIC, 7, 0, 0, 0, 1, 0, 0, 0, 0};

    (void)state;
    feed(fields, sizeof fields);
    assert_true(decoder.panicked);
    assert_non_null(strstr(line(0), "PANIC kernel   a task that others rely on"));
    assert_non_null(strstr(line(0), ": super; sensor was running"));
}

/* Whose line it is, if the board file knows. */
static void test_panic_line(void **state)
{
    static const uint8_t fields[] = {
        K5_TASK_KERNEL, 20, K5_LOG_KERNEL_PANIC, 8, 0, 0, 0, 34, 0, 0, 0, K5_NIL};
    static struct board_device device = {
        .name = "uart1", .irq = {{"rx", 34, false}}, .irq_count = 1};

    (void)state;
    app.board.devices = &device;
    app.board.device_count = 1;
    feed(fields, sizeof fields);
    assert_non_null(strstr(line(0), "an interrupt that nobody asked for: line 34, uart1's"));
    app.board.device_count = 0;
}

/* ---- bytes that are wrong ---- */

static void test_fuzz_noise(void **state)
{
    uint8_t noise[64];

    (void)state;
    srand(2);
    for (uint32_t i = 0; i < 40000; i++) {
        for (size_t j = 0; j < sizeof noise; j++) {
            noise[j] = (uint8_t)(rand() % 8 == 0 ? 0 : rand());
        }
        decoder_feed(&decoder, noise, sizeof noise);
        decoder_clear(&decoder);
    }
    assert_true(decoder.damaged > 1000);
}

/* A wrong check byte never hides what is in the frame from the code behind it: give it noise too.
 */
static void test_fuzz_fields(void **state)
{
    uint8_t fields[120];

    (void)state;
    srand(3);
    for (uint32_t i = 0; i < 100000; i++) {
        size_t length = (size_t)rand() % sizeof fields;

        for (size_t j = 0; j < length; j++) {
            fields[j] = (uint8_t)(rand() % 4 == 0 ? 0 : rand());
        }
        fields[0] = (uint8_t)(rand() % 2 == 0 ? K5_TASK_KERNEL : rand() % 3);
        fields[1] = (uint8_t)(rand() % 128);
        fields[2] = (uint8_t)(rand() % (K5_LOG_KERNEL_IDS + 1));
        feed(fields, length < 3 ? 3 : length);
    }
    assert_true(decoder.frames > 90000);
}

/* One wrong byte in a stream costs at most the frames at its two sides, and is hardly ever
 * believed. */
static void test_fuzz_stream(void **state)
{
    static const uint8_t fields[] = {0, 20, 1, 234, 0, 0, 0, 0x2A, 0, 0, 0};
    uint8_t wire[10 * 64];
    uint32_t shown = 0;
    uint32_t wrong = 0;

    (void)state;
    srand(4);
    for (uint32_t round = 0; round < 5000; round++) {
        size_t n = 0;
        uint32_t good = 0;

        for (uint32_t i = 0; i < 10; i++) {
            n += frame_make(fields, sizeof fields, wire + n);
        }
        wire[(size_t)rand() % (n - 1)] ^= (uint8_t)(1 + rand() % 255);
        decoder_feed(&decoder, wire, n);
        for (size_t i = 0; i < decoder.line_count; i++) {
            good += strstr(line(i), "INFO  sensor   temp 23.4 C from 2a  ") != NULL;
            wrong += strstr(line(i), "LOST") == NULL;
        }
        wrong -= good;
        shown += good;
        assert_true(good >= 8);
        decoder_clear(&decoder);
    }
    assert_true(shown >= 5000 * 8);
    assert_true(wrong < 5000 / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_round_trip),
        cmocka_unit_test(test_frame_fields),
        cmocka_unit_test(test_frame_damaged),
        cmocka_unit_test(test_split_overlong),
        cmocka_unit_test_setup_teardown(test_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_line_mixed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_line_verbatim, setup, teardown),
        cmocka_unit_test_setup_teardown(test_time_adds_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_drops, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unknown, setup, teardown),
        cmocka_unit_test_setup_teardown(test_boot, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fault, setup, teardown),
        cmocka_unit_test_setup_teardown(test_restart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_overrun, setup, teardown),
        cmocka_unit_test_setup_teardown(test_panic, setup, teardown),
        cmocka_unit_test_setup_teardown(test_panic_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fuzz_noise, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fuzz_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fuzz_stream, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
