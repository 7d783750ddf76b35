/*
 * trace.h - a trace from the kernel's ring to a page and to CTF.
 *
 *   ring --trace_read.c--> events --trace_model.c--> spans, arrows, marks --trace_page.c--> HTML
 *                               \--trace_ctf.c--> CTF 1.8
 *
 * Times are ticks of the board since the first boot; after a reset they go on from where it was.
 */
#ifndef K5_TOOL_TRACE_H
#define K5_TOOL_TRACE_H

#include "app.h"
#include "k5_trace_abi.h"

#define TRACE_LOST K5_TRACE_KINDS /* here `value` events are missing */

struct trace_event {
    uint64_t time;
    uint8_t kind; /* K5_TRACE_*, one that is known, or TRACE_LOST */
    uint8_t task;
    uint8_t other;
    uint8_t detail;
    uint32_t value;
};

struct trace_log { /* a line of the decoded log */
    uint64_t time;
    uint8_t task; /* or K5_NIL: the kernel's */
    char *text;   /* "INFO ready" */
};

struct trace {
    const struct app *app;
    struct trace_event *events;
    size_t event_count;
    size_t event_room;
    struct trace_log *logs;
    size_t log_count;
    size_t log_room;
    uint64_t end;     /* how far it goes */
    uint64_t lost;    /* events that were overwritten before they were read */
    uint64_t damaged; /* records that make no sense */
    unsigned gaps;    /* resets before which nobody could look: what was lost there is not known */
};

/* Appends; the time must not be before the last one's, else it is taken to be that. */
void trace_event_add(struct trace *trace, struct trace_event event);
void trace_log_add(struct trace *trace, uint64_t time, uint8_t task, const char *text);
void trace_free(struct trace *trace);

/* ---- trace_read.c: the ring of a target ---- */

struct trace_ring_memory { /* reads the target's memory */
    bool (*read)(void *target, uint32_t address, void *bytes, size_t size);
    void *target;
};

struct trace_reader {
    struct trace *trace;
    struct trace_ring_memory memory;
    uint32_t written; /* address of the word */
    uint32_t records; /* address of the first */
    uint32_t read;    /* how many have been */
    uint64_t base;    /* time at the last boot */
};

/* Takes what is new in the ring. False if the memory cannot be read; nothing is lost by that. When
 * a reset has emptied the ring, trace_reader_boot comes first. */
bool trace_drain(struct trace_reader *reader);
/* The kernel begins anew, its ring is empty. drained: it was read to its end before. */
void trace_reader_boot(struct trace_reader *reader, bool drained);

/* ---- trace_model.c: what the events mean ---- */

enum trace_state { TRACE_RUNNING, TRACE_READY, TRACE_BLOCKED, TRACE_STALLED, TRACE_STOPPED };

struct trace_span { /* one lane, one state */
    uint64_t begin;
    uint64_t end;
    uint8_t state; /* enum trace_state */
    uint8_t lane;
    uint32_t about; /* RUNNING: whose time pays; else index of a text */
};

struct trace_arrow {
    uint64_t time;
    uint8_t kind; /* K5_TRACE_SEND, _CALL, _REPLY, _SIGNAL */
    uint8_t from; /* or K5_NIL: the kernel */
    uint8_t to;
    uint32_t value;
};

struct trace_mark {
    uint64_t time;
    uint8_t kind; /* K5_TRACE_FAULT, _RESTART, _OVERRUN, _TIMEOUT, _SUSPEND, _RESUME, _BOOT, or
                     TRACE_LOST */
    uint8_t lane;
    uint32_t about; /* index of a text */
};

/* Lanes are the tasks by their numbers, and one more for the time when nobody runs. */
struct trace_model {
    struct trace_span *spans; /* by lane and time */
    size_t span_count;
    size_t span_room;
    struct trace_arrow *arrows;
    size_t arrow_count;
    size_t arrow_room;
    struct trace_mark *marks;
    size_t mark_count;
    size_t mark_room;
    struct list texts;
};

void trace_model_make(const struct trace *trace, struct trace_model *model);
void trace_model_free(struct trace_model *model);

/* ---- trace_page.c, trace_ctf.c ---- */

/* False, and a message printed, if the file cannot be written. */
bool trace_page_write(const struct trace *trace, const struct trace_model *model, const char *path);
bool trace_ctf_write(const struct trace *trace, const char *dir);

/* Makes room for one more element. */
void *trace_room(void *items, size_t count, size_t *room, size_t size);

#endif
