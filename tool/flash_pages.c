/*
 * flash_pages.c - pages of flash, read and written in runs of a few through files that OpenOCD
 * shares with us; flash_pages.h says through which alias, and why.
 */
#include "flash_pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN   4u   /* pages in one command: short, so that progress is seen and a hang too */
#define BLANK 0xFF /* erased flash */
#define BAR   30u

/* ---- progress ---- */

void flash_progress_show(const struct flash_progress *progress, size_t done, size_t all,
                         uint32_t page)
{
    char bar[BAR + 1];
    double seconds = clock_seconds() - progress->started_s;
    if (!progress->shown || all == 0) {
        return;
    }
    for (size_t i = 0; i < BAR; i++) {
        bar[i] = i < done * BAR / all ? '#' : '.';
    }
    bar[BAR] = '\0';
    printf("\r   %-7s [%s] %3zu %%  %6.1f KiB/s", progress->what, bar, done * 100 / all,
           seconds > 0 ? (double)done * page / 1024 / seconds : 0);
    fflush(stdout);
}

void flash_progress_end(const struct flash_progress *progress)
{
    if (progress->shown) {
        printf("\r\033[K");
        fflush(stdout);
    }
}

/* ---- the image as pages ---- */

static struct flash_page *page_get(struct flash_pages *pages, uint32_t offset, uint32_t address)
{
    uint32_t size = pages->board->page;
    size_t at = 0;
    while (at < pages->count && pages->items[at].offset < offset) {
        at++;
    }
    if (at < pages->count && pages->items[at].offset == offset) {
        return &pages->items[at];
    }
    pages->items = memory_resize(pages->items, (pages->count + 1) * sizeof pages->items[0]);
    memmove(&pages->items[at + 1], &pages->items[at], (pages->count - at) * sizeof pages->items[0]);
    pages->count++;
    pages->items[at] = (struct flash_page){.offset = offset,
                                           .address = address,
                                           .wanted = memory_new(size),
                                           .found = memory_new(size)};
    memset(pages->items[at].wanted, BLANK, size);
    return &pages->items[at];
}

static bool part_add(struct flash_pages *pages, const struct app_part *part)
{
    struct text bytes = {0};
    uint32_t page_size = pages->board->page;
    uint32_t offset = 0;
    bool good = file_read(part->path, &bytes);
    if (!good) {
        error_print("cannot read %s", part->path);
    } else if (!probe_board_offset(pages->board, part->base, &offset) ||
               bytes.length > pages->board->size - offset) {
        error_print("board \"%s\": memory %s (0x%08X, %zu bytes) is not in [flash]",
                    pages->board->name, part->memory, part->base, bytes.length);
        good = false;
    }
    for (uint32_t i = 0; good && i < bytes.length; i++) {
        uint32_t in_page = (offset + i) % page_size;
        uint32_t address = part->base + i - in_page;
        struct flash_page *page = page_get(pages, offset + i - in_page, address);
        page->wanted[in_page] = (uint8_t)bytes.data[i];
        if (page->address != address) {
            error_print("board \"%s\": one page of flash at 0x%08X and 0x%08X: a page is Secure or "
                        "Non-secure as a whole",
                        pages->board->name, page->address, address);
            good = false;
        }
    }
    text_free(&bytes);
    return good;
}

bool pages_make(const struct app *app, const struct probe_board *board, struct flash_pages *pages)
{
    bool good = true;
    *pages = (struct flash_pages){.board = board};
    for (size_t i = 0; good && i < app->part_count; i++) {
        good = part_add(pages, &app->parts[i]);
    }
    return good;
}

void pages_free(struct flash_pages *pages)
{
    for (size_t i = 0; i < pages->count; i++) {
        free(pages->items[i].wanted);
        free(pages->items[i].found);
    }
    free(pages->items);
    *pages = (struct flash_pages){0};
}

/* How many pages from `first` follow each other in both aliases, and shall be written if `only`. */
static size_t run_length(const struct flash_pages *pages, size_t first, bool only)
{
    size_t length = 1;
    const struct flash_page *start = &pages->items[first];
    while (length < RUN && first + length < pages->count) {
        const struct flash_page *next = start + length;
        uint32_t distance = (uint32_t)length * pages->board->page;
        if (next->offset != start->offset + distance ||
            next->address != start->address + distance || (only && !next->differs)) {
            break;
        }
        length++;
    }
    return length;
}

/* ---- reading ---- */

static uint64_t page_hash(const struct flash_pages *pages, const struct flash_page *page)
{
    return hash_bytes(HASH_START, page->found, pages->board->page);
}

