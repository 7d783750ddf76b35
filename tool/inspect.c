/*
 * inspect.c - `k5 inspect`: a post-mortem file, or an app halted at a time, looked at.
 *
 *   APP --build--> names, ELFs --+--> tasks, stacks, budgets, capabilities
 *   dump, or a run until TIME ---+
 *
 * A dump of another build is told as it was told when it was written: its memory has no names here.
 */
#include "inspect.h"

#include "dump.h"
#include "run.h"
#include "session.h"
#include "verbs.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_S    0.02
#define AT_LATE_S 10.0  /* the emulator may be this much slower than the board, */
#define LOOPS_S   0.005 /* of our time, for a clock that does not move */
#define AT_SLOW   20.0  /* or so many times */

struct inspect_options {
    const char *dir;
    const char *profile;
    const char *dump;
    uint64_t at_us; /* 0: no run */
    bool json;
};

/* ---- what is shown ---- */

/* at_us: when it was halted by us, or 0. A system that sleeps has not looked at its clock since. */
static void head_text(const struct scene *scene, const char *file, uint64_t at_us)
{
    static const char *const words[] = {"stopped by a fault", "stopped by a kernel panic",
                                        "halted"};
    const struct app *app = scene->view->app;
    const struct snapshot *snapshot = scene->snapshot;
    struct text time = {0};
    scene_time(scene, view_or_zero(scene->view, snapshot, VIEW_NOW, 0), &time);
    printf("%s on %s (%s), build %016" PRIx64 "\n", app->name, app->board.name, app->profile,
           snapshot->build_id);
    const char *running = snapshot->task < app->task_count ? app->tasks[snapshot->task].name : NULL;
    printf("%s at ", words[snapshot->reason]);
    if (at_us > snapshot->us) {
        printf("%" PRIu64 ".%03u %03u s, %s since %s", at_us / 1000000,
               (unsigned)(at_us / 1000 % 1000), (unsigned)(at_us % 1000),
               running == NULL ? "asleep" : "in no call of the kernel", text_string(&time));
    } else {
        printf("%s", text_string(&time));
    }
    if (running != NULL) {
        printf(", %s was running", running);
    }
    printf("%s%s\n", file == NULL ? "" : ": ", file == NULL ? "" : file);
    text_free(&time);
}

static void kernel_print(const struct scene *scene)
{
    struct backtrace backtrace;
    struct list lines = {0};
    if (scene->snapshot->reason != SNAPSHOT_PANIC) {
        return;
    }
    scene_kernel_backtrace(scene, &backtrace);
    backtrace_lines(&backtrace, &lines);
    printf("\nkernel\n");
    for (size_t i = 0; i < lines.count; i++) {
        printf("   %s\n", lines.items[i]);
    }
    list_free(&lines);
    backtrace_free(&backtrace);
}

static void scene_json_print(const struct scene *scene, const char *file, const char *problem)
{
    static const char *const words[] = {"fault", "panic", "halt"};
    const struct app *app = scene->view->app;
    struct text out = {0};
    struct json json = {.out = &out};
    char *build = string_format("%016" PRIx64, scene->snapshot->build_id);
    json_open(&json, NULL, '{');
    json_string(&json, "app", app->name);
    json_string(&json, "board", app->board.name);
    json_string(&json, "build", build);
    json_string(&json, "dump", file);
    json_string(&json, "problem", problem);
    json_string(&json, "reason", words[scene->snapshot->reason]);
    json_number(&json, "time_us", scene->snapshot->us);
    json_string(&json, "running",
                scene->snapshot->task < app->task_count ? app->tasks[scene->snapshot->task].name
                                                        : NULL);
    json_string(&json, "report", scene->snapshot->report);
    if (scene->snapshot->reason == SNAPSHOT_PANIC) {
        struct backtrace backtrace;
        scene_kernel_backtrace(scene, &backtrace);
        json_open(&json, "kernel", '{');
        scene_backtrace_json(&backtrace, &json);
        json_close(&json, '}');
        backtrace_free(&backtrace);
    }
    inspect_tasks_json(scene, &json);
    json_close(&json, '}');
    puts(text_string(&out));
    text_free(&out);
    free(build);
}

static void scene_print(const struct scene *scene, const char *file, uint64_t at_us)
{
    head_text(scene, file, at_us);
    if (scene->snapshot->report != NULL) {
        printf("\n%s", scene->snapshot->report);
    } else {
        kernel_print(scene);
    }
    inspect_tasks_print(scene);
}

/* ---- a file ---- */

