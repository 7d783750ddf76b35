/*
 * flash.c - `k5 flash`: an app into the flash of a board, through OpenOCD and a debug probe.
 *
 *   build -> connect -> is it the chip? -> reset halt -> option bytes -> read all pages
 *         -> write those that differ -> reset halt -> read all again -> reset run
 *
 * A page that is right already is not written. Nothing is believed that was not read back.
 */
#include "board_ask.h"
#include "flash_options.h"
#include "flash_pages.h"
#include "json.h"
#include "verbs.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 2 /* of option bytes: some can be written only after others count */

struct flash_wish {
    const char *dir;
    const char *profile;
    struct openocd_options probe;
    bool provision;
    bool json;
    bool verbose;
};

struct flasher {
    const struct flash_wish *wish;
    struct app app;
    struct probe_board board;
    struct openocd openocd;
    struct flash_pages pages;
    const char *problem; /* one word for --json */
    size_t written;
    char *owners; /* of what was written, in words; NULL: nothing was */
    size_t provisioned;
    bool terminal;
    bool begun;    /* something may have been erased */
    bool optioned; /* option bytes may have been changed */
    double seconds;
};

/* ---- failures ---- */

/* OpenOCD did not do it. Returns the exit code: 4 once the flash may have been touched. */
static int lost(struct flasher *flasher, const char *what)
{
    int code = flasher->begun || flasher->optioned ? EXIT_FLASH : EXIT_ENVIRONMENT;
    switch (flasher->openocd.state) {
    case OPENOCD_HUNG:
        flasher->problem = "hang";
        error_print("OpenOCD had no answer for %.0f s while k5 %s; it was killed", OPENOCD_S, what);
        break;
    case OPENOCD_STOPPED:
        flasher->problem = "interrupted";
        error_print("interrupted while k5 %s", what);
        break;
    case OPENOCD_DIED:
        flasher->problem = "lost";
        error_print("the connection to the board was lost while k5 %s", what);
        break;
    default:
        flasher->problem = "refused";
        error_print("the board did not answer as it should while k5 %s", what);
        break;
    }
    openocd_said_print(&flasher->openocd);
    if (flasher->begun) {
        hint_print(
            "the flash may hold a part of the app only: check the cable, then run `k5 flash` "
            "again");
    } else if (flasher->optioned) {
        hint_print("no page was written, but option bytes may have changed: `k5 flash` again says "
                   "which differ");
    } else {
        hint_print("no page was written: check the cable and the board's power, then try again");
    }
    return code;
}

static int chip_check(struct flasher *flasher)
{
    switch (board_ask_chip(&flasher->openocd, &flasher->board, flasher->app.path)) {
    case BOARD_SAME: return EXIT_OK;
    case BOARD_OTHER: flasher->problem = "wrong chip"; return EXIT_ENVIRONMENT;
    default: return lost(flasher, "asked which chip it is");
    }
}

/* ---- option bytes ---- */

/* Asks on the terminal, or takes the line that a script gives; anything but yes is no. */
static bool consent(void)
{
    char line[16] = "";
    printf("Change them? They decide what of the flash is Secure. Write yes to do it: ");
    fflush(stdout);
    bool yes = fgets(line, sizeof line, stdin) != NULL && strcmp(line, "yes\n") == 0;
    if (!isatty(STDIN_FILENO)) {
        printf("%s\n", yes ? "yes" : "no");
    }
    return yes;
}

static int flasher_connect(struct flasher *flasher)
{
    int code = openocd_start(&flasher->openocd, &flasher->board, &flasher->wish->probe);
    flasher->problem = flasher->openocd.problem;
    return code;
}

static int reconnect(struct flasher *flasher)
{
    openocd_stop(&flasher->openocd);
    int code = flasher_connect(flasher) == EXIT_OK ? EXIT_OK : EXIT_FLASH;
    if (code == EXIT_OK && !openocd_command(&flasher->openocd, OPENOCD_S, "reset halt")) {
        code = lost(flasher, "reset the board");
    }
    return code;
}

static int protection_check(struct flasher *flasher, const struct flash_options *options)
{
    if (options->protection != RDP_OPEN) {
        flasher->problem = "protected";
        error_print("the chip is protected against reading: RDP is 0x%02X, not 0x%02X (level 0)",
                    options->protection, RDP_OPEN);
        hint_print("k5 never changes RDP: going back to level 0 erases the chip; use ST's tool");
        return EXIT_FLASH;
    }
    return EXIT_OK;
}

