/*
 * target.c - memory, register numbers and threads of a halted target; see target.h.
 */
#include "target.h"

#include "object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XML_PART      1000u /* bytes of a description asked for at a time */
#define XML_PARTS     64u
#define MRS_R2_PSP_NS 0x8289F3EFu /* as a word in memory */
#define SWITCH_BYTES  32u
#define R2            2u

static bool threads_memory_read(void *target, uint32_t address, void *bytes, size_t size)
{
    return target_read(target, address, bytes, size);
}

/* ---- register numbers, from the server's own description ---- */

/* A whole description; the part "l..." is its last. */
static bool xml_read(struct remote *remote, const char *name, struct text *out)
{
    for (size_t part = 0; part < XML_PARTS; part++) {
        char command[256];
        int length = snprintf(command, sizeof command, "qXfer:features:read:%s:%zx,%x", name,
                              out->length, XML_PART);
        if (length >= (int)sizeof command || !remote_command(remote, command)) {
            return false;
        }
        const struct packet_reader *answer = &remote->reader;
        if (answer->length == 0 || (answer->body[0] != 'm' && answer->body[0] != 'l')) {
            return false;
        }
        text_add_bytes(out, answer->body + 1, answer->length - 1);
        if (answer->body[0] == 'l') {
            return true;
        }
    }
    return false;
}

/* The value of an attribute of the element that begins at `element`, or "" . */
static char *attribute(const char *element, const char *name)
{
    size_t length = strcspn(element, ">");
    char *wanted = string_format(" %s=\"", name);
    const char *at = strstr(element, wanted);
    size_t skip = strlen(wanted);
    free(wanted);
    if (at == NULL || (size_t)(at - element) >= length) {
        return string_copy("");
    }
    char *value = string_copy(at + skip);
    value[strcspn(value, "\"")] = '\0';
    return value;
}

/* "s12" with prefix "s" is 12; -1 if it is no such name or above `most`. */
static int name_index(const char *name, const char *prefix, int most)
{
    char *end;
    size_t length = strlen(prefix);
    if (strncmp(name, prefix, length) != 0 || name[length] < '0' || name[length] > '9') {
        return -1;
    }
    long index = strtol(name + length, &end, 10);
    return *end == '\0' && index <= most ? (int)index : -1;
}

static void number_name(struct target *target, uint32_t number, const char *name)
{
    static const char *const core[] = {"sp", "lr", "pc", "xpsr"};
    int r = name_index(name, "r", 12);
    int s = name_index(name, "s", THREAD_FP - 1);
    int d = name_index(name, "d", THREAD_FP / 2 - 1);
    for (int i = 0; i < 4; i++) {
        r = strcmp(name, core[i]) == 0 ? 13 + i : r;
    }
    enum target_register kind = r >= 0                       ? TARGET_CORE
                                : s >= 0                     ? TARGET_SINGLE
                                : d >= 0                     ? TARGET_DOUBLE
                                : strcmp(name, "fpscr") == 0 ? TARGET_FPSCR
                                                             : TARGET_OTHER;
    target->number[number].kind = kind;
    target->number[number].index = (uint8_t)(r >= 0 ? r : s >= 0 ? s : d >= 0 ? d : 0);
    if (strcmp(name, "psp_ns") == 0) {
        target->psp_ns_number = number;
    }
}

/* A register without a number has the one after the last. */
static void registers_name(struct target *target, const char *xml, uint32_t *next)
{
    for (const char *at = strstr(xml, "<reg "); at != NULL; at = strstr(at + 1, "<reg ")) {
        char *name = attribute(at, "name");
        char *number = attribute(at, "regnum");
        *next = number[0] != '\0' ? (uint32_t)strtoul(number, NULL, 10) : *next;
        if (*next < TARGET_NUMBERS) {
            number_name(target, *next, name);
        }
        (*next)++;
        free(name);
        free(number);
    }
}

static void numbers_read(struct target *target)
{
    struct text top = {0};
    uint32_t next = 0;
    for (uint32_t i = 0; i < THREAD_CORE; i++) { /* without a description: as Arm's always are */
        uint32_t number = i == 16 ? 25 : i;
        target->number[number].kind = TARGET_CORE;
        target->number[number].index = (uint8_t)i;
    }
    if (!xml_read(target->remote, "target.xml", &top)) {
        text_free(&top);
        return;
    }
    registers_name(target, text_string(&top), &next);
    for (const char *at = strstr(text_string(&top), "<xi:include "); at != NULL;
         at = strstr(at + 1, "<xi:include ")) {
        struct text part = {0};
        char *name = attribute(at, "href");
        if (xml_read(target->remote, name, &part)) {
            registers_name(target, text_string(&part), &next);
        }
        text_free(&part);
        free(name);
    }
    text_free(&top);
}

/* ---- the stack pointer of an interrupted task ---- */

