/* The generated functions of an interface on the host: what a client gives reaches the server, and
 * back, with the edges of each type; forged words and labels are refused. The headers are the
 * golden copies (tests/golden), so what is tested is what the tool writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/golden/expected/interface-desk.h.txt"
/* in this order, as app.h has them */
#include "tests/golden/expected/interface-desk_client.h.txt"
#include "tests/golden/expected/interface-desk_server.h.txt"

#define DESK ((desk_endpoint){{3}})

/* ---- the kernel: a call is the dispatch of the server ---- */

static struct k5_msg last;    /* the message as the client made it */
static struct k5_msg replied; /* what k5_reply was given */
static struct k5_msg forged;  /* the answer, if `forge` */
static bool forge;
static k5_error transport; /* what the kernel says */
static jmp_buf panicked;
static uint32_t served; /* calls of the server's functions */

k5_error k5_call(k5_endpoint to, struct k5_msg *m, k5_ticks deadline)
{
    assert_int_equal(to.slot, 3);
    assert_int_equal(deadline, 99);
    last = *m;
    if (transport != K5_OK) {
        return transport;
    }
    struct k5_msg taken = *m;
    taken.token = 0x10001;
    taken.badge = 7;
    desk_dispatch(&taken);
    *m = forge ? forged : taken;
    return K5_OK;
}

k5_error k5_send(k5_endpoint to, struct k5_msg *m, k5_ticks deadline)
{
    struct k5_msg taken = *m;
    assert_int_equal(to.slot, 3);
    assert_int_equal(deadline, 99);
    taken.badge = 7;
    desk_dispatch(&taken);
    assert_int_equal(taken.token, 0);
    return transport;
}

k5_error k5_reply(struct k5_msg *m)
{
    replied = *m;
    return K5_OK;
}

k5_error k5_reply_recv(k5_server from, struct k5_msg *m, k5_ticks deadline)
{
    (void)from;
    (void)m;
    (void)deadline;
    return K5_ERR_SLOT;
}

void k5_panic(uint32_t reason)
{
    assert_int_equal(reason, K5_ERR_NO_OPERATION);
    longjmp(panicked, 1);
}

const char *k5_error_name(k5_error error)
{
    return error == K5_TIMEOUT ? "K5_TIMEOUT" : "?";
}

/* ---- the server ---- */

static uint32_t note_sum;
static uint32_t later_token;
static uint32_t later_number;

/* NOLINTNEXTLINE(readability-function-size): a number of each type */
void desk_serve_unsigned_all(uint8_t a, uint16_t b, uint32_t c, uint64_t d, uint8_t *a_back,
                             uint16_t *b_back, uint32_t *c_back, uint64_t *d_back)
{
    served++;
    *a_back = a;
    *b_back = b;
    *c_back = c;
    *d_back = d;
}

/* NOLINTNEXTLINE(readability-function-size): a number of each type */
void desk_serve_signed_all(int8_t a, int16_t b, int32_t c, int64_t d, int8_t *a_back,
                           int16_t *b_back, int32_t *c_back, int64_t *d_back)
{
    served++;
    *a_back = a;
    *b_back = b;
    *c_back = c;
    *d_back = d;
}

/* NOLINTNEXTLINE(readability-function-size): a number of each type */
void desk_serve_choose(bool on, enum desk_mode mode, enum desk_code code, enum desk_wide wide,
                       bool *off, enum desk_mode *mode_back, enum desk_code *code_back,
                       enum desk_wide *wide_back)
{
    served++;
    *off = on;
    *mode_back = mode;
    *code_back = code;
    *wide_back = wide;
}

void desk_serve_bytes(const uint8_t key[16], uint8_t turned[16])
{
    served++;
    for (size_t i = 0; i < 16; i++) {
        assert_int_equal(turned[i], 0); /* nothing of the server's stack */
        turned[i] = key[15 - i];
    }
}

void desk_serve_boxes(const struct desk_box *first, uint32_t number, struct desk_box *second,
                      uint16_t numbers[2])
{
    served++;
    *second = *first;
    numbers[0] = (uint16_t)number;
    numbers[1] = (uint16_t)(number >> 16);
}

void desk_serve_points(const struct desk_point points[4], int32_t sums[2])
{
    served++;
    for (size_t i = 0; i < 4; i++) {
        sums[0] += points[i].x;
        sums[1] += points[i].y;
    }
}

void desk_serve_who(uint32_t badge, uint32_t *badge_seen)
{
    served++;
    *badge_seen = badge;
}

enum desk_error desk_serve_fail(uint32_t how, uint32_t *unused)
{
    served++;
    *unused = 1;
    return (enum desk_error)how;
}

