/*
 * trace.c - `k5 trace`: runs an app whose kernel records its events, and writes what it did.
 *
 * The kernel's ring is read when half of it is full: a breakpoint on the function that the kernel
 * calls then halts the emulator, whose time stands still meanwhile. So nothing is lost, however
 * fast it is filled, and no look at it moves anything in time. The other places that are watched
 * are the last one before a reset or an endless halt, and the first one after a reset.
 */
#define _GNU_SOURCE
#include "trace.h"

#include "layout.h"
#include "object.h"
#include "remote.h"
#include "run.h"
#include "session.h"
#include "verbs.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOR_US   2000000 /* if nothing is said */
#define ANSWER_S 5.0     /* for one answer of the emulator */
#define WAIT_MS  10
#define LOOK_S   0.1
#define GRACE_S  5.0    /* for an emulator that is slower than we are */
#define START_S  20.0   /* until the first event */
#define HEAVY    200000 /* events: a page of this many is slow */

enum place { PLACE_TURN, PLACE_BOOT, PLACE_LAST, PLACES };
static const char *const place_names[PLACES] = {
    [PLACE_TURN] = "trace_turn",
    [PLACE_BOOT] = "trace_boot",
    [PLACE_LAST] = "trace_last",
};

struct trace_options {
    const char *dir;
    const char *profile;
    const char *page; /* NULL: beside the image */
    const char *ctf;  /* a folder, or NULL */
    uint64_t for_us;
    bool verbose;
};

