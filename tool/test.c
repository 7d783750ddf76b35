/*
 * test.c - `k5 test`: test apps in the emulator, two at a time, each with its expected outcome.
 *
 *   [test] of app.toml: for (guest time), expect (substrings of lines, in this order), forbid
 *   expected.txt beside it: the whole decoded log from the start, line by line (golden.h)
 *
 * A test passes as soon as all of that was seen. It fails on a forbidden line, a kernel panic that
 * was not expected, a line that differs from expected.txt, and when its time is over.
 */
#include "golden.h"
#include "run.h"
#include "session.h"
#include "verbs.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT_ONCE   2
#define STEP_S    0.02
#define FOR_US    5000000 /* unless [test] says otherwise */
#define LOG_LINES 80      /* of a failed test's log that are shown */

struct test {
    const char *dir;
    struct app app;
    bool built;
    /* while it runs */
    bool running;
    struct session session;
    size_t expected; /* how many of [test] expect were seen */
    bool panic_expected;
    struct list golden; /* lines of expected.txt */
    size_t matched;     /* how many of them were seen */
    struct list log;    /* all decoded lines */
    /* the outcome */
    char *problem; /* NULL: passed */
    double seconds;
};

struct test_options {
    const char *filter;
    const char *profile;
    bool golden; /* write expected.txt anew */
};

/* ---- which tests ---- */

static void test_find(const char *dir, const struct test_options *options, struct list *found)
{
    char *path = path_join(dir, "app.toml");
    bool wanted = options->filter == NULL || strstr(dir, options->filter) != NULL;
    if (wanted && file_exists(path)) {
        struct text content = {0};
        (void)file_read(path, &content);
        const char *text = text_string(&content);
        if (string_starts(text, "[test]") || strstr(text, "\n[test]") != NULL) {
            list_add(found, dir);
        }
        text_free(&content);
    }
    free(path);
}

static void tests_find(const struct test_options *options, struct list *found)
{
    static const char *const places[] = {"tests/emulator", "examples"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct list dirs = {0};
        char *place = root_join(places[i]);
        dir_list(place, "", &dirs);
        for (size_t d = 0; d < dirs.count; d++) {
            test_find(dirs.items[d], options, found);
        }
        list_free(&dirs);
        free(place);
    }
}

/* ---- one test ---- */

static void test_fail(struct test *test, char *problem)
{
    if (test->problem == NULL) {
        test->problem = problem;
    } else {
        free(problem);
    }
}

static char *golden_path(const struct test *test)
{
    return path_join(test->dir, "expected.txt");
}

static void golden_load(struct test *test)
{
    struct text content = {0};
    char *path = golden_path(test);
    if (file_exists(path) && file_read(path, &content)) {
        list_add_split(&test->golden, text_string(&content), "\n");
    }
    text_free(&content);
    free(path);
}

static void test_build(struct test *test, const struct test_options *options)
{
    double started = clock_seconds();
    test->app = (struct app){.quiet = true};
    int code = app_build(test->dir, options->profile, &test->app);
    test->built = code == EXIT_OK;
    if (!test->built) {
        test_fail(test, string_format("it does not build (exit code %d)", code));
    } else if (!options->golden) {
        golden_load(test);
    }
    if (test->app.test.for_us == 0) {
        test->app.test.for_us = FOR_US;
    }
    test->seconds += clock_seconds() - started;
}

static void line_check(struct test *test, const char *line)
{
    const struct app_test *wish = &test->app.test;
    for (size_t i = 0; i < wish->forbid.count; i++) {
        if (strstr(line, wish->forbid.items[i]) != NULL) {
            test_fail(test, string_format("a line has \"%s\", which is forbidden",
                                          wish->forbid.items[i]));
        }
    }
    if (test->expected < wish->expect.count &&
        strstr(line, wish->expect.items[test->expected]) != NULL) {
        test->expected++;
        test->panic_expected = test->panic_expected || strstr(line, " PANIC ") != NULL;
    }
    if (test->matched < test->golden.count) {
        char *golden = golden_line(line);
        if (strcmp(golden, test->golden.items[test->matched]) == 0) {
            test->matched++;
        } else {
            test_fail(test,
                      string_format("line %zu differs from expected.txt:\n"
                                    "    expected  %s\n    came      %s",
                                    test->matched + 1, test->golden.items[test->matched], golden));
        }
        free(golden);
    }
}

static void lines_take(struct test *test)
{
    struct decoder *decoder = &test->session.decoder;
    for (size_t i = 0; i < decoder->line_count; i++) {
        if (decoder->lines[i].us <= test->app.test.for_us && test->problem == NULL) {
            list_add(&test->log, decoder->lines[i].plain);
            line_check(test, decoder->lines[i].plain);
        }
    }
    decoder_clear(decoder);
}

/* What is still missing when the run is over, in words. */
static void test_over(struct test *test, enum session_state state)
{
    const struct app_test *wish = &test->app.test;
    if (state == SESSION_SILENT) {
        test_fail(test, string_copy("nothing came from the board"));
    } else if (state == SESSION_DIED) {
        test_fail(test, string_copy("the emulator ended by itself (see emulator.txt)"));
    } else if (state == SESSION_PANIC && !test->panic_expected) {
        test_fail(test, string_copy("the kernel stopped"));
    }
    if (test->expected < wish->expect.count) {
        test_fail(test, string_format("its time is over, and no line had \"%s\"",
                                      wish->expect.items[test->expected]));
    }
    if (test->matched < test->golden.count) {
        test_fail(test, string_format("its time is over at line %zu of expected.txt: %s",
                                      test->matched + 1, test->golden.items[test->matched]));
    }
}

