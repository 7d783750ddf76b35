/* The tool's decoder: one JSON object a line, whatever comes in; and which lines are shown. */
/* build: tool/frame.c tool/format.c tool/sites.c tool/decode.c tool/fault.c tool/source.c */
/* build: tool/json.c tool/scene.c tool/snapshot.c tool/unwind.c tool/layout.c tool/object.c */
/* build: tool/remote.c tool/packet.c tool/transport.c tool/level.c */
/* build: tool/util.c tool/process.c -Iabi -lelf -ldw */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decoder_fixture.h"
#include "json.h"
#include "level.h"

int app_task_find(const struct app *of, const char *name)
{
    for (size_t i = 0; i < of->task_count; i++) {
        if (strcmp(of->tasks[i].name, name) == 0) {
            return (int)i;
        }
    }
    return APP_NONE;
}

/* ---- a judge of its own: is this JSON? ---- */

#define DEPTH 16

static const char *space_skip(const char *at)
{
    return at + strspn(at, " ");
}

/* Past a string, or NULL. Bytes must be UTF-8 enough: no control characters, no bare quote. */
static const char *string_skip(const char *at)
{
    if (*at != '"') {
        return NULL;
    }
    for (at++; *at != '"'; at++) {
        if ((unsigned char)*at < 0x20) {
            return NULL;
        }
        if (*at == '\\') {
            at++;
            if (*at == 'u') {
                if (strspn(at + 1, "0123456789abcdef") < 4) {
                    return NULL;
                }
            } else if (*at == '\0' || strchr("\"\\", *at) == NULL) {
                return NULL;
            }
        }
    }
    return at + 1;
}

static const char *word_skip(const char *at)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < 3; i++) {
        if (strncmp(at, words[i], strlen(words[i])) == 0) {
            return at + strlen(words[i]);
        }
    }
    size_t digits = strspn(at, "0123456789");
    return digits > 0 ? at + digits : string_skip(at);
}

/* One value with all that is in it, by a stack of open brackets. */
static bool is_json(const char *at)
{
    char open[DEPTH];
    size_t depth = 0;

    do {
        bool object = depth > 0 && open[depth - 1] == '}';
        if (object) {
            at = string_skip(at);
            if (at == NULL || strncmp(at, ": ", 2) != 0) {
                return false;
            }
            at += 2;
        }
        if (*at == '{' || *at == '[') {
            if (depth == DEPTH) {
                return false;
            }
            open[depth++] = *at == '{' ? '}' : ']';
            at = space_skip(at + 1);
            if (*at != open[depth - 1]) {
                continue;
            }
        } else {
            at = word_skip(at);
        }
        while (at != NULL && depth > 0 && *at == open[depth - 1]) {
            at++;
            depth--;
        }
        if (at == NULL || depth == 0) {
            break;
        }
        if (strncmp(at, ", ", 2) != 0) {
            return false;
        }
        at += 2;
    } while (true);
    return at != NULL && *at == '\0';
}

static void test_judge(void **state)
{
    (void)state;
    assert_true(is_json("{\"a\": 1, \"b\": [\"x\", null, {}], \"c\": \"\\u0001\"}"));
    assert_false(is_json("{\"a\": 1,, \"b\": 2}"));
    assert_false(is_json("{\"a\": \"\n\"}"));
    assert_false(is_json("{\"a\": 1"));
    assert_false(is_json("{\"a\": 1}}"));
}

/* ---- the writer ---- */

static void test_writer(void **state)
{
    struct text out = {0};
    struct json json = {.out = &out};

    (void)state;
    json_open(&json, NULL, '{');
    json_string(&json, "s", "a\"b\\c\n\x1f\x7f");
    json_string(&json, "utf8", "\xC2\xB7 \xE2\x94\x80");
    json_string(&json, "bad", "\xFF \xC2 \xED\xA0\x80 \xC0\x80");
    json_string(&json, "none", NULL);
    json_open(&json, "list", '[');
    json_number(&json, NULL, UINT64_MAX);
    json_bool(&json, NULL, false);
    json_close(&json, ']');
    json_address(&json, "at", 0x1f);
    json_close(&json, '}');
    assert_string_equal(text_string(&out),
                        "{\"s\": \"a\\\"b\\\\c\\u000a\\u001f\\u007f\", \"utf8\": \"\xC2\xB7 "
                        "\xE2\x94\x80\", \"bad\": \"\\ufffd \\ufffd \\ufffd\\ufffd\\ufffd "
                        "\\ufffd\\ufffd\", \"none\": null, "
                        "\"list\": [18446744073709551615, false], \"at\": \"0x0000001f\"}");
    assert_true(is_json(text_string(&out)));
    text_free(&out);
}

/* ---- lines ---- */

static const char *json_line(size_t i)
{
    assert_true(i < decoder.line_count);
    assert_non_null(decoder.lines[i].json);
    assert_true(is_json(decoder.lines[i].json));
    return decoder.lines[i].json;
}

