/*
 * bench.h - the benchmark as the tool knows it: rows, what was counted, what is on record.
 *
 *   bench/rows.txt --bench_read--> rows --bench_measure--> counts --bench_compare--> verdicts
 *   bench/record.txt --------------------------------------------^
 *
 * A count is what QEMU executes between two marks; docs/manual/performance.md says what it is not.
 * All strings live as long as the program.
 */
#ifndef K5_TOOL_BENCH_H
#define K5_TOOL_BENCH_H

#include "app.h"

#define BENCH_ROUNDS_MIN 100u /* fewer are no measurement */
#define BENCH_PERCENT    2u   /* a change up to this is none */

enum bench_kind {
    BENCH_ROW,   /* from mark to mark */
    BENCH_ENTRY, /* from an entry of the kernel to its exit; the longest counts */
    BENCH_FLOOR  /* a program of its own, bench/floor */
};

struct bench_counts {
    uint64_t insns;
    uint64_t loads;
    uint64_t stores;
};

/* One round. */
struct bench_sample {
    struct bench_counts counts;
    uint64_t nth;      /* which execution of `from` it began with; the first is 1 */
    uint32_t to;       /* address where it ended */
    const char *after; /* the last mark of a task before it */
};

struct bench_row {
    enum bench_kind kind;
    const char *name;
    const char *from; /* TASK.SYMBOL or kernel.SYMBOL; NULL for a floor */
    const char *to;   /* NULL for an entry and a floor */
    uint32_t regions; /* of a floor */
    uint64_t target;  /* 0: none */
    const char *what; /* in words */
    unsigned line;    /* of rows.txt */
    /* what was measured */
    struct bench_sample *samples; /* ordered by instructions */
    size_t sample_count;
    struct bench_counts value; /* the median of each; of an entry, the longest one */
    /* what is on record */
    bool recorded;
    struct bench_counts record;
};

struct bench {
    struct bench_row *rows;
    size_t row_count;
    const char *end;             /* the mark that ends the run */
    const char *compiler;        /* version of the cross compiler that is here */
    const char *record_compiler; /* and of the one that the record was made with */
    bool verbose;
    char *folder; /* .k5/bench: plugin, floors, logs */
};

/* ---- bench_rows.c: the files ---- */

/* Reads bench/rows.txt. False if something is wrong; each mistake was printed as FILE:LINE: error.
 */
bool bench_read(struct bench *bench);
/* Reads a record. False as above; a row without a line in it is no mistake (yet it fails the
 * check).
 */
bool bench_record_read(struct bench *bench, const char *path);
bool bench_record_write(const struct bench *bench, const char *path);
struct bench_row *bench_find(const struct bench *bench, const char *name);

/* ---- bench_run.c: the emulator ---- */

/* The version of the cross compiler, or NULL with a message if there is none. */
char *bench_compiler(void);

/* Builds the plugin and the floors, runs all, fills in samples and values. Returns an exit code;
 * what is wrong was printed. */
int bench_measure(struct bench *bench, const struct app *app);

/* The instructions of one round, in order. */
struct bench_trace {
    uint32_t *addresses;
    size_t count;
};
/* Runs the app once more and traces the row's median round, or its longest entry. Returns an exit
 * code; what is wrong was printed. */
int bench_trace(const struct bench *bench, const struct app *app, const struct bench_row *row,
                struct bench_trace *trace);

/* ---- bench_profile.c ---- */

/* Prints which function executed how much of the row's median round. */
int bench_profile(const struct bench *bench, const struct app *app, const struct bench_row *row);

/* ---- bench_print.c: the outcome ---- */

enum bench_verdict { BENCH_SAME, BENCH_BETTER, BENCH_WORSE, BENCH_NEW };
/* A row is worse if one of its three counts is more than BENCH_PERCENT above the record; else
 * better if one is as much below. */
enum bench_verdict bench_compare(const struct bench_row *row);
void bench_table_print(const struct bench *bench);
void bench_json_print(const struct bench *bench);
/* Names each row that changed, and prints "N passed, N failed". Returns EXIT_OK or EXIT_TESTS. */
int bench_check_print(const struct bench *bench);

#endif
