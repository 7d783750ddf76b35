/*
 * emulator.c - starting, reading and stopping QEMU; see emulator.h.
 */
#define _GNU_SOURCE
#include "emulator.h"

#include "line.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define QEMU       "qemu-system-arm"
#define SHIFT      5         /* 2^5 ns an instruction */
#define PIPE_BYTES (1 << 20) /* so that the guest's line never has to wait for us */

/* A folder that only we can enter, so that nobody else can talk to the GDB server. */
static void debug_prepare(struct emulator *emulator)
{
    char folder[] = "/tmp/k5-XXXXXX";
    if (mkdtemp(folder) != NULL) {
        emulator->debug_folder = string_copy(folder);
        emulator->debug_socket = path_join(folder, "gdb");
    }
}

static void debug_remove(struct emulator *emulator)
{
    if (emulator->debug_folder != NULL) {
        (void)unlink(emulator->debug_socket);
        (void)rmdir(emulator->debug_folder);
        free(emulator->debug_socket);
        free(emulator->debug_folder);
        emulator->debug_socket = NULL;
        emulator->debug_folder = NULL;
    }
}

static void arguments_add(const struct app *app, const struct emulator_options *options,
                          const char *debug_socket, int line, struct list *argv)
{
    list_add(argv, QEMU);
    list_addf(argv, "-M");
    list_add(argv, app->board.machine);
    for (size_t i = 0; i < app->board.emulator_arguments.count; i++) {
        list_add(argv, app->board.emulator_arguments.items[i]);
    }
    list_add_split(argv, "-chardev stdio,id=log,signal=off -serial chardev:log -icount", " ");
    list_addf(argv, "shift=%u%s", app->shift == 0 ? SHIFT : app->shift,
              options->pace == PACE_FAST ? ",sleep=off" : "");
    if (line >= 0) {
        list_add(argv, "-chardev");
        list_addf(argv, "socket,id=line,fd=%d", line);
        list_add_split(argv, "-serial chardev:line", " ");
    }
    if (debug_socket != NULL) {
        list_add(argv, "-chardev");
        list_addf(argv, "socket,id=gdb,path=%s,server=on,wait=off", debug_socket);
        list_add_split(argv, options->halted ? "-gdb chardev:gdb -S" : "-gdb chardev:gdb", " ");
    }
    list_add(argv, "-kernel");
    list_add(argv, options->image != NULL ? options->image : app->image);
}

/* In the child: its own group (Ctrl-C is for us), no input, output into the pipe, dies with us.
 * ends: of the pipe, and of the socket to its second serial line (-1: none). */
static _Noreturn void child_run(char *const argv[], const int ends[2], const char *errors,
                                pid_t parent)
{
    int output = ends[0];
    int line = ends[1];
    int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int log = errors == NULL ? -1 : open(errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent && none >= 0 && dup2(none, 0) >= 0 && dup2(output, 1) >= 0 &&
        (log < 0 || dup2(log, 2) >= 0) && (line < 0 || fcntl(line, F_SETFD, 0) == 0)) {
        (void)execvp(argv[0], argv);
    }
    _exit(127);
}

bool emulator_there(const struct app *app)
{
    if (app->board.machine == NULL) {
        error_print("board %s has no emulator, so nothing is run", app->board.name);
        hint_print("the image is built: %s", app->image);
        hint_print("docs/manual/boards.md says how it gets onto the board");
    }
    return app->board.machine != NULL;
}

int emulator_start(const struct app *app, const struct emulator_options *options,
                   struct emulator *emulator)
{
    int ends[2];
    int line[2] = {-1, -1};
    struct list argv = {0};
    *emulator = (struct emulator){.output = -1, .line = -1, .pace = options->pace};
    if (!emulator_there(app)) {
        return EXIT_ENVIRONMENT;
    }
    if (!process_have(QEMU)) {
        error_print("%s is not installed", QEMU);
        hint_print("`k5 doctor` says what is missing and how to get it");
        return EXIT_ENVIRONMENT;
    }
    if (pipe2(ends, O_CLOEXEC) != 0 ||
        (line_used(app) && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) != 0)) {
        error_print("no pipe for the emulator's output");
        return EXIT_ENVIRONMENT;
    }
    (void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES);
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    if (options->debug || options->probe) {
        debug_prepare(emulator);
    }
    arguments_add(app, options, emulator->debug_socket, line[1], &argv);
    pid_t parent = getpid();
    emulator->started_s = clock_seconds();
    emulator->pid = fork();
    if (emulator->pid == 0) {
        child_run(argv.items, (const int[2]){ends[1], line[1]}, options->errors, parent);
    }
    close(ends[1]);
    if (line[1] >= 0) {
        close(line[1]);
    }
    emulator->line = line[0];
    list_free(&argv);
    if (emulator->pid < 0) {
        close(ends[0]);
        debug_remove(emulator);
        error_print("the emulator could not be started");
        return EXIT_ENVIRONMENT;
    }
    emulator->output = ends[0];
    return EXIT_OK;
}

size_t emulator_read(struct emulator *emulator, uint8_t *bytes, size_t size)
{
    if (emulator->output < 0) {
        return 0;
    }
    ssize_t got = read(emulator->output, bytes, size);
    return got > 0 ? (size_t)got : 0;
}

bool emulator_ended(struct emulator *emulator)
{
    if (!emulator->ended && emulator->pid > 0) {
        emulator->ended = waitpid(emulator->pid, &emulator->status, WNOHANG) == emulator->pid;
    }
    return emulator->ended;
}

double emulator_clock(struct emulator *emulator)
{
    clockid_t clock;
    struct timespec used;
    double passed = clock_seconds() - emulator->started_s;
    if (emulator->pace == PACE_REAL) {
        return passed;
    }
    if (!emulator->ended && clock_getcpuclockid(emulator->pid, &clock) == 0 &&
        clock_gettime(clock, &used) == 0) {
        double seconds = (double)used.tv_sec + (double)used.tv_nsec / 1e9;
        emulator->cpu_s = seconds > emulator->cpu_s ? seconds : emulator->cpu_s;
    }
    return emulator->cpu_s + passed / 4;
}

void emulator_stop(struct emulator *emulator)
{
    if (!emulator_ended(emulator) && emulator->pid > 0) {
        (void)kill(emulator->pid, SIGKILL);
        while (waitpid(emulator->pid, &emulator->status, 0) < 0 && errno == EINTR) {
        }
        emulator->ended = true;
    }
    if (emulator->output >= 0) {
        close(emulator->output);
        emulator->output = -1;
    }
    if (emulator->line >= 0) {
        close(emulator->line);
        emulator->line = -1;
    }
    debug_remove(emulator);
}
