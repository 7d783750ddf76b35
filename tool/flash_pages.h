/*
 * flash_pages.h - the image as pages of flash: what the chip has, what is to be written.
 *
 *   pages_make --> pages_read --> pages_write (those that differ) --> pages_read --> pages_check
 *
 * All is written through the Secure alias, for OpenOCD makes the pages Secure while it writes, and
 * what goes through the other alias then is lost without an error. It is read through the alias
 * that the program uses, so what is compared is what the processor will see.
 */
#ifndef K5_TOOL_FLASH_PAGES_H
#define K5_TOOL_FLASH_PAGES_H

#include "app.h"
#include "openocd.h"

struct flash_page {
    uint32_t offset;  /* in the flash */
    uint32_t address; /* by the alias that the program uses */
    uint8_t *wanted;
    uint8_t *found;  /* what was last read */
    uint64_t before; /* hash of what was there before it was written */
    bool differs;
};

struct flash_pages {
    const struct probe_board *board;
    struct flash_page *items; /* by offset */
    size_t count;
    size_t differ;
    double write_s; /* time for those that were written */
};

/* A step with a name and how far it is, on a terminal only. */
struct flash_progress {
    bool shown;
    const char *what;
    double started_s;
};
void flash_progress_show(const struct flash_progress *progress, size_t done, size_t all,
                         uint32_t page);
void flash_progress_end(const struct flash_progress *progress);

/* False if the image does not fit into the flash (printed: the board's mistake). */
bool pages_make(const struct app *app, const struct probe_board *board, struct flash_pages *pages);
/* Reads all of them and marks what differs. False: openocd->state says why. */
bool pages_read(struct flash_pages *pages, struct openocd *openocd, bool terminal);
/* Erases and writes those that differ; *done says how many were, also if it fails. */
bool pages_write(struct flash_pages *pages, struct openocd *openocd, bool terminal, size_t *done);
/* Whose the pages are that differ, by the first byte on each: "the kernel (code) 1, ping (code) 2".
 * Caller frees. */
char *pages_owners(const struct flash_pages *pages, const struct app *app);

/* The first byte that differs after reading. */
struct flash_wrong {
    uint32_t address;
    uint8_t wanted;
    uint8_t found;
    bool untouched; /* its page is as it was before it was written */
};
/* False: none does. */
bool pages_wrong(const struct flash_pages *pages, struct flash_wrong *wrong);
void pages_free(struct flash_pages *pages);

#endif
