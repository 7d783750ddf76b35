/* Packets of GDB's remote protocol, and the proxy on top of them: whole, in pieces, damaged, and
 * whatever else may come over a socket. */
/* build: tool/packet.c tool/proxy.c tool/target.c tool/target_memory.c tool/target_visit.c */
/* build: tool/threads.c tool/layout.c tool/fault.c tool/frame.c tool/sites.c tool/format.c */
/* build: tool/object.c tool/remote.c tool/transport.c tool/util.c tool/process.c */
/* build: tool/source.c tool/json.c -Iabi -lelf -ldw */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "packet.h"
#include "proxy.h"

/* What the proxy asks of the rest of the tool. */
char *app_owner(const struct app *app, uint32_t address);
char *app_owner(const struct app *app, uint32_t address)
{
    (void)app;
    (void)address;
    return string_copy("somebody");
}

/* Feeds a string; the last event that was not PACKET_NOTHING. */
static enum packet_event feed(struct packet_reader *reader, const char *bytes)
{
    enum packet_event last = PACKET_NOTHING;

    for (; *bytes != '\0'; bytes++) {
        enum packet_event event = packet_feed(reader, (uint8_t)*bytes);

        last = event == PACKET_NOTHING ? last : event;
    }
    return last;
}

/* ---- packets ---- */

static void test_good(void **state)
{
    struct packet_reader reader = {.length = 0};

    (void)state;
    assert_int_equal(feed(&reader, "+-++$g#67"), PACKET_GOOD);
    assert_string_equal(reader.body, "g");
    assert_int_equal(feed(&reader, "$#00"), PACKET_GOOD);
    assert_int_equal(reader.length, 0);
    assert_int_equal(feed(&reader, "$qC"), PACKET_NOTHING);
    assert_true(packet_inside(&reader));
    assert_int_equal(feed(&reader, "#B4"), PACKET_GOOD); /* digits of either kind */
    assert_string_equal(reader.body, "qC");
    assert_false(packet_inside(&reader));
    assert_int_equal(feed(&reader, "\x03"), PACKET_INTERRUPT);
}

static void test_damaged(void **state)
{
    struct packet_reader reader = {.length = 0};

    (void)state;
    assert_int_equal(feed(&reader, "$g#68"), PACKET_DAMAGED);
    assert_int_equal(feed(&reader, "$g#6x"), PACKET_DAMAGED);
    assert_int_equal(feed(&reader, "$g#x7"), PACKET_DAMAGED);
    assert_int_equal(feed(&reader, "$gar\003ba$g#67"), PACKET_GOOD); /* a new one begins at its $ */
    assert_string_equal(reader.body, "g");
    assert_int_equal(feed(&reader, "$g#$g#67"), PACKET_GOOD);
    assert_int_equal(feed(&reader, "noise#67"), PACKET_NOTHING);
}

static void test_long(void **state)
{
    static char body[PACKET_MAX + 1];
    struct packet_reader reader = {.length = 0};
    struct text out = {0};

    (void)state;
    memset(body, 'm', sizeof body);
    packet_add(&out, body, PACKET_MAX);
    assert_int_equal(feed(&reader, out.data), PACKET_GOOD);
    assert_int_equal(reader.length, PACKET_MAX);
    text_free(&out);
    packet_add(&out, body, PACKET_MAX + 1);
    assert_int_equal(feed(&reader, out.data), PACKET_DAMAGED);
    text_free(&out);
    assert_int_equal(feed(&reader, "$g#67"), PACKET_GOOD);
}

static void test_hex(void **state)
{
    uint8_t bytes[2];
    uint32_t value;
    const char *at = "12aBz";

    (void)state;
    assert_true(hex_number(&at, &value));
    assert_int_equal(value, 0x12ab);
    assert_string_equal(at, "z");
    assert_false(hex_number(&at, &value));
    at = "123456789"; /* more than 32 bits */
    assert_false(hex_number(&at, &value));
    assert_true(hex_bytes("0aFF", bytes, 2));
    assert_int_equal(bytes[1], 0xFF);
    assert_false(hex_bytes("0a0", bytes, 2)); /* the terminator is no digit */
    assert_false(hex_bytes("", bytes, 1));
}

/* ---- the proxy, behind which there is nobody ---- */

static struct app_task tasks[2] = {{.name = "low"}, {.name = "high"}};
static struct app app = {.name = "test", .tasks = tasks, .task_count = 2};
static struct remote remote;
static struct proxy proxy;

/* As after proxy_open, but no image and no server. */
static void proxy_make(void)
{
    memset(&proxy, 0, sizeof proxy);
    memset(&remote, 0, sizeof remote);
    remote.socket = -1;
    remote.stopped = true;
    proxy.target.app = &app;
    proxy.target.remote = &remote;
    proxy.target.threads.app = &app;
    proxy.target.threads.tasks = 2;
    proxy.target.threads.running = 2;
    proxy_greet(&proxy);
}

/* The answer to one packet, without + and frame; on the heap. */
static char *ask(const char *body)
{
    struct text packet = {0};
    struct text out = {0};
    struct packet_reader reader = {.length = 0};

    packet_add(&packet, body, strlen(body));
    proxy_feed(&proxy, (const uint8_t *)packet.data, packet.length, &out);
    text_free(&packet);
    assert_int_equal(text_string(&out)[0], '+');
    enum packet_event event = feed(&reader, text_string(&out));
    text_free(&out);
    return event == PACKET_GOOD ? string_copy(reader.body) : string_copy("nothing");
}

static void expect(const char *body, const char *answer)
{
    char *got = ask(body);

    assert_string_equal(got, answer);
    free(got);
}

