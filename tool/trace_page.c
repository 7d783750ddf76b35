/*
 * trace_page.c - a trace as one HTML page: tool/trace_page.html with the data in it; see trace.h.
 *
 * The page's program reads flat arrays of numbers, for a hundred thousand events are to be there at
 * once: SPANS lane, begin, length, state, about; ARROWS time, kind, from, to, value; MARKS time,
 * kind, lane, text; LOGS time, lane, "text".
 */
#include "trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PLACE "/*TRACE*/" /* in the page */

/* A string of JavaScript; what could end the script or the string is written as a number. */
static void quoted_add(struct text *out, const char *string)
{
    text_add(out, "\"");
    for (const char *c = string; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte < 0x20 || byte == '"' || byte == '\\' || byte == '<') {
            text_addf(out, "\\u%04x", byte);
        } else {
            text_add_bytes(out, c, 1);
        }
    }
    text_add(out, "\"");
}

static void head_add(struct text *out, const struct trace *trace)
{
    const struct app *app = trace->app;
    text_add(out, "start({app:");
    quoted_add(out, app->name);
    text_add(out, ",board:");
    quoted_add(out, app->board.name);
    text_add(out, ",profile:");
    quoted_add(out, app->profile);
    text_addf(out,
              ",hz:%u,begin:%" PRIu64 ",end:%" PRIu64 ",events:%zu,lost:%" PRIu64
              ",damaged:%" PRIu64 ",gaps:%u,\nlanes:[",
              app->board.tick_hz, trace->event_count > 0 ? trace->events[0].time : 0, trace->end,
              trace->event_count, trace->lost, trace->damaged, trace->gaps);
    for (size_t i = 0; i < app->task_count; i++) {
        text_add(out, "[");
        quoted_add(out, app->tasks[i].name);
        text_addf(out, ",%u],", app->tasks[i].priority);
    }
    text_add(out, "[\"idle\",-1]],\n");
}

static void model_add(struct text *out, const struct trace_model *model)
{
    text_add(out, "texts:[");
    for (size_t i = 0; i < model->texts.count; i++) {
        quoted_add(out, model->texts.items[i]);
        text_add(out, ",");
    }
    text_add(out, "],\nspans:[");
    for (size_t i = 0; i < model->span_count; i++) {
        const struct trace_span *s = &model->spans[i];
        text_addf(out, "%u,%" PRIu64 ",%" PRIu64 ",%u,%" PRIu32 "%s", s->lane, s->begin,
                  s->end - s->begin, s->state, s->about, i % 8 == 7 ? ",\n" : ",");
    }
    text_add(out, "],\narrows:[");
    for (size_t i = 0; i < model->arrow_count; i++) {
        const struct trace_arrow *a = &model->arrows[i];
        text_addf(out, "%" PRIu64 ",%u,%u,%u,%" PRIu32 "%s", a->time, a->kind, a->from, a->to,
                  a->value, i % 8 == 7 ? ",\n" : ",");
    }
    text_add(out, "],\nmarks:[");
    for (size_t i = 0; i < model->mark_count; i++) {
        const struct trace_mark *m = &model->marks[i];
        text_addf(out, "%" PRIu64 ",%u,%u,%" PRIu32 ",", m->time, m->kind, m->lane, m->about);
    }
    text_add(out, "],\n");
}

static void logs_add(struct text *out, const struct trace *trace)
{
    text_add(out, "logs:[");
    for (size_t i = 0; i < trace->log_count; i++) {
        text_addf(out, "%" PRIu64 ",%u,", trace->logs[i].time, trace->logs[i].task);
        quoted_add(out, trace->logs[i].text);
        text_add(out, ",\n");
    }
    text_add(out, "]});");
}

bool trace_page_write(const struct trace *trace, const struct trace_model *model, const char *path)
{
    struct text page = {0};
    struct text out = {0};
    char *source = root_join("tool/trace_page.html");
    const char *place = file_read(source, &page) ? strstr(text_string(&page), PLACE) : NULL;
    bool ok = place != NULL;
    if (!ok) {
        error_print("%s: %s", source, page.length == 0 ? strerror(errno) : "no place for the data");
    } else {
        text_add_bytes(&out, page.data, (size_t)(place - page.data));
        head_add(&out, trace);
        model_add(&out, model);
        logs_add(&out, trace);
        text_add(&out, place + strlen(PLACE));
        ok = file_write(path, out.data, out.length);
        if (!ok) {
            error_print("%s: %s", path, strerror(errno));
        }
    }
    text_free(&page);
    text_free(&out);
    free(source);
    return ok;
}