void desk_serve_lie(uint32_t word, enum desk_mode *mode, bool *on)
{
    served++;
    (void)word;
    assert_false(*on); /* results begin as 0 */
    assert_int_equal(*mode, 0);
}

void desk_serve_note(uint32_t badge, uint16_t number, bool on)
{
    served++;
    assert_int_equal(badge, 7);
    note_sum += on ? number : 0;
}

void desk_serve_noted(uint32_t *sum, uint32_t *count)
{
    served++;
    *sum = note_sum;
    *count = 1;
}

void desk_serve_wait_for(uint32_t token, uint32_t badge, uint32_t number)
{
    served++;
    assert_int_equal(badge, 7);
    later_token = token;
    later_number = number;
}

void desk_serve_release(uint32_t factor, bool close, bool *answered)
{
    served++;
    *answered = factor == 1 && close;
}

/* ---- tests ---- */

static const uint64_t edges[] = {0,          1,
                                 0x7F,       0x80,
                                 0xFF,       0x100,
                                 0x7FFF,     0x8000,
                                 0xFFFF,     0x10000,
                                 0x7FFFFFFF, 0x80000000,
                                 0xFFFFFFFF, 0x100000000,
                                 INT64_MAX,  (uint64_t)INT64_MIN,
                                 UINT64_MAX, 0x0102030405060708};
#define EDGES (sizeof edges / sizeof edges[0])

static void unsigned_check(uint8_t a, uint16_t b, uint32_t c, uint64_t d)
{
    uint8_t a_back = 0x55;
    uint16_t b_back = 0x55;
    uint32_t c_back = 0x55;
    uint64_t d_back = 0x55;
    k5_error error = desk_unsigned_all(DESK, a, b, c, d, &a_back, &b_back, &c_back, &d_back, 99);
    assert_int_equal(error, K5_OK);
    assert_true(a_back == a && b_back == b && c_back == c && d_back == d);
}

static void signed_check(int8_t a, int16_t b, int32_t c, int64_t d)
{
    int8_t a_back = 0x55;
    int16_t b_back = 0x55;
    int32_t c_back = 0x55;
    int64_t d_back = 0x55;
    k5_error error = desk_signed_all(DESK, a, b, c, d, &a_back, &b_back, &c_back, &d_back, 99);
    assert_int_equal(error, K5_OK);
    assert_true(a_back == a && b_back == b && c_back == c && d_back == d);
}

/* Each edge in each place, beside each other: no number spills into its neighbour. */
static void test_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGES * EDGES; i++) {
        uint64_t x = edges[i / EDGES];
        uint64_t y = edges[i % EDGES];
        unsigned_check((uint8_t)x, (uint16_t)y, (uint32_t)x, y);
        signed_check((int8_t)x, (int16_t)y, (int32_t)x, (int64_t)y);
    }
}

/* Where things lie is a promise: the manual says it, and traces show it. */
static void test_places(void **state)
{
    (void)state;
    unsigned_check(0x11, 0x2233, 0x44556677, UINT64_C(0x8899AABBCCDDEEFF));
    assert_int_equal(last.label, 1);
    assert_int_equal(last.w[0], 0x22330011);
    assert_int_equal(last.w[1], 0x44556677);
    assert_int_equal(last.w[2], 0xCCDDEEFF);
    assert_int_equal(last.w[3], 0x8899AABB);
    signed_check(-1, -2, -3, -4);
    assert_int_equal(last.w[0], 0xFFFE00FF);
    assert_int_equal(last.w[1], 0xFFFFFFFD);
    assert_int_equal(last.w[2], 0xFFFFFFFC);
    assert_int_equal(last.w[3], 0xFFFFFFFF);
}

static void test_choices(void **state)
{
    static const enum desk_code codes[] = {DESK_CODE_LEAST, DESK_CODE_MIDDLE, DESK_CODE_MOST};
    (void)state;
    for (uint32_t i = 0; i < 24; i++) {
        bool on = i % 2 == 1;
        bool off = !on;
        enum desk_mode mode = i / 2 % 2 == 0 ? DESK_MODE_SAME : DESK_MODE_TURNED;
        enum desk_wide wide = i / 4 % 2 == 0 ? DESK_WIDE_NONE : DESK_WIDE_ALL;
        enum desk_mode mode_back = DESK_MODE_SAME;
        enum desk_code code_back = DESK_CODE_LEAST;
        enum desk_wide wide_back = DESK_WIDE_NONE;
        k5_error error = desk_choose(DESK, on, mode, codes[i / 8], wide, &off, &mode_back,
                                     &code_back, &wide_back, 99);
        assert_int_equal(error, K5_OK);
        assert_true(off == on && mode_back == mode && code_back == codes[i / 8] &&
                    wide_back == wide);
    }
}

