/*
 * check.c - `k5 check`: everything that can be checked, two steps at a time.
 *
 * A step is a command whose last line is `N passed, N failed` (and maybe `, N skipped`); a step
 * without that line counts as one test, by its exit code. A step that fails in any way counts at
 * least one failure, and one that tested nothing is a failure too: nothing is lost silently.
 *
 *   steps[] -> run in the root, output to .k5/check/NAME.log -> one line each as it ends
 *           -> the end of the log if it failed -> `N passed, N failed`
 */
#define _GNU_SOURCE
#include "run.h"
#include "util.h"
#include "verbs.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAIL_LINES 40u
#define LANES      2u /* steps at once; most of them use one core most of the time */

#define CACHED_COMPILERS "/usr/lib/ccache" /* where Debian's ccache has its links */

struct step {
    const char *name;
    const char *what;    /* one line for people */
    const char *command; /* words with spaces between; "k5" is this program */
    const char *more;    /* words that --full adds */
    double seconds;      /* allowed; ten times as many with --full where `more` is not empty */
};

/* Short ones first, so that a mistake is seen early. */
static const struct step steps[] = {
    {"style", "rules of style", "python3 tests/style/style.py .", "", 60},
    {"format", "layout (clang-format)", "sh tests/style/format.sh", "", 120},
    {"cppcheck", "likely bugs (cppcheck)", "sh tests/style/cppcheck.sh", "", 300},
    {"tidy", "names, likely bugs (clang-tidy)", "sh tests/style/tidy.sh", "--full", 600},
    {"unit", "the kernel on the host", "sh tests/unit/run.sh", "", 300},
    {"model", "the kernel against its model", "sh tests/model/run.sh", "--full", 300},
    {"tool", "the command line, the proof runner", "sh tests/tool/run.sh", "", 300},
    {"pages", "the manual's pages of the verbs", "sh tests/tool/pages.sh", "", 60},
    {"build", "files to load, the same bytes again", "sh tests/tool/build.sh", "", 120},
    {"boards", "boards without an emulator", "sh tests/boards/run.sh", "", 300},
    {"new", "a project outside of the repository", "sh tests/tool/new.sh", "", 120},
    {"shown", "what verbs print, completion, man page", "sh tests/tool/shown.sh", "", 120},
    {"interface", "typed calls: mistakes, code", "sh tests/tool/interface.sh", "", 180},
    {"sizes", "sizes, bounds of stacks", "sh tests/tool/size.sh", "", 180},
    {"stats", "statistics at the end of a run", "sh tests/tool/stats.sh", "", 120},
    {"debug", "tasks as threads of gdb", "sh tests/tool/debug.sh", "", 180},
    {"trace", "events of the kernel as a page, as CTF", "sh tests/tool/trace.sh", "", 180},
    {"faults", "faults, post-mortem files, keys", "sh tests/tool/faults.sh", "--full", 180},
    {"input", "typing into the emulated board", "sh tests/tool/input.sh", "", 240},
    {"probe", "flash, logs, debug: OpenOCD, a simulated probe", "python3 tests/probe/run.py",
     "--full", 900},
    {"usertest", "tests of an app outside of K5", "sh tests/tool/test.sh", "", 300},
    {"reject", "wrong configurations", "sh tests/reject/run.sh", "", 120},
    {"docs", "code and keys in the manual", "python3 tests/docs/blocks.py .", "", 60},
    {"evidence", "guarantees of the manual have evidence", "sh tests/docs/evidence.sh", "", 60},
    {"conf", "damaged configurations (sanitizers)", "sh tests/conf/run.sh", "--full", 300},
    {"macros", "log calls that must not compile", "sh tests/macros/run.sh", "", 60},
    {"golden", "generated tables", "sh tests/golden/run.sh", "", 120},
    {"size", "code size of the kernel", "sh tests/bounds/size.sh", "", 120},
    {"stack", "bound of the kernel's stack", "sh tests/bounds/stack.sh", "", 120},
    {"bench", "instructions of the kernel's operations", "k5 bench --check", "", 120},
    {"emulator", "examples and hostile tasks in the emulator", "k5 test", "--full", 1800},
    {"replay", "the model's steps by tasks in the emulator", "sh tests/replay/run.sh", "--full",
     300},
    {"edges", "both ends of each region, from the tables", "sh tests/bounds/edges.sh", "", 300},
    {"soak", "registers over preemptions in the emulator", "sh tests/soak/run.sh", "--full", 300},
    {"proofs", "the kernel proved (CBMC)", "k5 prove --proofs", "--full", 1800},
    {"mutants", "seeded bugs are noticed", "k5 prove --mutants", "--full", 1800},
};
#define STEP_COUNT (sizeof steps / sizeof steps[0])

