/*
 * run.c - `k5 run`: build an app and run it in the emulator, with its log decoded as it comes.
 */
#define _GNU_SOURCE
#include "run.h"

#include "session.h"
#include "stats.h"
#include "verbs.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define STEP_S    0.05
#define SHIFT_MAX 10 /* what QEMU takes */

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* ---- output ---- */

static void lines_print(struct session *session)
{
    struct decoder *decoder = &session->decoder;
    for (size_t i = 0; i < decoder->line_count; i++) {
        if (session->for_us == 0 || decoder->lines[i].us <= session->for_us) {
            puts(decoder->lines[i].shown);
        }
    }
    fflush(stdout);
    decoder_clear(decoder);
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void summary_print(const struct session *session, enum session_state state)
{
    const struct decoder *d = &session->decoder;
    uint64_t us = state == SESSION_TIME ? session->for_us : d->us;
    printf("   stop   %" PRIu64 ".%02u s · %" PRIu64 " log line%s · %u fault%s · %u restart%s · "
           "%" PRIu64 " log frame%s dropped",
           us / 1000000, (unsigned)(us / 10000 % 100), d->entries, plural(d->entries), d->faults,
           plural(d->faults), d->restarts, plural(d->restarts), d->drops, plural(d->drops));
    if (d->resets > 0) {
        printf(" · %u reset%s", d->resets, plural(d->resets));
    }
    if (d->damaged > 0) {
        printf(" · %" PRIu64 " damaged", d->damaged);
    }
    printf("\n");
    fflush(stdout);
}

/* Why it ended, if that is worth a word, and the exit code. */
static int session_verdict(struct session *session, enum session_state state)
{
    const struct emulator *emulator = &session->emulator;
    if (state == SESSION_SILENT) {
        error_print("the emulator runs, but %s came from the board",
                    session->decoder.damaged > 0 ? "only damaged frames" : "nothing");
        hint_print("is a log drain in app.toml? (use = \"logger\", uses = [\"uart0\", \"log\"])");
        return EXIT_TIMEOUT;
    }
    if (state == SESSION_DIED) {
        bool by_signal = WIFSIGNALED(emulator->status);
        error_print("the emulator ended by itself (%s %d)", by_signal ? "signal" : "exit code",
                    by_signal ? WTERMSIG(emulator->status) : WEXITSTATUS(emulator->status));
        return by_signal ? EXIT_FAULT : EXIT_BUILD;
    }
    if (session->decoder.panicked) {
        error_print("the kernel stopped");
        return EXIT_FAULT;
    }
    if (session->decoder.resets > 0) {
        error_print("the system was reset %u time%s", session->decoder.resets,
                    plural(session->decoder.resets));
        return EXIT_FAULT;
    }
    if (session->decoder.unhandled > 0) {
        error_print("a task that nobody supervises stopped");
        return EXIT_FAULT;
    }
    return EXIT_OK;
}

int app_run(const struct app *app, uint64_t for_us)
{
    struct session session;
    enum session_state state = SESSION_RUNS;
    const struct emulator_options options = {.pace = PACE_REAL, .debug = true};
    struct stats stats;
    int code = session_start(&session, app, for_us, &options);
    if (code != EXIT_OK) {
        return code;
    }
    session.decoder.colour = true;
    struct sigaction action = {.sa_handler = interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    while (state == SESSION_RUNS && !interrupted) {
        state = session_step(&session, STEP_S);
        lines_print(&session);
    }
    if (interrupted) {
        printf("\n");
    }
    stats_fetch(&stats, app, &session.emulator, session.decoder.panicked);
    emulator_stop(&session.emulator);
    summary_print(&session, state);
    stats_print(&stats, app);
    stats_free(&stats);
    code = session_verdict(&session, state);
    session_stop(&session);
    return code;
}

/* ---- the verb ---- */

struct run_options {
    uint64_t for_us;
    const char *profile;
    unsigned shift;
    bool verbose;
    const char *dir;
};

static bool shift_parse(const char *string, unsigned *shift)
{
    char *end;
    unsigned long number = strtoul(string, &end, 10);
    *shift = (unsigned)number;
    return end != string && *end == '\0' && number >= 1 && number <= SHIFT_MAX;
}

static int options_read(int argc, char **argv, struct run_options *options)
{
    static const struct option known[] = {{"for", required_argument, NULL, 'f'},
                                          {"profile", required_argument, NULL, 'p'},
                                          {"shift", required_argument, NULL, 's'},
                                          {"verbose", no_argument, NULL, 'v'},
                                          {0}};
    *options = (struct run_options){.dir = "."};
    opterr = 0;
    for (int c = getopt_long(argc, argv, "v", known, NULL); c != -1;
         c = getopt_long(argc, argv, "v", known, NULL)) {
        if (c == 'f' && !time_parse(optarg, &options->for_us)) {
            return usage_error(argv[0], "--for \"%s\" is no time; write 3s or 500ms", optarg);
        }
        if (c == 's' && !shift_parse(optarg, &options->shift)) {
            return usage_error(argv[0], "--shift \"%s\" is no number from 1 to 10", optarg);
        }
        if (c == '?') {
            return usage_error(argv[0], "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
        options->profile = c == 'p' ? optarg : options->profile;
        options->verbose = options->verbose || c == 'v';
    }
    if (argc - optind > 1) {
        return usage_error(argv[0], "one app at a time");
    }
    options->dir = argc > optind ? argv[optind] : options->dir;
    return EXIT_OK;
}

static int build_and_run(const struct run_options *options, bool quiet)
{
    struct app app = {.verbose = options->verbose, .quiet = quiet, .shift = options->shift};
    int code = app_build(options->dir, options->profile, &app);
    if (code != EXIT_OK) {
        return code;
    }
    if (options->for_us == 0) {
        printf("   run    Ctrl-C ends\n");
    }
    printf("\n");
    fflush(stdout);
    return app_run(&app, options->for_us);
}

int verb_run(int argc, char **argv)
{
    struct run_options options;
    int code = options_read(argc, argv, &options);
    return code != EXIT_OK ? code : build_and_run(&options, !options.verbose);
}

int verb_demo(int argc, char **argv)
{
    struct run_options options;
    int code = options_read(argc, argv, &options);
    if (code != EXIT_OK) {
        return code;
    }
    if (strcmp(options.dir, ".") != 0) {
        return usage_error("demo", "it takes no app; `k5 run APP` does");
    }
    options.dir = root_join("examples/02_coldchain");
    return build_and_run(&options, false);
}
