/*
 * dump.c - writing and reading post-mortem files; see dump.h.
 */
#include "dump.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC       "K5DUMP\r\n"
#define MAGIC_BYTES 8
#define HEAD_BYTES  32
#define TAG_BYTES   4
#define REGISTERS   16

static const char *const reasons[] = {"fault", "panic", "halt"}; /* enum snapshot_reason */
#define REASON_COUNT (sizeof reasons / sizeof reasons[0])

/* ---- writing ---- */

static void number_add(struct text *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        uint8_t byte = (uint8_t)(value >> (8 * i) & 0xFF);
        text_add_bytes(out, &byte, 1);
    }
}

static void section_add(struct text *out, const char *tag, const void *bytes, size_t length)
{
    text_add_bytes(out, tag, TAG_BYTES);
    number_add(out, length, 4);
    text_add_bytes(out, bytes, length);
}

static void info_add(struct text *out, const struct app *app, const struct snapshot *snapshot)
{
    struct text info = {0};
    text_addf(&info, "app=%s\nboard=%s\nprofile=%s\nreason=%s\ntask=%u\nus=%" PRIu64 "\n",
              app->name, app->board.name, app->profile, reasons[snapshot->reason], snapshot->task,
              snapshot->us);
    section_add(out, "INFO", text_string(&info), info.length);
    text_free(&info);
}

static void sections_add(struct text *out, const struct snapshot *snapshot)
{
    struct text body = {0};
    if (snapshot->report != NULL) {
        section_add(out, "TEXT", snapshot->report, strlen(snapshot->report));
    }
    if (snapshot->has_registers) {
        for (size_t i = 0; i < REGISTERS; i++) {
            number_add(&body, snapshot->reg[i], 4);
        }
        section_add(out, "REGS", text_string(&body), body.length);
    }
    for (size_t i = 0; i < snapshot->part_count; i++) {
        text_free(&body);
        number_add(&body, snapshot->parts[i].base, 4);
        text_add_bytes(&body, snapshot->parts[i].bytes, snapshot->parts[i].size);
        section_add(out, "MEMO", text_string(&body), body.length);
    }
    text_free(&body);
}

void dump_bytes(const struct app *app, const struct snapshot *snapshot, struct text *out)
{
    struct text sections = {0};
    info_add(&sections, app, snapshot);
    sections_add(&sections, snapshot);
    text_add_bytes(out, MAGIC, MAGIC_BYTES);
    number_add(out, DUMP_VERSION, 4);
    number_add(out, HEAD_BYTES + sections.length, 4);
    number_add(out, snapshot->build_id, 8);
    number_add(out, hash_bytes(HASH_START, text_string(&sections), sections.length), 8);
    text_add_bytes(out, text_string(&sections), sections.length);
    text_free(&sections);
}

/* ---- files ---- */

static char *folder_of(const struct app *app)
{
    return path_join(app->build_dir, "dumps");
}

/* The highest number of a dump in the folder; 0: there is none. */
static unsigned long newest_number(const char *folder)
{
    struct list files = {0};
    unsigned long newest = 0;
    dir_list(folder, ".k5d", &files);
    for (size_t i = 0; i < files.count; i++) {
        unsigned long number = strtoul(path_base(files.items[i]), NULL, 10);
        newest = number > newest && number < 1000000000 ? number : newest;
    }
    list_free(&files);
    return newest;
}

char *dump_write(const struct app *app, const struct snapshot *snapshot)
{
    struct text bytes = {0};
    char *folder = folder_of(app);
    unsigned long number = newest_number(folder) + 1;
    char *path = string_format("%s/%lu.k5d", folder, number);
    dump_bytes(app, snapshot, &bytes);
    if (!dir_make(folder) || !file_write(path, text_string(&bytes), bytes.length)) {
        free(path);
        path = NULL;
    }
    if (path != NULL && number > DUMPS_KEPT) {
        char *old = string_format("%s/%lu.k5d", folder, number - DUMPS_KEPT);
        (void)unlink(old);
        free(old);
    }
    char *near = path == NULL ? NULL : path_near(path);
    text_free(&bytes);
    free(folder);
    free(path);
    return near;
}

char *dump_newest(const struct app *app)
{
    char *folder = folder_of(app);
    unsigned long number = newest_number(folder);
    char *path = number == 0 ? NULL : string_format("%s/%lu.k5d", folder, number);
    free(folder);
    return path;
}

/* ---- reading ---- */

