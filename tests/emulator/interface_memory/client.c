/* The calls, with the edges of each size. */
#include <string.h>

#include "../common/check.h"
#include "app.h"

K5_MSG_BUFFER(PRESS_REPLY_BYTES);

static K5_LENDABLE uint8_t page[128];
static K5_LENDABLE const uint8_t constant[32] = {3, 3, 4};
static uint8_t bytes[80];

static void bytes_there(void)
{
    uint32_t total = 99;
    uint16_t count = 99;
    memset(bytes, 2, sizeof bytes);
    CHECK_ERROR(press_sum(PRESS, bytes, 64, &total, &count, K5_FOREVER), K5_OK);
    CHECK(total == 128 && count == 64);
    CHECK_ERROR(press_sum(PRESS, bytes, 65, &total, &count, K5_FOREVER), K5_ERR_ARG);
    CHECK_ERROR(press_sum(PRESS, bytes, UINT32_MAX, &total, &count, K5_FOREVER), K5_ERR_ARG);
    CHECK_ERROR(press_sum(PRESS, (void *)0x10000000u, 4, &total, &count, K5_FOREVER),
                K5_ERR_BAD_BUFFER);
    CHECK(total == 128 && count == 64);
    CHECK_ERROR(press_sum(PRESS, NULL, 0, &total, &count, K5_FOREVER), K5_OK);
    CHECK(total == 0 && count == 0);
    CHECK_ERROR(press_drop(PRESS, "sixteen letters", 16, 5, K5_FOREVER), K5_OK);
    CHECK_ERROR(press_drop(PRESS, bytes, 17, 6, K5_FOREVER), K5_ERR_ARG);
}

static void bytes_back(void)
{
    static uint8_t came[64];
    uint32_t size = 99;
    uint32_t first = 99;
    enum press_tone tone = PRESS_TONE_LIGHT;
    CHECK_ERROR(press_fill(PRESS, 32, 7, false, came, &size, &first, &tone, K5_FOREVER), K5_OK);
    CHECK(size == 32 && came[0] == 7 && came[31] == 7 && came[32] == 0);
    CHECK(first == 7 && tone == PRESS_TONE_DARK);
    CHECK_ERROR(press_fill(PRESS, 0, 7, false, came, &size, &first, &tone, K5_FOREVER), K5_OK);
    CHECK(size == 0);
    size = 99;
    CHECK_ERROR(press_fill(PRESS, 32, 8, true, came, &size, &first, &tone, K5_FOREVER),
                PRESS_ERR_JAM);
    CHECK_ERROR(press_fill(PRESS, 33, 8, false, came, &size, &first, &tone, K5_FOREVER),
                K5_ERR_BAD_ANSWER); /* the server's own mistake */
    CHECK(size == 99 && came[0] == 7);
    CHECK_ERROR(press_dropped(PRESS, came, &size, &first, K5_FOREVER), K5_OK);
    CHECK(size == 16 && strcmp((char *)came, "sixteen letters") == 0 && first == 5);
    CHECK_ERROR(press_turn(PRESS, 41, PRESS_TONE_DARK, "abc", 3, came, &size, &first, K5_FOREVER),
                K5_OK);
    CHECK(size == 3 && memcmp(came, "cba", 3) == 0 && first == 42);
}

static void lent(void)
{
    uint32_t found = 99;
    uint32_t rights = 99;
    bool fits = false;
    static const enum press_tone tones[7] = {0, 1, 0, 1, 1, 0, 1};
    CHECK_ERROR(press_count(PRESS, constant, 32, 3, 1, &found, &rights, K5_FOREVER), K5_OK);
    CHECK(found == 1 && rights == K5_MEM_READ);
    CHECK_ERROR(press_count(PRESS, constant, 31, 3, 1, &found, &rights, K5_FOREVER), K5_ERR_ARG);
    CHECK_ERROR(press_count(PRESS, constant, 0, 3, 1, &found, &rights, K5_FOREVER), K5_ERR_ARG);
    CHECK_ERROR(press_ink(PRESS, page, 64, 9, tones, &found, K5_FOREVER), K5_OK);
    CHECK(found == 64 && page[0] == 9 && page[1] == 10 && page[63] == 9 && page[64] == 0);
    CHECK_ERROR(press_ink(PRESS, page, 32, 5, tones, &found, K5_FOREVER), K5_ERR_BAD_ARGUMENT);
    CHECK(found == 64 && page[0] == 9);
    CHECK_ERROR(press_stamp(PRESS, page, 128, 120, "eightby", 8, &fits, K5_FOREVER), K5_OK);
    CHECK(fits && strcmp((char *)&page[120], "eightby") == 0);
    CHECK_ERROR(press_stamp(PRESS, page, 128, 121, "eightby", 8, &fits, K5_FOREVER), K5_OK);
    CHECK(!fits);
    CHECK_ERROR(press_stamp(PRESS, page, 128, 0, bytes, 33, &fits, K5_FOREVER), K5_ERR_ARG);
}

static void sealed(void)
{
    bool came = false;
    uint32_t sum = 0;
    CHECK_ERROR(press_seal(PRESS, page, 32, K5_SLOT(PRESS_SIGNAL), 30, 12, &came, &sum, K5_FOREVER),
                K5_OK);
    CHECK(came && sum == 42 && page[0] == 30);
    CHECK_ERROR(press_seal(PRESS, page, 32, K5_NO_SLOT, 1, 2, &came, &sum, K5_FOREVER), K5_OK);
    CHECK(!came && sum == 3);
}

int main(void)
{
    uint32_t error = 99;
    bytes_there();
    bytes_back();
    lent();
    sealed();
    CHECK_ERROR(press_release(PRESS, "eightby", 8, &error, K5_FOREVER), K5_OK);
    CHECK(error == K5_OK);
    CHECK_END("client");
}