static void test_composed(void **state)
{
    static const struct desk_box box = {{INT16_MIN, -1}, DESK_MODE_TURNED, true, {0xFF, 1}};
    static const struct desk_point points[4] = {
        {INT16_MAX, INT16_MIN}, {1, -1}, {INT16_MAX, INT16_MIN}, {0, 5}};
    struct desk_box back = {0};
    uint16_t halves[2] = {0};
    int32_t sums[2] = {0};
    uint8_t key[16];
    uint8_t turned[16] = {0};
    (void)state;
    for (size_t i = 0; i < 16; i++) {
        key[i] = (uint8_t)(0xF0 + i);
    }
    assert_int_equal(desk_bytes(DESK, key, turned, 99), K5_OK);
    assert_int_equal(last.w[3], 0xFFFEFDFC);
    for (size_t i = 0; i < 16; i++) {
        assert_int_equal(turned[i], key[15 - i]);
    }
    assert_int_equal(desk_boxes(DESK, &box, 0x89ABCDEF, &back, halves, 99), K5_OK);
    assert_int_equal(last.w[0], 0xFFFF8000);
    assert_int_equal(last.w[1], 0x01FF0101);
    assert_true(back.corner.x == INT16_MIN && back.corner.y == -1 && back.solid);
    assert_true(back.mode == DESK_MODE_TURNED && back.tag[0] == 0xFF && back.tag[1] == 1);
    assert_true(halves[0] == 0xCDEF && halves[1] == 0x89AB);
    assert_int_equal(desk_points(DESK, points, sums, 99), K5_OK);
    assert_true(sums[0] == 2 * INT16_MAX + 1 && sums[1] == 2 * INT16_MIN + 4);
}

/* A message made by hand, as called or as sent; its answer's label. */
static uint32_t label_of(uint32_t label, uint32_t w0, uint32_t w1, uint32_t token)
{
    struct k5_msg m = {.label = (uint16_t)label, .token = token, .w = {w0, w1}, .badge = 7};
    desk_dispatch(&m);
    return m.label;
}

static void test_refused(void **state)
{
    (void)state;
    served = 0;
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t bad = byte > 1 ? K5_ANSWER_BAD_ARGUMENT : K5_ANSWER_OK;
        assert_int_equal(label_of(DESK_OP_CHOOSE, byte, 0, 1), bad);
        assert_int_equal(label_of(DESK_OP_CHOOSE, byte << 8, 0, 1), bad);
        assert_int_equal(label_of(DESK_OP_BOXES, 0, byte, 1), bad);
        assert_int_equal(label_of(DESK_OP_BOXES, 0, byte << 8, 1), bad);
    }
    for (uint32_t code = 0; code <= 0xFFFF; code++) {
        bool good = code == 0 || code == 300 || code == 0xFFFF;
        assert_int_equal(label_of(DESK_OP_CHOOSE, code << 16, 0, 1),
                         good ? K5_ANSWER_OK : K5_ANSWER_BAD_ARGUMENT);
    }
    assert_int_equal(label_of(DESK_OP_CHOOSE, 0, 0x80000000, 1), K5_ANSWER_BAD_ARGUMENT);
    assert_int_equal(label_of(DESK_OP_CHOOSE, 0, 0x7FFFFFFF, 1), K5_ANSWER_OK);
    assert_int_equal(served, 4 * 2 + 3 + 1); /* none of those that were refused */
}

static void test_labels(void **state)
{
    uint32_t known = 0;
    (void)state;
    for (uint32_t label = 0; label <= 0xFFFF; label++) {
        known += label_of(label, 0, 0, 1) != K5_ANSWER_NO_OPERATION ? 1 : 0;
    }
    assert_int_equal(known, 12); /* of 13, one of which is only sent */
    served = 0;
    note_sum = 0;
    for (uint32_t label = 0; label <= 0xFFFF; label++) {
        (void)label_of(label, 0x5, 0, 0); /* sent */
    }
    assert_int_equal(served, 1);                      /* the one that is to be sent */
    (void)label_of(DESK_OP_NOTE, 0x10005, 0, 0x1234); /* called: not done */
    (void)label_of(DESK_OP_NOTE, 0x20005, 0, 0);      /* a bool of 2 */
    assert_int_equal(served, 1);
    assert_int_equal(note_sum, 0);
    assert_int_equal(desk_note(DESK, 0xFFFF, true, 99), K5_OK);
    assert_int_equal(note_sum, 0xFFFF);
}

