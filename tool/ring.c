/*
 * ring.c - reads what is new in the ring; ring.h says who moves which offset.
 *
 * The order matters: header, bytes, then whether there was a reset. The flag that tells of one is
 * cleared by whoever reads it: so OpenOCD's own polling is off, or (ring->polled) OpenOCD alone
 * reads the flag, and we what it writes into its log then.
 */
#include "ring.h"

#include "k5_log_abi.h"
#include "layout.h"

#include <string.h>

#define DHCSR      0xE000EDF0u
#define S_RESET_ST (1u << 25)
#define RING_SIZE  (uint32_t)(K5_LOG_RTT_TOTAL - K5_LOG_RTT_DATA)
#define PIECE      1024u /* bytes in one command */
#define WORDS      12u   /* of the header */

bool ring_open(struct ring *ring, const struct app *app)
{
    struct layout layout;
    struct layout_member place = {0};
    bool found = layout_open(app->image, &layout);
    if (found) {
        found = layout_find(&layout, "log_ring", "", &place) && place.size == K5_LOG_RTT_TOTAL;
        layout_close(&layout);
    }
    *ring = (struct ring){.base = place.address, .takes = true};
    for (size_t i = 0; i < app->task_count; i++) {
        const struct app_task *task = &app->tasks[i];
        for (size_t k = 0; k < task->region_count; k++) {
            ring->takes = ring->takes && task->regions[k].kind != REGION_LOG;
        }
    }
    return found;
}

static enum ring_state header_read(const struct ring *ring, struct openocd *openocd,
                                   uint32_t header[WORDS])
{
    static const char mark[16] = "SEGGER RTT";
    char found[16];
    if (!openocd_command(openocd, OPENOCD_S, "read_memory 0x%08x 32 %u", ring->base, WORDS) ||
        openocd_numbers(openocd, header, WORDS) != WORDS) {
        return RING_LOST;
    }
    for (size_t i = 0; i < sizeof found; i++) {
        found[i] = (char)(header[i / 4] >> 8 * (i % 4) & 0xFF);
    }
    bool good = memcmp(found, mark, sizeof mark) == 0 &&
                header[K5_LOG_RTT_BUFFER / 4] == ring->base + K5_LOG_RTT_DATA &&
                header[K5_LOG_RTT_SIZE / 4] == RING_SIZE &&
                header[K5_LOG_RTT_WRITE / 4] < RING_SIZE;
    return good ? RING_GOOD : RING_NONE;
}

/* How many resets OpenOCD has seen: by itself, and by its own commands. */
static unsigned resets_count(const struct openocd *openocd)
{
    static const char *const said[] = {"external reset detected", RING_RESET_SAID};
    struct text log = {0};
    unsigned count = 0;
    (void)file_read(openocd->log, &log);
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        for (const char *at = text_string(&log); (at = strstr(at, said[i])) != NULL; at++) {
            count++;
        }
    }
    text_free(&log);
    return count;
}

static enum ring_state reset_ask(struct ring *ring, struct openocd *openocd)
{
    uint32_t status = 0;
    if (ring->polled) {
        if (!openocd_command(openocd, OPENOCD_S, "poll")) {
            return RING_LOST;
        }
        unsigned resets = resets_count(openocd);
        bool more = resets != ring->resets;
        ring->resets = resets;
        return more ? RING_RESET : RING_GOOD;
    }
    if (!openocd_word(openocd, DHCSR, &status)) {
        return RING_LOST;
    }
    return (status & S_RESET_ST) != 0 ? RING_RESET : RING_GOOD;
}

enum ring_state ring_attach(struct ring *ring, struct openocd *openocd)
{
    ring->placed = false;
    ring->renewed = false;
    if (!ring->polled && !openocd_command(openocd, OPENOCD_S, "poll off")) {
        return RING_LOST;
    }
    /* an old reset is no news */
    return reset_ask(ring, openocd) == RING_LOST ? RING_LOST : RING_GOOD;
}

/* What is left of a ring from before the reset is made unknown: the kernel will make a new one. */
enum ring_state ring_begin(struct ring *ring, struct openocd *openocd)
{
    enum ring_state state = ring_attach(ring, openocd);
    if (state == RING_LOST ||
        !openocd_command(openocd, OPENOCD_S, "write_memory 0x%08x 32 0", ring->base)) {
        return RING_LOST;
    }
    ring->next = 0;
    ring->placed = true;
    return state;
}

/* Bytes from `next` up to `end`, which does not lie before it. */
static bool bytes_read(const struct ring *ring, struct openocd *openocd, uint32_t end,
                       struct text *bytes)
{
    for (uint32_t at = ring->next; at < end;) {
        uint32_t numbers[PIECE];
        uint32_t length = end - at < PIECE ? end - at : PIECE;
        if (!openocd_command(openocd, OPENOCD_S, "read_memory 0x%08x 8 %u",
                             ring->base + K5_LOG_RTT_DATA + at, length) ||
            openocd_numbers(openocd, numbers, length) != length) {
            return false;
        }
        for (uint32_t i = 0; i < length; i++) {
            char byte = (char)(uint8_t)numbers[i];
            text_add_bytes(bytes, &byte, 1);
        }
        at += length;
    }
    return true;
}

static bool news_read(struct ring *ring, struct openocd *openocd, uint32_t write,
                      struct text *bytes)
{
    if (write < ring->next) { /* round the end */
        if (!bytes_read(ring, openocd, RING_SIZE, bytes)) {
            return false;
        }
        ring->next = 0;
    }
    if (!bytes_read(ring, openocd, write, bytes)) {
        return false;
    }
    bool moved = ring->takes && bytes->length > 0;
    ring->next = write;
    return !moved || openocd_command(openocd, OPENOCD_S, "write_memory 0x%08x 32 %u",
                                     ring->base + K5_LOG_RTT_READ, write);
}

/* Where to go on. False: there is only what was there before a reset. */
static bool place_find(struct ring *ring, const uint32_t header[WORDS])
{
    uint32_t read = header[K5_LOG_RTT_READ / 4];
    uint32_t write = header[K5_LOG_RTT_WRITE / 4];
    if (!ring->placed && !(ring->renewed && write == ring->stale)) {
        ring->next = ring->renewed ? 0 : read < RING_SIZE ? read : write;
        ring->placed = true;
        ring->renewed = false;
    }
    return ring->placed;
}

enum ring_state ring_read(struct ring *ring, struct openocd *openocd, struct text *bytes)
{
    uint32_t header[WORDS];
    struct text news = {0};
    enum ring_state state = header_read(ring, openocd, header);
    uint32_t write = state == RING_GOOD ? header[K5_LOG_RTT_WRITE / 4] : UINT32_MAX;
    if (state == RING_GOOD && place_find(ring, header)) {
        state = news_read(ring, openocd, write, &news) ? RING_GOOD : RING_LOST;
    }
    enum ring_state reset = state != RING_LOST ? reset_ask(ring, openocd) : state;
    if (reset == RING_GOOD) {
        text_add_bytes(bytes, news.data, news.length);
    } else {
        ring->placed = false;
        ring->renewed = reset == RING_RESET;
        ring->stale = write;
        state = reset;
    }
    text_free(&news);
    return state;
}
