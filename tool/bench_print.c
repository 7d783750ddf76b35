/*
 * bench_print.c - what the benchmark says: the table, JSON, and the verdicts of --check (bench.h).
 */
#include "bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PEERS_FILE  "bench/peers.txt"
#define PEER_FIELDS 6u

static bool above(uint64_t value, uint64_t record)
{
    return value * 100 > record * (100 + BENCH_PERCENT);
}

static bool below(uint64_t value, uint64_t record)
{
    return value * 100 < record * (100 - BENCH_PERCENT);
}

enum bench_verdict bench_compare(const struct bench_row *row)
{
    const struct bench_counts *v = &row->value;
    const struct bench_counts *r = &row->record;
    if (!row->recorded) {
        return BENCH_NEW;
    }
    if (above(v->insns, r->insns) || above(v->loads, r->loads) || above(v->stores, r->stores)) {
        return BENCH_WORSE;
    }
    return below(v->insns, r->insns) || below(v->loads, r->loads) || below(v->stores, r->stores)
               ? BENCH_BETTER
               : BENCH_SAME;
}

/* ---- the table ---- */

static void row_print(const struct bench_row *row)
{
    const struct bench_sample *first = &row->samples[0];
    const struct bench_sample *last = &row->samples[row->sample_count - 1];
    bool over = row->target > 0 && row->value.insns > row->target;
    printf("  %-15s %-36s %6" PRIu64 " %6" PRIu64 " %6" PRIu64 "  %5" PRIu64 " .. %-5" PRIu64,
           row->name, row->what, row->value.insns, row->value.loads, row->value.stores,
           first->counts.insns, last->counts.insns);
    if (row->recorded) {
        double change = 100.0 * ((double)row->value.insns - (double)row->record.insns) /
                        (double)row->record.insns;
        printf(" %6" PRIu64 " %+6.1f%%", row->record.insns, change);
    } else {
        printf(" %6s %7s", "-", "new");
    }
    if (row->target > 0) {
        printf("  %s<= %" PRIu64 "%s", colour_start(1, over ? COLOUR_YELLOW : COLOUR_GREEN),
               row->target, colour_start(1, COLOUR_NONE));
    }
    if (row->kind == BENCH_ENTRY) {
        printf("  after %s", last->after);
    }
    printf("\n");
}

/* The fields of a line of peers.txt, trimmed; false if it is not one. */
static bool peer_fields(char *line, char *fields[PEER_FIELDS])
{
    size_t count = 0;
    line[strcspn(line, "#")] = '\0';
    for (char *part = strtok(line, "|"); part != NULL && count < PEER_FIELDS;
         part = strtok(NULL, "|")) {
        part += strspn(part, " ");
        size_t length = strlen(part);
        while (length > 0 && part[length - 1] == ' ') {
            part[--length] = '\0';
        }
        fields[count++] = part;
    }
    return count == PEER_FIELDS;
}

static void peers_print(void)
{
    struct text text = {0};
    struct list lines = {0};
    char *path = root_join(PEERS_FILE);
    if (!file_read(path, &text)) {
        warning_print("%s cannot be read", path);
        return;
    }
    printf("\n  %-40s %18s %12s %8s  %-17s %s\n", "other systems (" PEERS_FILE ")", "call + reply",
           "null call", "irq", "text/data/bss", "source");
    list_add_split(&lines, text_string(&text), "\n");
    for (size_t i = 0; i < lines.count; i++) {
        char *fields[PEER_FIELDS];
        if (peer_fields(lines.items[i], fields)) {
            printf("  %-40s %18s %12s %8s  %-17s %s\n", fields[0], fields[1], fields[2], fields[3],
                   fields[4], fields[5]);
        }
    }
    list_free(&lines);
    text_free(&text);
}

void bench_table_print(const struct bench *bench)
{
    printf("  %-15s %-36s %6s %6s %6s  %14s %6s %7s  %s\n", "row",
           "instructions, loads, stores; not cycles", "insns", "loads", "stores", "min .. max",
           "record", "change", "target");
    for (size_t i = 0; i < bench->row_count; i++) {
        if (i > 0 && bench->rows[i].kind != bench->rows[i - 1].kind) {
            printf("\n");
        }
        row_print(&bench->rows[i]);
    }
    peers_print();
    fflush(stdout);
}

/* ---- JSON ---- */

static void counts_json(const char *name, const struct bench_counts *counts)
{
    printf(", \"%s\": {\"instructions\": %" PRIu64 ", \"loads\": %" PRIu64 ", \"stores\": %" PRIu64
           "}",
           name, counts->insns, counts->loads, counts->stores);
}

static void text_json(const char *string)
{
    putchar('"');
    for (; *string != '\0'; string++) {
        if (*string == '"' || *string == '\\') {
            putchar('\\');
        }
        putchar(*string);
    }
    putchar('"');
}

static void row_json(const struct bench_row *row)
{
    static const char *const kinds[] = {"row", "entry", "floor"};
    printf("  {\"name\": ");
    text_json(row->name);
    printf(", \"kind\": \"%s\", \"what\": ", kinds[row->kind]);
    text_json(row->what);
    printf(", \"rounds\": %zu", row->sample_count);
    counts_json("value", &row->value);
    counts_json("min", &row->samples[0].counts);
    counts_json("max", &row->samples[row->sample_count - 1].counts);
    if (row->recorded) {
        counts_json("record", &row->record);
    }
    if (row->target > 0) {
        printf(", \"target\": %" PRIu64, row->target);
    }
    printf("}");
}

void bench_json_print(const struct bench *bench)
{
    printf("[\n");
    for (size_t i = 0; i < bench->row_count; i++) {
        row_json(&bench->rows[i]);
        printf("%s\n", i + 1 < bench->row_count ? "," : "");
    }
    printf("]\n");
}

/* ---- --check ---- */

static void change_print(const char *name, const char *what, uint64_t value, uint64_t record)
{
    if (above(value, record) || below(value, record)) {
        printf("  %s: %" PRIu64 " %s, %" PRIu64 " on record\n", name, value, what, record);
    }
}

int bench_check_print(const struct bench *bench)
{
    size_t failed = 0;
    bool better = false;
    printf("\n");
    for (size_t i = 0; i < bench->row_count; i++) {
        const struct bench_row *row = &bench->rows[i];
        enum bench_verdict verdict = bench_compare(row);
        failed += verdict == BENCH_WORSE || verdict == BENCH_NEW;
        better = better || verdict == BENCH_BETTER;
        if (verdict == BENCH_NEW) {
            printf("FAILED %s: not on record; `k5 bench --record`\n", row->name);
        } else if (verdict != BENCH_SAME) {
            printf("%s %s\n", verdict == BENCH_WORSE ? "FAILED" : "better:", row->name);
            change_print(row->name, "instructions", row->value.insns, row->record.insns);
            change_print(row->name, "loads", row->value.loads, row->record.loads);
            change_print(row->name, "stores", row->value.stores, row->record.stores);
        }
    }
    if (better) {
        printf("what is better should be kept: `k5 bench --record`\n");
    }
    printf("%zu passed, %zu failed\n", bench->row_count - failed, failed);
    return failed > 0 ? EXIT_TESTS : EXIT_OK;
}
