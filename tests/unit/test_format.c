/* The texts of the log: values put in the place of placeholders, and placeholders that are none. */
/* build: tool/frame.c tool/format.c tool/util.c tool/process.c -Iabi */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "format.h"
#include "k5_log_abi.h"
#include "sites.h"

static const char *value(const char *format, unsigned type, const void *bytes, size_t length)
{
    static char out[200];
    struct text text = {0};
    struct site site = {.format = format, .file = "f", .types = type, .count = 1};

    site_format(&site, (struct reader){.at = bytes, .left = length}, &text);
    strncpy(out, text_string(&text), sizeof out - 1);
    text_free(&text);
    return out;
}

static const char *number(const char *format, unsigned type, uint32_t word)
{
    return value(format, type, &word, sizeof word);
}

static void test_values(void **state)
{
    float real = 2.5f;
    double wide = -0.125;
    int64_t big = INT64_MIN;
    uint64_t most = UINT64_MAX;

    (void)state;
    assert_string_equal(number("{}", K5_LOG_TYPE_S32, (uint32_t)-7), "-7");
    assert_string_equal(number("{}", K5_LOG_TYPE_U32, (uint32_t)-7), "4294967289");
    assert_string_equal(number("{x}", K5_LOG_TYPE_S32, (uint32_t)-7), "fffffff9");
    assert_string_equal(number("{#x}", K5_LOG_TYPE_U32, 0xBEEF), "0xbeef");
    assert_string_equal(number("{X}", K5_LOG_TYPE_U32, 0xBEEF), "BEEF");
    assert_string_equal(number("{08x}", K5_LOG_TYPE_U32, 0xBEEF), "0000beef");
    assert_string_equal(number("{#08x}", K5_LOG_TYPE_U32, 0xBEEF), "0x00beef");
    assert_string_equal(number("{b}", K5_LOG_TYPE_U32, 10), "1010");
    assert_string_equal(number("{b}", K5_LOG_TYPE_U32, 0), "0");
    assert_string_equal(number("{5}|", K5_LOG_TYPE_S32, (uint32_t)-42), "  -42|");
    assert_string_equal(number("{05}", K5_LOG_TYPE_S32, (uint32_t)-42), "-0042");
    assert_string_equal(number("{.1}", K5_LOG_TYPE_S32, 234), "23.4");
    assert_string_equal(number("{.2}", K5_LOG_TYPE_S32, (uint32_t)-5), "-0.05");
    assert_string_equal(number("{.3}", K5_LOG_TYPE_U32, 1000), "1.000");
    assert_string_equal(number("{}", K5_LOG_TYPE_BOOL, 1), "true");
    assert_string_equal(number("{d}", K5_LOG_TYPE_BOOL, 1), "1");
    assert_string_equal(number("{}", K5_LOG_TYPE_CHAR, 'k'), "k");
    assert_string_equal(number("{}", K5_LOG_TYPE_CHAR, 27), "\\x1b");
    assert_string_equal(number("{d}", K5_LOG_TYPE_CHAR, 'k'), "107");
    assert_string_equal(number("{c}", K5_LOG_TYPE_U32, 'K'), "K");
    assert_string_equal(number("{}", K5_LOG_TYPE_POINTER, 0x28201000), "0x28201000");
    assert_string_equal(value("{}", K5_LOG_TYPE_FLOAT, &real, 4), "2.5");
    assert_string_equal(value("{.3}", K5_LOG_TYPE_FLOAT, &real, 4), "2.500");
    assert_string_equal(value("{}", K5_LOG_TYPE_DOUBLE, &wide, 8), "-0.125");
    assert_string_equal(value("{}", K5_LOG_TYPE_S64, &big, 8), "-9223372036854775808");
    assert_string_equal(value("{}", K5_LOG_TYPE_U64, &most, 8), "18446744073709551615");
    assert_string_equal(value("[{}]", K5_LOG_TYPE_STRING,
                              "\x03"
                              "abc",
                              4),
                        "[abc]");
    assert_string_equal(value("[{}]", K5_LOG_TYPE_STRING,
                              "\x83"
                              "a\x1b"
                              "c",
                              4),
                        "[a?c...]");
    assert_string_equal(value("{}", K5_LOG_TYPE_STRING,
                              "\x09"
                              "abc",
                              4),
                        "<missing>");
    assert_string_equal(value("{}", K5_LOG_TYPE_U64, "abc", 3), "<missing>");
    assert_string_equal(value("{{}", K5_LOG_TYPE_NONE, "", 0), "{}");
    assert_string_equal(value("{?} {", K5_LOG_TYPE_NONE, "", 0), "{?} {");
}

static void problem(const char *format, unsigned count, const char *expected)
{
    char *text = format_problem(format, count);

    if (expected == NULL) {
        assert_null(text);
    } else {
        assert_non_null(text);
        assert_non_null(strstr(text, expected));
    }
    free(text);
}

static void test_format_problems(void **state)
{
    (void)state;
    problem("plain", 0, NULL);
    problem("{} {x} {#08x} {.1} {b} {c} {6}", 7, NULL);
    problem("{{}", 0, NULL);
    problem("{}", 0, "1 placeholder but 0 arguments");
    problem("a {} b", 2, "1 placeholder but 2 arguments");
    problem("{s}", 1, "\"{s}\" is no placeholder");
    problem("{", 0, "is no placeholder");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_format_problems),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
