/* The tool's client of GDB's remote protocol, against a server that plays a script: good ones, slow
 * ones, damaged ones, dead ones. The real server is met in tests/tool/stats.sh. */
/* build: tool/remote.c tool/packet.c tool/transport.c tool/util.c tool/process.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remote.h"
#include "transport.h"

#define TIMEOUT_S 0.3

/* One line of a script: what must come (its command alone; NULL: nothing is waited for), and what
 * is then sent, to the letter. */
struct line {
    const char *expect;
    const char *send;
};

static char folder[] = "/tmp/k5-test-XXXXXX";
static char path[64];
static pid_t server;

/* ---- the server: a child; it ends with code 1 if the client says anything else ---- */

static void get(int client, char *out, size_t room)
{
    size_t length = 0;
    char c = 0;

    while (length + 1 < room && read(client, &c, 1) == 1) {
        if (c == '\x03') {
            out[0] = c;
            out[1] = '\0';
            return;
        }
        if (c == '$') {
            length = 0;
        } else if (c == '#') {
            break;
        } else {
            out[length++] = c;
        }
    }
    out[length] = '\0';
    (void)!read(client, &c, 1); /* the sum */
    (void)!read(client, &c, 1);
}

static _Noreturn void serve(int listener, const struct line *script)
{
    char command[128];
    int client = accept(listener, NULL, NULL);

    (void)alarm(10);
    for (; script->send != NULL; script++) {
        if (script->expect != NULL) {
            get(client, command, sizeof command);
            if (strcmp(command, script->expect) != 0) {
                (void)fprintf(stderr, "server: \"%s\" came, not \"%s\"\n", command, script->expect);
                _exit(1);
            }
        }
        (void)!write(client, script->send, strlen(script->send));
    }
    if (script->expect != NULL) { /* "hang": keeps the connection and says nothing more */
        (void)pause();
    }
    (void)shutdown(client, SHUT_WR); /* the client sees an end, and may still send its + */
    while (read(client, command, sizeof command) > 0) {
    }
    _exit(0);
}

static void server_start(const struct line *script)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)unlink(path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    server = fork();
    if (server == 0) {
        serve(listener, script);
    }
    close(listener);
}

