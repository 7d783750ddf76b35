/*
 * decode.c - frames to lines; see decode.h.
 *
 * Each frame goes: time, drops if it tells of some, then the task's entry or one of the kernel's
 * own frames (boot, reset, fault, restart, overrun, panic). The time that a line shows begins anew
 * with each boot; decoder->us goes on.
 */
#include "decode.h"

#include "fault.h"
#include "json.h"
#include "k5_log_abi.h"
#include "scene.h"
#include "source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAME_WIDTH_MIN 7
#define DETAIL_INDENT  13

struct level {
    const char *word;
    enum colour colour;
};
static const struct level levels[K5_LOG_LEVELS] = {
    [K5_LOG_ERROR] = {"ERROR", COLOUR_RED},
    [K5_LOG_WARN] = {"WARN", COLOUR_YELLOW},
    [K5_LOG_INFO] = {"INFO", COLOUR_GREEN},
    [K5_LOG_DEBUG] = {"DEBUG", COLOUR_DIM},
};
static const struct level level_fault = {"FAULT", COLOUR_RED};
static const struct level level_panic = {"PANIC", COLOUR_RED};
static const struct level level_reset = {"RESET", COLOUR_YELLOW};
static const struct level level_lost = {"LOST", COLOUR_YELLOW};
static const struct level level_build = {"BUILD", COLOUR_RED};

/* ---- lines ---- */

static const char *colour_of(const struct decoder *decoder, enum colour colour)
{
    return decoder->colour ? colour_start(1, colour) : "";
}

/* Takes both texts, and `json`. level: NULL for a line that belongs to the one before. */
static void line_add(struct decoder *decoder, const struct level *level, struct text *plain,
                     struct text *shown, char *json)
{
    bool ranked = level != NULL && level >= levels && level < levels + K5_LOG_LEVELS;
    if (decoder->line_count == decoder->line_room) {
        decoder->line_room = decoder->line_room == 0 ? 16 : 2 * decoder->line_room;
        decoder->lines =
            memory_resize(decoder->lines, decoder->line_room * sizeof decoder->lines[0]);
    }
    decoder->lines[decoder->line_count] = (struct decoded){
        .us = decoder->us,
        .plain = string_copy(text_string(plain)),
        .shown = string_copy(text_string(shown)),
        .json = json,
        .task = decoder->frame.task,
        .level = ranked ? (uint8_t)(level - levels) : K5_LOG_LEVELS,
    };
    decoder->line_count++;
    text_free(plain);
    text_free(shown);
}

/* The object of a line: what every line has, then the members that its maker left in `extra`. */
static char *line_json(struct decoder *decoder, const struct level *level, const char *name,
                       const char *text)
{
    struct text out = {0};
    struct json json = {.out = &out};
    if (!decoder->json) {
        return NULL;
    }
    json_open(&json, NULL, '{');
    json_string(&json, "type", decoder->type == NULL ? "log" : decoder->type);
    json_number(&json, "time_us", decoder->us - decoder->boot_us);
    json_string(&json, "task", name);
    json_string(&json, "level", level->word);
    json_string(&json, "text", text);
    text_add(&out, text_string(&decoder->extra));
    json_close(&json, '}');
    char *line = string_copy(text_string(&out));
    text_free(&out);
    return line;
}

/* For the members of the line that comes next. */
static struct json extra_begin(struct decoder *decoder, const char *type)
{
    text_free(&decoder->extra);
    decoder->type = type;
    return (struct json){.out = &decoder->extra, .more = true};
}

static void extra_end(struct decoder *decoder)
{
    text_free(&decoder->extra);
    decoder->type = NULL;
}

/* Columns that a UTF-8 string takes (one for each character). */
static size_t columns(const char *string)
{
    size_t count = 0;
    for (; *string != '\0'; string++) {
        count += ((unsigned char)*string & 0xC0) != 0x80;
    }
    return count;
}

