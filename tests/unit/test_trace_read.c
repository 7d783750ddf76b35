/* The tool's side of a trace: the ring of a target that goes on meanwhile, lost and damaged
 * records, and what spans, arrows and marks events become. */
/* build: tool/trace_read.c tool/trace_model.c tool/trace_ctf.c tool/trace_page.c tool/util.c */
/* build: tool/process.c -Iabi */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "trace.h"

#define WRITTEN 0x1000u
#define RECORDS 0x2000u
#define SIZE    ((size_t)K5_TRACE_RECORDS * K5_TRACE_RECORD_SIZE)

static struct app_task tasks[2] = {{.name = "low", .priority = 1}, {.name = "high", .priority = 2}};
static struct app_endpoint endpoints[1] = {{.name = "door", .server = 1}};
static struct app app = {.name = "a<b\"c",
                         .profile = "release",
                         .board = {.name = "desk", .tick_hz = 1000000},
                         .tasks = tasks,
                         .task_count = 2,
                         .endpoints = endpoints,
                         .endpoint_count = 1};

/* ---- a ring that a kernel fills ---- */

static uint8_t ring[SIZE];
static uint32_t written;
static uint32_t meanwhile; /* records that it adds once the first have been read */
static bool broken;
static struct trace trace;
static struct trace_reader reader;

static void put(uint64_t time, uint8_t kind, uint8_t task, uint8_t other, uint32_t value)
{
    uint8_t *record = &ring[written % K5_TRACE_RECORDS * K5_TRACE_RECORD_SIZE];

    memset(record, 0, K5_TRACE_RECORD_SIZE);
    memcpy(record + K5_TRACE_RECORD_TIME, &time, sizeof time);
    record[K5_TRACE_RECORD_KIND] = kind;
    record[K5_TRACE_RECORD_TASK] = task;
    record[K5_TRACE_RECORD_OTHER] = other;
    memcpy(record + K5_TRACE_RECORD_VALUE, &value, sizeof value);
    written++;
}

static void put_many(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put(written, K5_TRACE_SIGNAL, 0, 1, written);
    }
}

static bool ring_read(void *of, uint32_t address, void *bytes, size_t size)
{
    (void)of;
    if (broken) {
        return false;
    }
    if (address == WRITTEN) {
        assert_int_equal(size, sizeof written);
        memcpy(bytes, &written, sizeof written);
    } else {
        assert_true(address >= RECORDS && address - RECORDS + size <= SIZE);
        memcpy(bytes, &ring[address - RECORDS], size);
        put_many(meanwhile);
        meanwhile = 0;
    }
    return true;
}

static int setup(void **state)
{
    (void)state;
    trace_free(&trace);
    trace = (struct trace){.app = &app};
    reader = (struct trace_reader){
        .trace = &trace, .memory = {ring_read, NULL}, .written = WRITTEN, .records = RECORDS};
    written = 0;
    meanwhile = 0;
    broken = false;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    trace_free(&trace);
    return 0;
}

/* ---- the ring ---- */

static void test_drain(void **state)
{
    (void)state;
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.event_count, 0);
    put_many(K5_TRACE_RECORDS - 1);
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.event_count, K5_TRACE_RECORDS - 1);
    put_many(K5_TRACE_RECORDS / 2); /* over the end of the ring */
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.event_count, K5_TRACE_RECORDS - 1 + K5_TRACE_RECORDS / 2);
    assert_int_equal(trace.lost, 0);
    for (uint32_t i = 0; i < trace.event_count; i++) {
        assert_int_equal(trace.events[i].value, i);
    }
}

static void test_lost(void **state)
{
    (void)state;
    put_many(K5_TRACE_RECORDS + 10);
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.lost, 11); /* ten, and the one that may be half overwritten */
    assert_int_equal(trace.events[0].kind, TRACE_LOST);
    assert_int_equal(trace.events[0].value, 11);
    assert_int_equal(trace.events[1].value, 11);
    assert_int_equal(trace.event_count, K5_TRACE_RECORDS);
}

/* It writes while it is read: what it may have written over is not believed. */
static void test_meanwhile(void **state)
{
    (void)state;
    put_many(K5_TRACE_RECORDS - 100);
    meanwhile = 200;
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.lost, 101);
    assert_int_equal(trace.events[1].value, 101);
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.lost, 101);
    assert_int_equal(trace.events[trace.event_count - 1].value, written - 1);
}