/* Its memory means nothing without its ELFs, but the text in it does. */
static int other_build(const struct app *app, const struct dump *dump, bool json)
{
    struct text out = {0};
    struct json object = {.out = &out};
    const char *report = dump->snapshot.report == NULL ? "" : dump->snapshot.report;
    error_print("the dump is of build %016" PRIx64 ", %s here is build %016" PRIx64,
                dump->snapshot.build_id, app->dir, app->build_id);
    hint_print("check out the sources of that build; this is what was told when it was written");
    if (json) {
        char *build = string_format("%016" PRIx64, dump->snapshot.build_id);
        json_open(&object, NULL, '{');
        json_string(&object, "app", dump->app);
        json_string(&object, "board", dump->board);
        json_string(&object, "profile", dump->profile);
        json_string(&object, "build", build);
        json_number(&object, "time_us", dump->snapshot.us);
        json_string(&object, "problem", "another build");
        json_string(&object, "report", report);
        json_close(&object, '}');
        puts(text_string(&out));
        free(build);
    } else {
        printf("%s on %s (%s), at %" PRIu64 " us\n%s", dump->app == NULL ? "?" : dump->app,
               dump->board == NULL ? "?" : dump->board, dump->profile == NULL ? "?" : dump->profile,
               dump->snapshot.us, report);
    }
    text_free(&out);
    return EXIT_USAGE;
}

static int dump_show(const struct app *app, const char *path, bool json)
{
    struct text bytes = {0};
    struct view view;
    struct dump dump;
    int code = EXIT_OK;
    if (!file_read(path, &bytes)) {
        error_print("%s cannot be read", path);
        return EXIT_USAGE;
    }
    bool usable = dump_parse((const uint8_t *)text_string(&bytes), bytes.length, &dump);
    if (dump.problem != NULL) {
        error_print("%s: %s", path, dump.problem);
        code = EXIT_USAGE;
    }
    if (usable && dump.problem != NULL) {
        hint_print("what is left of it follows");
    }
    if (usable && dump.snapshot.build_id != app->build_id) {
        code = other_build(app, &dump, json);
    } else if (usable && view_open(app, &view)) {
        const struct scene scene = {&view, &dump.snapshot};
        char *near = path_near(path);
        if (json) {
            scene_json_print(&scene, near, dump.problem);
        } else {
            scene_print(&scene, near, 0);
        }
        free(near);
    }
    dump_free(&dump);
    text_free(&bytes);
    return code;
}

/* ---- a run ---- */

/* True if what is seen now is what was at `us`: the clock is there, or nothing happens until then.
 */
static bool time_reached(const struct scene *scene, uint64_t us)
{
    uint64_t hertz = scene->view->app->board.tick_hz;
    uint64_t ticks = us / 1000000 * hertz + us % 1000000 * hertz / 1000000;
    uint64_t alarm = view_or_zero(scene->view, scene->snapshot, VIEW_ALARM, 0);
    bool idle = view_or_zero(scene->view, scene->snapshot, VIEW_CURRENT, 0) == K5_NIL;
    return view_or_zero(scene->view, scene->snapshot, VIEW_NOW, 0) >= ticks ||
           (idle && alarm > ticks && alarm != UINT64_MAX);
}

/* Lets it run for a while by our clock; its log is not shown. False: it ended or panicked. */
static bool run_for(struct session *session, double seconds)
{
    double end_s = clock_seconds() + seconds;
    enum session_state state = SESSION_RUNS;
    while (state == SESSION_RUNS && clock_seconds() < end_s) {
        double left = end_s - clock_seconds();
        state = session_step(session, left < STEP_S ? left : STEP_S);
        decoder_clear(&session->decoder);
    }
    return state == SESSION_RUNS;
}

static int halt_failed(const struct session *session, const char *problem)
{
    error_print("the system could not be halted: %s",
                session->emulator.ended ? "the emulator has ended" : problem);
    return EXIT_ENVIRONMENT;
}

/* A glance at the kernel's clock, again and again. */
struct glance {
    uint64_t us;    /* what it showed */
    double since_s; /* of our clock, when it showed that first */
    bool loops;     /* it does not move, and a task runs */
    bool reached;
};

/* A task that loops leaves the kernel, and so its clock, alone: it is taken to be there when the
 * board has had the time that it needs. The target stands afterwards. */
static bool glance_take(struct probe *probe, bool panicked, uint64_t us, struct glance *glance)
{
    struct snapshot snapshot = {.task = K5_NIL};
    const struct scene scene = {&probe->view, &snapshot};
    bool good = probe_halt(probe, panicked) &&
                snapshot_kernel(&probe->view, &probe->remote, panicked, &snapshot);
    double now_s = clock_seconds();
    if (snapshot.us != glance->us) {
        *glance = (struct glance){.us = snapshot.us, .since_s = now_s};
    }
    double missing_s = us > glance->us ? (double)(us - glance->us) / 1e6 : 0;
    glance->loops = snapshot.task != K5_NIL && now_s - glance->since_s > missing_s + LOOPS_S;
    glance->reached = good && (time_reached(&scene, us) || glance->loops);
    snapshot_free(&snapshot);
    return good;
}