/* One line; place (file:line, may be NULL) ends at the last column. */
static void line_format(struct decoder *decoder, const struct level *level, const char *name,
                        const char *text, const char *place)
{
    struct text plain = {0};
    struct text shown = {0};
    uint64_t us = decoder->us - decoder->boot_us;
    char *time = string_format("%4" PRIu64 ".%03u %03u ", us / 1000000,
                               (unsigned)(us / 1000 % 1000), (unsigned)(us % 1000));
    char *rest = string_format(" %-*s  %s", (int)decoder->name_width, name, text);
    const char *none = colour_of(decoder, COLOUR_NONE);
    text_addf(&plain, "%s%-5s%s", time, level->word, rest);
    text_addf(&shown, "%s%s%-5s%s%s", time, colour_of(decoder, level->colour), level->word, none,
              rest);
    if (place != NULL) {
        size_t used = columns(text_string(&plain)) + columns(place);
        int gap = used + 2 < DECODE_WIDTH ? (int)(DECODE_WIDTH - used) : 2;
        text_addf(&plain, "%*s%s", gap, "", place);
        text_addf(&shown, "%*s%s%s%s", gap, "", colour_of(decoder, COLOUR_DIM), place, none);
    }
    free(time);
    free(rest);
    line_add(decoder, level, &plain, &shown, line_json(decoder, level, name, text));
    extra_end(decoder);
}

static void line_detail(struct decoder *decoder, const char *text)
{
    struct text plain = {0};
    struct text shown = {0};
    text_addf(&plain, "%*s%s", DETAIL_INDENT, "", text);
    text_addf(&shown, "%*s%s%s%s", DETAIL_INDENT, "", colour_of(decoder, COLOUR_DIM), text,
              colour_of(decoder, COLOUR_NONE));
    line_add(decoder, NULL, &plain, &shown, NULL);
}

static void lines_detail(struct decoder *decoder, struct list *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        line_detail(decoder, lines->items[i]);
    }
    list_free(lines);
}