static void test_wrap(void **state)
{
    (void)state;
    written = UINT32_MAX - 2;
    reader.read = written;
    put_many(6);
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.event_count, 6);
    assert_int_equal(trace.lost, 0);
}

static void test_boot(void **state)
{
    (void)state;
    put_many(20);
    assert_true(trace_drain(&reader));
    written = 0; /* a reset has emptied it */
    put_many(1);
    assert_true(trace_drain(&reader)); /* looked at before it was told */
    assert_int_equal(trace.event_count, 20);
    trace_reader_boot(&reader, false);
    assert_int_equal(trace.gaps, 1);
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.event_count, 21);
    assert_int_equal(trace.events[20].time, 19); /* on from where it was */
    assert_int_equal(trace.lost, 0);
}

static void test_broken(void **state)
{
    (void)state;
    put_many(3);
    broken = true;
    assert_false(trace_drain(&reader));
    broken = false;
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.event_count, 3);
}

/* Records that make no sense are counted; the rest goes on. */
static void test_damaged(void **state)
{
    (void)state;
    put(1, K5_TRACE_KINDS, 0, 1, 0);
    put(2, K5_TRACE_CALL, 2, 1, 0);
    put(3, K5_TRACE_CALL, 0, 7, 0);
    put(4, K5_TRACE_READY, K5_NIL, K5_NIL, 0);
    put((uint64_t)1 << 60, K5_TRACE_READY, 0, K5_NIL, 0);
    put(5, K5_TRACE_READY, 0, K5_NIL, 0);
    put(4, K5_TRACE_READY, 1, K5_NIL, 0); /* time does not go back */
    assert_true(trace_drain(&reader));
    assert_int_equal(trace.damaged, 5);
    assert_int_equal(trace.event_count, 2);
    assert_int_equal(trace.events[1].time, 5);
}

/* Any bytes at all, through the whole: nothing but counts may come of them. */
static void test_garbage(void **state)
{
    struct trace_model model;
    uint32_t seed = 7;

    (void)state;
    for (unsigned round = 0; round < 200; round++) {
        for (size_t i = 0; i < SIZE; i++) {
            seed = seed * 1664525u + 1013904223u;
            ring[i] = (uint8_t)(seed >> 24);
            if (i % K5_TRACE_RECORD_SIZE > 3 && i % K5_TRACE_RECORD_SIZE < 8) {
                ring[i] = 0; /* or all times would be too late */
            }
            if (i % K5_TRACE_RECORD_SIZE >= 8 && i % K5_TRACE_RECORD_SIZE < 12) {
                ring[i] = (uint8_t)(ring[i] % 20 == 19 ? 0xFF : ring[i] % (4 + round % 16));
            }
        }
        written += K5_TRACE_RECORDS - 1;
        assert_true(trace_drain(&reader));
        if (round % 20 == 0) {
            trace_model_make(&trace, &model);
            trace_model_free(&model);
            (void)setup(NULL);
        }
    }
}

/* ---- the model ---- */

static void event(uint64_t time, uint8_t kind, uint8_t task, uint8_t other, uint8_t detail)
{
    trace_event_add(&trace, (struct trace_event){time, kind, task, other, detail, 0});
}

static void expect_span(const struct trace_model *model, size_t i, struct trace_span want)
{
    assert_true(i < model->span_count);
    assert_int_equal(model->spans[i].lane, want.lane);
    assert_int_equal(model->spans[i].begin, want.begin);
    assert_int_equal(model->spans[i].end, want.end);
    assert_int_equal(model->spans[i].state, want.state);
}

/* low calls high, which is passive; high answers. */
static void call_events(void)
{
    event(0, K5_TRACE_BOOT, K5_NIL, K5_NIL, 1);
    event(10, K5_TRACE_RUN, 1, 1, 0);
    event(20, K5_TRACE_BLOCK, 1, 0, K5_TASK_RECEIVING);
    event(20, K5_TRACE_RUN, 0, 0, 0);
    event(30, K5_TRACE_CALL, 0, 1, 0);
    event(30, K5_TRACE_READY, 1, K5_NIL, 0);
    event(30, K5_TRACE_RUN, 1, 0, 0);
    event(50, K5_TRACE_REPLY, 1, 0, 0);
    event(50, K5_TRACE_READY, 0, K5_NIL, 0);
    event(50, K5_TRACE_BLOCK, 1, 0, K5_TASK_RECEIVING);
    event(50, K5_TRACE_RUN, 0, 0, 0);
}

