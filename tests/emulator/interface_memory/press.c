/* The server. */
#include <string.h>

#include "../common/check.h"
#include "app.h"

K5_MSG_BUFFER(PRESS_ARGS_BYTES);
K5_MSG_SLOT(INBOX_SLOT);

static uint8_t own[256];
static uint8_t kept[16];
static uint32_t kept_size;
static uint32_t kept_mark;
static uint32_t waits;
static uint32_t waits_size;

void press_serve_sum(const void *data, uint32_t data_size, uint32_t *total, uint16_t *count)
{
    const uint8_t *byte = data;
    for (uint32_t i = 0; i < data_size; i++) {
        *total += byte[i];
    }
    *count = (uint16_t)data_size;
}

enum press_error press_serve_fill(uint16_t count, uint8_t value, bool jams, const void **bytes,
                                  uint32_t *bytes_size, uint32_t *first, enum press_tone *tone)
{
    memset(own, value, sizeof own);
    *bytes = own;
    *bytes_size = count;
    *first = own[0];
    *tone = PRESS_TONE_DARK;
    return jams ? PRESS_ERR_JAM : PRESS_OK;
}

void press_serve_turn(uint32_t number, enum press_tone tone, const void *text, uint32_t text_size,
                      const void **turned, uint32_t *turned_size, uint32_t *next)
{
    const uint8_t *byte = text;
    for (uint32_t i = 0; i < text_size; i++) {
        own[i] = byte[text_size - 1 - i];
    }
    *turned = own;
    *turned_size = text_size;
    *next = number + (tone == PRESS_TONE_DARK ? 1 : 0);
}

void press_serve_drop(const void *bytes, uint32_t bytes_size, uint32_t mark)
{
    kept_size = bytes_size;
    kept_mark = mark;
    memcpy(kept, bytes, bytes_size);
}

void press_serve_dropped(const void **out, uint32_t *out_size, uint32_t *mark)
{
    *out = kept;
    *out_size = kept_size;
    *mark = kept_mark;
}

void press_serve_later(uint32_t token, const void *ask, uint32_t ask_size)
{
    (void)ask;
    waits = token;
    waits_size = ask_size;
}

void press_serve_release(const void *give, uint32_t give_size, uint32_t *first_error)
{
    CHECK_ERROR(press_reply_later(waits, own, 9, 0), K5_ERR_ARG); /* still waits */
    *first_error = press_reply_later(waits, give, give_size, waits_size);
}

void press_serve_count(const struct k5_loan *page, uint8_t value, uint32_t skip, uint32_t *found,
                       uint32_t *rights)
{
    const uint8_t *byte = page->base;
    for (uint32_t i = skip; i < page->size; i++) {
        *found += byte[i] == value ? 1 : 0;
    }
    *rights = page->rights;
}

void press_serve_ink(const struct k5_loan *page, uint8_t value, const enum press_tone tones[7],
                     uint32_t *done)
{
    uint8_t *byte = page->base;
    for (uint32_t i = 0; i < page->size; i++) {
        byte[i] = (uint8_t)(value + tones[i % 7]);
    }
    *done = page->size;
}

void press_serve_stamp(const struct k5_loan *page, uint32_t at, const void *mark,
                       uint32_t mark_size, bool *fits)
{
    *fits = k5_loan_write(page, at, mark, mark_size);
}

void press_serve_seal(const struct k5_loan *page, bool right, uint32_t a, uint32_t b, bool *came,
                      uint32_t *sum)
{
    *(uint32_t *)page->base = a;
    *came = right;
    *sum = a + b;
}

int main(void)
{
    press_serve(PRESS_SERVE);
}
