/* Small parts of `k5 run` and `k5 test`: times of the command line, what golden files compare. */
/* build: tool/golden.c tool/run_time.c tool/util.c tool/process.c -Iabi */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "golden.h"
#include "run.h"

static void test_golden_line(void **state)
{
    char *masked =
        golden_line("   0.030 379 FAULT sensor   write to 0x28204010, build 1a2b3c4d, r0x");

    (void)state;
    assert_string_equal(masked, "FAULT sensor   write to 0x*, build *, r0x");
    free(masked);
    masked = golden_line("             stack 112 of 1024 bytes, 172 at its deepest · 0 restarts");
    assert_string_equal(masked, "stack * of 1024 bytes, * at its deepest · 0 restarts");
    free(masked);
    masked = golden_line("             0.339 ms of its turn of 10 ms used");
    assert_string_equal(masked, "* ms of its turn of 10 ms used");
    free(masked);
    masked = golden_line("   0.030 379 INFO  storage  record 10 of 20, 3 at its deepest");
    assert_string_equal(masked, "INFO  storage  record 10 of 20, 3 at its deepest");
    free(masked);
}

static void test_time_parse(void **state)
{
    uint64_t us = 0;

    (void)state;
    assert_true(time_parse("3s", &us));
    assert_int_equal(us, 3000000);
    assert_true(time_parse("1.5 s", &us));
    assert_int_equal(us, 1500000);
    assert_true(time_parse("500ms", &us));
    assert_int_equal(us, 500000);
    assert_true(time_parse("2min", &us));
    assert_int_equal(us, 120000000);
    assert_true(time_parse("10m", &us));
    assert_int_equal(us, 600000000);
    assert_true(time_parse("1h", &us));
    assert_int_equal(us, 3600000000u);
    assert_false(time_parse("3", &us));
    assert_false(time_parse("s", &us));
    assert_false(time_parse("-1s", &us));
    assert_false(time_parse("3 parsecs", &us));
    assert_false(time_parse("nan s", &us));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_line),
        cmocka_unit_test(test_time_parse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
