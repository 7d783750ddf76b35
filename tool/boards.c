/*
 * boards.c - `k5 boards`: the boards there are, by their board.toml.
 *
 * A board whose file is wrong is told of and left out; the others are shown.
 */
#include "board.h"
#include "help.h"
#include "json.h"
#include "verbs.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *size_words(uint32_t bytes)
{
    return bytes % (1024 * 1024) == 0 ? string_format("%uM", bytes / 1024 / 1024)
           : bytes % 1024 == 0        ? string_format("%uK", bytes / 1024)
                                      : string_format("%u", bytes);
}

/* A line with a heading; the words are broken behind it. */
static void line_print(const char *heading, const char *words)
{
    struct text line = {0};
    text_wrap(&line, words, 16, 16);
    printf("  %-13s %s", heading, text_string(&line));
    text_free(&line);
}

static void board_print(const struct board *board)
{
    struct text memories = {0};
    struct text devices = {0};
    char *cpu =
        string_format("%s%s%s, timer %u.%03u MHz", board->cpu, board->fpu != NULL ? " with " : "",
                      board->fpu != NULL ? board->fpu : "", board->tick_hz / 1000000,
                      board->tick_hz / 1000 % 1000);
    char *least = time_text(board->budget_min.us);
    char *runs = board->machine != NULL ? string_format("`k5 run`: QEMU machine %s", board->machine)
                                        : string_copy("no emulator; hardware only");
    for (size_t i = 0; i < MEMORY_COUNT; i++) {
        char *size = size_words(board->memory[i].size);
        text_addf(&memories, "%s%s %s at 0x%08X", i > 0 ? ", " : "", board->memory[i].name, size,
                  board->memory[i].base);
        free(size);
    }
    for (size_t i = 0; i < board->device_count; i++) {
        text_addf(&devices, "%s ", board->devices[i].name);
    }
    printf("%s\n", board->name);
    line_print("chip", board->chip != NULL ? board->chip : "not told in board.toml");
    line_print("processor", cpu);
    line_print("memory", text_string(&memories));
    line_print("devices", text_string(&devices));
    line_print("budget-min", least);
    line_print("runs by", runs);
    line_print("verified", board->verified != NULL ? board->verified : "no");
    text_free(&memories);
    text_free(&devices);
    free(cpu);
    free(least);
    free(runs);
}

static void range_json(struct json *json, const char *name, uint32_t base, uint32_t size)
{
    json_open(json, NULL, '{');
    json_string(json, "name", name);
    json_address(json, "address", base);
    json_number(json, "size", size);
    json_close(json, '}');
}

static void board_json(struct json *json, const struct board *board)
{
    json_open(json, NULL, '{');
    json_string(json, "name", board->name);
    json_string(json, "chip", board->chip);
    json_string(json, "arch", board->arch);
    json_string(json, "cpu", board->cpu);
    json_string(json, "fpu", board->fpu);
    json_number(json, "tick_hz", board->tick_hz);
    json_number(json, "budget_min_us", board->budget_min.us);
    json_string(json, "emulator", board->machine);
    json_string(json, "verified", board->verified);
    json_open(json, "memory", '[');
    for (size_t i = 0; i < MEMORY_COUNT; i++) {
        const struct board_memory *memory = &board->memory[i];
        range_json(json, memory->name, memory->base, memory->size);
    }
    json_close(json, ']');
    json_open(json, "devices", '[');
    for (size_t i = 0; i < board->device_count; i++) {
        const struct board_device *device = &board->devices[i];
        range_json(json, device->name, device->base, device->size);
    }
    json_close(json, ']');
    json_close(json, '}');
}

static int boards_show(bool as_json)
{
    struct list names = {0};
    struct text out = {0};
    struct json json = {.out = &out};
    int code = EXIT_OK;
    board_names(&names);
    json_open(&json, NULL, '[');
    for (size_t i = 0; i < names.count; i++) {
        struct board board = {0};
        if (!board_read(names.items[i], &board)) {
            code = EXIT_USAGE;
        } else if (as_json) {
            board_json(&json, &board);
        } else {
            board_print(&board);
        }
    }
    json_close(&json, ']');
    if (as_json) {
        puts(text_string(&out));
    }
    if (names.count == 0) {
        error_print("there is no board.toml under %s/boards", root_path());
        code = EXIT_ENVIRONMENT;
    }
    text_free(&out);
    list_free(&names);
    return code;
}

int verb_boards(int argc, char **argv)
{
    static const struct option known[] = {{"json", no_argument, NULL, 'j'}, {0}};
    bool json = false;
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (letter != 'j') {
            return usage_error("boards", "unknown option \"%s\"", argv[optind - 1]);
        }
        json = true;
    }
    if (optind < argc) {
        return usage_error("boards", "unexpected \"%s\"", argv[optind]);
    }
    return boards_show(json);
}