static int options_refuse(struct flasher *flasher, bool asked)
{
    flasher->problem = "option bytes";
    error_print("the option bytes are not what the board needs; nothing was written");
    if (!asked) {
        hint_print("`k5 flash --provision` changes them, after a question");
    }
    return EXIT_FLASH;
}

/* Reads them; with --provision and consent, writes what differs and looks again. */
static int options_settle(struct flasher *flasher)
{
    bool agreed = false;
    int code = EXIT_OK;
    for (int round = 0; code == EXIT_OK; round++) {
        struct flash_options options;
        bool read = flash_options_read(&options, &flasher->board, &flasher->openocd);
        code = read ? protection_check(flasher, &options) : lost(flasher, "read the option bytes");
        if (code != EXIT_OK || options.differ == 0) {
            flash_options_free(&options);
            return code;
        }
        if (!agreed) {
            flash_options_print(&options, &flasher->board);
            agreed = flasher->wish->provision && consent();
        }
        if (!agreed || round == ROUNDS) {
            code = options_refuse(flasher, flasher->wish->provision);
        } else {
            flasher->provisioned += round == 0 ? options.differ : 0;
            flasher->optioned = true;
            code = flash_options_write(&options, &flasher->board, &flasher->openocd)
                       ? reconnect(flasher)
                       : lost(flasher, "wrote the option bytes");
        }
        flash_options_free(&options);
    }
    return code;
}

/* ---- pages ---- */

static int pages_fail(struct flasher *flasher)
{
    char *said = openocd_said(&flasher->openocd);
    bool locked = flasher->openocd.state == OPENOCD_REFUSED && strstr(said, "not unlocked") != NULL;
    free(said);
    if (!locked) {
        return lost(flasher, "wrote the flash");
    }
    flasher->problem = "locked";
    error_print("the flash stays locked: its controller did not take the keys");
    hint_print("switch the board's power off and on, then try again");
    return EXIT_FLASH;
}

static int pages_verify(struct flasher *flasher)
{
    struct flash_wrong wrong;
    if (!openocd_command(&flasher->openocd, OPENOCD_S, "reset halt") ||
        !pages_read(&flasher->pages, &flasher->openocd, flasher->terminal)) {
        return lost(flasher, "read the flash back");
    }
    if (!pages_wrong(&flasher->pages, &wrong)) {
        return EXIT_OK;
    }
    char *owner = app_owner(&flasher->app, wrong.address);
    flasher->problem = "verify";
    error_print("the flash is not what was written: 0x%08X, %s, is 0x%02X, not 0x%02X; %zu of %zu "
                "pages differ",
                wrong.address, owner, wrong.found, wrong.wanted, flasher->pages.differ,
                flasher->pages.count);
    if (wrong.untouched) {
        hint_print("writing that page changed nothing, though the chip reported success: are "
                   "[alias.flash] in board.toml and the option bytes right?");
    } else {
        hint_print("try again; if it is the same address each time, that page of the chip is worn "
                   "out");
    }
    free(owner);
    return EXIT_FLASH;
}

static int pages_settle(struct flasher *flasher)
{
    if (!pages_read(&flasher->pages, &flasher->openocd, flasher->terminal)) {
        return lost(flasher, "read the flash");
    }
    if (flasher->pages.differ == 0) {
        return EXIT_OK;
    }
    flasher->begun = true;
    flasher->owners = pages_owners(&flasher->pages, &flasher->app);
    if (!pages_write(&flasher->pages, &flasher->openocd, flasher->terminal, &flasher->written)) {
        return pages_fail(flasher);
    }
    return pages_verify(flasher);
}

/* ---- the report ---- */

static void report_print(const struct flasher *flasher)
{
    const struct flash_pages *pages = &flasher->pages;
    size_t page = pages->board->page;
    size_t kept = pages->count - flasher->written;
    if (flasher->provisioned > 0) {
        printf("   options changed %zu\n", flasher->provisioned);
    }
    if (flasher->written == 0) {
        printf("   flash   nothing to write: all %zu pages (%zu KiB) are right already\n",
               pages->count, pages->count * page / 1024);
    } else {
        printf("   flash   wrote %zu of %zu pages (%zu KiB) in %.1f s, %.1f KiB/s\n",
               flasher->written, pages->count, flasher->written * page / 1024, pages->write_s,
               (double)(flasher->written * page) / 1024 / pages->write_s);
    }
    if (flasher->written > 0 && kept > 0) {
        printf("   changed %s\n", flasher->owners);
        printf("   kept    %zu pages that were right already: about %.1f s saved\n", kept,
               pages->write_s / (double)flasher->written * (double)kept);
    }
    printf("   verify  all pages read back and equal, in %.1f s with everything\n"
           "   run     \"%s\" was started by a reset\n",
           flasher->seconds, flasher->app.name);
}

