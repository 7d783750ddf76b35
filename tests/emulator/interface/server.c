/* server: one function for each operation of desk.toml; most hand back what they get. */
#include <k5/k5.h>

#include "app.h" /* DESK_SERVE, desk_serve() */

static uint32_t noted_sum;
static uint32_t noted_count;

/* The call of wait_for that is not answered yet. */
static uint32_t waiting;
static uint32_t waiting_number;

void desk_serve_unsigned_all(uint8_t a, uint16_t b, uint32_t c, uint64_t d, uint8_t *a_back,
                             uint16_t *b_back, uint32_t *c_back, uint64_t *d_back)
{
    *a_back = a;
    *b_back = b;
    *c_back = c;
    *d_back = d;
}

void desk_serve_signed_all(int8_t a, int16_t b, int32_t c, int64_t d, int8_t *a_back,
                           int16_t *b_back, int32_t *c_back, int64_t *d_back)
{
    *a_back = a;
    *b_back = b;
    *c_back = c;
    *d_back = d;
}

void desk_serve_choose(bool on, enum desk_mode mode, enum desk_code code, enum desk_wide wide,
                       bool *off, enum desk_mode *mode_back, enum desk_code *code_back,
                       enum desk_wide *wide_back)
{
    *off = !on;
    *mode_back = mode;
    *code_back = code;
    *wide_back = wide;
}

void desk_serve_bytes(const uint8_t key[16], uint8_t turned[16])
{
    for (uint32_t i = 0; i < 16; i++) {
        turned[i] = key[15 - i];
    }
}

void desk_serve_boxes(const struct desk_box *first, uint32_t number, struct desk_box *second,
                      uint16_t numbers[2])
{
    *second = *first;
    numbers[0] = (uint16_t)number;
    numbers[1] = (uint16_t)(number >> 16);
}

void desk_serve_points(const struct desk_point points[4], int32_t sums[2])
{
    for (uint32_t i = 0; i < 4; i++) {
        sums[0] += points[i].x;
        sums[1] += points[i].y;
    }
}

void desk_serve_who(uint32_t badge, uint32_t *badge_seen)
{
    *badge_seen = badge;
}

enum desk_error desk_serve_fail(uint32_t how, uint32_t *unused)
{
    *unused = how + 1;
    return (enum desk_error)how;
}

/* An answer that no such function should make. */
void desk_serve_lie(uint32_t word, enum desk_mode *mode, bool *on)
{
    *mode = (enum desk_mode)(word & 0xFF);
    *on = word >> 8 != 0;
}

void desk_serve_note(uint32_t badge, uint16_t number, bool on)
{
    noted_sum += on ? number : 0;
    noted_count += badge != 0 ? 1 : 0;
}

void desk_serve_noted(uint32_t *sum, uint32_t *count)
{
    *sum = noted_sum;
    *count = noted_count;
}

void desk_serve_wait_for(uint32_t token, uint32_t badge, uint32_t number)
{
    waiting = badge != 0 ? token : 0;
    waiting_number = number;
}

void desk_serve_release(uint32_t factor, bool close, bool *answered)
{
    enum desk_error error = close ? DESK_ERR_CLOSED : DESK_OK;
    uint64_t product = (uint64_t)waiting_number * factor;
    struct desk_point at = {.x = -1, .y = INT16_MIN};
    *answered = desk_reply_wait_for(waiting, error, product, &at) == K5_OK;
}

int main(void)
{
    desk_serve(DESK_SERVE);
}
