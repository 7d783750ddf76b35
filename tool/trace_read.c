/*
 * trace_read.c - records from the ring of a target, in order; see trace.h and abi/k5_trace_abi.h.
 *
 *   read            written                 written - read > records: the difference is lost
 *   v               v
 *   ...| known | new |...
 *
 * The target may run while this reads: then the oldest records may be overwritten meanwhile, so it
 * looks once more how far the kernel has come, and believes only what cannot have been.
 */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

void *trace_room(void *items, size_t count, size_t *room, size_t size)
{
    if (count == *room) {
        *room = count == 0 ? 1024 : 2 * count;
        return memory_resize(items, *room * size);
    }
    return items;
}

void trace_event_add(struct trace *trace, struct trace_event event)
{
    trace->events = trace_room(trace->events, trace->event_count, &trace->event_room, sizeof event);
    event.time = event.time < trace->end ? trace->end : event.time;
    trace->end = event.time;
    trace->events[trace->event_count++] = event;
}

void trace_log_add(struct trace *trace, uint64_t time, uint8_t task, const char *text)
{
    trace->logs =
        trace_room(trace->logs, trace->log_count, &trace->log_room, sizeof trace->logs[0]);
    trace->logs[trace->log_count++] = (struct trace_log){time, task, string_copy(text)};
}

void trace_free(struct trace *trace)
{
    for (size_t i = 0; i < trace->log_count; i++) {
        free(trace->logs[i].text);
    }
    free(trace->logs);
    free(trace->events);
    *trace = (struct trace){.app = trace->app};
}

/* ---- records ---- */

static uint64_t number(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

static bool names_task(const struct trace *trace, uint8_t task)
{
    return task == K5_NIL || task < trace->app->task_count;
}

static bool event_valid(const struct trace *trace, const struct trace_event *event)
{
    bool endpoint = event->kind == K5_TRACE_BLOCK && event->detail != K5_TASK_AWAITING;
    return event->kind < K5_TRACE_KINDS && names_task(trace, event->task) &&
           (event->task != K5_NIL || event->kind == K5_TRACE_BOOT || event->kind == K5_TRACE_RUN ||
            event->kind == K5_TRACE_SIGNAL) &&
           (endpoint ? event->other == K5_NIL || event->other < trace->app->endpoint_count
                     : names_task(trace, event->other));
}

static void record_take(struct trace_reader *reader, const uint8_t *bytes)
{
    struct trace *trace = reader->trace;
    struct trace_event event = {
        .time = reader->base + number(bytes + K5_TRACE_RECORD_TIME, 8),
        .kind = bytes[K5_TRACE_RECORD_KIND],
        .task = bytes[K5_TRACE_RECORD_TASK],
        .other = bytes[K5_TRACE_RECORD_OTHER],
        .detail = bytes[K5_TRACE_RECORD_DETAIL],
        .value = (uint32_t)number(bytes + K5_TRACE_RECORD_VALUE, 4),
    };
    /* a time that lies years ahead would push all that follows there */
    bool soon = event.time - trace->end < (uint64_t)1 << 40 || event.time < trace->end;
    if (soon && event_valid(trace, &event)) {
        trace_event_add(trace, event);
    } else {
        trace->damaged++;
    }
}

static bool written_read(struct trace_reader *reader, uint32_t *written)
{
    uint8_t bytes[4];
    bool ok = reader->memory.read(reader->memory.target, reader->written, bytes, sizeof bytes);
    *written = ok ? (uint32_t)number(bytes, sizeof bytes) : 0;
    return ok;
}

/* Reads records first .. first + count - 1, which lie in the ring in up to two pieces. */
static bool records_read(struct trace_reader *reader, uint32_t first, uint32_t count,
                         uint8_t *bytes)
{
    while (count > 0) {
        uint32_t at = first % K5_TRACE_RECORDS;
        uint32_t part = count < K5_TRACE_RECORDS - at ? count : K5_TRACE_RECORDS - at;
        if (!reader->memory.read(reader->memory.target, reader->records + at * K5_TRACE_RECORD_SIZE,
                                 bytes, part * K5_TRACE_RECORD_SIZE)) {
            return false;
        }
        bytes += part * K5_TRACE_RECORD_SIZE;
        first += part;
        count -= part;
    }
    return true;
}

/* How many of the `count` records before `written` may have been overwritten by now: the kernel may
 * be in the middle of the one after the last it has counted. */
static uint32_t overwritten(uint32_t written, uint32_t count, uint32_t now)
{
    uint32_t ahead = now - written + 1;
    uint32_t kept = ahead < K5_TRACE_RECORDS ? K5_TRACE_RECORDS - ahead : 0;
    return count > kept ? count - kept : 0;
}

static void lost_add(struct trace *trace, uint32_t count)
{
    if (count > 0) {
        trace->lost += count;
        trace_event_add(trace, (struct trace_event){.time = trace->end,
                                                    .kind = TRACE_LOST,
                                                    .task = K5_NIL,
                                                    .other = K5_NIL,
                                                    .value = count});
    }
}

bool trace_drain(struct trace_reader *reader)
{
    static uint8_t bytes[K5_TRACE_RECORDS * K5_TRACE_RECORD_SIZE];
    uint32_t written;
    uint32_t now;
    if (!written_read(reader, &written)) {
        return false;
    }
    uint32_t fresh = written - reader->read;
    if (fresh > UINT32_MAX / 2) { /* fewer than were read: the kernel is about to begin anew */
        return true;
    }
    uint32_t count = fresh < K5_TRACE_RECORDS ? fresh : K5_TRACE_RECORDS;
    if (!records_read(reader, written - count, count, bytes) || !written_read(reader, &now)) {
        return false;
    }
    uint32_t bad = overwritten(written, count, now);
    lost_add(reader->trace, fresh - count + bad);
    for (uint32_t i = bad; i < count; i++) {
        record_take(reader, &bytes[i * K5_TRACE_RECORD_SIZE]);
    }
    reader->read = written;
    return true;
}

void trace_reader_boot(struct trace_reader *reader, bool drained)
{
    reader->read = 0;
    reader->base = reader->trace->end;
    reader->trace->gaps += drained ? 0 : 1;
}
