/*
 * test_run.c - one test: build, run, compare; then say what was expected and what came instead.
 *
 *   [test] of app.toml: for (guest time), expect (substrings of lines, in this order), forbid
 *     input: typed into the board's second serial line; output: substrings of what comes from it,
 * in this order; which line of it came before which line of the log is not known expected.txt
 * beside it: the whole decoded log from the start, line by line (golden.h)
 *
 * A test passes as soon as all of that was seen. It fails on a forbidden line, a kernel panic that
 * was not expected, a line that differs from expected.txt, and when its time is over.
 */
#include "emulator.h"
#include "golden.h"
#include "session.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_S        0.02
#define FOR_US        5000000 /* unless [test] says otherwise */
#define BEFORE        4u  /* lines of the log that are shown before the last one that was right */
#define AFTER         30u /* and after it */
#define NOTHING       ((size_t)-1)
#define SERIAL_COLUMN 13 /* where a line of the log has its level */
#define SERIAL_WORD   "LINE"

struct test {
    const char *dir;
    struct app app;
    struct session session;
    size_t expected; /* how many of [test] expect were seen */
    size_t answered; /* how many of [test] output */
    bool panic_expected;
    struct list golden; /* lines of expected.txt */
    size_t matched;     /* how many of them were seen */
    struct list log;    /* all decoded lines */
    size_t right;       /* index in it of the last line that was expected, or NOTHING */
    /* the outcome */
    bool failed;
};

/* ---- what is wrong ---- */

