/* What OpenOCD may answer, and what the readers make of it: numbers, the ring, option bytes, pages.
 * A child speaks OpenOCD's side of the channel: right answers, or such with random changes. */
/* build: tool/openocd.c tool/ring.c tool/flash_options.c tool/flash_pages.c tool/util.c */
/* build: tool/process.c -Iabi */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flash_options.h"
#include "flash_pages.h"
#include "k5_log_abi.h"
#include "layout.h"
#include "ring.h"
#include "usb.h"

#define ROUNDS 120u
#define RING   0x20000000u
#define DATA   (uint32_t)(K5_LOG_RTT_TOTAL - K5_LOG_RTT_DATA)
#define PAGE   64u
#define PAGES  8u /* two runs of the same length */
#define END    '\x1A'

/* ---- what the readers ask of the rest of the tool ---- */

const char *usb_check(const char *kind, const char *serial, const char *board, bool quiet)
{
    (void)kind;
    (void)serial;
    (void)board;
    (void)quiet;
    return NULL;
}

bool layout_open(const char *elf, struct layout *layout)
{
    (void)elf;
    (void)layout;
    return true;
}

bool layout_find(const struct layout *layout, const char *variable, const char *path,
                 struct layout_member *member)
{
    (void)layout;
    (void)path;
    *member = (struct layout_member){.address = RING, .size = K5_LOG_RTT_TOTAL, .count = 1};
    return strcmp(variable, "log_ring") == 0;
}

void layout_close(struct layout *layout)
{
    (void)layout;
}

bool probe_board_offset(const struct probe_board *board, uint32_t address, uint32_t *offset)
{
    *offset = address - board->nonsecure;
    return *offset < board->size;
}

char *app_owner(const struct app *app, uint32_t address)
{
    (void)app;
    return string_format("owner of page %u", address / PAGE % PAGES);
}

/* ---- OpenOCD's side ---- */

static uint32_t state;

static uint32_t random_below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}

static uint32_t ring_write = 2000; /* what the ring says of itself */

static uint8_t memory_at(uint32_t address)
{
    static const uint8_t id[16] = "SEGGER RTT";
    uint32_t at = address - RING;
    uint32_t word = at / 4 * 4 == K5_LOG_RTT_BUFFER  ? RING + K5_LOG_RTT_DATA
                    : at / 4 * 4 == K5_LOG_RTT_SIZE  ? DATA
                    : at / 4 * 4 == K5_LOG_RTT_WRITE ? ring_write
                                                     : 0u;
    if (at < sizeof id) {
        return id[at];
    }
    return at < K5_LOG_RTT_DATA ? (uint8_t)(word >> 8 * (at % 4)) : (uint8_t)(address * 7u);
}

static void read_answer(struct text *out, const char *command)
{
    unsigned address = 0;
    unsigned bits = 8;
    unsigned count = 0;
    (void)sscanf(command, "read_memory %x %u %u", &address, &bits, &count);
    for (unsigned i = 0; i < count; i++) {
        uint32_t value = 0;
        for (unsigned b = 0; b < bits / 8; b++) {
            value |= (uint32_t)memory_at(address + i * (bits / 8) + b) << 8 * b;
        }
        text_addf(out, "%s0x%x", i > 0 ? " " : "", value);
    }
}

/* With `damage` now and then too short, too long, or not at all. */
static void file_answer(const char *command, bool damage)
{
    char path[256] = "";
    unsigned address = 0;
    unsigned length = 0;
    uint8_t bytes[PAGE * PAGES + 64];
    (void)sscanf(command, "dump_image {%255[^}]} %x %u", path, &address, &length);
    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = memory_at(address + i);
    }
    if (damage && random_below(3) == 0) {
        length = random_below(sizeof bytes);
    }
    if (!damage || random_below(4) != 0) {
        (void)file_write(path, bytes, length);
    }
}

static void answer_damage(struct text *out)
{
    static const char *const pieces[] = {
        "0x100000000", "-1",   "  ", "\n", "0x",   "99999999999999999",
        "{",           "\x1A", "1 ", "0 ", "\xFF", "0x5 0x5 0x5"};
    size_t at = random_below((uint32_t)out->length);
    const char *piece = pieces[random_below(sizeof pieces / sizeof pieces[0])];
    struct text next = {0};
    switch (random_below(4)) {
    case 0: out->data[at] = (char)random_below(256); return;
    case 1: out->data[out->length = at] = '\0'; return;
    default:
        text_add_bytes(&next, out->data, at);
        text_add(&next, piece);
        text_add(&next, out->data + at);
        text_free(out);
        *out = next;
    }
}

