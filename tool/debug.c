/*
 * debug.c - `k5 debug`: an app in the emulator or on a board, the proxy in front of its GDB server,
 * and gdb.
 *
 *   gdb <--Unix socket or TCP--> [client | proxy | remote] <----> QEMU, or OpenOCD: debug_target.h
 *                                             log lines <--+
 *
 * One loop waits for all of them. The log that came before a halt is printed before gdb hears of
 * the halt, so that the two stand in order on a terminal.
 */
#define _GNU_SOURCE
#include "debug_target.h"
#include "decode.h"
#include "proxy.h"
#include "transport.h"
#include "verbs.h"

#include "gen.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define GDB          "gdb-multiarch"
#define TASKS        ".tasks" /* the section of the image that holds their code */
#define PORT_DEFAULT 3333
#define SEND_MS      5000 /* for gdb to take an answer */
#define WAIT_MS      50

struct debug_options {
    const char *dir;
    const char *profile;
    const char *batch; /* file of commands, or NULL */
    struct debug_target_options target;
    bool server;
    bool verbose;
    unsigned port;     /* 0: none was given */
    char *const *more; /* arguments for gdb */
};

struct debugger {
    const struct debug_options *options;
    struct app app;
    struct probe_board board; /* if the app's board has a probe */
    struct debug_target target;
    struct proxy proxy;
    struct decoder decoder;
    char *address; /* where gdb connects */
    int listener;
    int client; /* -1: nobody is connected */
    pid_t gdb;  /* 0: none was started */
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* ---- the log ---- */

static void log_take(struct debugger *debugger, bool last)
{
    struct text bytes = {0};
    if (debug_target_log(&debugger->target, last, &bytes)) {
        printf("%s-- the board was reset%s\n", colour_start(1, COLOUR_YELLOW),
               colour_start(1, COLOUR_NONE));
    }
    decoder_feed(&debugger->decoder, (const uint8_t *)text_string(&bytes), bytes.length);
    for (size_t i = 0; i < debugger->decoder.line_count; i++) {
        puts(debugger->decoder.lines[i].shown);
    }
    fflush(stdout);
    decoder_clear(&debugger->decoder);
    text_free(&bytes);
}

/* ---- gdb's connection ---- */

static void client_close(struct debugger *debugger)
{
    close(debugger->client);
    debugger->client = -1;
    if (debugger->proxy.runs) { /* it left in the middle: as if it had pressed Ctrl-C */
        (void)remote_halt(&debugger->target.remote);
        debugger->proxy.runs = false;
    }
}

/* What is to be sent is short, and gdb waits for it. */
static void client_send(struct debugger *debugger, struct text *out)
{
    size_t sent = 0;
    while (debugger->client >= 0 && sent < out->length) {
        ssize_t n = send(debugger->client, out->data + sent, out->length - sent, MSG_NOSIGNAL);
        if (n > 0) {
            sent += (size_t)n;
            continue;
        }
        struct pollfd ready = {.fd = debugger->client, .events = POLLOUT};
        bool again = n < 0 && (errno == EAGAIN || errno == EINTR);
        if (!again || poll(&ready, 1, SEND_MS) <= 0) {
            client_close(debugger);
        }
    }
    text_free(out);
}

static void client_accept(struct debugger *debugger)
{
    debugger->client = transport_accept(debugger->listener);
    if (debugger->client >= 0) {
        (void)remote_halt(&debugger->target.remote);
        target_forget(&debugger->proxy.target);
        proxy_greet(&debugger->proxy);
    }
}

static void client_read(struct debugger *debugger)
{
    uint8_t bytes[PACKET_MAX];
    struct text out = {0};
    ssize_t got = read(debugger->client, bytes, sizeof bytes);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        client_close(debugger);
        return;
    }
    bool ran = debugger->proxy.runs;
    bool left = debugger->proxy.detached;
    proxy_feed(&debugger->proxy, bytes, (size_t)got, &out);
    if (ran && !debugger->proxy.runs) {
        log_take(debugger, true);
    }
    if (debugger->proxy.refused) {
        warning_print("no breakpoint was left for 0x%08x: the processor has no more; delete one",
                      debugger->proxy.refused_at);
        debugger->proxy.refused = false;
    }
    client_send(debugger, &out);
    /* gdb closes when it has read our answer; our own gdb ends then, and so does the app */
    if (!left && debugger->proxy.detached && debugger->options->server) {
        (void)remote_continue(&debugger->target.remote);
    }
}

