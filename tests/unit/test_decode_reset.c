/* The tool's decoder: what the kernel says of restarts and resets, and a log that goes over them.
 */
/* build: tool/frame.c tool/format.c tool/sites.c tool/decode.c tool/fault.c tool/source.c */
/* build: tool/json.c tool/scene.c tool/snapshot.c tool/unwind.c tool/layout.c tool/object.c */
/* build: tool/remote.c tool/packet.c tool/transport.c */
/* build: tool/util.c tool/process.c -Iabi -lelf -ldw */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "decoder_fixture.h"

static void test_restart(void **state)
{
    static const uint8_t by_super[] = {K5_TASK_KERNEL, 20, K5_LOG_KERNEL_RESTART, 0, 1, 2, 0, 0, 0};
    static const uint8_t by_kernel[] = {
        K5_TASK_KERNEL, 20, K5_LOG_KERNEL_RESTART, 0, K5_NIL, 3, 0, 0, 0};

    (void)state;
    feed(by_super, sizeof by_super);
    assert_non_null(strstr(line(0), "kernel   super restarts sensor (restart 2)"));
    feed(by_kernel, sizeof by_kernel);
    assert_non_null(strstr(line(0), "kernel   the kernel restarts sensor (restart 3)"));
    assert_int_equal(decoder.restarts, 2);
}

static const char *reset_line(uint8_t reason, uint8_t task, uint8_t cause, uint8_t value)
{
    const uint8_t fields[] = {K5_TASK_KERNEL,
                              20,
                              K5_LOG_KERNEL_RESET,
                              reason,
                              task,
                              cause,
                              K5_FAULT_HAS_ADDRESS,
                              value,
                              0x20,
                              0x20,
                              0x28,
                              4,
                              0,
                              0,
                              0};

    feed(fields, sizeof fields);
    assert_int_equal(decoder.line_count, 1);
    return strstr(line(0), "RESET kernel   after: ");
}

static void test_reset(void **state)
{
    (void)state;
    assert_non_null(strstr(reset_line(K5_RESET_SUPERVISOR, 1, K5_FAULT_DIVIDE, 0),
                           "supervisor \"super\" faulted (division by zero), reset 4"));
    assert_non_null(strstr(reset_line(K5_RESET_FAULT, 0, K5_FAULT_WRITE, 0x10),
                           "task \"sensor\" faulted (write to 0x28202010 not permitted: it "
                           "belongs to storage (ram), sensor has no access), reset 4"));
    assert_non_null(strstr(reset_line(K5_RESET_FAULT, 7, K5_FAULT_WRITE, 0), "a fault of task 7"));
    assert_non_null(strstr(reset_line(K5_RESET_ASSERT, 0, 9, 0),
                           "kernel panic (a precondition inside the kernel does not hold; value "
                           "0x28202000; sensor was running), reset 4"));
    assert_non_null(
        strstr(reset_line(K5_RESET_WATCHDOG, 0, 0, 0), "not fed in time; sensor was running"));
    assert_non_null(
        strstr(reset_line(K5_RESET_WATCHDOG, K5_NIL, 0, 0), "not fed in time; no task was"));
    assert_non_null(strstr(reset_line(K5_RESET_OUTSIDE, K5_NIL, 0, 0), "from outside the kernel"));
    assert_int_equal(decoder.resets, 7);
    for (unsigned reason = K5_RESET_REASONS; reason < 256; reason++) {
        assert_non_null(strstr(reset_line((uint8_t)reason, 0, 0, 0), "does not know"));
    }
}

static void test_reset_cut(void **state)
{
    static const uint8_t fields[] = {K5_TASK_KERNEL, 20, K5_LOG_KERNEL_RESET, 1, 1};

    (void)state;
    feed(fields, sizeof fields);
    assert_non_null(strstr(line(0), "makes no sense"));
    assert_int_equal(decoder.resets, 0);
}

/* The time shown begins anew, the session's goes on, and the panic is over. */
static void test_boot_again(void **state)
{
    static const uint8_t boot[] = {K5_TASK_KERNEL | K5_LOG_HEAD_ABSOLUTE,
                                   100,
                                   K5_LOG_KERNEL_BOOT,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   0,
                                   K5_ABI_VERSION,
                                   2};
    static const uint8_t late[] = {K5_LOG_HEAD_ABSOLUTE, 0x80, 0xB5, 0x18, 3}; /* 20 ms */
    static const uint8_t panic[] = {
        K5_TASK_KERNEL, 20, K5_LOG_KERNEL_PANIC, 7, 0, 0, 0, 1, 0, 0, 0, 0};

    (void)state;
    feed(boot, sizeof boot);
    feed(late, sizeof late);
    assert_int_equal(decoder.us, 20000);
    feed(panic, sizeof panic);
    assert_true(decoder.panicked);
    feed(boot, sizeof boot);
    assert_false(decoder.panicked);
    assert_non_null(strstr(line(0), "   0.000 005 INFO  kernel   boot"));
    assert_int_equal(decoder.lines[0].us, 20006);
    feed(late, sizeof late);
    assert_non_null(strstr(line(0), "   0.020 000 DEBUG sensor"));
    assert_int_equal(decoder.lines[0].us, 40001);
    assert_int_equal(decoder.us, 40001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_restart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reset, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reset_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_boot_again, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