/* One command; what is wrong with its answer is up to chance. Does not return at the end. */
static void command_serve(int channel, const char *command, bool damage)
{
    struct text out = {0};
    const char *inner = strchr(command, '{');
    const char *body = inner != NULL ? inner + 1 : command;
    damage = damage && random_below(4) == 0;
    text_add(&out, "0 ");
    if (string_starts(body, "read_memory")) {
        read_answer(&out, body);
    } else if (string_starts(body, "dump_image")) {
        file_answer(body, damage);
    }
    if (damage && random_below(2) == 0) {
        answer_damage(&out);
    }
    if (string_starts(command, "shutdown") || (damage && random_below(6) == 0)) {
        _exit(0);
    }
    text_add(&out, "\x1A");
    (void)send(channel, out.data, out.length, MSG_NOSIGNAL);
    text_free(&out);
}

static _Noreturn void child_serve(int channel, bool damage)
{
    char bytes[8192];
    size_t length = 0;
    for (;;) {
        ssize_t got = read(channel, bytes + length, sizeof bytes - length - 1);
        if (got <= 0) {
            _exit(0);
        }
        length += (size_t)got;
        if (bytes[length - 1] == END) {
            bytes[length] = '\0';
            command_serve(channel, bytes, damage);
            length = 0;
        }
    }
}

static void fake_start(struct openocd *openocd, bool damage)
{
    int ends[2];
    char folder[] = "/tmp/k5-unit.XXXXXX";
    *openocd = (struct openocd){.state = OPENOCD_RUNS};
    assert_non_null(mkdtemp(folder));
    openocd->folder = string_copy(folder);
    openocd->log = path_join(folder, "openocd.log");
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    openocd->pid = fork();
    if (openocd->pid == 0) {
        close(ends[0]);
        child_serve(ends[1], damage);
    }
    close(ends[1]);
    openocd->channel = ends[0];
}

/* ---- numbers ---- */

static size_t numbers(const char *answer, uint32_t *out, size_t most)
{
    struct openocd openocd = {0};
    text_add(&openocd.answer, answer);
    size_t count = openocd_numbers(&openocd, out, most);
    text_free(&openocd.answer);
    return count;
}

static void test_numbers(void **unused)
{
    static const char *const wrong[] = {"",      "0x",    "-1",       "0x100000000", "1,2",
                                        "1 2 x", "1 2 3", "nonsense", "0x12zz",      "1\n2"};
    uint32_t out[2] = {0};
    (void)unused;
    assert_int_equal(numbers("0xFFFFFFFF 16", out, 2), 2);
    assert_int_equal(out[0], UINT32_MAX);
    assert_int_equal(out[1], 16);
    assert_int_equal(numbers("0x0 ", out, 2), 1);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(numbers(wrong[i], out, 2), 0);
    }
}

/* ---- the readers ---- */

static struct app app = {.board = {.name = "desk"}};
static struct probe_option options_wanted[2] = {{"A", "a", 0x40, 0xFF, 0x12},
                                                {"B", "b", 0x50, 0x7F, 0x34}};
static const struct probe_board board = {.name = "desk",
                                         .nonsecure = RING,
                                         .secure = RING,
                                         .size = PAGE * PAGES,
                                         .page = PAGE,
                                         .registers = RING + 0x400,
                                         .options = options_wanted,
                                         .option_count = 2};

static enum ring_state ring_try(struct openocd *openocd)
{
    struct ring ring;
    struct text bytes = {0};
    assert_true(ring_open(&ring, &app));
    assert_int_equal(ring.base, RING);
    enum ring_state result = ring_attach(&ring, openocd);
    for (int look = 0; look < 2 && result != RING_LOST; look++) {
        bytes.length = 0;
        result = ring_read(&ring, openocd, &bytes);
        assert_in_range(bytes.length, 0, DATA);
        assert_true(!ring.placed || ring.next < DATA);
        assert_true(result == RING_GOOD || bytes.length == 0);
    }
    text_free(&bytes);
    return result;
}