/* ---- gdb ---- */

/* The image without the tasks' code in it: gdb would take its one name for all of that instead of
 * the tasks' own symbols. If that cannot be made, the image itself will do. */
static char *kernel_write(const struct app *app)
{
    char *kernel = path_join(app->build_dir, "kernel.elf");
    char *argv[] = {"arm-none-eabi-objcopy", "-R", TASKS, app->image, kernel, NULL};
    struct text said = {0};
    struct process process = {.capture = &said};
    if (process_run(&process, argv) != 0) {
        free(kernel);
        kernel = string_copy(app->image);
    }
    text_free(&said);
    return kernel;
}

/* Symbols of the kernel and of all tasks, and where their sources are. */
static char *script_write(const struct app *app)
{
    struct text out = {0};
    char *kernel = kernel_write(app);
    char *dir = realpath(app->dir, NULL);
    text_addf(&out,
              "# Made by `k5 debug` for app \"%s\": symbols and sources. Any gdb can read it.\n",
              app->name);
    text_add(&out, "set confirm off\nset print thread-events off\n");
    text_addf(&out, "directory %s:%s:%s\n", dir != NULL ? dir : app->dir, root_path(),
              app->build_dir);
    text_addf(&out, "file %s\n", kernel);
    free(kernel);
    for (size_t i = 0; i < app->task_count; i++) {
        text_addf(&out, "add-symbol-file %s\n", app->tasks[i].elf);
    }
    gen_write(app, "debug.gdb", &out);
    text_free(&out);
    free(dir);
    return path_join(app->build_dir, "debug.gdb");
}

static void gdb_arguments(const struct debugger *debugger, const char *script, struct list *argv)
{
    const struct debug_options *options = debugger->options;
    list_add(argv, GDB);
    list_add(argv, "-q");
    if (options->batch != NULL) {
        list_add(argv, "-nx");
        list_add(argv, "-batch");
    }
    list_add(argv, "-x");
    list_add(argv, script);
    list_add(argv, "-ex");
    list_addf(argv, "target remote %s", debugger->address);
    if (options->batch != NULL) {
        list_add(argv, "-x");
        list_add(argv, options->batch);
    }
    for (char *const *more = options->more; more != NULL && *more != NULL; more++) {
        list_add(argv, *more);
    }
}

/* gdb owns the terminal: Ctrl-C is for it, and what it says of loading symbols is not asked for. */
static bool gdb_start(struct debugger *debugger, const char *script)
{
    struct list argv = {0};
    gdb_arguments(debugger, script, &argv);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGQUIT, SIG_IGN);
    pid_t parent = getpid();
    fflush(NULL);
    debugger->gdb = fork();
    if (debugger->gdb == 0) {
        (void)signal(SIGINT, SIG_DFL);
        (void)signal(SIGQUIT, SIG_DFL);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent) {
            (void)execvp(argv.items[0], argv.items);
        }
        _exit(127);
    }
    list_free(&argv);
    if (debugger->gdb < 0) {
        error_print("%s could not be started", GDB);
    }
    return debugger->gdb > 0;
}

/* ---- the loop ---- */

static void loop_step(struct debugger *debugger)
{
    struct text out = {0};
    struct pollfd ready[3] = {
        {.fd = debugger->client >= 0 ? debugger->client : debugger->listener, .events = POLLIN},
        {.fd = debug_target_handle(&debugger->target), .events = POLLIN},
        {.fd = debugger->proxy.runs ? debugger->target.remote.socket : -1, .events = POLLIN},
    };
    (void)poll(ready, 3, WAIT_MS);
    log_take(debugger, false);
    if (debugger->client < 0 && ready[0].revents != 0) {
        client_accept(debugger);
    } else if (ready[0].revents != 0) {
        client_read(debugger);
    }
    if (debugger->client >= 0 && debugger->proxy.runs) {
        proxy_poll(&debugger->proxy, &out);
        if (!debugger->proxy.runs) {
            log_take(debugger, true);
        }
        client_send(debugger, &out);
    }
}

