/* A decoder for tests: an app with two tasks, three log calls, and an encoder of its own. Included
 * by a test after cmocka.h. */
#ifndef DECODER_FIXTURE_H
#define DECODER_FIXTURE_H

#include <stdint.h>
#include <string.h>

#include "decode.h"
#include "k5_log_abi.h"

/* ---- an encoder of its own, written from abi/k5_log_abi.h ---- */

static inline size_t frame_make(const uint8_t *fields, size_t length, uint8_t *out)
{
    uint32_t sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < length; i += 7) {
        size_t marker = n;

        out[n++] = 0x80;
        for (size_t j = 0; j < 7; j++) {
            uint8_t byte = i + j < length ? fields[i + j] : 0;

            sum += byte * (uint32_t)(2 * (i + j) + 1);
            if (byte == 0) {
                out[marker] |= (uint8_t)(1 << j);
            } else {
                out[n++] = byte;
            }
        }
    }
    out[n++] = (uint8_t)((sum & 0xFF) == 0 ? 1 : sum & 0xFF);
    out[n++] = 0;
    return n;
}

/* ---- an app with two tasks and three log calls ---- */

char *app_owner(const struct app *app, uint32_t address)
{
    (void)app;
    return string_copy(address >= 0x28202000 ? "storage (ram)" : "nobody");
}

static const char strings[] = "\0temp {.1} C from {x}\0main.c\0name \"{}\" big {} f {}\0plain {{}";
#define TEXT_TEMP  1
#define TEXT_FILE  22
#define TEXT_MIXED 29
#define TEXT_PLAIN 51

static const uint8_t records[4][K5_LOG_SITE_SIZE] = {
    {0},
    {TEXT_TEMP, 0, 0, 0, TEXT_FILE, 0, 0, 0, 0x43, 0, 0, 0, 17, 0, K5_LOG_INFO, 2},
    {TEXT_MIXED, 0, 0, 0, TEXT_FILE, 0, 0, 0, 0x9C, 0x06, 0, 0, 18, 0, K5_LOG_ERROR, 3},
    {TEXT_PLAIN, 0, 0, 0, TEXT_FILE, 0, 0, 0, 0, 0, 0, 0, 19, 1, K5_LOG_DEBUG, K5_LOG_VERBATIM},
};

static struct app_task tasks[2];
static struct app app;
static struct decoder decoder;

static inline int setup(void **state)
{
    (void)state;
    tasks[0] = (struct app_task){.name = "sensor", .handler = 1, .region_count = 2};
    tasks[0].regions[0] =
        (struct app_region){REGION_CODE, "code", 0x200000, 1024, K5_MEM_READ | K5_MEM_EXECUTE, 1};
    tasks[0].regions[1] =
        (struct app_region){REGION_RAM, "ram", 0x28201000, 1024, K5_MEM_READ | K5_MEM_WRITE, 1};
    tasks[1] = (struct app_task){.name = "super", .handler = APP_NONE, .region_count = 2};
    app = (struct app){.tasks = tasks, .task_count = 2};
    app.board.tick_hz = 20000000;
    decoder_open(&decoder, &app);
    text_add_bytes(&decoder.sites[0].records, records, sizeof records);
    text_add_bytes(&decoder.sites[0].strings, strings, sizeof strings);
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    decoder_close(&decoder);
    return 0;
}

static inline void feed(const uint8_t *fields, size_t length)
{
    uint8_t wire[512];
    size_t n = frame_make(fields, length, wire);

    decoder_clear(&decoder);
    decoder_feed(&decoder, wire, n);
}

static inline const char *line(size_t i)
{
    assert_true(i < decoder.line_count);
    return decoder.lines[i].plain;
}

#endif