static void line_kernel(struct decoder *decoder, const struct level *level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void line_kernel(struct decoder *decoder, const struct level *level, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_addv(&text, format, arguments);
    va_end(arguments);
    line_format(decoder, level, "kernel", text_string(&text), NULL);
    text_free(&text);
}

/* ---- the kernel's frames ---- */

static const char *task_name(const struct decoder *decoder, uint8_t task)
{
    return task < decoder->app->task_count ? decoder->app->tasks[task].name : "?";
}

static void boot_show(struct decoder *decoder, struct reader reader)
{
    uint32_t build = read_u32(&reader);
    uint32_t hertz = read_u32(&reader);
    unsigned version = read_u8(&reader);
    unsigned tasks = read_u8(&reader);
    char *name = string_format("%08x", build);
    struct json json = extra_begin(decoder, "boot");
    json_string(&json, "build", name);
    json_number(&json, "tasks", tasks);
    json_number(&json, "hertz", hertz);
    free(name);
    line_kernel(decoder, &levels[K5_LOG_INFO], "boot: %u tasks, clock %u kHz, build %08x", tasks,
                hertz / 1000, build);
    if (version != K5_ABI_VERSION) {
        line_kernel(decoder, &levels[K5_LOG_WARN],
                    "the image has ABI version %u, this tool reads version %u", version,
                    K5_ABI_VERSION);
    }
    decoder->other_build = decoder->build_known && build != decoder->build;
    decoder->board_build = build;
    if (decoder->other_build) {
        (void)extra_begin(decoder, "build");
        line_kernel(decoder, &level_build,
                    "this board runs build %08x, your ELF is %08x: texts and places may be wrong",
                    build, decoder->build);
        line_detail(decoder, "load the image that was built here, or build the sources of the "
                             "board's");
    }
}

static const char stays_stopped[] = "no task supervises it: it stays stopped";

/* What the kernel does about the fault of a task, if no other task does. */
static const char *fault_end(const struct app_task *task)
{
    if (task->handler != APP_NONE) {
        return NULL;
    }
    if (task->supervises.count > 0) {
        return "it supervises others: the system resets";
    }
    return task->on_fault == K5_ON_FAULT_RESTART ? "on-fault: the kernel restarts it"
           : task->on_fault == K5_ON_FAULT_RESET ? "on-fault: the system resets"
                                                 : stays_stopped;
}

static bool fault_same(const struct fault *a, const struct fault *b)
{
    bool same = a->task == b->task && a->cause == b->cause && a->address == b->address;
    for (size_t i = 0; i < K5_REG_COUNT && same; i++) {
        same = (K5_LOG_FAULT_REGS >> i & 1) == 0 || a->reg[i] == b->reg[i];
    }
    return same;
}

/* Is this the snapshot that was taken when the kernel sent `fault`, or (NULL) a panic? */
static bool captured_here(const struct scene *scene, const struct fault *fault)
{
    struct fault seen;
    return fault == NULL
               ? scene->snapshot->reason == SNAPSHOT_PANIC
               : scene->snapshot->reason == SNAPSHOT_FAULT &&
                     scene_fault(scene, scene->snapshot->task, &seen) && fault_same(&seen, fault);
}

/* What the snapshot of a fault or panic adds: lines under its own, and members of its object. The
 * snapshots before it were of frames that were dropped. False: there is none. */
static bool captured_show(struct decoder *decoder, const struct fault *fault, struct list *lines,
                          struct json *json)
{
    const struct snapshot_queue *queue = decoder->captured;
    for (size_t i = 0; queue != NULL && i < queue->count; i++) {
        const struct scene scene = {decoder->view, &queue->items[i]};
        if (captured_here(&scene, fault)) {
            uint8_t task = fault == NULL ? K5_NIL : fault->task;
            scene_lines(&scene, task, lines);
            if (decoder->json) {
                scene_json(&scene, task, json);
            }
            snapshot_queue_drop(decoder->captured, i + 1);
            return true;
        }
    }
    return false;
}

static void fault_show(struct decoder *decoder, struct reader reader)
{
    struct fault fault;
    struct text cause = {0};
    struct list details = {0};
    if (!fault_read(decoder->app, reader, &fault)) {
        line_kernel(decoder, &levels[K5_LOG_WARN], "a fault record that makes no sense");
        return;
    }
    decoder->faults++;
    const char *end = fault_end(&decoder->app->tasks[fault.task]);
    decoder->unhandled += end == stays_stopped;
    fault_cause(decoder->app, &decoder->sites[fault.task], &fault, &cause);
    struct json json = extra_begin(decoder, "fault");
    fault_json(&fault, &json);
    json_string(&json, "outcome", end);
    if (!captured_show(decoder, &fault, &details, &json)) {
        fault_details(decoder->app, &fault, &details);
    }
    line_format(decoder, &level_fault, task_name(decoder, fault.task), text_string(&cause), NULL);
    lines_detail(decoder, &details);
    if (end != NULL) {
        line_detail(decoder, end);
    }
    text_free(&cause);
}

static void restart_show(struct decoder *decoder, struct reader reader)
{
    uint8_t task = read_u8(&reader);
    uint8_t by = read_u8(&reader);
    uint32_t restarts = read_u32(&reader);
    decoder->restarts++;
    struct json json = extra_begin(decoder, "restart");
    json_string(&json, "restarted", task_name(decoder, task));
    json_string(&json, "by", by == K5_NIL ? "kernel" : task_name(decoder, by));
    json_number(&json, "restarts", restarts);
    line_kernel(decoder, &levels[K5_LOG_INFO], "%s restarts %s (restart %u)",
                by == K5_NIL ? "the kernel" : task_name(decoder, by), task_name(decoder, task),
                restarts);
}

static void overrun_show(struct decoder *decoder, struct reader reader)
{
    uint8_t task = read_u8(&reader);
    uint8_t whose = read_u8(&reader);
    uint32_t overruns = read_u32(&reader);
    struct json json = extra_begin(decoder, "overrun");
    json_string(&json, "overran", task_name(decoder, task));
    json_string(&json, "time_of", task_name(decoder, whose));
    json_number(&json, "overruns", overruns);
    line_kernel(decoder, &levels[K5_LOG_WARN], "%s overran its wcet on %s's time (overrun %u)",
                task_name(decoder, task), task_name(decoder, whose), overruns);
}

static void reset_show(struct decoder *decoder, struct reader reader)
{
    struct reset reset;
    struct text cause = {0};
    if (!reset_read(reader, &reset)) {
        line_kernel(decoder, &levels[K5_LOG_WARN], "a reset record that makes no sense");
        return;
    }
    const struct sites *sites =
        reset.task < decoder->app->task_count ? &decoder->sites[reset.task] : NULL;
    reset_cause(decoder->app, sites, &reset, &cause);
    struct json json = extra_begin(decoder, "reset");
    json_number(&json, "resets", reset.count);
    line_format(decoder, &level_reset, "kernel", text_string(&cause), NULL);
    text_free(&cause);
    decoder->resets++;
}

static void panic_show(struct decoder *decoder, struct reader reader)
{
    struct text cause = {0};
    uint32_t where = read_u32(&reader);
    uint32_t value = read_u32(&reader);
    panic_cause(decoder->app, where, value, read_u8(&reader), &cause);
    struct list details = {0};
    struct json json = extra_begin(decoder, "panic");
    (void)captured_show(decoder, NULL, &details, &json);
    line_format(decoder, &level_panic, "kernel", text_string(&cause), NULL);
    lines_detail(decoder, &details);
    text_free(&cause);
    decoder->panicked = true;
}

static void kernel_show(struct decoder *decoder)
{
    struct reader reader = frame_arguments(&decoder->frame);
    switch (decoder->frame.id) {
    case K5_LOG_KERNEL_BOOT: boot_show(decoder, reader); break;
    case K5_LOG_KERNEL_FAULT: fault_show(decoder, reader); break;
    case K5_LOG_KERNEL_RESTART: restart_show(decoder, reader); break;
    case K5_LOG_KERNEL_PANIC: panic_show(decoder, reader); break;
    case K5_LOG_KERNEL_OVERRUN: overrun_show(decoder, reader); break;
    case K5_LOG_KERNEL_RESET: reset_show(decoder, reader); break;
    default:
        line_kernel(decoder, &levels[K5_LOG_WARN], "unknown kernel frame %u", decoder->frame.id);
    }
}

/* ---- a task's frame ---- */

static void entry_show(struct decoder *decoder)
{
    const struct frame *frame = &decoder->frame;
    const char *name = task_name(decoder, frame->task);
    struct site site;
    struct text text = {0};
    decoder->entries++;
    if (frame->task >= decoder->app->task_count) {
        text_addf(&text, "a frame of task %u, but there are only %zu: do image and ELF differ?",
                  frame->task, decoder->app->task_count);
        line_format(decoder, &levels[K5_LOG_WARN], "?", text_string(&text), NULL);
    } else if (!site_find(&decoder->sites[frame->task], frame->id, &site)) {
        text_addf(&text, "unknown log id %u: do image and ELF differ?", frame->id);
        line_format(decoder, &levels[K5_LOG_WARN], name, text_string(&text), NULL);
    } else {
        char *place = string_format("%s:%u", source_short(decoder->app, site.file), site.line);
        site_format(&site, frame_arguments(frame), &text);
        struct json json = extra_begin(decoder, NULL);
        json_string(&json, "file", source_short(decoder->app, site.file));
        json_number(&json, "line", site.line);
        line_format(decoder, &levels[site.level], name, text_string(&text), place);
        free(place);
    }
    text_free(&text);
}

/* ---- the stream ---- */

/* Whose frames the drops of this frame are. */
static const char *account_name(const struct decoder *decoder)
{
    const struct frame *frame = &decoder->frame;
    struct reader reader = frame_arguments(frame);
    if (frame->task != K5_TASK_KERNEL) {
        return task_name(decoder, frame->task);
    }
    return frame->id == K5_LOG_KERNEL_FAULT || frame->id == K5_LOG_KERNEL_RESTART ||
                   frame->id == K5_LOG_KERNEL_OVERRUN
               ? task_name(decoder, read_u8(&reader))
               : "kernel";
}

static uint64_t ticks_to_us(uint64_t ticks, uint32_t hertz)
{
    return hertz == 0 ? 0 : ticks / hertz * 1000000 + ticks % hertz * 1000000 / hertz;
}

/* Damaged frames are told of when a good one follows, all at once. */
static void damage_show(struct decoder *decoder)
{
    char *text = string_format("%" PRIu64 " damaged frame%s here", decoder->damaged_here,
                               decoder->damaged_here == 1 ? "" : "s");
    struct json json = extra_begin(decoder, "damaged");
    json_number(&json, "frames", decoder->damaged_here);
    line_format(decoder, &level_lost, "?", text, NULL);
    decoder->damaged_here = 0;
    free(text);
}

static void frame_show(struct decoder *decoder)
{
    struct frame *frame = &decoder->frame;
    if (!frame_decode(decoder->split.bytes, decoder->split.length, frame)) {
        decoder->damaged++;
        decoder->damaged_here++;
        return;
    }
    decoder->frames++;
    if (decoder->damaged_here > 0) {
        damage_show(decoder);
    }
    if (frame->task == K5_TASK_KERNEL && frame->id == K5_LOG_KERNEL_BOOT) {
        decoder->boot_us = decoder->us;
        decoder->ticks = 0;
        decoder->panicked = false;
        decoder->boots++;
    }
    decoder->ticks = frame->absolute ? frame->time : decoder->ticks + frame->time;
    decoder->us = decoder->boot_us + ticks_to_us(decoder->ticks, decoder->app->board.tick_hz);
    if (frame->drops > 0) {
        char *text = string_format("%" PRIu64 " log frame%s dropped here: no room in the log",
                                   frame->drops, frame->drops == 1 ? "" : "s");
        decoder->drops += frame->drops;
        struct json json = extra_begin(decoder, "drops");
        json_number(&json, "frames", frame->drops);
        line_format(decoder, &level_lost, account_name(decoder), text, NULL);
        free(text);
    }
    if (frame->task == K5_TASK_KERNEL) {
        kernel_show(decoder);
    } else {
        entry_show(decoder);
    }
}

void decoder_feed(struct decoder *decoder, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (frame_split(&decoder->split, bytes[i])) {
            frame_show(decoder);
        }
    }
}

void decoder_open(struct decoder *decoder, const struct app *app)
{
    *decoder = (struct decoder){.app = app, .name_width = NAME_WIDTH_MIN};
    decoder->sites = memory_new((app->task_count + 1) * sizeof decoder->sites[0]);
    for (size_t t = 0; t < app->task_count; t++) {
        size_t width = strlen(app->tasks[t].name);
        decoder->name_width = width > decoder->name_width ? width : decoder->name_width;
        if (app->tasks[t].elf != NULL) {
            (void)sites_load(app->tasks[t].elf, &decoder->sites[t]);
        }
    }
    decoder->build_known = app->build_id != 0;
    decoder->build = (uint32_t)(app->build_id & UINT32_MAX);
}

void decoder_clear(struct decoder *decoder)
{
    for (size_t i = 0; i < decoder->line_count; i++) {
        free(decoder->lines[i].plain);
        free(decoder->lines[i].shown);
        free(decoder->lines[i].json);
    }
    decoder->line_count = 0;
}

void decoder_close(struct decoder *decoder)
{
    decoder_clear(decoder);
    for (size_t t = 0; t < decoder->app->task_count; t++) {
        sites_free(&decoder->sites[t]);
    }
    free(decoder->sites);
    free(decoder->lines);
}