/* The emulator keeps to real time, so it is there at the earliest when we are. */
static int halt_at(struct session *session, uint64_t us, struct snapshot *snapshot)
{
    struct probe *probe = &session->probe;
    struct glance glance = {.since_s = clock_seconds()};
    double wait_s = (double)us / 1e6;
    double end_s = clock_seconds() + wait_s * AT_SLOW + AT_LATE_S;
    bool runs = true;
    while (runs && !glance.reached) {
        runs = run_for(session, wait_s);
        (void)emulator_ended(&session->emulator);
        if (!glance_take(probe, session->decoder.panicked, us, &glance)) {
            return halt_failed(session, probe->problem);
        }
        if (runs && !glance.reached && clock_seconds() > end_s) {
            error_print("the system does not get to that time");
            return EXIT_TIMEOUT;
        }
        if (runs && !glance.reached) {
            probe_go(probe);
        }
        wait_s = 0.002;
    }
    enum probe_place place = session->decoder.panicked ? PROBE_PANIC
                             : glance.loops            ? PROBE_REST
                                                       : PROBE_SWITCH;
    snapshot->reason = place == PROBE_PANIC ? SNAPSHOT_PANIC : SNAPSHOT_HALT;
    return probe_look(probe, place, snapshot) ? EXIT_OK : halt_failed(session, probe->problem);
}

static int run_show(const struct app *app, const struct inspect_options *options)
{
    const struct emulator_options wish = {.pace = PACE_REAL, .probe = true};
    struct session *session = memory_new(sizeof *session);
    struct snapshot snapshot = {.task = K5_NIL};
    int code = session_start(session, app, 0, &wish);
    if (code != EXIT_OK) {
        free(session);
        return code;
    }
    if (session->probe.works) {
        code = halt_at(session, options->at_us, &snapshot);
    } else {
        error_print("the system cannot be halted: %s", session->probe.problem);
        code = EXIT_ENVIRONMENT;
    }
    if (code == EXIT_OK) {
        const struct scene scene = {&session->probe.view, &snapshot};
        if (options->json) {
            scene_json_print(&scene, NULL, NULL);
        } else {
            scene_print(&scene, NULL, options->at_us);
        }
    }
    snapshot_free(&snapshot);
    session_stop(session);
    free(session);
    return code;
}

/* ---- the verb ---- */

static int options_read(int argc, char **argv, struct inspect_options *options)
{
    static const struct option known[] = {{"at", required_argument, NULL, 'a'},
                                          {"dump", required_argument, NULL, 'd'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"profile", required_argument, NULL, 'p'},
                                          {0}};
    *options = (struct inspect_options){.dir = "."};
    opterr = 0;
    for (int c = getopt_long(argc, argv, "", known, NULL); c != -1;
         c = getopt_long(argc, argv, "", known, NULL)) {
        if (c == 'a' && !time_parse(optarg, &options->at_us)) {
            return usage_error("inspect", "--at \"%s\" is no time; write 3s or 500ms", optarg);
        }
        if (c == '?') {
            return usage_error("inspect", "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
        options->dump = c == 'd' ? optarg : options->dump;
        options->profile = c == 'p' ? optarg : options->profile;
        options->json = options->json || c == 'j';
    }
    if (argc - optind > 1) {
        return usage_error("inspect", "one app at a time; a file is named by --dump");
    }
    if (options->dump != NULL && options->at_us != 0) {
        return usage_error("inspect", "--dump or --at, not both");
    }
    options->dir = argc > optind ? argv[optind] : options->dir;
    return EXIT_OK;
}

int verb_inspect(int argc, char **argv)
{
    struct inspect_options options;
    struct app app = {.quiet = true};
    int code = options_read(argc, argv, &options);
    code = code == EXIT_OK ? app_build(options.dir, options.profile, &app) : code;
    if (code != EXIT_OK) {
        return code;
    }
    if (options.at_us != 0) {
        return run_show(&app, &options);
    }
    char *path = options.dump != NULL ? string_copy(options.dump) : dump_newest(&app);
    if (path == NULL) {
        error_print("%s/dumps has no post-mortem file", app.build_dir);
        hint_print("`k5 run` writes one at each fault and panic; `k5 inspect %s --at 1s` halts a "
                   "run and looks at it",
                   options.dir);
        return EXIT_USAGE;
    }
    code = dump_show(&app, path, options.json);
    free(path);
    return code;
}