/* Bits that nobody looks at are not lost in silence. */
static void test_bits(void **state)
{
    struct k5_msg m = {.flags = K5_FLAG_BITS, .bits = 1};
    (void)state;
    if (setjmp(panicked) == 0) {
        desk_dispatch(&m);
        fail_msg("the bits were taken for a message");
    }
}

static k5_error fail_with(uint32_t how, uint32_t *unused)
{
    return desk_fail(DESK, how, unused, 99);
}

static void test_errors(void **state)
{
    uint32_t unused = 9;
    (void)state;
    assert_int_equal(fail_with(DESK_ERR_FULL, &unused), DESK_ERR_FULL);
    assert_int_equal(fail_with(DESK_ERR_CLOSED, &unused), DESK_ERR_CLOSED);
    assert_int_equal(fail_with(DESK_ERR_NEVER, &unused), K5_ERR_BAD_ANSWER);
    assert_int_equal(fail_with(K5_TIMEOUT, &unused), K5_ERR_BAD_ANSWER);
    assert_int_equal(fail_with(DESK_ERR_FULL + 0x10000, &unused), K5_ERR_BAD_ANSWER);
    assert_int_equal(fail_with(UINT32_MAX, &unused), K5_ERR_BAD_ANSWER);
    transport = K5_ERR_PEER_DIED;
    assert_int_equal(fail_with(DESK_OK, &unused), K5_ERR_PEER_DIED);
    transport = K5_OK;
    assert_int_equal(unused, 9);
    assert_int_equal(fail_with(DESK_OK, &unused), K5_OK);
    assert_int_equal(unused, 1);
    assert_string_equal(desk_error_name(DESK_ERR_CLOSED), "DESK_ERR_CLOSED");
    assert_string_equal(desk_error_name(K5_TIMEOUT), "K5_TIMEOUT");
}

/* A server that is not generated, or hostile: every label, and words that are no value. */
static void test_answers(void **state)
{
    enum desk_mode mode = DESK_MODE_TURNED;
    bool on = true;
    uint32_t unused = 9;
    (void)state;
    forge = true;
    for (uint32_t label = 1; label <= 0xFFFF; label++) {
        forged = (struct k5_msg){.label = (uint16_t)label};
        k5_error error = fail_with(0, &unused);
        bool good = label == 1 || label == 7 || label >= K5_ANSWER_BAD_ARGUMENT;
        assert_int_equal(error, good ? K5_SERVICE_ERROR + label : K5_ERR_BAD_ANSWER);
    }
    for (uint32_t byte = 0; byte < 256; byte++) {
        k5_error expected = byte > 1 ? K5_ERR_BAD_ANSWER : K5_OK;
        forged = (struct k5_msg){.w = {byte}};
        assert_int_equal(desk_lie(DESK, 0, &mode, &on, 99), expected);
        forged = (struct k5_msg){.w = {byte << 8}};
        assert_int_equal(desk_lie(DESK, 0, &mode, &on, 99), expected);
        assert_true(mode <= DESK_MODE_TURNED);
    }
    forge = false;
    assert_int_equal(unused, 9);
}

static void test_later(void **state)
{
    struct k5_msg m = {.label = DESK_OP_WAIT_FOR, .token = 0x4321, .badge = 7, .w = {5}};
    struct desk_point at = {INT16_MIN, INT16_MAX};
    (void)state;
    later_token = 0;
    desk_dispatch(&m);
    assert_int_equal(m.token, 0); /* so that the loop answers nobody */
    assert_int_equal(later_token, 0x4321);
    assert_int_equal(later_number, 5);
    assert_int_equal(desk_reply_wait_for(later_token, DESK_OK, UINT64_MAX - 1, &at), K5_OK);
    assert_int_equal(replied.token, 0x4321);
    assert_int_equal(replied.label, K5_ANSWER_OK);
    assert_int_equal(replied.w[0], 0xFFFFFFFE);
    assert_int_equal(replied.w[1], 0xFFFFFFFF);
    assert_int_equal(replied.w[2], 0x7FFF8000);
    assert_int_equal(desk_reply_wait_for(later_token, DESK_ERR_CLOSED, 0, &at), K5_OK);
    assert_int_equal(replied.label, 7);
    m = (struct k5_msg){.label = DESK_OP_WAIT_FOR, .w = {5}};
    later_token = 0;
    desk_dispatch(&m); /* sent: nobody to answer */
    assert_int_equal(later_token, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_places),
        cmocka_unit_test(test_choices), cmocka_unit_test(test_composed),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_labels),
        cmocka_unit_test(test_errors),  cmocka_unit_test(test_answers),
        cmocka_unit_test(test_later),   cmocka_unit_test(test_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
