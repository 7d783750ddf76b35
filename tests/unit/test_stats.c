/* The tool's statistics, read from a server that plays a halted processor: its memory is this
 * program's own kernel state, found by this program's own DWARF. */
/* build: tool/stats.c tool/json.c tool/layout.c tool/remote.c tool/packet.c tool/transport.c */
/* build: tool/util.c tool/process.c -Iabi -ldw */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/kernel.h"
#include "layout.h"
#include "stats.h"

#define KERNEL_CODE 0x10000000u
#define TASK_CODE   0x00200000u
#define SELF        "/proc/self/exe"

static char folder[] = "/tmp/k5-test-XXXXXX";
static char path[64];
static pid_t server;

/* ---- the server: a child; its exit code is how often it was let run ---- */

static void packet(int client, const char *answer)
{
    unsigned sum = 0;

    for (const char *c = answer; *c != '\0'; c++) {
        sum += (unsigned char)*c;
    }
    (void)dprintf(client, "+$%s#%02x", answer, sum & 0xFF);
}

static void memory_answer(int client, const char *command)
{
    static char answer[4096];
    struct layout layout;
    struct layout_member state;
    unsigned address = 0;
    unsigned size = 0;

    if (sscanf(command, "m%x,%x", &address, &size) != 2 || !layout_open(SELF, &layout) ||
        !layout_find(&layout, "k", "", &state)) {
        _exit(100);
    }
    for (unsigned i = 0; i < size && i < sizeof answer / 2; i++) {
        const uint8_t *from = (const uint8_t *)((uintptr_t)&k - state.address + address + i);

        (void)snprintf(answer + 2 * i, 3, "%02x", *from);
    }
    packet(client, answer);
}

static void registers_answer(int client, uint32_t pc)
{
    char answer[17 * 8 + 1];

    memset(answer, '0', sizeof answer);
    (void)snprintf(answer + 15 * 8, 17, "%08x00000001", __builtin_bswap32(pc));
    packet(client, answer);
}

static bool command_get(int client, char *command, size_t room)
{
    size_t length = 0;
    char c = 0;

    while (length + 1 < room && read(client, &c, 1) == 1) {
        if (c == '\x03') {
            command[0] = c;
            return true;
        }
        if (c == '#') {
            command[length] = '\0';
            return read(client, &c, 1) == 1 && read(client, &c, 1) == 1;
        }
        if (c == '$') {
            length = 0;
        } else {
            command[length++] = c;
        }
    }
    return false;
}

/* runs: after how many of them it is no longer in the kernel. */
static _Noreturn void serve(int client, int runs)
{
    char command[128];
    int ran = 0;

    while (command_get(client, command, sizeof command)) {
        switch (command[0]) {
        case 'g': registers_answer(client, ran < runs ? KERNEL_CODE + 2u : TASK_CODE); break;
        case 'm': memory_answer(client, command); break;
        case 'c': ran++; break;
        case '\x03': packet(client, "T02thread:01;"); break;
        default: packet(client, "OK");
        }
    }
    _exit(ran < 100 ? ran : 99);
}

static void server_start(int runs)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)unlink(path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    server = fork();
    if (server == 0) {
        serve(accept(listener, NULL, NULL), runs);
    }
    close(listener);
}

/* How often it was let run. */
static int server_end(void)
{
    int status = 0;

    assert_int_equal(waitpid(server, &status, 0), server);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* ---- tests ---- */

static struct app app_make(void)
{
    struct app app = {.image = (char *)(uintptr_t)SELF, .task_count = K5_TASKS};

    app.board.tick_hz = 20000000;
    app.board.memory[MEMORY_KERNEL_CODE].base = KERNEL_CODE;
    app.board.memory[MEMORY_KERNEL_CODE].size = 0x10000;
    return app;
}

static struct stats fetch(int runs, bool panicked)
{
    struct app app = app_make();
    struct emulator emulator = {.debug_socket = path};
    struct stats stats;

    server_start(runs);
    stats_fetch(&stats, &app, &emulator, panicked);
    return stats;
}

static void test_values(void **state)
{
    (void)state;
    k.since = 0x123456789a;
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        k.task.calls[t] = 1000000 + t;
        k.task.faults[t] = 20 + t;
        k.task.restarts[t] = 10 + t;
    }
    struct stats stats = fetch(0, false);
    assert_int_equal(server_end(), 0);
    assert_null(stats.problem);
    assert_int_equal(stats.ticks, 0x123456789a);
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        assert_int_equal(stats.value[STATS_CALLS][t], 1000000 + t);
        assert_int_equal(stats.value[STATS_FAULTS][t], 20 + t);
        assert_int_equal(stats.value[STATS_RESTARTS][t], 10 + t);
    }
    stats_free(&stats);
}

/* A kernel at work is let run until it is at rest, and no further; one that has stopped is not. */
static void test_rest(void **state)
{
    (void)state;
    k.since = 1;
    struct stats stats = fetch(7, false);
    assert_int_equal(server_end(), 7);
    assert_null(stats.problem);
    stats_free(&stats);
    stats = fetch(7, true);
    assert_int_equal(server_end(), 0);
    assert_null(stats.problem);
    stats_free(&stats);
}

static void test_problems(void **state)
{
    struct app app = app_make();
    struct emulator emulator = {.ended = true};
    struct stats stats;

    (void)state;
    k.since = 0;
    stats = fetch(0, false);
    (void)server_end();
    assert_string_equal(stats.problem, "the kernel has not started");
    stats_free(&stats);
    stats = fetch(1 << 30, false);
    (void)server_end();
    assert_string_equal(stats.problem, "the kernel was never found at rest");
    stats_free(&stats);
    stats_fetch(&stats, &app, &emulator, false);
    assert_string_equal(stats.problem, "the emulator has ended");
    emulator.ended = false;
    stats_fetch(&stats, &app, &emulator, false);
    assert_string_equal(stats.problem, "the emulator runs without GDB server");
    emulator.debug_socket = path;
    (void)unlink(path);
    stats_fetch(&stats, &app, &emulator, false);
    assert_string_equal(stats.problem, "the GDB server takes no connection");
    stats_free(&stats);
}

static int folder_make(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    return snprintf(path, sizeof path, "%s/s", folder) > 0 ? 0 : -1;
}

static int folder_remove(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_problems),
    };

    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