static void test_lines(void **state)
{
    static const uint8_t entry[] = {0, 20, 1, 234, 0, 0, 0, 0x2A, 0, 0, 0};
    static const uint8_t drops[] = {K5_LOG_HEAD_DROPS, 20, 3, 1, 234, 0, 0, 0, 0x2A, 0, 0, 0};
    static const uint8_t again[] = {K5_TASK_KERNEL, 20, K5_LOG_KERNEL_RESTART, 0, 1, 2, 0, 0, 0};

    (void)state;
    decoder.json = true;
    feed(entry, sizeof entry);
    assert_string_equal(json_line(0),
                        "{\"type\": \"log\", \"time_us\": 1, \"task\": \"sensor\", \"level\": "
                        "\"INFO\", \"text\": \"temp 23.4 C from 2a\", \"file\": \"main.c\", "
                        "\"line\": 17}");
    feed(drops, sizeof drops);
    assert_string_equal(json_line(0),
                        "{\"type\": \"drops\", \"time_us\": 2, \"task\": \"sensor\", \"level\": "
                        "\"LOST\", \"text\": \"3 log frames dropped here: no room in the log\", "
                        "\"frames\": 3}");
    assert_non_null(strstr(json_line(1), "\"type\": \"log\""));
    feed(again, sizeof again);
    assert_non_null(strstr(json_line(0), "\"type\": \"restart\""));
    assert_non_null(strstr(json_line(0), "\"restarted\": \"sensor\", \"by\": \"super\", "
                                         "\"restarts\": 2}"));
}

/* Without a snapshot: the record, and lines of text that belong to it have no object of their own.
 */
static void test_fault(void **state)
{
    uint8_t fields[10 + 4 * K5_LOG_FAULT_REG_COUNT] = {
        K5_TASK_KERNEL, 20, K5_LOG_KERNEL_FAULT, 0, K5_FAULT_WRITE, 3, 0x10, 0x20, 0x20, 0x28};

    (void)state;
    decoder.json = true;
    feed(fields, sizeof fields);
    assert_non_null(strstr(json_line(0), "\"type\": \"fault\""));
    assert_non_null(strstr(json_line(0), "\"cause\": \"write\", \"address\": \"0x28202010\""));
    assert_non_null(strstr(json_line(0), "\"outcome\": null}"));
    assert_true(decoder.line_count > 1);
    for (size_t i = 1; i < decoder.line_count; i++) {
        assert_null(decoder.lines[i].json);
    }
}

static void test_fuzz(void **state)
{
    uint8_t fields[120];

    (void)state;
    srand(5);
    decoder.json = true;
    for (uint32_t i = 0; i < 30000; i++) {
        size_t length = 3 + (size_t)rand() % (sizeof fields - 3);

        for (size_t j = 0; j < length; j++) {
            fields[j] = (uint8_t)(rand() % 4 == 0 ? 0 : rand());
        }
        fields[0] = (uint8_t)(rand() % 2 == 0 ? K5_TASK_KERNEL : rand() % 3);
        fields[2] = (uint8_t)(rand() % (K5_LOG_KERNEL_IDS + 1));
        feed(fields, length);
        for (size_t l = 0; l < decoder.line_count; l++) {
            assert_true(decoder.lines[l].json == NULL || is_json(decoder.lines[l].json));
        }
    }
}

/* ---- levels ---- */

static bool shown(struct level_filter *filter, uint8_t task, uint8_t level)
{
    struct decoded decoded = {.task = task, .level = level};

    return level_shows(filter, &decoded);
}

static void test_levels(void **state)
{
    struct level_filter filter;
    char *words;

    (void)state;
    level_all(&filter);
    assert_true(shown(&filter, 0, K5_LOG_DEBUG));
    assert_int_equal(level_option(&filter, &app, "run", "warn"), EXIT_OK);
    assert_int_equal(level_option(&filter, &app, "run", "super=debug"), EXIT_OK);
    assert_int_equal(level_option(&filter, &app, "run", "kernel=error"), EXIT_OK);
    assert_false(shown(&filter, 0, K5_LOG_INFO));
    assert_true(shown(&filter, 0, K5_LOG_WARN));
    assert_true(shown(&filter, 1, K5_LOG_DEBUG));
    assert_false(shown(&filter, K5_TASK_KERNEL, K5_LOG_WARN));
    assert_true(shown(&filter, 0, K5_LOG_LEVELS)); /* a fault */
    assert_int_equal(level_option(&filter, &app, "run", "loud"), EXIT_USAGE);
    assert_int_equal(level_option(&filter, &app, "run", "supr=warn"), EXIT_USAGE);
    assert_int_equal(level_option(&filter, &app, "run", "=warn"), EXIT_USAGE);
    level_all(&filter);
    words = level_next(&filter, &app);
    assert_string_equal(words, "log of all tasks, info and above");
    assert_false(shown(&filter, 1, K5_LOG_DEBUG));
    free(words);
    words = level_next_task(&filter, &app);
    assert_string_equal(words, "log of sensor, info and above");
    assert_false(shown(&filter, 1, K5_LOG_ERROR));
    assert_true(shown(&filter, 1, K5_LOG_LEVELS));
    free(words);
    free(level_next_task(&filter, &app));
    words = level_next_task(&filter, &app);
    assert_string_equal(words, "log of all tasks, info and above");
    free(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_judge),
        cmocka_unit_test(test_writer),
        cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fault, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fuzz, setup, teardown),
        cmocka_unit_test_setup_teardown(test_levels, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
