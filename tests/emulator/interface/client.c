/* client: every operation through its typed call, with the edges of each type. The unit tests have
 * more of them; here it is the processor that carries the words. */
#include "../common/check.h"

#include "app.h" /* DESK, the calls of desk.toml */

static void numbers_check(void)
{
    uint8_t a = 0;
    uint16_t b = 0;
    uint32_t c = 0;
    uint64_t d = 0;
    int8_t sa = 0;
    int16_t sb = 0;
    int32_t sc = 0;
    int64_t sd = 0;
    CHECK_ERROR(desk_unsigned_all(DESK, UINT8_MAX, 1, UINT32_MAX, UINT64_MAX - 1, &a, &b, &c, &d,
                                  K5_FOREVER),
                K5_OK);
    CHECK(a == UINT8_MAX && b == 1 && c == UINT32_MAX && d == UINT64_MAX - 1);
    CHECK_ERROR(
        desk_signed_all(DESK, INT8_MIN, -1, INT32_MIN, INT64_MIN, &sa, &sb, &sc, &sd, K5_FOREVER),
        K5_OK);
    CHECK(sa == INT8_MIN && sb == -1 && sc == INT32_MIN && sd == INT64_MIN);
}

static void choices_check(void)
{
    bool off = true;
    enum desk_mode mode = DESK_MODE_SAME;
    enum desk_code code = DESK_CODE_LEAST;
    enum desk_wide wide = DESK_WIDE_NONE;
    CHECK_ERROR(desk_choose(DESK, true, DESK_MODE_TURNED, DESK_CODE_MIDDLE, DESK_WIDE_ALL, &off,
                            &mode, &code, &wide, K5_FOREVER),
                K5_OK);
    CHECK(!off && mode == DESK_MODE_TURNED && code == DESK_CODE_MIDDLE && wide == DESK_WIDE_ALL);
    CHECK_ERROR(desk_choose(DESK, true, (enum desk_mode)2, DESK_CODE_MOST, DESK_WIDE_NONE, &off,
                            &mode, &code, &wide, K5_FOREVER),
                K5_ERR_BAD_ARGUMENT);
    CHECK(mode == DESK_MODE_TURNED && code == DESK_CODE_MIDDLE); /* as they were */
    CHECK_ERROR(desk_lie(DESK, 0x101, &mode, &off, K5_FOREVER), K5_OK);
    CHECK_ERROR(desk_lie(DESK, 0x102, &mode, &off, K5_FOREVER), K5_ERR_BAD_ANSWER);
}

static void composed_check(void)
{
    static const uint8_t key[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xFF};
    static const struct desk_box box = {{-2, INT16_MAX}, DESK_MODE_TURNED, true, {0x80, 0x7F}};
    static const struct desk_point points[4] = {{1, -1}, {INT16_MAX, 2}, {3, INT16_MIN}, {4, 4}};
    uint8_t turned[16] = {0};
    struct desk_box back = {0};
    uint16_t halves[2] = {0};
    int32_t sums[2] = {0};
    CHECK_ERROR(desk_bytes(DESK, key, turned, K5_FOREVER), K5_OK);
    for (uint32_t i = 0; i < 16; i++) {
        CHECK(turned[i] == key[15 - i]);
    }
    CHECK_ERROR(desk_boxes(DESK, &box, 0x12345678, &back, halves, K5_FOREVER), K5_OK);
    CHECK(back.corner.x == -2 && back.corner.y == INT16_MAX && back.mode == DESK_MODE_TURNED);
    CHECK(back.solid && back.tag[0] == 0x80 && back.tag[1] == 0x7F);
    CHECK(halves[0] == 0x5678 && halves[1] == 0x1234);
    CHECK_ERROR(desk_points(DESK, points, sums, K5_FOREVER), K5_OK);
    CHECK(sums[0] == INT16_MAX + 8 && sums[1] == INT16_MIN + 5);
}

static void errors_check(void)
{
    uint32_t unused = 77;
    CHECK_ERROR(desk_fail(DESK, DESK_OK, &unused, K5_FOREVER), K5_OK);
    CHECK(unused == 1);
    CHECK_ERROR(desk_fail(DESK, DESK_ERR_FULL, &unused, K5_FOREVER), (k5_error)DESK_ERR_FULL);
    CHECK_ERROR(desk_fail(DESK, DESK_ERR_CLOSED, &unused, K5_FOREVER), (k5_error)DESK_ERR_CLOSED);
    CHECK_ERROR(desk_fail(DESK, DESK_ERR_NEVER, &unused, K5_FOREVER), K5_ERR_BAD_ANSWER);
    CHECK_ERROR(desk_fail(DESK, K5_TIMEOUT, &unused, K5_FOREVER), K5_ERR_BAD_ANSWER);
    CHECK(unused == 1);
    CHECK_ERROR(desk_fail(DESK, 0, &unused, K5_POLL), K5_TIMEOUT);
    CHECK(k5_error_is_service(DESK_ERR_FULL) && !k5_error_is_service(K5_TIMEOUT));
    K5_INFO("{}, {}", desk_error_name(DESK_ERR_CLOSED), desk_error_name(K5_ERR_BAD_ANSWER));
}

static void others_check(void)
{
    uint32_t badge = 0;
    uint32_t sum = 0;
    uint32_t count = 0;
    bool answered = false;
    CHECK_ERROR(desk_who(DESK, &badge, K5_FOREVER), K5_OK);
    CHECK(badge != 0);
    CHECK_ERROR(desk_note(DESK, UINT16_MAX, true, K5_FOREVER), K5_OK);
    CHECK_ERROR(desk_note(DESK, 4, false, K5_FOREVER), K5_OK);
    CHECK_ERROR(desk_noted(DESK, &sum, &count, K5_FOREVER), K5_OK);
    CHECK(sum == UINT16_MAX && count == 2);
    CHECK_ERROR(desk_release(DESK, 0x10001, false, &answered, K5_FOREVER), K5_OK);
    CHECK(answered); /* the waiter is more urgent: it has its answer and waits again */
    CHECK_ERROR(desk_release(DESK, 1, true, &answered, K5_FOREVER), K5_OK);
    CHECK(answered);
    CHECK_ERROR(desk_release(DESK, 1, true, &answered, K5_FOREVER), K5_OK);
    CHECK(!answered); /* nobody waits */
}

int main(void)
{
    numbers_check();
    choices_check();
    composed_check();
    errors_check();
    others_check();
    CHECK_END("client");
}