static uint64_t number_at(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

/* Bytes of a file as a string; what is no text becomes "?". */
static char *string_of(const uint8_t *bytes, size_t length)
{
    char *string = string_format("%.*s", (int)length, (const char *)bytes);
    for (char *c = string; *c != '\0'; c++) {
        *c = ((unsigned char)*c < ' ' && *c != '\n') || *c == 0x7F ? '?' : *c;
    }
    return string;
}

static void info_line(struct dump *dump, const char *line)
{
    const char *value = strchr(line, '=');
    size_t key = value == NULL ? 0 : (size_t)(value - line);
    char **strings[] = {&dump->app, &dump->board, &dump->profile};
    static const char *const names[] = {"app", "board", "profile"};
    if (value == NULL) {
        return;
    }
    value++;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (key == strlen(names[i]) && strncmp(line, names[i], key) == 0 && *strings[i] == NULL) {
            *strings[i] = string_copy(value);
        }
    }
    for (size_t i = 0; i < REASON_COUNT; i++) {
        if (string_starts(line, "reason=") && strcmp(value, reasons[i]) == 0) {
            dump->snapshot.reason = (enum snapshot_reason)i;
        }
    }
    if (string_starts(line, "task=")) {
        dump->snapshot.task = (uint8_t)(strtoul(value, NULL, 10) & 0xFF);
    }
    if (string_starts(line, "us=")) {
        dump->snapshot.us = strtoull(value, NULL, 10);
    }
}

static void section_take(struct dump *dump, const uint8_t *tag, const uint8_t *bytes, size_t length)
{
    struct snapshot *snapshot = &dump->snapshot;
    if (memcmp(tag, "INFO", TAG_BYTES) == 0) {
        struct list lines = {0};
        char *string = string_of(bytes, length);
        list_add_split(&lines, string, "\n");
        for (size_t i = 0; i < lines.count; i++) {
            info_line(dump, lines.items[i]);
        }
        list_free(&lines);
        free(string);
    } else if (memcmp(tag, "TEXT", TAG_BYTES) == 0 && snapshot->report == NULL) {
        snapshot->report = string_of(bytes, length);
    } else if (memcmp(tag, "REGS", TAG_BYTES) == 0 && length == 4 * REGISTERS) {
        for (size_t i = 0; i < REGISTERS; i++) {
            snapshot->reg[i] = (uint32_t)number_at(bytes + 4 * i, 4);
        }
        snapshot->has_registers = true;
    } else if (memcmp(tag, "MEMO", TAG_BYTES) == 0 && length > 4) {
        uint8_t *copy = memory_new(length - 4);
        memcpy(copy, bytes + 4, length - 4);
        snapshot_add(snapshot, (uint32_t)number_at(bytes, 4), copy, (uint32_t)(length - 4));
    }
}

/* All sections that are there; of one that is cut, what there is of it, if it is memory or text. */
static void sections_read(struct dump *dump, const uint8_t *bytes, size_t length)
{
    size_t at = 0;
    while (length - at >= TAG_BYTES + 4) {
        const uint8_t *tag = bytes + at;
        size_t size = (size_t)number_at(tag + TAG_BYTES, 4);
        at += TAG_BYTES + 4;
        bool whole = size <= length - at;
        size = whole ? size : length - at;
        section_take(dump, tag, bytes + at, size);
        at += size;
    }
}

bool dump_parse(const uint8_t *bytes, size_t length, struct dump *dump)
{
    *dump = (struct dump){.snapshot = {.reason = SNAPSHOT_HALT, .task = K5_NIL}};
    if (length < HEAD_BYTES || memcmp(bytes, MAGIC, MAGIC_BYTES) != 0) {
        dump->problem = "this is no post-mortem file of K5";
        return false;
    }
    if (number_at(bytes + 8, 4) != DUMP_VERSION) {
        dump->problem = "it has a version of the format that this tool does not read";
        return false;
    }
    if (number_at(bytes + 12, 4) != length) {
        dump->problem =
            number_at(bytes + 12, 4) > length ? "its end is missing" : "it is longer than it says";
    } else if (number_at(bytes + 24, 8) !=
               hash_bytes(HASH_START, bytes + HEAD_BYTES, length - HEAD_BYTES)) {
        dump->problem = "its check sum is wrong: something in it was changed";
    }
    dump->snapshot.build_id = number_at(bytes + 16, 8);
    sections_read(dump, bytes + HEAD_BYTES, length - HEAD_BYTES);
    return true;
}

void dump_free(struct dump *dump)
{
    snapshot_free(&dump->snapshot);
    free(dump->app);
    free(dump->board);
    free(dump->profile);
    *dump = (struct dump){.app = NULL};
}
