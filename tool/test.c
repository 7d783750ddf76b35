/*
 * test.c - `k5 test`: which tests there are, side by side, each in a process of its own.
 *
 *   folders -> tests (an app.toml with [test]) -> a process each, at most `jobs` at a time
 *           -> reports in the order of the tests, whatever ends first -> JUnit file, verdict
 *
 * Invariant: a test that ends in whatever way has a result, and one that did not run counts as
 * failed.
 */
#define _GNU_SOURCE
#include "test.h"

#include "verbs.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEPTH_MAX 5 /* folders below the one that is named */
#define JOBS_MAX  64

/* ---- which tests ---- */

enum section { SECTION_NONE, SECTION_TEST, SECTION_SLOW };

/* Is a line of the file [test], and one after it slow = true? The whole file is read, and judged,
 * when it is built. */
static enum section test_section(const char *path)
{
    struct text content = {0};
    enum section found = SECTION_NONE;
    if (file_exists(path) && file_read(path, &content)) {
        for (const char *line = text_string(&content); *line != '\0';) {
            const char *start = line + strspn(line, " \t");
            char word[8] = "";
            if (*start == '[') {
                found = string_starts(start, "[test]") ? SECTION_TEST : found;
            } else if (found == SECTION_TEST && sscanf(start, "slow = %7s", word) == 1) {
                found = strcmp(word, "true") == 0 ? SECTION_SLOW : found;
            }
            line += strcspn(line, "\n");
            line += *line == '\n';
        }
    }
    text_free(&content);
    return found;
}

static bool test_slow(const char *dir)
{
    char *path = path_join(dir, "app.toml");
    bool slow = test_section(path) == SECTION_SLOW;
    free(path);
    return slow;
}

/* The depth of a folder below another: how many slashes more it has. */
static size_t depth(const char *dir, const char *top)
{
    size_t slashes = 0;
    for (const char *c = dir + strlen(top); *c != '\0'; c++) {
        slashes += *c == '/';
    }
    return slashes;
}

/* Adds the test in `top`, or if that is no app, those in the folders below. */
static void tests_find(const char *top, struct list *found)
{
    struct list queue = {0};
    list_add(&queue, top);
    for (size_t i = 0; i < queue.count; i++) {
        const char *dir = queue.items[i];
        char *path = strcmp(dir, ".") == 0 ? string_copy("app.toml") : path_join(dir, "app.toml");
        if (file_exists(path)) {
            if (test_section(path) != SECTION_NONE) {
                list_add(found, dir);
            }
        } else if (strcmp(path_base(dir), "build") != 0 && depth(dir, top) <= DEPTH_MAX) {
            struct list below = {0};
            dir_list(dir, "", &below);
            for (size_t j = 0; j < below.count; j++) {
                const char *name =
                    string_starts(below.items[j], "./") ? below.items[j] + 2 : below.items[j];
                if (dir_exists(name)) {
                    list_add(&queue, name);
                }
            }
            list_free(&below);
        }
        free(path);
    }
    list_free(&queue);
}

/* Without folders on the command line: in K5 itself its own tests, else what is here. */
static void tests_find_here(struct list *found)
{
    char *here = realpath(".", NULL);
    char *root = realpath(root_path(), NULL);
    if (here != NULL && root != NULL && strcmp(here, root) == 0) {
        tests_find("tests/emulator", found);
        tests_find("examples", found);
    } else {
        tests_find(".", found);
    }
    free(here);
    free(root);
}

