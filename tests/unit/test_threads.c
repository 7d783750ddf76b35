/* Tasks as threads, from a memory made up here: who runs, what each waits for, and where the
 * registers of each are. Real images are met in tests/tool/debug.sh. */
/* build: tool/threads.c tool/layout.c tool/fault.c tool/frame.c tool/sites.c tool/format.c */
/* build: tool/object.c tool/source.c tool/json.c tool/util.c tool/process.c -Iabi -lelf -ldw */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "threads.h"

#define BASE     0x30000000u
#define BYTES    4096u
#define CONTEXT  0x400u /* offsets from BASE */
#define RECORD   0x600u
#define SECURE   0x700u
#define STACK    0x800u
#define HANDLER  0x0100000Fu /* xPSR in an interrupt */
#define SVC      0x0100000Bu
#define RET_CALL 0xFFFFFFFDu
#define RET_TASK 0xFFFFFFBDu
#define IDLE     0xFFu

char *app_owner(const struct app *app, uint32_t address);
char *app_owner(const struct app *app, uint32_t address)
{
    (void)app;
    (void)address;
    return string_copy("somebody");
}

static struct app_task tasks[2] = {
    {.name = "low", .entry = 0x200000, .stack_size = 256, .regions = {{.base = 0x200000}}},
    {.name = "high", .fp = true, .regions = {{.base = 0x201000}}}};
static struct app_endpoint endpoints[1] = {{.name = "door", .server = 1}};
static struct app app = {.name = "test",
                         .board = {.tick_hz = 1000},
                         .tasks = tasks,
                         .task_count = 2,
                         .endpoints = endpoints,
                         .endpoint_count = 1};
static uint8_t memory[BYTES];
static struct threads threads;
static struct threads_live live;

static bool memory_read(void *of, uint32_t address, void *bytes, size_t size)
{
    (void)of;
    if (address < BASE || address - BASE + size > BYTES) {
        return false;
    }
    memcpy(bytes, &memory[address - BASE], size);
    return true;
}

static void word(uint32_t offset, uint32_t value)
{
    memcpy(&memory[offset], &value, sizeof value);
}

/* Value v of a task, or of all (task 0). */
static void value(enum threads_value v, size_t task, uint32_t number)
{
    uint32_t size = threads.where[v].size;

    memcpy(&memory[threads.where[v].address - BASE + task * size], &number, size < 4 ? size : 4);
}

static void context(size_t thread, uint32_t exc_return, uint32_t psp_s, uint32_t psp_ns)
{
    for (uint32_t r = 0; r < 8; r++) {
        word(CONTEXT + 64 * (uint32_t)thread + 4 * r, 0x100 * (uint32_t)thread + 4 + r);
    }
    word(CONTEXT + 64 * (uint32_t)thread + 32, psp_s);
    word(CONTEXT + 64 * (uint32_t)thread + 36, psp_ns);
    word(CONTEXT + 64 * (uint32_t)thread + 40, exc_return);
}

/* A frame whose words can be told apart, and its xPSR. */
static void frame(uint32_t offset, uint32_t lr, uint32_t pc, uint32_t xpsr)
{
    for (uint32_t i = 0; i < 26; i++) {
        word(offset + 4 * i, 0xF00 + i);
    }
    word(offset + 20, lr);
    word(offset + 24, pc);
    word(offset + 28, xpsr);
}

static int setup(void **state)
{
    (void)state;
    memset(memory, 0, sizeof memory);
    threads_close(&threads);
    threads = (struct threads){.app = &app, .tasks = 2, .memory = {memory_read, NULL}};
    for (uint32_t i = 0; i < THREADS_VALUES; i++) {
        bool wide = i == THREADS_DEADLINE;
        threads.where[i] = (struct layout_member){BASE + 32 * i, wide ? 8 : 4, 2};
    }
    threads.where[THREADS_STATE].size = 1;
    threads.contexts = (struct layout_member){BASE + CONTEXT, 64, 4};
    threads.fault_reg = (struct layout_member){BASE + RECORD, 4, 34};
    threads.context_psp_s = 32;
    threads.context_psp_ns = 36;
    threads.context_exc_return = 40;
    threads.fp_s16 = 112;
    app.board.memory[MEMORY_KERNEL_CODE] = (struct board_memory){"kernel", 0x10000000, 0x10000};
    app.board.memory[MEMORY_VENEER] = (struct board_memory){"veneer", 0x10010000, 64};
    tasks[0].regions[0].size = 0x1000;
    tasks[1].regions[0].size = 0x1000;
    tasks[0].regions[1].base = BASE + STACK;
    live = (struct threads_live){.core = {[15] = 0x200100, [16] = 0x01000000}};
    context(0, RET_CALL, BASE + SECURE, BASE + STACK + 0x40);
    context(1, RET_CALL, BASE + SECURE, BASE + STACK + 0x80);
    context(2, RET_CALL, BASE + SECURE, 0);
    value(THREADS_SC, 1, 1);
    value(THREADS_SECURE_STACK, 0, BASE + SECURE);
    value(THREADS_SECURE_STACK, 1, BASE + SECURE);
    return 0;
}