static void test_call(void **state)
{
    struct trace_model model;

    (void)state;
    call_events();
    event(60, K5_TRACE_EMPTY, 0, K5_NIL, 0);
    event(60, K5_TRACE_RUN, K5_NIL, K5_NIL, 0);
    event(90, K5_TRACE_REFILL, 0, K5_NIL, 0);
    event(90, K5_TRACE_RUN, 0, 0, 0);
    event(95, K5_TRACE_FAULT, 0, K5_NIL, K5_FAULT_WRITE);
    event(95, K5_TRACE_STOP, 0, K5_NIL, K5_TASK_FAULTED);
    event(95, K5_TRACE_RUN, K5_NIL, K5_NIL, 0);
    event(99, K5_TRACE_RESTART, 0, 1, 0);
    trace_model_make(&trace, &model);
    expect_span(&model, 0, (struct trace_span){0, 20, TRACE_READY, 0, 0});
    expect_span(&model, 1, (struct trace_span){20, 30, TRACE_RUNNING, 0, 0});
    expect_span(&model, 2, (struct trace_span){30, 50, TRACE_BLOCKED, 0, 0});
    assert_string_equal(model.texts.items[model.spans[2].about], "awaiting high");
    expect_span(&model, 3, (struct trace_span){50, 60, TRACE_RUNNING, 0, 0});
    expect_span(&model, 4, (struct trace_span){60, 90, TRACE_STALLED, 0, 0});
    expect_span(&model, 5, (struct trace_span){90, 95, TRACE_RUNNING, 0, 0});
    expect_span(&model, 6, (struct trace_span){95, 99, TRACE_STOPPED, 0, 0});
    expect_span(&model, 7, (struct trace_span){0, 10, TRACE_READY, 1, 0});
    expect_span(&model, 8, (struct trace_span){10, 20, TRACE_RUNNING, 1, 0});
    assert_int_equal(model.spans[8].about, 1);
    expect_span(&model, 9, (struct trace_span){20, 30, TRACE_BLOCKED, 1, 0});
    assert_string_equal(model.texts.items[model.spans[9].about], "receiving on door");
    expect_span(&model, 10, (struct trace_span){30, 50, TRACE_RUNNING, 1, 0});
    assert_int_equal(model.spans[10].about, 0); /* low pays */
    assert_int_equal(model.arrow_count, 2);
    assert_int_equal(model.mark_count, 3);
    assert_string_equal(model.texts.items[model.marks[1].about],
                        "fault: write not permitted, 0x00000000");
    trace_model_free(&model);
}

/* ---- the files ---- */

static void test_files(void **state)
{
    char folder[] = "/tmp/k5-test-XXXXXX";
    struct trace_model model;
    struct text text = {0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("K5_ROOT", ".", 1), 0);
    call_events();
    trace.lost = 3;
    trace_log_add(&trace, 40, 0, "INFO </script>\"\\\n");
    trace_model_make(&trace, &model);
    char *page = path_join(folder, "page.html");
    char *metadata = path_join(folder, "metadata");
    char *stream = path_join(folder, "stream");
    assert_true(trace_page_write(&trace, &model, page));
    assert_true(file_read(page, &text));
    assert_non_null(strstr(text.data, "app:\"a\\u003cb\\u0022c\""));
    assert_non_null(strstr(text.data, "lost:3,"));
    assert_non_null(strstr(text.data, "\"INFO \\u003c/script>\\u0022\\u005c\\u000a\""));
    text_free(&text);
    assert_false(trace_page_write(&trace, &model, folder));
    assert_true(trace_ctf_write(&trace, folder));
    assert_true(file_read(stream, &text));
    assert_int_equal((uint8_t)text.data[0], 0xC1);
    assert_int_equal(text.data[4 + 4 + 4 * 8], 3); /* events_discarded */
    text_free(&text);
    assert_false(trace_ctf_write(&trace, page));
    trace_model_free(&model);
    (void)unlink(page);
    (void)unlink(metadata);
    (void)unlink(stream);
    (void)rmdir(folder);
    free(page);
    free(metadata);
    free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_drain, setup),
        cmocka_unit_test_setup(test_lost, setup),
        cmocka_unit_test_setup(test_meanwhile, setup),
        cmocka_unit_test_setup(test_wrap, setup),
        cmocka_unit_test_setup(test_boot, setup),
        cmocka_unit_test_setup(test_broken, setup),
        cmocka_unit_test_setup(test_damaged, setup),
        cmocka_unit_test_setup(test_garbage, setup),
        cmocka_unit_test_setup(test_call, setup),
        cmocka_unit_test_setup_teardown(test_files, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