static bool test_complete(const struct test *test, const struct test_options *options)
{
    return !options->golden && test->expected == test->app.test.expect.count &&
           test->matched == test->golden.count &&
           test->app.test.expect.count + test->golden.count > 0;
}

static void test_start(struct test *test)
{
    char *errors = path_join(test->app.build_dir, "emulator.txt");
    char *golden = golden_path(test); /* with a probe: the file has backtraces */
    const struct emulator_options options = {
        .pace = PACE_FAST, .errors = errors, .probe = file_exists(golden)};
    uint64_t for_us = test->app.test.for_us;
    if (session_start(&test->session, &test->app, for_us, &options) == EXIT_OK) {
        test->running = true;
    } else {
        test_fail(test, string_copy("the emulator does not start"));
    }
    free(errors);
    free(golden);
}

/* Once round. When it is over, test->running is false. */
static void test_step(struct test *test, const struct test_options *options)
{
    enum session_state state = session_step(&test->session, STEP_S);
    lines_take(test);
    bool complete = test_complete(test, options);
    if (state == SESSION_RUNS && !complete && test->problem == NULL) {
        return;
    }
    if (!complete) {
        test_over(test, state);
    }
    test->seconds += clock_seconds() - test->session.emulator.started_s;
    session_stop(&test->session);
    test->running = false;
}

/* ---- golden files ---- */

/* The first nine tenths of the lines, so that a small change of speed loses none. */
static void golden_write(const struct test *test)
{
    struct text out = {0};
    char *path = golden_path(test);
    size_t count = test->log.count * 9 / 10;
    for (size_t i = 0; i < count; i++) {
        char *line = golden_line(test->log.items[i]);
        text_addf(&out, "%s\n", line);
        free(line);
    }
    if (!file_update(path, text_string(&out), out.length)) {
        error_print("%s: cannot be written", path);
    }
    text_free(&out);
    free(path);
}

/* ---- reports ---- */

static void test_report(const struct test *test)
{
    const char *bad = colour_start(1, test->problem == NULL ? COLOUR_GREEN : COLOUR_RED);
    bool here = strcmp(test->dir, ".") == 0 && test->app.name != NULL;
    printf("  test  %-32s %s%s%s  %5.1f s\n", here ? test->app.name : path_base(test->dir), bad,
           test->problem == NULL ? "passed" : "FAILED", colour_start(1, COLOUR_NONE),
           test->seconds);
    if (test->problem != NULL) {
        size_t first = test->log.count > LOG_LINES ? test->log.count - LOG_LINES : 0;
        printf("  %s\n", test->problem);
        for (size_t i = first; i < test->log.count; i++) {
            printf("    | %s\n", test->log.items[i]);
        }
    }
    fflush(stdout);
}

/* Runs all that were built, some at once, in order of their start. */
static void tests_run(struct test *tests, size_t count, const struct test_options *options)
{
    size_t next = 0;
    size_t running = 0;
    while (next < count || running > 0) {
        for (; next < count && running < AT_ONCE; next++) {
            if (tests[next].built) {
                test_start(&tests[next]);
            }
            running += tests[next].running;
            if (!tests[next].running) {
                test_report(&tests[next]);
            }
        }
        for (size_t i = 0; i < next; i++) {
            if (tests[i].running) {
                test_step(&tests[i], options);
                running -= !tests[i].running;
                if (!tests[i].running) {
                    test_report(&tests[i]);
                }
            }
        }
    }
}

static int tests_verdict(const struct test *tests, size_t count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        failed += tests[i].problem != NULL;
    }
    printf("%zu passed, %zu failed\n", count - failed, failed);
    return failed > 0 || count == 0 ? EXIT_TESTS : EXIT_OK;
}

/* ---- the verb ---- */

static int options_read(int argc, char **argv, struct test_options *options)
{
    static const struct option known[] = {{"filter", required_argument, NULL, 'f'},
                                          {"profile", required_argument, NULL, 'p'},
                                          {"golden", no_argument, NULL, 'g'},
                                          {0}};
    *options = (struct test_options){.profile = "debug"};
    opterr = 0;
    for (int c = getopt_long(argc, argv, "", known, NULL); c != -1;
         c = getopt_long(argc, argv, "", known, NULL)) {
        if (c == '?') {
            return usage_error("test", "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
        options->filter = c == 'f' ? optarg : options->filter;
        options->profile = c == 'p' ? optarg : options->profile;
        options->golden = options->golden || c == 'g';
    }
    return EXIT_OK;
}

int verb_test(int argc, char **argv)
{
    struct test_options options;
    struct list dirs = {0};
    int code = options_read(argc, argv, &options);
    if (code != EXIT_OK) {
        return code;
    }
    for (int i = optind; i < argc; i++) {
        list_add(&dirs, argv[i]);
    }
    if (dirs.count == 0 && options.filter == NULL && file_exists("app.toml")) {
        list_add(&dirs, "."); /* in the folder of an app, that app is meant */
    }
    if (dirs.count == 0) {
        tests_find(&options, &dirs);
    }
    if (dirs.count == 0) {
        error_print("no test app%s%s", options.filter == NULL ? "" : " whose name contains ",
                    options.filter == NULL ? "" : options.filter);
        return EXIT_USAGE;
    }
    struct test *tests = memory_new(dirs.count * sizeof tests[0]);
    for (size_t i = 0; i < dirs.count; i++) {
        tests[i].dir = dirs.items[i];
        test_build(&tests[i], &options);
    }
    tests_run(tests, dirs.count, &options);
    for (size_t i = 0; options.golden && i < dirs.count; i++) {
        if (tests[i].problem == NULL) {
            golden_write(&tests[i]);
        }
    }
    return tests_verdict(tests, dirs.count);
}
