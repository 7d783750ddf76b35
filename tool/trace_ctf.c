/*
 * trace_ctf.c - a trace in the Common Trace Format 1.8, for babeltrace2 and what reads the same.
 *
 *   DIR/metadata   text: clock, enumerations of the app's own names, one event declaration a kind
 *   DIR/stream     one packet: header, context (how far, how many were lost), the events
 *
 * Integers are little endian and lie side by side (align = 8), so an event is: u64 time, u8 kind,
 * then its fields as the table below names them.
 */
#include "trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CTF_MAGIC 0xC1FC1FC1u

/* Which fields of a record a kind has, and what they are called; NULL: not written. */
static const struct {
    const char *name;
    const char *task;
    const char *other;
    const char *detail;
    const char *detail_type;
    const char *value;
} kinds[K5_TRACE_KINDS + 1] = {
    [K5_TRACE_BOOT] = {"boot", NULL, NULL, "version", "u8", "tasks"},
    [K5_TRACE_RUN] = {"run", "task", "payer", NULL, NULL, NULL},
    [K5_TRACE_READY] = {"ready", "task", NULL, NULL, NULL, NULL},
    [K5_TRACE_BLOCK] = {"block", "task", "object", "state", "task_state", "mask"},
    [K5_TRACE_STOP] = {"stop", "task", NULL, "state", "task_state", NULL},
    [K5_TRACE_SEND] = {"send", "from", "to", NULL, NULL, "label"},
    [K5_TRACE_CALL] = {"call", "from", "to", NULL, NULL, "label"},
    [K5_TRACE_REPLY] = {"reply", "from", "to", NULL, NULL, "label"},
    [K5_TRACE_SIGNAL] = {"signal", "from", "to", NULL, NULL, "bits"},
    [K5_TRACE_FAULT] = {"fault", "task", NULL, "cause", "u8", "address"},
    [K5_TRACE_RESTART] = {"restart", "task", "by", NULL, NULL, NULL},
    [K5_TRACE_EMPTY] = {"empty", "context", NULL, NULL, NULL, NULL},
    [K5_TRACE_REFILL] = {"refill", "context", NULL, NULL, NULL, NULL},
    [K5_TRACE_OVERRUN] = {"overrun", "task", "payer", NULL, NULL, NULL},
    [K5_TRACE_TIMEOUT] = {"timeout", "task", NULL, "state", "task_state", "mask"},
    [K5_TRACE_SUSPEND] = {"suspend", "task", "by", NULL, NULL, NULL},
    [K5_TRACE_RESUME] = {"resume", "task", "by", NULL, NULL, NULL},
    [K5_TRACE_IRQ] = {"interrupt", "driver", NULL, "irq", "u8", "bits"},
    [TRACE_LOST] = {"lost", NULL, NULL, NULL, NULL, "events"},
};

/* ---- metadata ---- */

static void types_add(struct text *out, const struct app *app)
{
    text_add(out,
             "/* CTF 1.8 */\n\n"
             "typealias integer { size = 8; align = 8; signed = false; } := u8;\n"
             "typealias integer { size = 32; align = 8; signed = false; } := u32;\n"
             "typealias integer { size = 32; align = 8; signed = false; base = 16; } := hex32;\n"
             "typealias integer { size = 64; align = 8; signed = false; } := u64;\n"
             "typealias enum : u8 {\n");
    for (size_t i = 0; i < app->task_count; i++) {
        text_addf(out, "    \"%s\" = %zu,\n", app->tasks[i].name, i);
    }
    text_addf(out, "    \"nobody\" = %u\n} := task_name;\n", K5_NIL);
    text_addf(out,
              "typealias enum : u8 {\n    \"ready\" = %d, \"sending\" = %d, \"calling\" = %d,\n"
              "    \"awaiting\" = %d, \"receiving\" = %d, \"waiting\" = %d,\n"
              "    \"faulted\" = %d, \"stopped\" = %d\n} := task_state;\n\n",
              K5_TASK_READY, K5_TASK_SENDING, K5_TASK_CALLING, K5_TASK_AWAITING, K5_TASK_RECEIVING,
              K5_TASK_WAITING, K5_TASK_FAULTED, K5_TASK_STOPPED);
}