static void expect_state(size_t thread, const char *words)
{
    struct text text = {0};

    threads_state(&threads, thread, &text);
    assert_string_equal(text_string(&text), words);
    text_free(&text);
}

static void test_running(void **state)
{
    (void)state;
    value(THREADS_PORT_TASK, 0, 0);
    assert_true(threads_read(&threads, &live));
    assert_int_equal(threads.running, 0);
    expect_state(0, "running");
    expect_state(1, "ready");
    expect_state(2, "at rest");
    live.core[15] = 0x10010002; /* in the veneer it is still that task */
    assert_true(threads_read(&threads, &live));
    assert_int_equal(threads.running, 0);
    assert_true(threads_in_veneer(&threads));
    live.core[15] = 0x10010020; /* the idle loop */
    assert_true(threads_read(&threads, &live));
    assert_int_equal(threads.running, 2);
    expect_state(2, "idle");
    live.core[15] = 0x10000100; /* boot: in thread mode, in the kernel's code */
    assert_true(threads_read(&threads, &live));
    assert_int_equal(threads.running, 2);
    value(THREADS_PORT_TASK, 0, 77); /* nonsense is nobody */
    live.core[15] = 0x200100;
    assert_true(threads_read(&threads, &live));
    assert_int_equal(threads.running, 2);
}

static void test_words(void **state)
{
    static const struct {
        uint8_t state;
        uint8_t object;
        const char *words;
    } each[] = {{K5_TASK_SENDING, 0, "sending to door"},
                {K5_TASK_CALLING, 0, "calling door, not taken yet"},
                {K5_TASK_AWAITING, 1, "awaiting high"},
                {K5_TASK_RECEIVING, 0, "receiving on door"},
                {K5_TASK_WAITING, K5_NIL, "sleeping"},
                {K5_TASK_AWAITING, 9, "awaiting ?"},
                {K5_TASK_SENDING, 9, "sending to ?"},
                {99, 0, "?"}};

    (void)state;
    value(THREADS_PORT_TASK, 0, 1);
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        value(THREADS_STATE, 0, each[i].state);
        value(THREADS_OBJECT, 0, each[i].object);
        assert_true(threads_read(&threads, &live));
        expect_state(0, each[i].words);
    }
    value(THREADS_STATE, 0, K5_TASK_WAITING);
    value(THREADS_MASK, 0, 0x30);
    value(THREADS_DEADLINE, 0, 1500);
    value(THREADS_SUSPENDED, 0, 1);
    value(THREADS_EMPTY, 0, 1);
    value(THREADS_SC, 1, 0);
    assert_true(threads_read(&threads, &live));
    expect_state(0, "waiting for bits 0x30 until 1.500 s, its budget is used up, suspended");
    expect_state(1, "running, on the time of low");
    value(THREADS_STATE, 0, K5_TASK_FAULTED);
    value(THREADS_CAUSE, 0, K5_FAULT_DIVIDE);
    value(THREADS_DEADLINE, 0, 0);
    value(THREADS_SUSPENDED, 0, 0);
    value(THREADS_EMPTY, 0, 0);
    assert_true(threads_read(&threads, &live));
    expect_state(0, "faulted: division by zero");
}

static void test_call(void **state)
{
    struct thread_registers reg;

    (void)state;
    value(THREADS_PORT_TASK, 0, 1);
    frame(SECURE, 0x200321, 0x10010006, 0x61000000);
    assert_true(threads_read(&threads, &live));
    assert_true(threads_registers(&threads, 0, &reg));
    assert_int_equal(reg.core_known, 0x1FFFF);
    assert_int_equal(reg.core[3], 0xF03);
    assert_int_equal(reg.core[4], 4);
    assert_int_equal(reg.core[11], 11);
    assert_int_equal(reg.core[12], 0xF04);
    assert_int_equal(reg.core[13], BASE + STACK + 0x40);
    assert_int_equal(reg.core[15], 0x200320); /* where the call returns to */
    assert_int_equal(reg.core[16], 0x61000000);
    assert_int_equal(reg.s_known, 0);
}

static void test_preempted(void **state)
{
    struct thread_registers reg;

    (void)state;
    value(THREADS_PORT_TASK, 0, IDLE);
    context(0, RET_TASK, BASE + SECURE, BASE + STACK);
    frame(STACK, 0x200321, 0x200456, 0x61000200); /* padded by a word */
    assert_true(threads_read(&threads, &live));
    assert_true(threads_registers(&threads, 0, &reg));
    assert_int_equal(reg.core[13], BASE + STACK + 32 + 4);
    assert_int_equal(reg.core[14], 0x200321);
    assert_int_equal(reg.core[15], 0x200456);
    assert_int_equal(reg.core[16], 0x61000000);
    context(1, RET_TASK & ~0x10u, BASE + SECURE, BASE + STACK); /* with floating point */
    word(SECURE + 112 + 4 * 15, 0x1234);
    assert_true(threads_read(&threads, &live));
    assert_true(threads_registers(&threads, 1, &reg));
    assert_int_equal(reg.core[13], BASE + STACK + 104 + 4);
    assert_int_equal(reg.s_known, UINT32_MAX);
    assert_int_equal(reg.s[0], 0xF08);
    assert_int_equal(reg.s[15], 0xF17);
    assert_int_equal(reg.fpscr, 0xF18);
    assert_int_equal(reg.s[31], 0x1234);
}

