/*
 * process.c - starting other programs, with a time limit and their output caught or filed.
 *
 * Invariant: a child never outlives the tool (the system ends it when its parent dies), and a
 * timeout is kept even when the child ignores SIGTERM.
 *
 *   process_start -> process_poll ... -> process_poll = true
 *        |               after timeout_s: SIGTERM, after GRACE_S more: SIGKILL
 */
#define _GNU_SOURCE
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GRACE_S         1.0
#define CODE_NOT_FOUND  127
#define CODE_SIGNALLED  128
#define POLL_INTERVAL_S 0.01

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void clock_sleep(double seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds};
    time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
    nanosleep(&time, NULL);
}

bool process_have(const char *program)
{
    if (strchr(program, '/') != NULL) {
        return access(program, X_OK) == 0;
    }
    struct list dirs = {0};
    bool found = false;
    const char *path = getenv("PATH");
    list_add_split(&dirs, path != NULL ? path : "/usr/bin:/bin", ":");
    for (size_t i = 0; i < dirs.count && !found; i++) {
        char *candidate = path_join(dirs.items[i], program);
        found = access(candidate, X_OK) == 0;
        free(candidate);
    }
    list_free(&dirs);
    return found;
}

/* In the child: makes `fd` (or the file) its output and becomes the program. */
static void child_run(const struct process *process, char *const argv[], int output, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) { /* the parent died before the line above */
        _exit(CODE_NOT_FOUND);
    }
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    if (process->output_path != NULL) {
        output = open(process->output_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
    if (output >= 0) {
        dup2(output, STDOUT_FILENO);
        if (!process->stdout_only) {
            dup2(output, STDERR_FILENO);
        }
    }
    if (process->directory != NULL && chdir(process->directory) != 0) {
        fprintf(stderr, "error: %s: %s\n", process->directory, strerror(errno));
        _exit(CODE_NOT_FOUND);
    }
    execvp(argv[0], argv);
    fprintf(stderr, "error: %s: %s\n", argv[0], strerror(errno));
    _exit(CODE_NOT_FOUND);
}

static bool process_fork(struct process *process, char *const argv[], int output)
{
    pid_t parent = getpid();
    fflush(NULL); /* or the child would print it a second time */
    process->started_s = clock_seconds();
    process->seconds = 0;
    process->timed_out = false;
    process->pid = fork();
    if (process->pid == 0) {
        child_run(process, argv, output, parent);
    }
    return process->pid > 0;
}

bool process_start(struct process *process, char *const argv[])
{
    return process_fork(process, argv, -1);
}

static void process_limit(struct process *process)
{
    double over = clock_seconds() - process->started_s - process->timeout_s;
    if (process->timeout_s <= 0 || over < 0) {
        return;
    }
    if (!process->timed_out) {
        kill(process->pid, SIGTERM);
        process->timed_out = true;
    }
    if (over > GRACE_S) {
        kill(process->pid, SIGKILL);
    }
}

bool process_poll(struct process *process, int *code)
{
    int status = 0;
    pid_t got = waitpid(process->pid, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR)) {
        process_limit(process);
        return false;
    }
    process->seconds = clock_seconds() - process->started_s;
    if (process->timed_out) {
        *code = EXIT_TIMEOUT;
    } else if (got > 0 && WIFEXITED(status)) {
        *code = WEXITSTATUS(status);
    } else {
        *code = CODE_SIGNALLED + (got > 0 ? WTERMSIG(status) : 0);
    }
    return true;
}

/* Takes what the pipe holds; waits at most wait_s. False at its end. */
static bool pipe_drain(int pipe_out, struct text *capture, double wait_s)
{
    struct pollfd ready = {.fd = pipe_out, .events = POLLIN};
    if (poll(&ready, 1, (int)(wait_s * 1000)) <= 0) {
        return true;
    }
    char chunk[16384];
    ssize_t got = read(pipe_out, chunk, sizeof chunk);
    if (got > 0) {
        text_add_bytes(capture, chunk, (size_t)got);
    }
    return got > 0 || (got < 0 && errno == EINTR);
}

/* Runs with the output in a pipe. After the child's end only what is in the pipe already is taken:
 * a grandchild may hold it open. */
static int process_run_captured(struct process *process, char *const argv[])
{
    int ends[2];
    int code = CODE_NOT_FOUND;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return code;
    }
    bool open = process_fork(process, argv, ends[1]);
    close(ends[1]);
    bool running = open;
    while (running) {
        if (open) {
            open = pipe_drain(ends[0], process->capture, POLL_INTERVAL_S);
        } else {
            clock_sleep(POLL_INTERVAL_S);
        }
        running = !process_poll(process, &code);
    }
    for (size_t before = SIZE_MAX; open && before != process->capture->length;) {
        before = process->capture->length;
        open = pipe_drain(ends[0], process->capture, 0);
    }
    close(ends[0]);
    return code;
}

int process_run(struct process *process, char *const argv[])
{
    int code = CODE_NOT_FOUND;
    if (process->capture != NULL && process->output_path == NULL) {
        return process_run_captured(process, argv);
    }
    if (!process_start(process, argv)) {
        return code;
    }
    while (!process_poll(process, &code)) {
        clock_sleep(POLL_INTERVAL_S);
    }
    return code;
}