static int ended(const struct debugger *debugger)
{
    if (debugger->target.board != NULL) {
        return EXIT_ENVIRONMENT; /* it was said */
    }
    error_print("the emulator ended by itself");
    return EXIT_FAULT;
}

/* Until gdb, the emulator or the user ends it. */
static int loop(struct debugger *debugger)
{
    int status = 0;
    for (;;) {
        loop_step(debugger);
        if (debugger->gdb > 0 && waitpid(debugger->gdb, &status, WNOHANG) == debugger->gdb) {
            debugger->gdb = 0;
            if (debugger->target.lost) {
                return ended(debugger);
            }
            return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_BUILD;
        }
        if (interrupted || (debugger->gdb == 0 && debugger->proxy.killed)) {
            return EXIT_OK;
        }
        if (debug_target_ended(&debugger->target) && debugger->gdb == 0) {
            return ended(debugger);
        }
    }
}

static int serve(struct debugger *debugger)
{
    char *script = script_write(&debugger->app);
    struct sigaction action = {.sa_handler = interrupt};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL); /* a board is to run on */
    if (debugger->options->server) {
        (void)sigaction(SIGINT, &action, NULL);
        bool first = debugger->target.board == NULL || debugger->options->target.reset;
        printf("   debug  the app is halted %s; a debugger connects to %s\n"
               "   gdb    %s -x %s -ex 'target remote %s'\n"
               "          Ctrl-C ends\n",
               first ? "at its first instruction" : "where it was", debugger->address, GDB, script,
               debugger->address);
        fflush(stdout);
    } else if (!gdb_start(debugger, script)) {
        return EXIT_ENVIRONMENT;
    }
    free(script);
    return loop(debugger);
}

/* ---- start and end ---- */

/* Where gdb connects: a socket that only this user can reach, unless a port is asked for. */
static int listener_open(struct debugger *debugger)
{
    unsigned port = debugger->options->port;
    port = port == 0 && debugger->options->server ? PORT_DEFAULT : port;
    debugger->address = port != 0 ? string_format("127.0.0.1:%u", port)
                                  : path_join(debug_target_folder(&debugger->target), "k5");
    debugger->listener = transport_listen(debugger->address);
    if (debugger->listener < 0) {
        error_print("cannot listen on %s: %s", debugger->address, strerror(errno));
        hint_print("is another debugger there? `k5 debug --port N` takes another port");
        return EXIT_ENVIRONMENT;
    }
    return EXIT_OK;
}

static int debug_start(struct debugger *debugger)
{
    const struct probe_board *board = debugger->app.board.has_probe ? &debugger->board : NULL;
    int code =
        debug_target_start(&debugger->target, &debugger->app, board, &debugger->options->target);
    if (code != EXIT_OK) {
        return code;
    }
    if (!proxy_open(&debugger->proxy, &debugger->app, &debugger->target.remote)) {
        error_print("the app cannot be debugged: %s", debugger->proxy.target.threads.problem);
        return EXIT_ENVIRONMENT;
    }
    decoder_open(&debugger->decoder, &debugger->app);
    debugger->decoder.colour = true;
    code = listener_open(debugger);
    code = code == EXIT_OK ? serve(debugger) : code;
    decoder_close(&debugger->decoder);
    return code;
}

static void debug_end(struct debugger *debugger)
{
    if (debugger->client >= 0) {
        close(debugger->client);
    }
    if (debugger->listener >= 0) {
        close(debugger->listener);
        if (debugger->address[0] == '/') {
            (void)unlink(debugger->address);
        }
    }
    proxy_close(&debugger->proxy);
    debug_target_stop(&debugger->target);
    free(debugger->address);
}

/* ---- the verb ---- */