/* One folder of the command line. */
static int tests_find_named(const char *dir, struct list *found)
{
    size_t before = found->count;
    if (!dir_exists(dir)) {
        error_print("%s: there is no such folder", dir);
        hint_print("%s", file_exists(dir) ? "name the folder, not the file"
                                          : "name the folder of an app, or one above several");
        return EXIT_USAGE;
    }
    char *top = string_copy(dir);
    for (size_t end = strlen(top); end > 1 && top[end - 1] == '/'; end--) {
        top[end - 1] = '\0';
    }
    tests_find(top, found);
    free(top);
    if (found->count == before) {
        char *path = path_join(dir, "app.toml");
        error_print("%s: %s", dir,
                    file_exists(path) ? "its app.toml has no [test]"
                                      : "no app with [test] is here or below");
        hint_print("docs/manual/app-toml.md says what [test] is: for, expect, forbid");
        free(path);
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

static int tests_collect(int argc, char **argv, const struct test_options *options,
                         struct list *found)
{
    struct list all = {0};
    int code = EXIT_OK;
    for (int i = optind; i < argc; i++) {
        int wrong = tests_find_named(argv[i], &all);
        code = code == EXIT_OK ? wrong : code;
    }
    if (optind == argc) {
        tests_find_here(&all);
    }
    bool chosen = options->full || options->filter != NULL || optind < argc;
    for (size_t i = 0; i < all.count; i++) {
        bool wanted = options->filter == NULL || strstr(all.items[i], options->filter) != NULL;
        if (wanted && (chosen || !test_slow(all.items[i]))) {
            list_add(found, all.items[i]);
        }
    }
    if (code == EXIT_OK && found->count == 0 && options->filter != NULL && all.count > 0) {
        error_print("no test has \"%s\" in its path", options->filter);
        hint_print("`k5 test --list` names them");
        code = EXIT_USAGE;
    } else if (code == EXIT_OK && found->count == 0) {
        error_print("no test is here or below");
        hint_print("a test is an app whose app.toml has [test]: for, expect, forbid");
        code = EXIT_USAGE;
    }
    list_free(&all);
    return code;
}

/* ---- side by side ---- */

struct worker {
    struct test_result result;
    pid_t pid; /* 0: not started */
    int output;
    double started_s;
    bool done;
};

static void worker_start(struct worker *worker, const struct test_options *options)
{
    worker->output = memfd_create("k5-test", MFD_CLOEXEC);
    worker->started_s = clock_seconds();
    fflush(NULL);
    pid_t parent = getpid();
    worker->pid = worker->output >= 0 ? fork() : -1;
    if (worker->pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* and the emulator ends with this process */
        if (getppid() != parent || dup2(worker->output, 1) < 0 || dup2(worker->output, 2) < 0) {
            _exit(EXIT_ENVIRONMENT);
        }
        int code = test_run(worker->result.dir, options);
        fflush(NULL);
        _exit(code);
    }
    if (worker->pid < 0) {
        text_addf(&worker->result.detail, "    it could not be started: %s\n", strerror(errno));
        worker->result.code = EXIT_ENVIRONMENT;
        worker->done = true;
    }
}

static void worker_end(struct worker *worker, int status)
{
    char *path = string_format("/proc/self/fd/%d", worker->output);
    worker->result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    worker->result.seconds = clock_seconds() - worker->started_s;
    (void)file_read(path, &worker->result.detail);
    close(worker->output);
    free(path);
    worker->done = true;
}

/* Waits for one of them to end. */
static void workers_wait(struct worker *workers, size_t count)
{
    int status = 0;
    pid_t pid = waitpid(-1, &status, 0);
    for (size_t i = 0; i < count; i++) {
        if (pid > 0 && workers[i].pid == pid && !workers[i].done) {
            worker_end(&workers[i], status);
        }
    }
}

static size_t workers_running(const struct worker *workers, size_t count)
{
    size_t running = 0;
    for (size_t i = 0; i < count; i++) {
        running += workers[i].pid > 0 && !workers[i].done;
    }
    return running;
}

/* Runs them all; each is printed when it and all before it are done. */
static void tests_run(struct worker *workers, size_t count, const struct test_options *options)
{
    size_t next = 0;
    size_t printed = 0;
    while (printed < count) {
        for (; next < count && workers_running(workers, next) < options->jobs; next++) {
            worker_start(&workers[next], options);
        }
        for (; printed < next && workers[printed].done; printed++) {
            test_print(&workers[printed].result);
        }
        if (workers_running(workers, next) > 0) {
            workers_wait(workers, next);
        }
    }
}

/* ---- the verb ---- */

static int verdict(const struct worker *workers, size_t count, double seconds)
{
    size_t failed = 0;
    bool environment = false;
    for (size_t i = 0; i < count; i++) {
        failed += workers[i].result.code != EXIT_OK;
        environment = environment || workers[i].result.code == EXIT_ENVIRONMENT;
    }
    if (count > 1) {
        printf("  %zu tests in %.1f s\n", count, seconds);
    }
    printf("%zu passed, %zu failed\n", count - failed, failed);
    return failed == 0 ? EXIT_OK : environment ? EXIT_ENVIRONMENT : EXIT_TESTS;
}

static int tests_all(const struct list *dirs, const struct test_options *options)
{
    struct worker *workers = memory_new(dirs->count * sizeof workers[0]);
    struct test_result *results = memory_new(dirs->count * sizeof results[0]);
    double started_s = clock_seconds();
    for (size_t i = 0; i < dirs->count; i++) {
        workers[i].result =
            (struct test_result){.dir = dirs->items[i], .name = path_name(dirs->items[i])};
    }
    tests_run(workers, dirs->count, options);
    for (size_t i = 0; i < dirs->count; i++) {
        results[i] = workers[i].result;
    }
    bool written = options->junit == NULL || test_junit_write(options->junit, results, dirs->count);
    int code = verdict(workers, dirs->count, clock_seconds() - started_s);
    free(results);
    free(workers);
    return code == EXIT_OK && !written ? EXIT_USAGE : code;
}

static bool jobs_parse(const char *string, unsigned *jobs)
{
    char *end;
    unsigned long number = strtoul(string, &end, 10);
    *jobs = (unsigned)number;
    return end != string && *end == '\0' && number >= 1 && number <= JOBS_MAX;
}

static int options_check(const struct test_options *options)
{
    if (strcmp(options->profile, "release") != 0 && strcmp(options->profile, "debug") != 0) {
        error_print("there is no profile \"%s\"", options->profile);
        hint_print("the profiles are release and debug");
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

static int options_read(int argc, char **argv, struct test_options *options)
{
    static const struct option known[] = {
        {"filter", required_argument, NULL, 'f'}, {"profile", required_argument, NULL, 'p'},
        {"junit", required_argument, NULL, 'x'},  {"jobs", required_argument, NULL, 'j'},
        {"golden", no_argument, NULL, 'g'},       {"list", no_argument, NULL, 'l'},
        {"full", no_argument, NULL, 'F'},         {0}};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *options = (struct test_options){.profile = "debug", .jobs = 1};
    options->jobs = cores > JOBS_MAX ? JOBS_MAX : cores > 1 ? (unsigned)cores : 1;
    opterr = 0;
    for (int c = getopt_long(argc, argv, "j:", known, NULL); c != -1;
         c = getopt_long(argc, argv, "j:", known, NULL)) {
        if (c == '?') {
            return usage_error("test", "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
        if (c == 'j' && !jobs_parse(optarg, &options->jobs)) {
            return usage_error("test", "-j \"%s\" is no number from 1 to %d", optarg, JOBS_MAX);
        }
        options->filter = c == 'f' ? optarg : options->filter;
        options->profile = c == 'p' ? optarg : options->profile;
        options->junit = c == 'x' ? optarg : options->junit;
        options->golden = options->golden || c == 'g';
        options->list = options->list || c == 'l';
        options->full = options->full || c == 'F';
    }
    return options_check(options);
}

int verb_test(int argc, char **argv)
{
    struct test_options options;
    struct list dirs = {0};
    int code = options_read(argc, argv, &options);
    code = code == EXIT_OK ? tests_collect(argc, argv, &options, &dirs) : code;
    for (size_t i = 0; code == EXIT_OK && options.list && i < dirs.count; i++) {
        printf("%s\n", dirs.items[i]);
    }
    if (options.jobs > dirs.count) {
        options.jobs = (unsigned)dirs.count; /* then ninja has the cores */
    }
    if (code == EXIT_OK && !options.list) {
        code = tests_all(&dirs, &options);
    }
    list_free(&dirs);
    return code;
}