static void problem_print(struct test *test, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The first problem; what follows from it is not said. */
static void problem_print(struct test *test, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    if (test->failed) {
        return;
    }
    test->failed = true;
    va_start(arguments, format);
    text_addv(&text, format, arguments);
    va_end(arguments);
    printf("    %s\n", text_string(&text));
    text_free(&text);
}

/* A part of the log; `mark` is put before one line of it. */
static void log_print(const struct test *test, size_t first, size_t end, size_t mark)
{
    if (first > 0 && first < end) {
        printf("    | ... (%zu lines before)\n", first);
    }
    for (size_t i = first; i < end; i++) {
        printf("    %c %s\n", i == mark ? '>' : '|', test->log.items[i]);
    }
}

/* The log from the last line that was right on. */
static void log_after(const struct test *test)
{
    size_t count = test->log.count;
    size_t right = test->right;
    size_t first = right == NOTHING || right < BEFORE ? 0 : right - BEFORE;
    size_t end = (right == NOTHING ? 0 : right + 1) + AFTER;
    if (count == 0) {
        printf("    the log is empty\n");
        return;
    }
    log_print(test, first, end < count ? end : count, right);
    if (end < count) {
        printf("    | ... (%zu more lines)\n", count - end);
    }
}

/* Where a text is in the log, before `limit`; NOTHING if it is not. */
static size_t log_find(const struct test *test, const char *part, size_t limit)
{
    for (size_t i = 0; i < limit && i < test->log.count; i++) {
        if (strstr(test->log.items[i], part) != NULL) {
            return i;
        }
    }
    return NOTHING;
}

/* The first expected text that did not come, and what came instead. */
static void expect_missing(struct test *test)
{
    const struct app_test *wish = &test->app.test;
    const char *part = wish->expect.items[test->expected];
    char *time = time_text(wish->for_us);
    if (test->failed) {
        free(time);
        return;
    }
    problem_print(test, "no line had \"%s\" within %s (text %zu of %zu in expect)", part, time,
                  test->expected + 1, wish->expect.count);
    if (test->right != NOTHING) {
        printf("    after \"%s\", the line marked with > below\n",
               wish->expect.items[test->expected - 1]);
    }
    size_t early = test->right == NOTHING ? NOTHING : log_find(test, part, test->right + 1);
    if (early != NOTHING) {
        printf("    it came before that: the order of expect is that of the log\n"
               "    < %s\n",
               test->log.items[early]);
    }
    log_after(test);
    free(time);
}

static void golden_differs(struct test *test, const char *golden)
{
    size_t last = test->log.count - 1;
    if (test->failed) {
        return;
    }
    problem_print(test, "line %zu differs from expected.txt", test->matched + 1);
    size_t first = last < 2 * BEFORE ? 0 : last - 2 * BEFORE;
    log_print(test, first, last, NOTHING);
    printf("    - %s\n    + %s\n", test->golden.items[test->matched], golden);
}

/* ---- line by line ---- */

static void golden_check(struct test *test, const char *line)
{
    char *golden = golden_line(line);
    if (strcmp(golden, test->golden.items[test->matched]) == 0) {
        test->matched++;
    } else {
        golden_differs(test, golden);
    }
    free(golden);
}

static void line_check(struct test *test, const char *line)
{
    const struct app_test *wish = &test->app.test;
    size_t last = test->log.count - 1;
    for (size_t i = 0; i < wish->forbid.count && !test->failed; i++) {
        if (strstr(line, wish->forbid.items[i]) != NULL) {
            problem_print(test, "a line has \"%s\", which is forbidden", wish->forbid.items[i]);
            log_print(test, last < 2 * BEFORE ? 0 : last - 2 * BEFORE, last + 1, last);
        }
    }
    if (test->expected < wish->expect.count &&
        strstr(line, wish->expect.items[test->expected]) != NULL) {
        test->expected++;
        test->right = last;
        test->panic_expected = test->panic_expected || strstr(line, " PANIC ") != NULL;
    }
    if (test->matched < test->golden.count) {
        golden_check(test, line);
    }
}

static void lines_take(struct test *test)
{
    struct decoder *decoder = &test->session.decoder;
    for (size_t i = 0; i < decoder->line_count; i++) {
        if (decoder->lines[i].us <= test->app.test.for_us && !test->failed) {
            list_add(&test->log, decoder->lines[i].plain);
            line_check(test, decoder->lines[i].plain);
        }
    }
    decoder_clear(decoder);
}

/* The other serial line: its lines are shown in the log, but are no part of expected.txt. */
static void serial_take(struct test *test)
{
    struct line *line = &test->session.line;
    const struct list *wish = &test->app.test.output;
    for (size_t i = 0; i < line->lines.count; i++) {
        list_addf(&test->log, "%*s%-5s %-8s %s", SERIAL_COLUMN, "", SERIAL_WORD, line->device,
                  line->lines.items[i]);
        if (test->answered < wish->count &&
            strstr(line->lines.items[i], wish->items[test->answered]) != NULL) {
            test->answered++;
        }
    }
    list_free(&line->lines);
}

static bool serial_start(struct test *test)
{
    const char *input = test->app.test.input;
    if ((input != NULL || test->app.test.output.count > 0) && !line_used(&test->app)) {
        problem_print(test,
                      "[test] has input or output, but no task uses the board's second serial "
                      "line (%s)",
                      test->app.board.line != NULL ? test->app.board.line : "it has none");
        return false;
    }
    if (input != NULL) {
        line_type(&test->session.line, input, strlen(input));
    }
    return true;
}

/* What is still missing when the run is over, in words. */
static void test_over(struct test *test, enum session_state state)
{
    if (state == SESSION_SILENT) {
        problem_print(test, "nothing came from the board");
        printf("    is a log drain in app.toml? (use = \"logger\", uses = [\"uart0\", \"log\"])\n");
    } else if (state == SESSION_DIED) {
        problem_print(test, "the emulator ended by itself (see %s/emulator.txt)",
                      test->app.build_dir);
        log_after(test);
    } else if (state == SESSION_PANIC && !test->panic_expected) {
        problem_print(test, "the kernel stopped");
        log_after(test);
    }
    if (test->expected < test->app.test.expect.count) {
        expect_missing(test);
    }
    if (test->answered < test->app.test.output.count && !test->failed) {
        problem_print(test, "%s did not say \"%s\" (text %zu of %zu in output)",
                      test->session.line.device, test->app.test.output.items[test->answered],
                      test->answered + 1, test->app.test.output.count);
        log_after(test);
    }
    if (test->matched < test->golden.count && !test->failed) {
        problem_print(test, "its time is over at line %zu of expected.txt: %s", test->matched + 1,
                      test->golden.items[test->matched]);
        test->right = test->log.count > 0 ? test->log.count - 1 : NOTHING;
        log_after(test);
    }
}

/* ---- golden files ---- */

static void golden_load(struct test *test)
{
    struct text content = {0};
    char *path = path_join(test->dir, "expected.txt");
    if (file_exists(path) && file_read(path, &content)) {
        list_add_split(&test->golden, text_string(&content), "\n");
    }
    text_free(&content);
    free(path);
}

/* Of the other serial line; which comes before which of the log is chance. */
static bool serial_line(const char *line)
{
    return strlen(line) > SERIAL_COLUMN && string_starts(line + SERIAL_COLUMN, SERIAL_WORD);
}

/* The first nine tenths of the lines, so that a small change of speed loses none. */
static void golden_write(const struct test *test)
{
    struct text out = {0};
    char *path = path_join(test->dir, "expected.txt");
    size_t count = test->log.count * 9 / 10;
    for (size_t i = 0; i < count; i++) {
        char *line = golden_line(test->log.items[i]);
        if (!serial_line(test->log.items[i])) {
            text_addf(&out, "%s\n", line);
        }
        free(line);
    }
    if (!file_update(path, text_string(&out), out.length)) {
        error_print("%s: cannot be written", path);
    }
    text_free(&out);
    free(path);
}

/* ---- the run ---- */

static bool test_complete(const struct test *test, const struct test_options *options)
{
    return !options->golden && test->expected == test->app.test.expect.count &&
           test->matched == test->golden.count && test->answered == test->app.test.output.count &&
           test->app.test.expect.count + test->golden.count + test->answered > 0;
}

static int emulator_run(struct test *test, const struct test_options *options)
{
    char *errors = path_join(test->app.build_dir, "emulator.txt");
    /* a file of the whole log has the backtraces too */
    const struct emulator_options emulator = {
        .pace = PACE_FAST, .errors = errors, .probe = test->golden.count > 0 || options->golden};
    enum session_state state = SESSION_RUNS;
    bool complete = false;
    int code = session_start(&test->session, &test->app, test->app.test.for_us, &emulator);
    free(errors);
    if (code != EXIT_OK) {
        return code;
    }
    complete = !serial_start(test);
    while (state == SESSION_RUNS && !complete && !test->failed) {
        state = session_step(&test->session, STEP_S);
        serial_take(test);
        lines_take(test);
        complete = test_complete(test, options);
    }
    if (!complete) {
        test_over(test, state);
    }
    session_stop(&test->session);
    if (options->golden && !test->failed) {
        golden_write(test);
    }
    return test->failed ? EXIT_TESTS : EXIT_OK;
}

int test_run(const char *dir, const struct test_options *options)
{
    struct test test = {.dir = dir, .right = NOTHING};
    test.app = (struct app){.quiet = true, .jobs = options->jobs > 1 ? 1 : 0};
    int code = app_build(dir, options->profile, &test.app);
    if (code != EXIT_OK) {
        problem_print(&test, "it does not build (exit code %d)", code);
        return code == EXIT_ENVIRONMENT ? code : EXIT_TESTS;
    }
    if (!test.app.test.present) {
        problem_print(&test, "app.toml has no [test]");
        return EXIT_TESTS;
    }
    if (!options->golden) {
        golden_load(&test);
    }
    test.app.test.for_us = test.app.test.for_us == 0 ? FOR_US : test.app.test.for_us;
    return emulator_run(&test, options);
}