static bool port_parse(const char *string, unsigned *port)
{
    char *end;
    unsigned long number = strtoul(string, &end, 10);
    *port = (unsigned)number;
    return end != string && *end == '\0' && number >= 1 && number <= 65535;
}

static int option_take(int letter, char **argv, struct debug_options *options)
{
    switch (letter) {
    case 'p': options->profile = optarg; break;
    case 'b': options->batch = optarg; break;
    case 's': options->server = true; break;
    case 'v': options->verbose = true; break;
    case 'P': options->target.probe.type = optarg; break;
    case 'S': options->target.probe.serial = optarg; break;
    case 'r': options->target.reset = true; break;
    case 'n':
        if (!port_parse(optarg, &options->port)) {
            return usage_error(argv[0], "--port \"%s\" is no number from 1 to 65535", optarg);
        }
        break;
    default:
        return usage_error(argv[0], "unknown option, or one without its value: %s",
                           argv[optind - 1]);
    }
    return EXIT_OK;
}

static int options_read(int argc, char **argv, struct debug_options *options)
{
    static const struct option known[] = {{"profile", required_argument, NULL, 'p'},
                                          {"batch", required_argument, NULL, 'b'},
                                          {"server", no_argument, NULL, 's'},
                                          {"port", required_argument, NULL, 'n'},
                                          {"probe", required_argument, NULL, 'P'},
                                          {"serial", required_argument, NULL, 'S'},
                                          {"reset", no_argument, NULL, 'r'},
                                          {"verbose", no_argument, NULL, 'v'},
                                          {0}};
    int own = 0; /* arguments before -- */
    int code = EXIT_OK;
    while (own < argc && strcmp(argv[own], "--") != 0) {
        own++;
    }
    *options = (struct debug_options){.dir = "."};
    options->more = own < argc ? &argv[own + 1] : NULL;
    opterr = 0;
    for (int c; code == EXIT_OK && (c = getopt_long(own, argv, "v", known, NULL)) != -1;) {
        code = option_take(c, argv, options);
    }
    if (code != EXIT_OK) {
        return code;
    }
    if (own - optind > 1) {
        return usage_error(argv[0], "one app at a time");
    }
    options->dir = own > optind ? argv[optind] : options->dir;
    if (options->server && (options->batch != NULL || options->more != NULL)) {
        return usage_error(argv[0],
                           "--server starts no gdb, so it takes no --batch and no -- ARGS");
    }
    if (options->batch != NULL && !file_exists(options->batch)) {
        return usage_error(argv[0], "--batch: there is no file %s", options->batch);
    }
    return openocd_options_check(argv[0], &options->target.probe) ? EXIT_OK : EXIT_USAGE;
}

/* The app, and what its board says of a probe: that is looked at before anything is built. */
static int app_make(struct debugger *debugger)
{
    struct app first = {0};
    const struct debug_options *options = debugger->options;
    bool named = options->target.probe.type != NULL || options->target.probe.serial != NULL;
    int code = app_read(options->dir, options->profile, &first);
    if (code == EXIT_OK && (first.board.has_probe || named)) {
        code = probe_board_read(&first.board, &debugger->board);
    }
    debugger->app = (struct app){.verbose = options->verbose, .quiet = !options->verbose};
    return code == EXIT_OK ? app_build(options->dir, options->profile, &debugger->app) : code;
}

int verb_debug(int argc, char **argv)
{
    struct debug_options options;
    struct debugger *debugger = memory_new(sizeof *debugger);
    int code = options_read(argc, argv, &options);
    if (code == EXIT_OK && !options.server && !process_have(GDB)) {
        error_print("%s is not installed", GDB);
        hint_print("apt-get install %s; or `k5 debug --server` for a debugger of your own", GDB);
        code = EXIT_ENVIRONMENT;
    }
    if (code != EXIT_OK) {
        free(debugger);
        return code;
    }
    *debugger = (struct debugger){.options = &options, .listener = -1, .client = -1};
    code = app_make(debugger);
    if (code == EXIT_OK) {
        code = debug_start(debugger);
        debug_end(debugger);
    }
    free(debugger);
    return code;
}