static void test_threads(void **state)
{
    (void)state;
    proxy_make();
    expect("qfThreadInfo", "m1,2,3");
    expect("qsThreadInfo", "l");
    expect("qC", "QC3");
    expect("T2", "OK");
    expect("T4", "E01");
    expect("T", "E01");
    expect("H", "E01");
    expect("Hg1", "OK");
    expect("Hg-1", "OK");
    expect("Hgx", "E01");
    expect("qThreadExtraInfo,1", "6c6f773a20756e6b6e6f776e"); /* low: unknown */
    expect("qThreadExtraInfo,9", "E01");
    expect("qXfer:threads:read::0,10", "m<?xml version=\"1");
    expect("qXfer:threads:read::fff,10", "l");
    expect("qXfer:threads:read::0", "E00");
    expect("?", "T05thread:3;");
    proxy_close(&proxy);
}

static void test_refused(void **state)
{
    static const char *const bad[] = {"m",     "m0",     "m0,",     "m0,fffff", "M0,1",
                                      "M0,1:", "M0,1:0", "M0,1:0g", "p",        "px"};

    (void)state;
    proxy_make();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect(bad[i], "E00");
    }
    expect("m0,4", "E01"); /* nobody answers */
    expect("g", "E01");
    expect("p0", "E01");
    expect("Z0,0,2", "E01");
    expect("vCont;x", "E00");
    expect("vCont;", "E00");
    expect("vCont;s:9", "E01");
    expect("vCont;c", "E01");
    expect("c", "E01");
    expect("s", "E01");
    expect("vMustReplyEmpty", "");
    expect("X0,0:", "");
    expect("!", "");
    expect("", "");
    expect("D", "OK");
    assert_true(proxy.detached);
    proxy_greet(&proxy);
    expect("k", "nothing");
    assert_true(proxy.killed);
    proxy_close(&proxy);
}

/* Bytes that look a little like packets, from a fixed sequence. */
static void test_garbage(void **state)
{
    static const char letters[] = "$#+-\x03gGpPmMcCsSHTqQvzZ?kD!,;:0123456789abcdefxCont,thread";
    static const char *const starts[] = {
        "vCont;", "qXfer:threads:read::", "qThreadExtraInfo,", "m", "M", "p", "H", "Z0,"};
    uint32_t seed = 1;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        struct text body = {0};
        struct text packet = {0};
        struct text out = {0};
        seed = seed * 1664525u + 1013904223u;
        text_add(&body, starts[(seed >> 8) % (sizeof starts / sizeof starts[0])]);
        for (unsigned n = (seed >> 16) % 24; n > 0; n--) {
            seed = seed * 1664525u + 1013904223u;
            text_add_bytes(&body, &letters[(seed >> 10) % (sizeof letters - 1)], 1);
        }
        if (round % 64 == 0) {
            proxy_make();
        }
        if (round % 2 == 0) {
            packet_add(&packet, body.data, body.length);
        } else {
            text_add_bytes(&packet, body.data, body.length);
        }
        text_free(&body);
        proxy_feed(&proxy, (const uint8_t *)packet.data, packet.length, &out);
        proxy_poll(&proxy, &out);
        text_free(&packet);
        text_free(&out);
        if (round % 64 == 63 || proxy.killed) {
            proxy_close(&proxy);
            proxy_make();
        }
    }
    proxy_close(&proxy);
}

/* ---- a server that has answered already ---- */

/* Whoever speaks to the remote finds these bytes. Returns the server's end. */
static int server_make(const char *answers)
{
    int ends[2];

    proxy_make();
    remote.timeout_s = 1;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(write(ends[1], answers, strlen(answers)), (ssize_t)strlen(answers));
    remote.socket = ends[0];
    return ends[1];
}

static void server_end(int server)
{
    close(server);
    remote_close(&remote);
}

/* What the server prints comes before its answer, and does not stay behind for the next command. */
static void test_console(void **state)
{
    const char *packet = "$qRcmd,68#91";
    struct text out = {0};
    int server = server_make("+$O6869#2c$O0a#e0$OK#9a");

    (void)state;
    proxy_feed(&proxy, (const uint8_t *)packet, strlen(packet), &out);
    assert_string_equal(text_string(&out), "+$O6869#2c$O0a#e0$OK#9a");
    text_free(&out);
    server_end(server);

    server = server_make("+$O6869#2c$m1#9e"); /* of a log, between two packets */
    assert_true(remote_command(&remote, "g"));
    assert_string_equal(remote.reader.body, "m1");
    server_end(server);
}

/* gdb's breakpoints are known, for a server may refuse a second one at the same place. */
static void test_points(void **state)
{
    int server = server_make("+$OK#9a+$OK#9a+$E0e#da+$OK#9a+$#00+$OK#9a+$OK#9a");

    (void)state;
    expect("Z1,8000,2", "OK");
    expect("Z0,9000,2", "OK");
    assert_false(proxy.refused);
    expect("Z1,a000,2", "E0e"); /* no more of them */
    assert_true(proxy.refused);
    assert_int_equal(proxy.refused_at, 0xa000);
    expect("Z2,b000,4", "OK"); /* a watchpoint */
    expect("Z1,c000,2", "");   /* not known */
    assert_int_equal(proxy.point_count, 2);
    assert_int_equal(proxy.points[0], 0x8000);
    assert_int_equal(proxy.points[1], 0x9000);
    expect("z1,8000,2", "OK");
    assert_int_equal(proxy.point_count, 1);
    assert_int_equal(proxy.points[0], 0x9000);
    expect("z0,9000,2", "OK");
    assert_int_equal(proxy.point_count, 0);
    server_end(server);
    proxy_close(&proxy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),    cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_long),    cmocka_unit_test(test_hex),
        cmocka_unit_test(test_threads), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_garbage), cmocka_unit_test(test_console),
        cmocka_unit_test(test_points),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