static void server_end(bool hangs)
{
    int status = 0;

    if (hangs) {
        (void)kill(server, SIGKILL);
    }
    assert_int_equal(waitpid(server, &status, 0), server);
    assert_true(hangs || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

#define HELLO                                                  \
    {                                                          \
        "qSupported", "+$T02thread:01;#04+$PacketSize=1000#f1" \
    }
#define END        \
    {              \
        NULL, NULL \
    }
#define HANG         \
    {                \
        "hang", NULL \
    }

static struct remote connected(const struct line *script)
{
    struct remote remote;

    server_start(script);
    assert_true(remote_connect(&remote, path, TIMEOUT_S));
    assert_true(remote.stopped);
    return remote;
}

/* ---- tests ---- */

static void test_read(void **state)
{
    static const struct line script[] = {
        HELLO,
        {"m28000010,3", "+$0a7fff#fa"},
        {"m28000010,3", "+$T05thread:01;#07$0a80ff#c5"}, /* a stop reply is no answer */
        END,
    };
    struct remote remote = connected(script);
    uint8_t bytes[3];

    (void)state;
    assert_true(remote_read(&remote, 0x28000010, bytes, 3));
    assert_memory_equal(bytes, "\x0a\x7f\xff", 3);
    assert_true(remote_read(&remote, 0x28000010, bytes, 3));
    assert_memory_equal(bytes, "\x0a\x80\xff", 3);
    remote_close(&remote);
    server_end(false);
}

/* A long range goes in parts. */
static void test_read_long(void **state)
{
    static char digits[2049];
    static char first[2100];
    struct line script[] = {HELLO, {"m100,400", first}, {"m500,1", "+$7e#9c"}, END};
    uint8_t bytes[1025];

    (void)state;
    memset(digits, '5', sizeof digits - 1);
    (void)snprintf(first, sizeof first, "+$%s#00", digits); /* 2048 * 0x35 ends in 00 */
    struct remote remote = connected(script);
    assert_true(remote_read(&remote, 0x100, bytes, sizeof bytes));
    assert_int_equal(bytes[0], 0x55);
    assert_int_equal(bytes[1023], 0x55);
    assert_int_equal(bytes[1024], 0x7e);
    remote_close(&remote);
    server_end(false);
}

/* A damaged packet is asked for again; what stays good is used. */
static void test_damaged(void **state)
{
    static const struct line script[] = {HELLO, {"m0,1", "+$41#00$42#66"}, HANG};
    struct remote remote = connected(script);
    uint8_t byte = 0;

    (void)state;
    assert_true(remote_read(&remote, 0, &byte, 1));
    assert_int_equal(byte, 0x42);
    remote_close(&remote);
    server_end(true);
}

/* Refusals leave the connection usable. */
static void test_refused(void **state)
{
    static const struct line script[] = {
        HELLO,
        {"m0,1", "+$E14#aa"},
        {"m0,2", "+$41#65"},
        {"m0,1", "+$4x#ac"},
        {"Qqemu.PhyMemMode:1", "+$#00"},
        {"m0,1", "+$43#67"},
        END,
    };
    struct remote remote = connected(script);
    uint8_t bytes[2];

    (void)state;
    assert_false(remote_read(&remote, 0, bytes, 1));
    assert_string_equal(remote.problem, "the GDB server refused a command");
    assert_false(remote_read(&remote, 0, bytes, 2));
    assert_string_equal(remote.problem, "the GDB server answered too little");
    assert_false(remote_read(&remote, 0, bytes, 1));
    assert_string_equal(remote.problem, "the GDB server answered nonsense");
    assert_false(remote_physical(&remote, true));
    assert_string_equal(remote.problem, "the GDB server does not know a command");
    assert_true(remote_read(&remote, 0, bytes, 1));
    assert_int_equal(bytes[0], 0x43);
    remote_close(&remote);
    server_end(false);
}

static void test_registers(void **state)
{
    static char answer[2 + 17 * 8 + 4];
    struct line script[] = {HELLO, {"g", answer}, END};
    uint32_t reg[REMOTE_REGISTERS];
    unsigned sum = 0;

    (void)state;
    (void)sprintf(answer, "+$");
    for (unsigned i = 0; i < 17; i++) {
        (void)sprintf(answer + 2 + 8 * i, "%02x030210", i);
    }
    for (const char *c = answer + 2; *c != '\0'; c++) {
        sum += (unsigned char)*c;
    }
    (void)sprintf(answer + 2 + 17 * 8, "#%02x", sum & 0xFF);
    struct remote remote = connected(script);
    assert_true(remote_registers(&remote, reg));
    assert_int_equal(reg[0], 0x10020300);
    assert_int_equal(reg[REMOTE_PC], 0x1002030f);
    assert_int_equal(reg[REMOTE_XPSR], 0x10020310);
    remote_close(&remote);
    server_end(false);
}

static void test_running(void **state)
{
    static const struct line script[] = {
        HELLO,
        {"Z1,10000c9c,2", "+$OK#9a"},
        {"c", "+"},
        {NULL, "$T05thread:01;#07"},
        {"z1,10000c9c,2", "+$OK#9a"},
        {"s", "+$T05thread:01;#07"},
        {"c", "+"},
        {"\x03", "$T02thread:01;#04"},
        END,
    };
    struct remote remote = connected(script);

    (void)state;
    assert_true(remote_breakpoint(&remote, 0x10000c9c, true));
    assert_true(remote_continue(&remote));
    assert_false(remote.stopped);
    assert_true(remote_wait(&remote, TIMEOUT_S));
    assert_true(remote.stopped);
    assert_true(remote_breakpoint(&remote, 0x10000c9c, false));
    assert_true(remote_step(&remote));
    assert_true(remote_continue(&remote));
    assert_false(remote_wait(&remote, 0.05)); /* runs on */
    assert_null(remote.problem);
    assert_true(remote_halt(&remote));
    assert_true(remote.stopped);
    assert_true(remote_halt(&remote));
    remote_close(&remote);
    server_end(false);
}

/* One that is silent costs the time-out once; after that all fails at once. */
static void test_silent(void **state)
{
    static const struct line script[] = {HELLO, HANG};
    struct remote remote = connected(script);
    uint8_t byte;
    double start = clock_seconds();

    (void)state;
    assert_false(remote_read(&remote, 0, &byte, 1));
    assert_string_equal(remote.problem, "the GDB server does not answer");
    assert_true(clock_seconds() - start >= TIMEOUT_S);
    assert_true(clock_seconds() - start < 4 * TIMEOUT_S);
    start = clock_seconds();
    assert_false(remote_read(&remote, 0, &byte, 1));
    assert_false(remote_step(&remote));
    assert_false(remote_halt(&remote));
    assert_true(clock_seconds() - start < TIMEOUT_S / 2);
    remote_close(&remote);
    server_end(true);
}

/* One that goes away in the middle of an answer, or in the middle of a run. */
static void test_gone(void **state)
{
    static const struct line half[] = {HELLO, {"m0,1", "+$4"}, END};
    static const struct line run[] = {HELLO, {"c", "+$W00#b7"}, END};
    struct remote remote = connected(half);
    uint8_t byte;

    (void)state;
    assert_false(remote_read(&remote, 0, &byte, 1));
    assert_string_equal(remote.problem, "the GDB server has closed the connection");
    remote_close(&remote);
    server_end(false);
    remote = connected(run);
    assert_true(remote_continue(&remote));
    assert_false(remote_wait(&remote, TIMEOUT_S));
    assert_string_equal(remote.problem, "the target has ended");
    remote_close(&remote);
    server_end(false);
}

static void test_nobody(void **state)
{
    struct remote remote;
    char deep[200] = "/tmp/";

    (void)state;
    (void)unlink(path);
    assert_false(remote_connect(&remote, path, TIMEOUT_S));
    assert_string_equal(remote.problem, "the GDB server takes no connection");
    remote_close(&remote);
    memset(deep + 5, 'x', 150);
    assert_false(remote_connect(&remote, deep, TIMEOUT_S));
    assert_string_equal(remote.problem, "the GDB server has a socket with too long a name");
    remote_close(&remote);
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

/* Either kind of address; what is none. */
static void test_transport(void **state)
{
    const char *const addresses[] = {path, "127.0.0.1:34127"};
    char longer[200];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char byte = 0;
        int listener = transport_listen(addresses[i]);
        assert_true(listener >= 0);
        int one = transport_connect(addresses[i]);
        int other = transport_accept(listener);
        assert_true(one >= 0 && other >= 0);
        assert_int_equal(write(one, "k", 1), 1);
        while (read(other, &byte, 1) != 1) { /* it does not block */
        }
        assert_int_equal(byte, 'k');
        close(one);
        close(other);
        close(listener);
        assert_int_equal(transport_connect(addresses[i]), -1); /* nobody listens any more */
    }
    memset(longer, 'x', sizeof longer);
    longer[0] = '/';
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(transport_connect(longer), -1);
    assert_int_equal(transport_listen(longer), -1);
    assert_int_equal(transport_connect("nonsense"), -1);
    assert_int_equal(transport_listen("127.0.0.1:no port"), -1);
    assert_int_equal(transport_connect(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),      cmocka_unit_test(test_read_long),
        cmocka_unit_test(test_damaged),   cmocka_unit_test(test_refused),
        cmocka_unit_test(test_registers), cmocka_unit_test(test_running),
        cmocka_unit_test(test_silent),    cmocka_unit_test(test_gone),
        cmocka_unit_test(test_nobody),    cmocka_unit_test(test_transport),
    };

    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
