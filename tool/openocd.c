/*
 * openocd.c - OpenOCD as a child with its Tcl channel on a socket pair; openocd.h draws it.
 *
 * A command and its answer end with byte 26. The command is wrapped in Tcl's `catch`, so that the
 * answer begins with its code: 0 if it worked.
 */
#define _GNU_SOURCE
#include "openocd.h"

#include "usb.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPENOCD    "openocd"
#define END        "\x1A"
#define START_S    15.0
#define HINTS      3u
#define ANSWER_MAX (1u << 20) /* the longest that we ask for is a hundredth of it */

/* Port 0: a free one. gdb is to be told of memory that cannot be read, not to be given zeros; it
 * writes no flash; and a breakpoint in flash is one of the processor's. */
#define GDB_SERVER                                                            \
    "gdb_port 0; gdb_memory_map disable; gdb_flash_program disable; "         \
    "gdb_report_data_abort enable; gdb_report_register_access_error enable; " \
    "gdb_breakpoint_override hard"
#define GDB_LISTENS "Listening on port %u for gdb"

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

void interrupt_catch(void)
{
    struct sigaction action = {.sa_handler = interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

bool interrupt_seen(void)
{
    return interrupted != 0;
}

void interrupt_forget(void)
{
    interrupted = 0;
}

/* ---- kinds of probe ---- */

static const struct probe_type {
    const char *name;
    const char *file;      /* of OpenOCD's scripts */
    const char *transport; /* by which the Secure state can be debugged */
} types[] = {
    {"stlink", "interface/stlink-dap.cfg", "dapdirect_swd"},
    {"cmsis-dap", "interface/cmsis-dap.cfg", "swd"},
    {"jlink", "interface/jlink.cfg", "swd"},
};
#define TYPE_COUNT (sizeof types / sizeof types[0])

static const struct probe_type *type_find(const char *name)
{
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        if (strcmp(types[i].name, name) == 0) {
            return &types[i];
        }
    }
    return NULL;
}

bool openocd_options_check(const char *verb, const struct openocd_options *options)
{
    static const char serial_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-_.:";
    const char *type = options->type;
    const char *serial = options->serial;
    if (serial != NULL && (*serial == '\0' || serial[strspn(serial, serial_letters)] != '\0')) {
        (void)usage_error(verb, "--serial \"%s\" is no serial number of a probe", serial);
        return false;
    }
    if (type == NULL || type_find(type) != NULL) {
        return true;
    }
    if (!string_ends(type, ".cfg")) {
        (void)usage_error(
            verb, "--probe \"%s\": there is stlink, cmsis-dap, jlink, or a file NAME.cfg", type);
        return false;
    }
    if (!file_exists(type)) {
        (void)usage_error(verb, "--probe: there is no file %s", type);
        return false;
    }
    return true;
}

/* ---- the child ---- */

static bool arguments_make(const struct probe_board *board, const struct openocd_options *options,
                           struct list *argv)
{
    const char *name = options->type != NULL ? options->type : board->type;
    const struct probe_type *type = type_find(name);
    list_add(argv, OPENOCD);
    list_add(argv, "-c");
    list_add(argv, "telnet_port disabled; tcl_port pipe");
    list_add(argv, "-c");
    list_add(argv, options->gdb ? GDB_SERVER : "gdb_port disabled");
    list_add(argv, "-f");
    list_add(argv, type != NULL ? type->file : name);
    if (type != NULL) {
        list_add(argv, "-c");
        list_addf(argv, "transport select %s", type->transport);
    }
    if (options->serial != NULL) {
        list_add(argv, "-c");
        list_addf(argv, "adapter serial {%s}", options->serial);
    }
    list_add(argv, "-f");
    list_add(argv, board->target);
    list_add(argv, "-c");
    list_add(argv, "init");
    if (type == NULL && !string_ends(name, ".cfg")) {
        error_print("board \"%s\" names a probe \"%s\" that k5 does not know", board->name, name);
        hint_print("there is stlink, cmsis-dap, jlink, or --probe FILE.cfg");
        return false;
    }
    return true;
}

static void child_run(const struct openocd *openocd, char *const argv[], int channel, pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent) {
        int log = open(openocd->log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        (void)setpgid(0, 0); /* Ctrl-C is for us alone */
        (void)dup2(channel, STDIN_FILENO);
        (void)dup2(channel, STDOUT_FILENO);
        (void)dup2(log, STDERR_FILENO);
        (void)execvp(argv[0], argv);
    }
    _exit(127);
}

static bool child_start(struct openocd *openocd, char *const argv[])
{
    int ends[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    fflush(NULL);
    openocd->pid = fork();
    if (openocd->pid == 0) {
        child_run(openocd, argv, ends[1], parent);
    }
    close(ends[1]);
    openocd->channel = ends[0];
    return openocd->pid > 0;
}

static void child_end(struct openocd *openocd, int how)
{
    if (openocd->channel >= 0) {
        close(openocd->channel);
        openocd->channel = -1;
    }
    if (openocd->pid > 0) {
        (void)kill(openocd->pid, how);
        (void)waitpid(openocd->pid, NULL, 0);
        openocd->pid = 0;
    }
}

/* ---- commands ---- */

static void answer_read(struct openocd *openocd, double limit_s)
{
    double end_s = clock_seconds() + limit_s;
    openocd->state = OPENOCD_RUNS;
    for (;;) {
        char chunk[4096];
        double rest_s = end_s - clock_seconds();
        struct pollfd ready = {.fd = openocd->channel, .events = POLLIN};
        int got = rest_s > 0 ? poll(&ready, 1, (int)(rest_s * 1000) + 1) : 0;
        ssize_t n = got > 0 ? read(openocd->channel, chunk, sizeof chunk) : -1;
        const char *end = n > 0 ? memchr(chunk, END[0], (size_t)n) : NULL;
        if (end != NULL && end == &chunk[n - 1]) {
            text_add_bytes(&openocd->answer, chunk, (size_t)n - 1);
            return;
        }
        if (n > 0 && end == NULL && openocd->answer.length < ANSWER_MAX) {
            text_add_bytes(&openocd->answer, chunk, (size_t)n);
        } else if (got == 0) {
            openocd->state = OPENOCD_HUNG;
            child_end(openocd, SIGKILL);
            return;
        } else if (n >= 0 || errno != EINTR) {
            openocd->state = OPENOCD_DIED;
            child_end(openocd, SIGKILL);
            return;
        }
    }
}

/* The answer without the code of `catch` before it. */
static bool answer_judge(struct openocd *openocd)
{
    const char *answer = text_string(&openocd->answer);
    bool good = openocd->state == OPENOCD_RUNS && answer[0] == '0';
    struct text rest = {0};
    if (openocd->state == OPENOCD_RUNS) {
        openocd->state = good ? OPENOCD_RUNS : OPENOCD_REFUSED;
        text_add(&rest, strlen(answer) > 2 ? answer + 2 : "");
        text_free(&openocd->answer);
        openocd->answer = rest;
    }
    return good;
}

static size_t log_length(const struct openocd *openocd)
{
    struct text log = {0};
    (void)file_read(openocd->log, &log);
    size_t length = log.length;
    text_free(&log);
    return length;
}

bool openocd_command(struct openocd *openocd, double limit_s, const char *format, ...)
{
    struct text command = {0};
    va_list arguments;
    if (openocd->pid > 0 && interrupted) {
        openocd->state = OPENOCD_STOPPED;
    }
    if (openocd->pid <= 0 || interrupted) {
        return false;
    }
    openocd->log_before = log_length(openocd);
    text_add(&command, "set k5_code [catch {");
    va_start(arguments, format);
    text_addv(&command, format, arguments);
    va_end(arguments);
    text_add(&command, "} k5_text]; set k5_both \"$k5_code $k5_text\"" END);
    text_free(&openocd->answer);
    openocd->answer = (struct text){0};
    (void)send(openocd->channel, command.data, command.length, MSG_NOSIGNAL);
    text_free(&command);
    answer_read(openocd, limit_s);
    return answer_judge(openocd);
}

bool openocd_word(struct openocd *openocd, uint32_t address, uint32_t *value)
{
    if (!openocd_command(openocd, OPENOCD_S, "read_memory 0x%08x 32 1", address)) {
        return false;
    }
    if (openocd_numbers(openocd, value, 1) != 1) {
        openocd->state = OPENOCD_REFUSED;
        return false;
    }
    return true;
}

size_t openocd_numbers(const struct openocd *openocd, uint32_t *numbers, size_t most)
{
    const char *at = text_string(&openocd->answer);
    size_t count = 0;
    for (; *at != '\0'; count++) {
        char *end;
        unsigned long long number = strtoull(at, &end, 0);
        if (count == most || end == at || *at == '-' || number > UINT32_MAX ||
            (*end != '\0' && *end != ' ')) {
            return 0;
        }
        numbers[count] = (uint32_t)number;
        at = end + strspn(end, " ");
    }
    return count;
}

/* ---- what went wrong ---- */

char *openocd_said(const struct openocd *openocd)
{
    struct text log = {0};
    (void)file_read(openocd->log, &log);
    size_t from = openocd->log_before < log.length ? openocd->log_before : log.length;
    char *said = string_copy(text_string(&log) + from);
    text_free(&log);
    return said;
}

void openocd_said_print(const struct openocd *openocd)
{
    struct list lines = {0};
    char *said = openocd_said(openocd);
    unsigned shown = 0;
    list_add_split(&lines, said, "\n");
    for (size_t i = 0; i < lines.count && shown < HINTS; i++) {
        if (string_starts(lines.items[i], "Error: ") && strlen(lines.items[i]) > 8) {
            hint_print("OpenOCD says: %s", lines.items[i] + strlen("Error: "));
            shown++;
        }
    }
    list_free(&lines);
    free(said);
}

#define NO_PROBE "no probe", "no debug probe is connected", ""
#define NO_CHIP                                                     \
    "no chip", "the probe is there, but no chip answers behind it", \
        "is the board powered, the cable in the right way?"

/* Words of OpenOCD's drivers, and what they mean. The first that fits counts. */
static const struct cause {
    const char *word;
    const char *problem;
    const char *message;
    const char *hint;
} causes[] = {
    {"LIBUSB_ERROR_ACCESS", "no permission", "no permission to use the debug probe",
     "Debian's rules for probes are in /lib/udev/rules.d/60-openocd.rules: be in group plugdev, "
     "and plug the probe in again"},
    {"LIBUSB_ERROR_BUSY", "busy", "the debug probe is in use by another program",
     "end the other OpenOCD or gdb server"},
    {"open failed", NO_PROBE},
    {"unable to find a matching CMSIS-DAP device", NO_PROBE},
    {"No J-Link device found", NO_PROBE},
    {"unable to open ftdi device", NO_PROBE},
    {"Failed to connect", NO_PROBE},
    {"unable to connect to the target", NO_CHIP},
    {"all ones", NO_CHIP},
    {"all zeroes", NO_CHIP},
    {"cannot read IDR", NO_CHIP},
    {"Can't find", "no file", "OpenOCD lacks a file that the board needs",
     "its version must be 0.12"},
};

static int start_explain(struct openocd *openocd, const struct probe_board *board,
                         const struct openocd_options *options)
{
    const struct cause *cause = NULL;
    char *said = openocd_said(openocd);
    for (size_t i = 0; i < sizeof causes / sizeof causes[0] && cause == NULL; i++) {
        cause = strstr(said, causes[i].word) != NULL ? &causes[i] : NULL;
    }
    free(said);
    if (openocd->state == OPENOCD_STOPPED) {
        openocd->problem = "interrupted";
        error_print("interrupted");
        return EXIT_ENVIRONMENT;
    }
    if (openocd->state == OPENOCD_HUNG) {
        openocd->problem = "hang";
        error_print("OpenOCD did not start within %.0f s; it was killed", START_S);
        hint_print("unplug the probe and plug it in again");
    } else {
        openocd->problem = cause != NULL ? cause->problem : "no connection";
        error_print("%s (board \"%s\", probe \"%s\"%s%s)",
                    cause != NULL ? cause->message : "OpenOCD cannot connect to the board",
                    board->name, options->type != NULL ? options->type : board->type,
                    options->serial != NULL ? ", serial number " : "",
                    options->serial != NULL ? options->serial : "");
    }
    if (cause != NULL && cause->hint[0] != '\0') {
        hint_print("%s", cause->hint);
    } else if (cause != NULL) {
        hint_print("connect it, or name another: --probe stlink|cmsis-dap|jlink, --serial NO");
    }
    openocd_said_print(openocd);
    return EXIT_ENVIRONMENT;
}

/* ---- start and end ---- */

unsigned openocd_gdb_port(const struct openocd *openocd)
{
    struct text log = {0};
    unsigned port = 0;
    (void)file_read(openocd->log, &log);
    const char *at = strstr(text_string(&log), "Listening on port ");
    for (; at != NULL && sscanf(at, GDB_LISTENS, &port) != 1; at = strstr(at + 1, "Listening ")) {
    }
    text_free(&log);
    return port;
}

bool openocd_ended(const struct openocd *openocd)
{
    char byte;
    return openocd->pid <= 0 || openocd->state == OPENOCD_DIED ||
           recv(openocd->channel, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

int openocd_start(struct openocd *openocd, const struct probe_board *board,
                  const struct openocd_options *options)
{
    char folder[] = "/tmp/k5-openocd.XXXXXX";
    struct list argv = {0};
    const char *type = options->type != NULL ? options->type : board->type;
    *openocd = (struct openocd){.channel = -1, .state = OPENOCD_DIED};
    if (!process_have(OPENOCD)) {
        openocd->problem = "no openocd";
        error_print("openocd is not installed: k5 reaches a board through it");
        hint_print("sudo apt install openocd");
        return EXIT_ENVIRONMENT;
    }
    openocd->problem = usb_check(type, options->serial, board->name, options->quiet);
    if (openocd->problem != NULL) {
        return EXIT_ENVIRONMENT;
    }
    if (mkdtemp(folder) == NULL) {
        openocd->problem = "no room";
        error_print("there is no place in /tmp: %s", strerror(errno));
        return EXIT_ENVIRONMENT;
    }
    openocd->folder = string_copy(folder);
    openocd->log = path_join(folder, "openocd.log");
    interrupt_catch();
    if (!arguments_make(board, options, &argv)) {
        openocd->problem = "board";
        return EXIT_ENVIRONMENT;
    }
    bool started = child_start(openocd, argv.items);
    list_free(&argv);
    if (!started || !openocd_command(openocd, START_S, "version")) {
        openocd->log_before = 0; /* it spoke before it was asked */
        return options->quiet ? EXIT_ENVIRONMENT : start_explain(openocd, board, options);
    }
    return EXIT_OK;
}

void openocd_stop(struct openocd *openocd)
{
    if (openocd->pid > 0 && openocd->state != OPENOCD_HUNG) {
        (void)send(openocd->channel, "shutdown" END, 9, MSG_NOSIGNAL);
        double end_s = clock_seconds() + 1;
        while (clock_seconds() < end_s && waitpid(openocd->pid, NULL, WNOHANG) == 0) {
            clock_sleep(0.01);
        }
        if (clock_seconds() < end_s) {
            openocd->pid = 0;
        }
    }
    child_end(openocd, SIGKILL);
    if (openocd->folder != NULL) {
        struct list files = {0};
        dir_list(openocd->folder, "", &files);
        for (size_t i = 0; i < files.count; i++) {
            (void)unlink(files.items[i]);
        }
        list_free(&files);
        (void)rmdir(openocd->folder);
    }
    free(openocd->folder);
    free(openocd->log);
    text_free(&openocd->answer);
    *openocd = (struct openocd){.channel = -1, .state = OPENOCD_DIED};
}