/* A ring that cannot be is none: nothing is read by what it says. */
static void test_ring(void **unused)
{
    static const uint32_t wrong[] = {DATA, DATA + 1, UINT32_MAX};
    struct openocd openocd;
    (void)unused;
    for (size_t i = 0; i <= sizeof wrong / sizeof wrong[0]; i++) {
        ring_write = i < sizeof wrong / sizeof wrong[0] ? wrong[i] : DATA - 1;
        fake_start(&openocd, false);
        assert_int_equal(ring_try(&openocd), ring_write < DATA ? RING_GOOD : RING_NONE);
        openocd_stop(&openocd);
    }
    ring_write = 2000;
}

static bool options_try(struct openocd *openocd)
{
    struct flash_options options;
    bool good = flash_options_read(&options, &board, openocd);
    assert_true(options.differ <= board.option_count);
    flash_options_free(&options);
    return good;
}

/* True if the pages were read and are what the child has. */
static bool pages_try(struct openocd *openocd, const char *part)
{
    struct app_part parts[1] = {{.memory = "code", .path = (char *)part, .base = RING}};
    struct app other = {.parts = parts, .part_count = 1};
    struct flash_pages pages;
    assert_true(pages_make(&other, &board, &pages));
    bool good = pages_read(&pages, openocd, false);
    for (size_t i = 0; good && i < pages.count; i++) {
        for (uint32_t at = 0; at < PAGE; at++) {
            assert_int_equal(pages.items[i].found[at], memory_at(pages.items[i].address + at));
        }
    }
    char *owners = pages_owners(&pages, &other);
    assert_true(!good || strstr(owners, "owner of page") != NULL);
    free(owners);
    pages_free(&pages);
    return good;
}

static void test_readers(void **unused)
{
    unsigned good = 0;
    unsigned lost = 0;
    char part[] = "/tmp/k5-unit-part.XXXXXX";
    int file = mkstemp(part);
    (void)unused;
    assert_int_equal(write(file, part, 20), 20);
    assert_int_equal(ftruncate(file, (off_t)(PAGE * PAGES)), 0);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct openocd openocd;
        state = 2463534242u + round * 7919u;
        fake_start(&openocd, round > 0);
        bool all = ring_try(&openocd) == RING_GOOD;
        all = options_try(&openocd) && all;
        all = pages_try(&openocd, part) && all;
        assert_true(all || round > 0);
        good += all;
        lost += !all;
        openocd_stop(&openocd);
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left behind */
    }
    close(file);
    unlink(part);
    assert_in_range(good, ROUNDS / 20, ROUNDS); /* the changes leave some whole, and spoil many */
    assert_in_range(lost, ROUNDS / 20, ROUNDS);
}

/* ---- the channel ---- */

static char said_once[16];

static enum openocd_state answer_of(const char *bytes, size_t length, double limit_s)
{
    struct openocd openocd = {.state = OPENOCD_RUNS, .log = string_copy("/nonexistent")};
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    openocd.pid = fork();
    if (openocd.pid == 0) {
        (void)pause();
        _exit(0);
    }
    openocd.channel = ends[0];
    assert_int_equal(send(ends[1], bytes, length, MSG_NOSIGNAL), (ssize_t)length);
    bool good = openocd_command(&openocd, limit_s, "version");
    enum openocd_state result = openocd.state;
    assert_true(good == (result == OPENOCD_RUNS));
    (void)snprintf(said_once, sizeof said_once, "%s", text_string(&openocd.answer));
    openocd_stop(&openocd);
    close(ends[1]);
    return result;
}

static void test_channel(void **unused)
{
    (void)unused;
    assert_int_equal(answer_of("0 ready\x1A", 8, 5), OPENOCD_RUNS);
    assert_string_equal(said_once, "ready");
    assert_int_equal(answer_of("0\x1A", 2, 5), OPENOCD_RUNS);
    assert_string_equal(said_once, "");
    assert_int_equal(answer_of("1 no\x1A", 5, 5), OPENOCD_REFUSED);
    assert_int_equal(answer_of("\x1A", 1, 5), OPENOCD_REFUSED);
    assert_int_equal(answer_of("0 a\x1A more", 9, 5), OPENOCD_DIED); /* out of step for ever */
    assert_int_equal(answer_of("0 never ends", 12, 0.1), OPENOCD_HUNG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_channel),
        cmocka_unit_test(test_ring),
        cmocka_unit_test(test_readers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