struct tally {
    unsigned long passed;
    unsigned long failed;
    unsigned long skipped;
};

/* From the last line of the form "N passed, N failed[, N skipped]". False if there is none. */
static bool tally_read(const char *output, struct tally *tally)
{
    bool found = false;
    for (const char *line = output; line != NULL; line = strchr(line, '\n')) {
        struct tally read = {0};
        line += line[0] == '\n' ? 1 : 0;
        if (sscanf(line, "%lu passed, %lu failed, %lu skipped", &read.passed, &read.failed,
                   &read.skipped) >= 2) {
            *tally = read;
            found = true;
        }
    }
    return found;
}

/* Prints the last lines, or all, set off so that no line of a step can pass for one of ours. */
static void output_print(const char *output, const char *log, bool all)
{
    struct list lines = {0};
    list_add_split(&lines, output, "\n");
    size_t first = all || lines.count < TAIL_LINES ? 0 : lines.count - TAIL_LINES;
    for (size_t i = first; i < lines.count; i++) {
        printf("    | %s\n", lines.items[i]);
    }
    list_free(&lines);
    printf("    all of it: %s\n", log);
}

static struct tally step_judge(int code, const char *output)
{
    struct tally tally = {0};

    if (!tally_read(output, &tally)) {
        tally.passed = code == 0 ? 1 : 0;
    }
    if (tally.failed == 0 && (code != 0 || tally.passed + tally.skipped == 0)) {
        tally.failed = 1;
    }
    return tally;
}

static void step_report(const struct step *step, const struct tally *tally, double seconds,
                        int code)
{
    struct text text = {0};
    text_addf(&text, "%lu passed", tally->passed);
    if (tally->failed > 0) {
        text_addf(&text, ", %lu failed", tally->failed);
    }
    if (tally->skipped > 0) {
        text_addf(&text, ", %lu skipped", tally->skipped);
    }
    printf("  %-9s %-44s %s%-24s%s %6.1f s%s\n", step->name, step->what,
           colour_start(1, tally->failed > 0 ? COLOUR_RED : COLOUR_GREEN), text_string(&text),
           colour_start(1, COLOUR_NONE), seconds, code == EXIT_TIMEOUT ? "  (time-out)" : "");
    text_free(&text);
}

/* A step that runs. */
struct run {
    const struct step *step; /* NULL: none */
    struct process process;
    struct list argv;
    char *log;
    bool alone; /* no other step was asked for: all that it prints is shown */
};

/* False if it could not be started; then it is over. */
static bool run_start(struct run *run, const struct step *step, bool full, bool alone)
{
    char *name = string_format(".k5/check/%s.log", step->name);
    *run = (struct run){.step = step, .log = root_join(name), .alone = alone};
    list_add_split(&run->argv, step->command, " ");
    if (full) {
        list_add_split(&run->argv, step->more, " ");
    }
    if (strcmp(run->argv.items[0], "k5") == 0) {
        free(run->argv.items[0]);
        run->argv.items[0] = root_join(".k5/bin/k5");
    }
    run->process = (struct process){
        .directory = root_path(),
        .output_path = run->log,
        .timeout_s = full && step->more[0] != '\0' ? step->seconds * 10 : step->seconds,
    };
    free(name);
    return process_start(&run->process, run->argv.items);
}

/* It has ended: its line, and the end of its log if it failed. */
static void run_end(struct run *run, int code, struct tally *sum)
{
    struct text output = {0};
    file_read(run->log, &output);
    struct tally tally = step_judge(code, text_string(&output));
    step_report(run->step, &tally, run->process.seconds, code);
    if (tally.failed > 0 || run->alone) {
        output_print(text_string(&output), run->log, run->alone);
    }
    fflush(stdout);
    sum->passed += tally.passed;
    sum->failed += tally.failed;
    sum->skipped += tally.skipped;
    text_free(&output);
    list_free(&run->argv);
    free(run->log);
    *run = (struct run){0};
}

