/*
 * run.c - `k5 run`: build an app and run it in the emulator, with its log decoded as it comes.
 */
#define _GNU_SOURCE
#include "run.h"

#include "head.h"
#include "inspect.h"
#include "keys.h"
#include "level.h"
#include "session.h"
#include "stats.h"
#include "verbs.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEP_S    0.05
#define SHIFT_MAX 10   /* what QEMU takes */
#define END_S     0.25 /* at the end, for one answer of the emulator */

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

struct run {
    const struct app *app;
    const struct run_options *options;
    struct session session;
    enum session_state state;
    struct level_filter filter;
    bool keys;
    bool typing;           /* what comes on our input is typed into the second serial line */
    unsigned resets_asked; /* by key */
};

/* ---- output ---- */

/* What the app says on the other serial line, below what it logged until now. */
static void serial_print(struct run *run)
{
    struct line *line = &run->session.line;
    for (size_t i = 0; i < line->lines.count; i++) {
        if (run->options->json) {
            struct text out = {0};
            struct json json = {.out = &out};
            json_open(&json, NULL, '{');
            json_string(&json, "type", "serial");
            json_string(&json, "device", line->device);
            json_string(&json, "text", line->lines.items[i]);
            json_close(&json, '}');
            puts(text_string(&out));
            text_free(&out);
        } else {
            printf("%13s%-5s %-8s %s\n", "", "LINE", line->device, line->lines.items[i]);
        }
    }
    fflush(stdout);
    list_free(&line->lines);
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static uint64_t run_us(const struct run *run)
{
    return run->state == SESSION_TIME ? run->options->for_us : run->session.decoder.us;
}

static void summary_print(const struct run *run)
{
    const struct decoder *d = &run->session.decoder;
    uint64_t us = run_us(run);
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

static void next_print(const struct run *run)
{
    const struct probe *probe = &run->session.probe;
    if (run->session.decoder.other_build) {
        printf(
            "   next   this was build %08x, your ELF is %08x: load the image that was built here\n",
            run->session.decoder.board_build, run->session.decoder.build);
    }
    if (probe->written > 0) {
        char *dir = path_near(run->app->dir);
        printf("   next   `k5 inspect %s` shows the last of %u post-mortem file%s\n", dir,
               probe->written, plural(probe->written));
        free(dir);
    }
    fflush(stdout);
}

static void summary_json(const struct run *run, const struct stats *stats, int code)
{
    const struct decoder *d = &run->session.decoder;
    struct text out = {0};
    struct json json = {.out = &out};
    json_open(&json, NULL, '{');
    json_string(&json, "type", "summary");
    json_number(&json, "time_us", run_us(run));
    json_number(&json, "log_lines", d->entries);
    json_number(&json, "faults", d->faults);
    json_number(&json, "restarts", d->restarts);
    json_number(&json, "resets", d->resets);
    json_number(&json, "dropped", d->drops);
    json_number(&json, "damaged", d->damaged);
    json_bool(&json, "other_build", d->other_build);
    json_number(&json, "dumps", run->session.probe.written);
    stats_json(stats, run->app, &json);
    json_number(&json, "exit_code", (uint64_t)code);
    json_close(&json, '}');
    puts(text_string(&out));
    fflush(stdout);
    text_free(&out);
}

/* Why it ended, if that is worth a word, and the exit code. */
static int run_verdict(struct run *run)
{
    const struct emulator *emulator = &run->session.emulator;
    const struct decoder *decoder = &run->session.decoder;
    if (run->state == SESSION_SILENT) {
        error_print("the emulator runs, but %s came from the board",
                    decoder->damaged > 0 ? "only damaged frames" : "nothing");
        hint_print("is a log drain in app.toml? (use = \"logger\", uses = [\"uart0\", \"log\"])");
        return EXIT_TIMEOUT;
    }
    if (run->state == SESSION_DIED) {
        bool by_signal = WIFSIGNALED(emulator->status);
        error_print("the emulator ended by itself (%s %d)", by_signal ? "signal" : "exit code",
                    by_signal ? WTERMSIG(emulator->status) : WEXITSTATUS(emulator->status));
        return by_signal ? EXIT_FAULT : EXIT_BUILD;
    }
    if (decoder->panicked) {
        error_print("the kernel stopped");
        return EXIT_FAULT;
    }
    if (decoder->resets > run->resets_asked) {
        unsigned resets = decoder->resets - run->resets_asked;
        error_print("the system was reset %u time%s", resets, plural(resets));
        return EXIT_FAULT;
    }
    if (decoder->unhandled > 0) {
        error_print("a task that nobody supervises stopped");
        return EXIT_FAULT;
    }
    return EXIT_OK;
}

/* ---- keys ---- */

static const char key_help[] = "q quits · r resets the board · l log level · f log of one task · "
                               "t shows tasks";

static void note_print(const char *note)
{
    printf("%s   keys   %s%s\n", colour_start(1, COLOUR_DIM), note, colour_start(1, COLOUR_NONE));
    fflush(stdout);
}

static const char *probe_problem(const struct run *run)
{
    const char *problem = run->session.probe.problem;
    return problem != NULL ? problem : "this needs the image that was built here";
}

static void tasks_show(struct run *run)
{
    struct probe *probe = &run->session.probe;
    struct snapshot snapshot = {.reason = SNAPSHOT_HALT, .task = K5_NIL};
    const struct scene scene = {&probe->view, &snapshot};
    if (probe_look(probe, run->session.decoder.panicked ? PROBE_PANIC : PROBE_SWITCH, &snapshot)) {
        probe_go(probe);
        inspect_table_print(&scene);
    } else {
        note_print(probe_problem(run));
    }
    snapshot_free(&snapshot);
}

static void filter_change(struct run *run, char key)
{
    char *note =
        key == 'l' ? level_next(&run->filter, run->app) : level_next_task(&run->filter, run->app);
    note_print(note);
    free(note);
}

static void keys_take(struct run *run)
{
    for (char key = keys_get(); key != 0; key = keys_get()) {
        switch (key) {
        case 'q': interrupted = 1; break;
        case 't': tasks_show(run); break;
        case 'l':
        case 'f': filter_change(run, key); break;
        case 'r':
            if (probe_reset(&run->session.probe)) {
                run->resets_asked++;
            } else {
                note_print(probe_problem(run));
            }
            break;
        case '\n': break;
        default: note_print(key_help);
        }
    }
}

/* ---- input ---- */

/* A file is typed at once; our own input as it comes, and then no key is ours. */
static int input_open(struct run *run)
{
    const char *path = run->options->input;
    struct text content = {0};
    if (path == NULL) {
        return EXIT_OK;
    }
    if (!line_used(run->app)) {
        error_print("--input: no task uses the board's second serial line");
        hint_print(run->app->board.line != NULL ? "give a task uses = [\"%s\"]"
                                                : "board.toml says which device that is",
                   run->app->board.line);
        return EXIT_USAGE;
    }
    if (strcmp(path, "-") == 0) {
        run->typing = true;
        return EXIT_OK;
    }
    if (!file_read(path, &content)) {
        error_print("--input: %s: %s", path, strerror(errno));
        return EXIT_USAGE;
    }
    line_type(&run->session.line, text_string(&content), content.length);
    text_free(&content);
    return EXIT_OK;
}

static void input_take(struct run *run)
{
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
    char bytes[512];
    if (!run->typing || poll(&ready, 1, 0) <= 0) {
        return;
    }
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    run->typing = got > 0;
    line_type(&run->session.line, bytes, got > 0 ? (size_t)got : 0);
}

/* ---- a run ---- */

/* The probe's connection is the only one that the emulator takes. */
static void stats_take(struct run *run, struct stats *stats)
{
    struct probe *probe = &run->session.probe;
    bool panicked = run->session.decoder.panicked;
    if (!probe->works || run->session.emulator.ended) {
        stats_fetch(stats, run->app, &run->session.emulator, panicked);
        return;
    }
    probe->remote.timeout_s = END_S;
    if (probe_halt(probe, panicked) && remote_physical(&probe->remote, true)) {
        stats_read(stats, run->app, &probe->remote);
    } else {
        *stats = (struct stats){.tasks = run->app->task_count, .problem = probe->problem};
    }
}

static int run_end(struct run *run)
{
    struct stats stats;
    if (interrupted && !run->options->json) {
        printf("\n");
    }
    (void)emulator_ended(&run->session.emulator);
    stats_take(run, &stats);
    line_end(&run->session.line);
    serial_print(run);
    emulator_stop(&run->session.emulator);
    if (!run->options->json) {
        summary_print(run);
        stats_print(&stats, run->app);
        next_print(run);
    }
    int code = run_verdict(run);
    if (run->options->json) {
        summary_json(run, &stats, code);
    }
    stats_free(&stats);
    session_stop(&run->session);
    return code;
}

int app_run(const struct app *app, const struct run_options *options)
{
    struct run *run = memory_new(sizeof *run);
    const struct emulator_options wish = {
        .pace = PACE_REAL, .probe = true, .image = options->image};
    struct sigaction action = {.sa_handler = interrupt};
    run->app = app;
    run->options = options;
    int code = level_make(&run->filter, app, "run", &options->levels);
    code = code == EXIT_OK ? session_start(&run->session, app, options->for_us, &wish) : code;
    if (code != EXIT_OK) {
        free(run);
        return code;
    }
    run->session.decoder.colour = true;
    run->session.decoder.json = options->json;
    run->session.probe.writes = true;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    code = input_open(run);
    if (code != EXIT_OK) {
        session_stop(&run->session);
        free(run);
        return code;
    }
    run->keys = !options->json && !run->typing && keys_open();
    if (!options->json && (run->keys || options->for_us == 0)) {
        printf("   run    %s%s\n", options->for_us == 0 ? "Ctrl-C ends · " : "",
               run->keys ? key_help : "");
    }
    if (!options->json && !run->session.probe.works) {
        printf("   run    no backtraces: %s\n", probe_problem(run));
    }
    printf("%s", options->json ? "" : "\n");
    while (run->state == SESSION_RUNS && !interrupted) {
        run->state = session_step(&run->session, STEP_S);
        level_print(&run->filter, &run->session.decoder, options->json, options->for_us);
        serial_print(run);
        input_take(run);
        keys_take(run);
    }
    keys_close();
    code = run_end(run);
    free(run);
    return code;
}

/* ---- the verb ---- */

struct verb_options {
    struct run_options run;
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

/* Returns EXIT_OK, or EXIT_USAGE (printed). */
static int option_take(const char *verb, int letter, struct verb_options *options)
{
    switch (letter) {
    case 'f':
        return time_parse(optarg, &options->run.for_us)
                   ? EXIT_OK
                   : usage_error(verb, "--for \"%s\" is no time; write 3s or 500ms", optarg);
    case 's':
        return shift_parse(optarg, &options->shift)
                   ? EXIT_OK
                   : usage_error(verb, "--shift \"%s\" is no number from 1 to 10", optarg);
    case 'i':
        options->run.image = optarg;
        if (!file_exists(optarg)) {
            error_print("--image: there is no file %s", optarg);
            return EXIT_USAGE;
        }
        return EXIT_OK;
    case 't': options->run.input = optarg; return EXIT_OK;
    case 'p': options->profile = optarg; return EXIT_OK;
    case 'l': list_add(&options->run.levels, optarg); return EXIT_OK;
    case 'j': options->run.json = true; return EXIT_OK;
    case 'v': options->verbose = true; return EXIT_OK;
    default: return EXIT_USAGE;
    }
}

static int options_read(int argc, char **argv, struct verb_options *options)
{
    static const struct option known[] = {{"for", required_argument, NULL, 'f'},
                                          {"image", required_argument, NULL, 'i'},
                                          {"input", required_argument, NULL, 't'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"level", required_argument, NULL, 'l'},
                                          {"profile", required_argument, NULL, 'p'},
                                          {"shift", required_argument, NULL, 's'},
                                          {"verbose", no_argument, NULL, 'v'},
                                          {0}};
    *options = (struct verb_options){.dir = "."};
    opterr = 0;
    for (int c = getopt_long(argc, argv, "v", known, NULL); c != -1;
         c = getopt_long(argc, argv, "v", known, NULL)) {
        if (c == '?') {
            return usage_error(argv[0], "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
        int code = option_take(argv[0], c, options);
        if (code != EXIT_OK) {
            return code;
        }
    }
    if (argc - optind > 1) {
        return usage_error(argv[0], "one app at a time");
    }
    options->dir = argc > optind ? argv[optind] : options->dir;
    return EXIT_OK;
}

static int build_and_run(const struct verb_options *options)
{
    double start = clock_seconds();
    struct app app = {.verbose = options->verbose,
                      .quiet = !options->verbose || options->run.json,
                      .shift = options->shift};
    int code = app_build(options->dir, options->profile, &app);
    if (code != EXIT_OK) {
        return code;
    }
    if (!emulator_there(&app)) {
        return EXIT_ENVIRONMENT;
    }
    if (!options->run.json) {
        head_print(&app, clock_seconds() - start);
    }
    return app_run(&app, &options->run);
}

int verb_run(int argc, char **argv)
{
    struct verb_options options;
    int code = options_read(argc, argv, &options);
    return code != EXIT_OK ? code : build_and_run(&options);
}

int verb_demo(int argc, char **argv)
{
    struct verb_options options;
    int code = options_read(argc, argv, &options);
    if (code != EXIT_OK) {
        return code;
    }
    if (strcmp(options.dir, ".") != 0) {
        return usage_error("demo", "it takes no app; `k5 run APP` does");
    }
    options.dir = root_join("examples/02_coldchain");
    return build_and_run(&options);
}