static void report_json(const struct flasher *flasher, int code)
{
    struct text out = {0};
    struct json json = {.out = &out};
    json_open(&json, NULL, '{');
    json_string(&json, "app", flasher->app.name);
    json_string(&json, "board", flasher->board.name);
    json_bool(&json, "ok", code == EXIT_OK);
    json_string(&json, "problem", code == EXIT_OK ? NULL : flasher->problem);
    json_number(&json, "pages", flasher->pages.count);
    json_number(&json, "written", flasher->written);
    json_string(&json, "changed", flasher->owners);
    json_number(&json, "page_bytes", flasher->board.page);
    json_number(&json, "options_changed", flasher->provisioned);
    json_number(&json, "write_ms", (uint64_t)(flasher->pages.write_s * 1000));
    json_number(&json, "all_ms", (uint64_t)(flasher->seconds * 1000));
    json_close(&json, '}');
    puts(text_string(&out));
    text_free(&out);
}

/* ---- the verb ---- */

static int flash_run(struct flasher *flasher)
{
    double started_s = clock_seconds();
    int code = flasher_connect(flasher);
    code = code == EXIT_OK ? chip_check(flasher) : code;
    if (code == EXIT_OK && !openocd_command(&flasher->openocd, OPENOCD_S, "reset halt")) {
        code = lost(flasher, "reset the board");
    }
    code = code == EXIT_OK ? options_settle(flasher) : code;
    code = code == EXIT_OK ? pages_settle(flasher) : code;
    if (code == EXIT_OK && !openocd_command(&flasher->openocd, OPENOCD_S, "reset run")) {
        code = lost(flasher, "started the app");
    }
    openocd_stop(&flasher->openocd);
    flasher->seconds = clock_seconds() - started_s;
    return code;
}

static int flash_build(struct flasher *flasher)
{
    struct app first = {0};
    const struct flash_wish *wish = flasher->wish;
    int code = app_read(wish->dir, wish->profile, &first);
    code = code == EXIT_OK ? probe_board_read(&first.board, &flasher->board) : code;
    if (code == EXIT_OK) {
        flasher->app.verbose = wish->verbose;
        flasher->app.quiet = !wish->verbose || wish->json;
        code = app_build(wish->dir, wish->profile, &flasher->app);
    }
    if (code == EXIT_OK && !pages_make(&flasher->app, &flasher->board, &flasher->pages)) {
        code = EXIT_USAGE;
    }
    return code;
}

static int options_read(int argc, char **argv, struct flash_wish *wish)
{
    static const struct option known[] = {{"probe", required_argument, NULL, 'P'},
                                          {"serial", required_argument, NULL, 's'},
                                          {"profile", required_argument, NULL, 'p'},
                                          {"provision", no_argument, NULL, 'o'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"verbose", no_argument, NULL, 'v'},
                                          {0}};
    *wish = (struct flash_wish){.dir = "."};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "v", known, NULL)) != -1;) {
        switch (c) {
        case 'P': wish->probe.type = optarg; break;
        case 's': wish->probe.serial = optarg; break;
        case 'p': wish->profile = optarg; break;
        case 'o': wish->provision = true; break;
        case 'j': wish->json = true; break;
        case 'v': wish->verbose = true; break;
        default:
            return usage_error(argv[0], "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
    }
    if (argc - optind > 1) {
        return usage_error(argv[0], "one app at a time");
    }
    if (wish->json && wish->provision) {
        return usage_error(argv[0], "--provision asks a question, so it takes no --json");
    }
    wish->dir = optind < argc ? argv[optind] : wish->dir;
    return openocd_options_check(argv[0], &wish->probe) ? EXIT_OK : EXIT_USAGE;
}

int verb_flash(int argc, char **argv)
{
    struct flash_wish wish;
    struct flasher *flasher = memory_new(sizeof *flasher);
    int code = options_read(argc, argv, &wish);
    flasher->wish = &wish;
    flasher->terminal = isatty(STDOUT_FILENO) != 0 && !wish.json;
    code = code == EXIT_OK ? flash_build(flasher) : code;
    if (code == EXIT_OK) {
        code = flash_run(flasher);
        if (wish.json) {
            report_json(flasher, code);
        } else if (code == EXIT_OK) {
            report_print(flasher);
        }
    }
    pages_free(&flasher->pages);
    free(flasher->owners);
    free(flasher);
    return code;
}