static void test_interrupted(void **state)
{
    struct thread_registers reg;

    (void)state;
    value(THREADS_PORT_TASK, 0, 0);
    live.core[15] = 0x10000500;
    live.core[16] = HANDLER;
    live.psp_ns = BASE + STACK;
    live.psp_ns_known = true;
    frame(STACK, 0x200321, 0x200456, 0x61000000);
    frame(SECURE, 0x200abd, 0x10010006, 0x61000000);
    assert_true(threads_read(&threads, &live));
    assert_true(threads_in_kernel(&threads));
    expect_state(0, "interrupted by the kernel");
    expect_state(2, "in an interrupt of low");
    assert_true(threads_registers(&threads, 0, &reg));
    assert_int_equal(reg.core[15], 0x200456);
    assert_int_equal(reg.core[13], BASE + STACK + 32);
    live.core[16] = SVC; /* then its frame is on the small Secure stack */
    assert_true(threads_read(&threads, &live));
    expect_state(2, "in a system call of low");
    assert_true(threads_registers(&threads, 0, &reg));
    assert_int_equal(reg.core[15], 0x200abc);
    assert_int_equal(reg.core[13], BASE + STACK);
    live.psp_ns_known = false;
    assert_true(threads_read(&threads, &live));
    assert_true(threads_registers(&threads, 0, &reg));
    assert_int_equal(reg.core_known, 0x1FFFF & ~(1u << 13));
    threads.entry_begin[1] = 0x10000500; /* nothing is saved yet at the first instruction */
    threads.entry_done[1] = 0x10000508;
    live.core[7] = 0x7777;
    assert_true(threads_read(&threads, &live));
    assert_true(threads_registers(&threads, 0, &reg));
    assert_int_equal(reg.core[7], 0x7777);
}

static void test_faulted(void **state)
{
    struct thread_registers reg;

    (void)state;
    value(THREADS_PORT_TASK, 0, IDLE);
    value(THREADS_STATE, 1, K5_TASK_STOPPED);
    value(THREADS_FLAGS, 1, K5_FAULT_HAS_FRAME);
    for (uint32_t i = 0; i < 17; i++) {
        word(RECORD + 4 * (17 + i), 0xA00 + i);
    }
    assert_true(threads_read(&threads, &live));
    assert_true(threads_registers(&threads, 1, &reg));
    assert_int_equal(reg.core_known, 0x1FFFF);
    assert_int_equal(reg.core[15], 0xA0F);
    value(THREADS_FLAGS, 1, 0); /* its stack could not be believed */
    assert_true(threads_read(&threads, &live));
    assert_true(threads_registers(&threads, 1, &reg));
    assert_int_equal(reg.core_known, 0x2FF0);
}

static void test_boot(void **state)
{
    struct thread_registers reg;

    (void)state;
    context(0, 0, 0, 0);
    live.core[15] = 0x10000000;
    assert_true(threads_read(&threads, &live));
    expect_state(0, "not started");
    assert_true(threads_registers(&threads, 0, &reg));
    assert_int_equal(reg.core[15], 0x200000);
    assert_int_equal(reg.core[13], BASE + STACK + 256);
}

/* Memory that cannot be read, or a stack pointer that leads nowhere. */
static void test_unreadable(void **state)
{
    struct thread_registers reg;

    (void)state;
    context(0, RET_TASK, BASE + SECURE, 0x12345678);
    value(THREADS_PORT_TASK, 0, IDLE);
    assert_true(threads_read(&threads, &live));
    assert_false(threads_registers(&threads, 0, &reg));
    threads.where[THREADS_MASK].address = 0;
    assert_false(threads_read(&threads, &live));
    assert_non_null(threads.problem);
    expect_state(0, "unknown");
    assert_false(threads_registers(&threads, 1, &reg));
}

static int teardown(void **state)
{
    (void)state;
    threads_close(&threads);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_running, setup),
        cmocka_unit_test_setup(test_words, setup),
        cmocka_unit_test_setup(test_call, setup),
        cmocka_unit_test_setup(test_preempted, setup),
        cmocka_unit_test_setup(test_interrupted, setup),
        cmocka_unit_test_setup(test_faulted, setup),
        cmocka_unit_test_setup(test_boot, setup),
        cmocka_unit_test_setup_teardown(test_unreadable, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