/* `switch` of entry.S reads it; the instruction is of use when the server does not give it. */
static void psp_ns_find(struct target *target)
{
    struct object image;
    if (!object_read(target->app->image, &image)) {
        return;
    }
    for (size_t i = 0; i < image.symbol_count; i++) {
        if (strcmp(image.symbols[i].name, "switch") != 0 || !image.symbols[i].code) {
            continue;
        }
        uint32_t from = image.symbols[i].value & ~1u;
        for (uint32_t at = 0; at < SWITCH_BYTES; at += 2) {
            uint32_t word = 0;
            if (target_read(target, from + at, &word, sizeof word) && word == MRS_R2_PSP_NS) {
                target->psp_ns_code = from + at;
                return;
            }
        }
    }
}

bool target_register_write(struct target *target, uint32_t number, uint32_t value)
{
    char command[32];
    (void)snprintf(command, sizeof command, "P%x=%02x%02x%02x%02x", (unsigned)number,
                   (unsigned)(value & 0xFF), (unsigned)(value >> 8 & 0xFF),
                   (unsigned)(value >> 16 & 0xFF), (unsigned)(value >> 24));
    return remote_command(target->remote, command) &&
           strcmp(target->remote->reader.body, "OK") == 0;
}

/* Lets the halted kernel execute that one instruction, and puts back what it changed. */
static bool psp_ns_execute(struct target *target, const uint32_t core[THREAD_CORE], uint32_t *psp)
{
    struct remote *remote = target->remote;
    uint32_t after[REMOTE_REGISTERS] = {0};
    char stop[sizeof remote->stop];
    memcpy(stop, remote->stop, sizeof stop);
    bool ok = target->psp_ns_code != 0 &&
              target_register_write(target, REMOTE_PC, target->psp_ns_code) &&
              remote_step(remote) && remote_registers(remote, after);
    bool moved = after[REMOTE_PC] == target->psp_ns_code + 4;
    memcpy(remote->stop, stop, sizeof stop);
    *psp = after[R2];
    return target_register_write(target, R2, core[R2]) &&
           target_register_write(target, REMOTE_PC, core[15]) && ok && moved;
}

static void psp_ns_read(struct target *target, struct threads_live *live)
{
    char command[32];
    uint8_t bytes[4];
    if (target->psp_ns_number == 0) {
        live->psp_ns_known = psp_ns_execute(target, live->core, &live->psp_ns);
        return;
    }
    (void)snprintf(command, sizeof command, "p%x", (unsigned)target->psp_ns_number);
    live->psp_ns_known = remote_command(target->remote, command) &&
                         target->remote->reader.length == 8 &&
                         hex_bytes(target->remote->reader.body, bytes, sizeof bytes);
    live->psp_ns = live->psp_ns_known ? bytes[0] | (uint32_t)bytes[1] << 8 |
                                            (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24
                                      : 0;
}

/* ---- the whole ---- */

bool target_open(struct target *target, const struct app *app, struct remote *remote)
{
    const struct threads_memory memory = {threads_memory_read, target};
    *target = (struct target){.app = app, .remote = remote};
    if (!threads_open(&target->threads, app, memory)) {
        return false;
    }
    target->bypasses = remote_physical(remote, true);
    target->bypassing = target->bypasses;
    numbers_read(target);
    if (target->psp_ns_number == 0) {
        psp_ns_find(target);
    }
    target_visit_open(target);
    return true;
}

void target_close(struct target *target)
{
    target_forget(target);
    threads_close(&target->threads);
}

bool target_refresh(struct target *target)
{
    struct threads_live live = {.psp_ns_known = false};
    if (target->fresh) {
        return target->threads.known;
    }
    target->threads.known = false;
    if (!remote_registers(target->remote, live.core)) {
        target->threads.problem = target->remote->problem;
        return false;
    }
    target->fresh = true;
    if (threads_read(&target->threads, &live) && threads_in_kernel(&target->threads)) {
        psp_ns_read(target, &live);
        target->threads.live = live;
    }
    return target->threads.known;
}

static void word_add(struct text *out, bool known, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                              (uint8_t)(value >> 24)};
    if (known) {
        hex_add(out, bytes, sizeof bytes);
    } else {
        text_add(out, "xxxxxxxx");
    }
}

bool target_register_add(struct target *target, const struct thread_registers *registers,
                         uint32_t number, struct text *out)
{
    enum target_register kind =
        number < TARGET_NUMBERS ? target->number[number].kind : TARGET_OTHER;
    uint32_t i = kind == TARGET_OTHER ? 0 : target->number[number].index;
    switch (kind) {
    case TARGET_CORE:
        word_add(out, (registers->core_known >> i & 1) != 0, registers->core[i]);
        break;
    case TARGET_SINGLE: word_add(out, (registers->s_known >> i & 1) != 0, registers->s[i]); break;
    case TARGET_DOUBLE:
        word_add(out, (registers->s_known >> (2 * i) & 1) != 0, registers->s[2 * i]);
        word_add(out, (registers->s_known >> (2 * i + 1) & 1) != 0, registers->s[2 * i + 1]);
        break;
    case TARGET_FPSCR: word_add(out, registers->fpscr_known, registers->fpscr); break;
    default: return false;
    }
    return true;
}