static bool run_read(struct flash_pages *pages, struct openocd *openocd, size_t first,
                     size_t length)
{
    struct text bytes = {0};
    uint32_t page = pages->board->page;
    char *path = path_join(openocd->folder, "read.bin");
    (void)unlink(path); /* what is there afterwards was read now */
    bool good = openocd_command(openocd, OPENOCD_S, "dump_image {%s} 0x%08x %zu", path,
                                pages->items[first].address, length * page);
    if (good && (!file_read(path, &bytes) || bytes.length != length * page)) {
        openocd->state = OPENOCD_REFUSED;
        good = false;
    }
    for (size_t i = 0; good && i < length; i++) {
        struct flash_page *item = &pages->items[first + i];
        memcpy(item->found, bytes.data + i * page, page);
        item->differs = memcmp(item->found, item->wanted, page) != 0;
        pages->differ += item->differs ? 1 : 0;
    }
    text_free(&bytes);
    free(path);
    return good;
}

bool pages_read(struct flash_pages *pages, struct openocd *openocd, bool terminal)
{
    struct flash_progress progress = {terminal, "reading", clock_seconds()};
    bool good = true;
    pages->differ = 0;
    for (size_t i = 0; good && i < pages->count;) {
        size_t length = run_length(pages, i, false);
        good = run_read(pages, openocd, i, length);
        i += length;
        flash_progress_show(&progress, i, pages->count, pages->board->page);
    }
    flash_progress_end(&progress);
    return good;
}

/* ---- writing ---- */

static bool run_write(struct flash_pages *pages, struct openocd *openocd, size_t first,
                      size_t length)
{
    struct text bytes = {0};
    uint32_t page = pages->board->page;
    uint32_t address = pages->board->secure + pages->items[first].offset;
    char *path = path_join(openocd->folder, "write.bin");
    for (size_t i = 0; i < length; i++) {
        text_add_bytes(&bytes, pages->items[first + i].wanted, page);
        pages->items[first + i].before = page_hash(pages, &pages->items[first + i]);
    }
    bool good = file_write(path, bytes.data, bytes.length);
    if (!good) {
        openocd->state = OPENOCD_REFUSED;
    }
    good = good &&
           openocd_command(openocd, OPENOCD_S, "flash erase_address 0x%08x %zu", address,
                           length * page) &&
           openocd_command(openocd, OPENOCD_S, "flash write_image {%s} 0x%08x bin", path, address);
    text_free(&bytes);
    free(path);
    return good;
}

bool pages_write(struct flash_pages *pages, struct openocd *openocd, bool terminal, size_t *done)
{
    struct flash_progress progress = {terminal, "writing", clock_seconds()};
    bool good = true;
    *done = 0;
    for (size_t i = 0; good && i < pages->count;) {
        size_t length = 1;
        if (pages->items[i].differs) {
            length = run_length(pages, i, true);
            good = run_write(pages, openocd, i, length);
            *done += good ? length : 0;
            flash_progress_show(&progress, *done, pages->differ, pages->board->page);
        }
        i += length;
    }
    pages->write_s = clock_seconds() - progress.started_s;
    flash_progress_end(&progress);
    return good;
}

/* ---- what differs ---- */

static uint32_t first_wrong(const struct flash_page *page, uint32_t size)
{
    uint32_t at = 0;
    while (at + 1 < size && page->wanted[at] == page->found[at]) {
        at++;
    }
    return at;
}

bool pages_wrong(const struct flash_pages *pages, struct flash_wrong *wrong)
{
    for (size_t i = 0; i < pages->count; i++) {
        const struct flash_page *page = &pages->items[i];
        if (page->differs) {
            uint32_t at = first_wrong(page, pages->board->page);
            *wrong = (struct flash_wrong){.address = page->address + at,
                                          .wanted = page->wanted[at],
                                          .found = page->found[at],
                                          .untouched = page->before == page_hash(pages, page)};
            return true;
        }
    }
    return false;
}

char *pages_owners(const struct flash_pages *pages, const struct app *app)
{
    struct text out = {0};
    char *last = string_copy("");
    size_t count = 0;
    for (size_t i = 0; i <= pages->count; i++) {
        const struct flash_page *page = &pages->items[i];
        if (i < pages->count && !page->differs) {
            continue;
        }
        char *owner = i < pages->count
                          ? app_owner(app, page->address + first_wrong(page, pages->board->page))
                          : string_copy("");
        if (strcmp(owner, last) != 0 && count > 0) {
            text_addf(&out, "%s%s %zu", out.length > 0 ? ", " : "", last, count);
            count = 0;
        }
        count++;
        free(last);
        last = owner;
    }
    free(last);
    char *words = string_copy(text_string(&out));
    text_free(&out);
    return words;
}