static void stream_add(struct text *out, const struct app *app)
{
    text_add(out, "trace {\n    major = 1;\n    minor = 8;\n    byte_order = le;\n"
                  "    packet.header := struct { u32 magic; u32 stream_id; };\n};\n\n");
    text_addf(out,
              "env {\n    domain = \"kernel\";\n    tracer_name = \"k5\";\n    app = \"%s\";\n"
              "    board = \"%s\";\n    profile = \"%s\";\n    build = \"%016" PRIx64 "\";\n};\n\n",
              app->name, app->board.name, app->profile, app->build_id);
    text_addf(out,
              "clock {\n    name = board;\n    description = \"the board's timer\";\n"
              "    freq = %u;\n};\n"
              "typealias integer {\n    size = 64; align = 8; signed = false;\n"
              "    map = clock.board.value;\n} := board_time;\n\n",
              app->board.tick_hz);
    text_add(out, "stream {\n    id = 0;\n"
                  "    packet.context := struct {\n        board_time timestamp_begin;\n"
                  "        board_time timestamp_end;\n        u64 content_size;\n"
                  "        u64 packet_size;\n        u64 events_discarded;\n    };\n"
                  "    event.header := struct { board_time timestamp; u8 id; };\n};\n\n");
}

static void event_declare(struct text *out, uint8_t kind)
{
    text_addf(out,
              "event {\n    id = %u;\n    stream_id = 0;\n    name = \"%s\";\n"
              "    fields := struct {\n",
              kind, kinds[kind].name);
    if (kinds[kind].task != NULL) {
        text_addf(out, "        task_name _%s;\n", kinds[kind].task);
    }
    if (kinds[kind].other != NULL) {
        text_addf(out, "        %s _%s;\n", kind == K5_TRACE_BLOCK ? "u8" : "task_name",
                  kinds[kind].other);
    }
    if (kinds[kind].detail != NULL) {
        text_addf(out, "        %s _%s;\n", kinds[kind].detail_type, kinds[kind].detail);
    }
    if (kinds[kind].value != NULL) {
        text_addf(out, "        %s _%s;\n",
                  kind == K5_TRACE_BOOT || kind == TRACE_LOST ? "u32" : "hex32", kinds[kind].value);
    }
    text_add(out, "    };\n};\n\n");
}

/* ---- the stream ---- */

static void number_add(struct text *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)(value >> (8 * i));
        text_add_bytes(out, &byte, 1);
    }
}

static void event_write(struct text *out, const struct trace_event *event)
{
    number_add(out, event->time, 8);
    number_add(out, event->kind, 1);
    if (kinds[event->kind].task != NULL) {
        number_add(out, event->task, 1);
    }
    if (kinds[event->kind].other != NULL) {
        number_add(out, event->other, 1);
    }
    if (kinds[event->kind].detail != NULL) {
        number_add(out, event->detail, 1);
    }
    if (kinds[event->kind].value != NULL) {
        number_add(out, event->value, 4);
    }
}

static void packet_write(struct text *out, const struct trace *trace)
{
    const size_t head = 4 + 4 + 5 * 8;
    struct text events = {0};
    for (size_t i = 0; i < trace->event_count; i++) {
        event_write(&events, &trace->events[i]);
    }
    uint64_t bits = 8 * (uint64_t)(head + events.length);
    number_add(out, CTF_MAGIC, 4);
    number_add(out, 0, 4);
    number_add(out, trace->event_count > 0 ? trace->events[0].time : 0, 8);
    number_add(out, trace->end, 8);
    number_add(out, bits, 8);
    number_add(out, bits, 8);
    number_add(out, trace->lost, 8);
    text_add_bytes(out, text_string(&events), events.length);
    text_free(&events);
}

/* ---- both ---- */

static bool part_write(const char *dir, const char *name, struct text *content)
{
    char *path = path_join(dir, name);
    bool ok = file_write(path, text_string(content), content->length);
    if (!ok) {
        error_print("%s: %s", path, strerror(errno));
    }
    text_free(content);
    free(path);
    return ok;
}

bool trace_ctf_write(const struct trace *trace, const char *dir)
{
    struct text metadata = {0};
    struct text stream = {0};
    if (!dir_make(dir)) {
        error_print("%s: %s", dir, strerror(errno));
        return false;
    }
    types_add(&metadata, trace->app);
    stream_add(&metadata, trace->app);
    for (uint8_t kind = 0; kind <= TRACE_LOST; kind++) {
        event_declare(&metadata, kind);
    }
    packet_write(&stream, trace);
    bool ok = part_write(dir, "metadata", &metadata);
    return part_write(dir, "stream", &stream) && ok;
}