static size_t steps_matching(const char *filter)
{
    size_t count = 0;
    for (size_t i = 0; i < STEP_COUNT; i++) {
        count += strstr(steps[i].name, filter) != NULL;
    }
    return count;
}

/* Begins the next step whose name has the filter in it; false if there is none left. */
static bool run_next(struct run *run, size_t *next, const char *filter, bool full,
                     struct tally *sum)
{
    while (*next < STEP_COUNT) {
        const struct step *step = &steps[(*next)++];
        if (strstr(step->name, filter) == NULL) {
            continue;
        }
        if (run_start(run, step, full, steps_matching(filter) == 1)) {
            return true;
        }
        run_end(run, EXIT_ENVIRONMENT, sum);
    }
    return false;
}

static void steps_run(const char *filter, bool full, struct tally *sum)
{
    struct run runs[LANES] = {0};
    size_t next = 0;
    bool busy = true;
    while (busy) {
        busy = false;
        for (size_t i = 0; i < LANES; i++) {
            int code = 0;
            if (runs[i].step != NULL && process_poll(&runs[i].process, &code)) {
                run_end(&runs[i], code, sum);
            }
            busy |= runs[i].step != NULL || run_next(&runs[i], &next, filter, full, sum);
        }
        clock_sleep(0.01);
    }
}

static int steps_report(const char *filter, bool full)
{
    struct tally sum = {0};
    steps_run(filter, full, &sum);
    if (sum.passed + sum.failed + sum.skipped == 0) {
        return usage_error("check", "no step has \"%s\" in its name", filter);
    }
    printf("%lu passed, %lu failed", sum.passed, sum.failed);
    if (sum.skipped > 0) {
        printf(", %lu skipped", sum.skipped);
    }
    printf("\n");
    return sum.failed > 0 ? EXIT_TESTS : EXIT_OK;
}

/* Steps compile the same files for one app after the other: what came out is kept, and found again
 * by everything that went in. `k5 build` by itself asks no cache. */
static void cache_use(void)
{
    const char *path = getenv("PATH");
    char *cache = root_join(".k5/ccache");
    char *first = string_format(CACHED_COMPILERS ":%s", path == NULL ? "" : path);
    (void)setenv("CCACHE_DIR", cache, 1);
    (void)setenv("PATH", first, 1);
    free(first);
    free(cache);
}

/* --fuzz: no step, for it has no end of its own. What fuzz.sh prints is what the verb prints. */
static int fuzz(uint64_t us)
{
    uint64_t whole = (us + 999999u) / 1000000u;
    char *seconds = string_format("%llu", (unsigned long long)whole);
    char *words[] = {"sh", "tests/model/fuzz.sh", "--seconds", seconds, NULL};
    struct process process = {.directory = root_path()};

    int code = process_run(&process, words);

    free(seconds);
    return code == EXIT_OK || code == EXIT_TESTS ? code : EXIT_ENVIRONMENT;
}

int verb_check(int argc, char **argv)
{
    static const struct option known[] = {
        {"full", no_argument, NULL, 'f'},
        {"filter", required_argument, NULL, 'x'},
        {"list", no_argument, NULL, 'l'},
        {"fuzz", required_argument, NULL, 'u'},
        {0},
    };
    bool full = false;
    uint64_t fuzz_us = 0;
    const char *filter = "";
    for (int letter; (letter = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (letter) {
        case 'f': full = true; break;
        case 'x': filter = optarg; break;
        case 'l':
            for (size_t i = 0; i < STEP_COUNT; i++) {
                printf("  %-9s %-44s %s\n", steps[i].name, steps[i].what, steps[i].command);
            }
            return EXIT_OK;
        case 'u':
            if (!time_parse(optarg, &fuzz_us)) {
                return usage_error("check", "--fuzz \"%s\" is no time; write 30s, 10m or 1h",
                                   optarg);
            }
            break;
        default: return usage_error("check", "wrong option");
        }
    }
    if (optind < argc) {
        return usage_error("check", "unexpected \"%s\"", argv[optind]);
    }
    if (fuzz_us != 0) {
        return full || filter[0] != '\0'
                   ? usage_error("check", "--fuzz runs no steps: not with --full or --filter")
                   : fuzz(fuzz_us);
    }
    char *logs = root_join(".k5/check");
    if (!dir_make(logs)) {
        error_print("cannot make the folder %s", logs);
        return EXIT_ENVIRONMENT;
    }
    free(logs);
    cache_use();
    return steps_report(filter, full);
}
