/*
 * decode.h - the log's bytes in, lines for a reader out.
 *
 *      0.010 502 INFO  storage  put 23.4 C from badge 7 tasks/storage/main.c:52 ^ seconds micro
 * level    task     text                      file and line, up to column 100
 *
 * A damaged frame costs itself and is counted; nothing that comes in ends a session.
 */
#ifndef K5_TOOL_DECODE_H
#define K5_TOOL_DECODE_H

#include "app.h"
#include "frame.h"
#include "sites.h"
#include "snapshot.h"

#define DECODE_WIDTH 100

struct decoded {
    uint64_t us; /* guest time since the session began, over all boots */
    char *plain; /* without colours */
    char *shown; /* with colours if the decoder has them */
    char *json;  /* one object; NULL: the decoder makes none, or the line belongs to the last one */
    uint8_t task;  /* who speaks, or K5_TASK_KERNEL */
    uint8_t level; /* K5_LOG_*, or K5_LOG_LEVELS: never to be left out (faults, drops, ...) */
};

struct decoder {
    bool colour; /* for the caller to set: colours in `shown`, if stdout is a terminal */
    bool json;   /* likewise: make `json` */
    const struct view *view;         /* likewise; NULL: no snapshots */
    struct snapshot_queue *captured; /* of the faults and panics that are to come */
    /* set by decoder_open */
    const struct app *app;
    struct sites *sites; /* of each task */
    bool build_known;    /* the image says which build it is */
    uint32_t build;
    size_t name_width;
    /* the stream */
    struct frame_split split;
    struct frame frame;
    uint64_t ticks; /* of the frame before */
    /* of the line that is being made */
    const char *type;  /* of its object; NULL: "log" */
    struct text extra; /* more members of it */
    /* lines that the caller has not taken */
    struct decoded *lines;
    size_t line_count;
    size_t line_room;
    /* what was seen */
    uint64_t us;           /* guest time of the last frame, over all boots */
    uint64_t boot_us;      /* of it, before the last boot */
    uint64_t frames;       /* good ones */
    uint64_t entries;      /* log lines of tasks */
    uint64_t damaged;      /* frames */
    uint64_t damaged_here; /* of them, since the last good one */
    uint64_t drops;        /* frames that the kernel says it dropped */
    unsigned faults;
    unsigned unhandled; /* of them, those that nobody heals: no handler, no restart by the kernel */
    unsigned restarts;
    unsigned boots;
    unsigned resets;  /* that the kernel told of */
    bool panicked;    /* the kernel stopped, and no boot followed */
    bool other_build; /* the image on the board is not the ELF here */
    uint32_t board_build;
};

/* Loads the sites of all tasks. app: built; it must outlive the decoder. */
void decoder_open(struct decoder *decoder, const struct app *app);
/* Takes bytes of the stream; adds the lines they make to decoder->lines. */
void decoder_feed(struct decoder *decoder, const uint8_t *bytes, size_t length);
/* Forgets the lines: the caller has used them. */
void decoder_clear(struct decoder *decoder);
void decoder_close(struct decoder *decoder);

#endif