struct tracer {
    struct app app;
    struct session session;
    struct remote remote;
    struct trace trace;
    struct trace_reader reader;
    uint32_t places[PLACES];
    uint64_t *bases; /* the trace's time at each boot */
    size_t boots;
    bool drained; /* the kernel has ended, and its ring was read to the end */
    const char *problem;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* ---- where things are ---- */

/* The kernel's RAM, past the processor: by its address on the emulator's bus. */
static bool ring_read(void *of, uint32_t address, void *bytes, size_t size)
{
    struct tracer *tracer = of;
    return remote_read(&tracer->remote, address & ~tracer->app.board.emulator_secure_bit, bytes,
                       size);
}

static bool ring_find(struct tracer *tracer)
{
    struct layout layout;
    struct layout_member written;
    struct layout_member record;
    if (!layout_open(tracer->app.image, &layout)) {
        return false;
    }
    bool found = layout_find(&layout, "trace_ring", "written", &written) &&
                 layout_find(&layout, "trace_ring", "record", &record) &&
                 record.size == K5_TRACE_RECORD_SIZE && record.count == K5_TRACE_RECORDS;
    layout_close(&layout);
    tracer->reader = (struct trace_reader){
        .trace = &tracer->trace,
        .memory = {ring_read, tracer},
        .written = found ? written.address : 0,
        .records = found ? record.address : 0,
    };
    return found;
}

static bool places_find(struct tracer *tracer)
{
    struct object image;
    bool all = object_read(tracer->app.image, &image);
    for (size_t p = 0; p < PLACES && all; p++) {
        for (size_t i = 0; i < image.symbol_count && tracer->places[p] == 0; i++) {
            if (image.symbols[i].code && strcmp(image.symbols[i].name, place_names[p]) == 0) {
                tracer->places[p] = image.symbols[i].value & ~1u;
            }
        }
        all = tracer->places[p] != 0;
    }
    return all;
}

/* ---- the run ---- */

/* The decoder has its own sum of times over resets; of a line only its time since boot is used. */
static uint64_t log_time(const struct tracer *tracer, uint64_t us)
{
    const struct decoder *decoder = &tracer->session.decoder;
    bool known = decoder->boots > 0 && decoder->boots <= tracer->boots && us >= decoder->boot_us;
    uint64_t since_boot = known ? us - decoder->boot_us : us;
    return (known ? tracer->bases[decoder->boots - 1] : 0) +
           (uint64_t)((double)since_boot * tracer->app.board.tick_hz / 1e6);
}

/* A line of the log belongs to whoever its fourth word names. */
static void log_take(struct tracer *tracer)
{
    struct decoder *decoder = &tracer->session.decoder;
    for (size_t i = 0; i < decoder->line_count; i++) {
        char level[16];
        char name[64];
        int used = 0;
        const char *plain = decoder->lines[i].plain;
        if (plain[0] == '\0' || sscanf(plain, "%*u.%*u %*u %15s %63s %n", level, name, &used) < 2) {
            continue; /* a detail of the line before */
        }
        int task = app_task_find(&tracer->app, name);
        char *text = string_format("%s %s", level, plain + used);
        trace_log_add(&tracer->trace, log_time(tracer, decoder->lines[i].us),
                      task == APP_NONE ? K5_NIL : (uint8_t)task, text);
        free(text);
    }
    decoder_clear(decoder);
}

/* The emulator has halted: take what there is, and let it go on. */
static bool halt_serve(struct tracer *tracer)
{
    struct remote *remote = &tracer->remote;
    uint32_t reg[REMOTE_REGISTERS];
    bool place = false;
    if (!remote_registers(remote, reg)) {
        return false;
    }
    for (size_t p = 0; p < PLACES; p++) {
        place = place || reg[REMOTE_PC] == tracer->places[p];
    }
    if (reg[REMOTE_PC] == tracer->places[PLACE_BOOT]) {
        trace_reader_boot(&tracer->reader, tracer->drained || tracer->trace.event_count == 0);
        tracer->drained = false;
        tracer->bases = memory_resize(tracer->bases, (tracer->boots + 1) * sizeof tracer->bases[0]);
        tracer->bases[tracer->boots++] = tracer->reader.base;
    }
    if (!trace_drain(&tracer->reader)) {
        return false;
    }
    tracer->drained = tracer->drained || reg[REMOTE_PC] == tracer->places[PLACE_LAST];
    /* a breakpoint where it stands would halt it again; a step passes it */
    return (!place || remote_step(remote)) && remote_continue(remote);
}

/* From time to time it is halted to see how far it is, for few events never fill the ring. */
static bool look(struct tracer *tracer, double *looked_s)
{
    struct remote *remote = &tracer->remote;
    bool due = clock_seconds() - *looked_s >= LOOK_S;
    *looked_s = due ? clock_seconds() : *looked_s;
    if (due ? !remote_halt(remote) : !remote_wait(remote, 0)) {
        return remote->socket >= 0;
    }
    return halt_serve(tracer);
}

/* How much time of the board is in it, in microseconds. On a busy machine the board's clock may
 * have come some way before its kernel's first instruction. */
static double traced_us(const struct trace *trace)
{
    uint64_t first = trace->event_count > 0 ? trace->events[0].time : trace->end;
    return (double)(trace->end - first) * 1e6 / trace->app->board.tick_hz;
}

/* Its time is over, or so much of ours went by without an event that it must be. */
static bool time_over(const struct tracer *tracer, uint64_t for_us, double quiet_s)
{
    double us = traced_us(&tracer->trace);
    double patience_s = tracer->trace.event_count == 0 ? START_S : GRACE_S;
    return us >= (double)for_us || quiet_s >= ((double)for_us - us) / 1e6 + patience_s;
}

static void run(struct tracer *tracer, uint64_t for_us)
{
    struct remote *remote = &tracer->remote;
    double looked_s = clock_seconds();
    double heard_s = looked_s;
    enum session_state state = SESSION_RUNS;
    while (state == SESSION_RUNS && !interrupted &&
           !time_over(tracer, for_us, clock_seconds() - heard_s)) {
        struct pollfd ready[2] = {{.fd = remote->socket, .events = POLLIN},
                                  {.fd = tracer->session.emulator.output, .events = POLLIN}};
        size_t events = tracer->trace.event_count;
        (void)poll(ready, 2, WAIT_MS);
        if (!look(tracer, &looked_s)) {
            tracer->problem = remote->problem;
            return;
        }
        heard_s = tracer->trace.event_count != events ? clock_seconds() : heard_s;
        state = session_step(&tracer->session, 0);
        log_take(tracer);
    }
    if (!remote_halt(remote) || !trace_drain(&tracer->reader)) {
        tracer->problem = remote->problem;
    }
    (void)session_step(&tracer->session, 0);
    log_take(tracer);
}

static bool attach(struct tracer *tracer)
{
    struct remote *remote = &tracer->remote;
    const struct emulator *emulator = &tracer->session.emulator;
    double end_s = clock_seconds() + ANSWER_S;
    tracer->problem = "the emulator runs without GDB server";
    if (emulator->debug_socket == NULL) {
        return false;
    }
    while (!remote_connect(remote, emulator->debug_socket, ANSWER_S) && clock_seconds() < end_s) {
        clock_sleep(0.01); /* it needs a moment to be there */
    }
    bool ok = remote->socket >= 0 && remote_physical(remote, true);
    for (size_t p = 0; p < PLACES && ok; p++) {
        ok = remote_breakpoint(remote, tracer->places[p], true);
    }
    ok = ok && remote_continue(remote);
    tracer->problem = ok ? NULL : remote->problem;
    return ok;
}

/* ---- what it was ---- */

/* What came after the time that was asked for is not told. */
static void trace_cut(struct trace *trace, uint64_t for_us)
{
    if (traced_us(trace) <= (double)for_us) {
        return;
    }
    uint64_t end =
        trace->events[0].time + (uint64_t)((double)for_us * trace->app->board.tick_hz / 1e6);
    while (trace->event_count > 0 && trace->events[trace->event_count - 1].time > end) {
        trace->event_count--;
    }
    while (trace->log_count > 0 && trace->logs[trace->log_count - 1].time > end) {
        free(trace->logs[--trace->log_count].text);
    }
    trace->end = end;
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void summary_print(const struct trace *trace, const struct trace_model *model)
{
    printf("   trace  %.3f s · %zu event%s · %zu message%s and signal%s · %" PRIu64 " lost",
           traced_us(trace) / 1e6, trace->event_count, plural(trace->event_count),
           model->arrow_count, plural(model->arrow_count), plural(model->arrow_count), trace->lost);
    if (trace->damaged > 0) {
        printf(" · %" PRIu64 " damaged", trace->damaged);
    }
    if (trace->gaps > 0) {
        printf(" · what was before %u reset%s is not known", trace->gaps, plural(trace->gaps));
    }
    printf("\n");
}

static int results_write(const struct tracer *tracer, const struct trace_options *options)
{
    struct trace_model model;
    const struct trace *trace = &tracer->trace;
    char *page = options->page != NULL ? string_copy(options->page)
                                       : path_join(tracer->app.build_dir, "trace.html");
    trace_model_make(trace, &model);
    summary_print(trace, &model);
    bool ok = trace_page_write(trace, &model, page);
    if (ok) {
        printf("   page   %s\n", page);
    }
    if (ok && trace->event_count > HEAVY) {
        hint_print("a page of so many events is slow: a shorter --for, or --ctf");
    }
    if (options->ctf != NULL && trace_ctf_write(trace, options->ctf)) {
        printf("   ctf    %s   (babeltrace2 %s)\n", options->ctf, options->ctf);
    } else if (options->ctf != NULL) {
        ok = false;
    }
    fflush(stdout);
    trace_model_free(&model);
    free(page);
    return ok ? EXIT_OK : EXIT_USAGE;
}

/* ---- the whole ---- */

static int traced_run(struct tracer *tracer, const struct trace_options *options)
{
    char *errors = path_join(tracer->app.build_dir, "emulator.txt");
    const struct emulator_options emulator = {
        .pace = PACE_REAL, .debug = true, .halted = true, .errors = errors};
    int code = session_start(&tracer->session, &tracer->app, 0, &emulator);
    if (code != EXIT_OK) {
        return code;
    }
    struct sigaction action = {.sa_handler = interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    if (attach(tracer)) {
        run(tracer, options->for_us);
    }
    bool panicked = tracer->session.decoder.panicked;
    remote_close(&tracer->remote);
    session_stop(&tracer->session);
    free(errors);
    trace_cut(&tracer->trace, options->for_us);
    if (tracer->trace.event_count == 0) {
        error_print("no event was read: %s",
                    tracer->problem != NULL ? tracer->problem : "the kernel did not start");
        return EXIT_TIMEOUT;
    }
    code = results_write(tracer, options);
    if (tracer->problem != NULL) {
        warning_print("the trace ends early: %s", tracer->problem);
    }
    if (panicked) {
        error_print("the kernel stopped");
        code = EXIT_FAULT;
    }
    return code;
}

static int options_read(int argc, char **argv, struct trace_options *options)
{
    static const struct option known[] = {
        {"for", required_argument, NULL, 'f'}, {"output", required_argument, NULL, 'o'},
        {"ctf", required_argument, NULL, 'c'}, {"profile", required_argument, NULL, 'p'},
        {"verbose", no_argument, NULL, 'v'},   {0}};
    *options = (struct trace_options){.dir = ".", .for_us = FOR_US};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "vo:", known, NULL)) != -1;) {
        switch (c) {
        case 'f':
            if (!time_parse(optarg, &options->for_us)) {
                return usage_error(argv[0], "--for \"%s\" is no time; write 3s or 500ms", optarg);
            }
            break;
        case 'o': options->page = optarg; break;
        case 'c': options->ctf = optarg; break;
        case 'p': options->profile = optarg; break;
        case 'v': options->verbose = true; break;
        default:
            return usage_error(argv[0], "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
    }
    if (argc - optind > 1) {
        return usage_error(argv[0], "one app at a time");
    }
    options->dir = argc > optind ? argv[optind] : options->dir;
    return EXIT_OK;
}

int verb_trace(int argc, char **argv)
{
    struct trace_options options;
    int code = options_read(argc, argv, &options);
    if (code != EXIT_OK) {
        return code;
    }
    struct tracer *tracer = memory_new(sizeof *tracer);
    tracer->app =
        (struct app){.verbose = options.verbose, .quiet = !options.verbose, .trace = true};
    tracer->remote.socket = -1;
    tracer->trace.app = &tracer->app;
    code = app_build(options.dir, options.profile, &tracer->app);
    if (code == EXIT_OK && (!ring_find(tracer) || !places_find(tracer))) {
        error_print("%s: the kernel in it does not trace", tracer->app.image);
        code = EXIT_BUILD;
    }
    code = code == EXIT_OK ? traced_run(tracer, &options) : code;
    trace_free(&tracer->trace);
    free(tracer->bases);
    free(tracer);
    return code;
}
