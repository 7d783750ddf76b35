/*
 * logs.c - `k5 logs`: the log of a board, through the debug probe or from a serial line.
 *
 *   ring in the chip's RAM --OpenOCD--> ring_read --+
 *   serial line ------------------------> read -----+--> decoder --> lines
 *
 * What breaks the connection is said, and it is made again for as long as the user waits. The board
 * is neither reset nor halted.
 */
#define _GNU_SOURCE
#include "board_ask.h"
#include "json.h"
#include "level.h"
#include "ring.h"
#include "run.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LOOK_S  0.05 /* between two looks at the ring */
#define AGAIN_S 1.0  /* between two tries to connect */
#define SPEED   B115200

struct logs_wish {
    const char *dir;
    const char *profile;
    struct openocd_options probe;
    const char *line;   /* a serial line; NULL: through the probe */
    uint64_t for_us;    /* 0: until Ctrl-C */
    bool json;          /* one object a line instead of text */
    struct list levels; /* --level, as given */
};

struct logs {
    const struct logs_wish *wish;
    struct app app;
    struct probe_board board;
    struct decoder decoder;
    struct level_filter filter;
    struct openocd openocd;
    struct ring ring;
    int line;        /* the serial line; -1: not open */
    unsigned breaks; /* how often the connection was lost */
    bool none_said;
    bool other_build; /* the flash holds another than the one here */
    double end_s;     /* 0: none */
};

static bool logs_over(const struct logs *logs)
{
    return interrupt_seen() || (logs->end_s > 0 && clock_seconds() >= logs->end_s);
}

/* What happens to the connection: a word for programs, and a line of ours for people. */
enum link { LINK_OPEN, LINK_LOST, LINK_BACK, LINK_RESET, LINK_WAITS };
static const char *const link_words[] = {[LINK_OPEN] = "open",
                                         [LINK_LOST] = "lost",
                                         [LINK_BACK] = "back",
                                         [LINK_RESET] = "reset",
                                         [LINK_WAITS] = "waits"};

static void link_print(const struct logs *logs, enum link link, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void link_print(const struct logs *logs, enum link link, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_addv(&text, format, arguments);
    va_end(arguments);
    if (logs->wish->json) {
        struct text out = {0};
        struct json json = {.out = &out};
        json_open(&json, NULL, '{');
        json_string(&json, "type", "link");
        json_string(&json, "state", link_words[link]);
        json_string(&json, "text", text_string(&text));
        json_close(&json, '}');
        puts(text_string(&out));
        text_free(&out);
    } else {
        printf("%s-- %s%s\n", colour_start(1, COLOUR_YELLOW), text_string(&text),
               colour_start(1, COLOUR_NONE));
    }
    fflush(stdout);
    text_free(&text);
}

/* From here on there may be a log: the time begins. */
static void logs_begin(struct logs *logs, const char *to)
{
    uint64_t for_us = logs->wish->for_us;
    logs->end_s = for_us > 0 ? clock_seconds() + (double)for_us / 1e6 : 0;
    link_print(logs, LINK_OPEN, "%s", to);
}

static void bytes_show(struct logs *logs, const void *bytes, size_t length)
{
    decoder_feed(&logs->decoder, bytes, length);
    level_print(&logs->filter, &logs->decoder, logs->wish->json, 0);
}

/* ---- through the probe ---- */

/* Says so if what is in the flash is not what was built here. False: the connection is lost. */
static bool build_check(struct logs *logs)
{
    uint64_t found = 0;
    enum board_answer answer = board_ask_build(&logs->openocd, &logs->app, &found);
    logs->other_build = answer == BOARD_OTHER;
    if (logs->other_build) {
        warning_print("the board runs build %016llx, the one here is %016llx: texts and places may "
                      "be wrong",
                      (unsigned long long)found, (unsigned long long)logs->app.build_id);
        hint_print("`k5 flash %s` writes the one that is here", logs->wish->dir);
    }
    return answer != BOARD_LOST;
}

static int probe_connect(struct logs *logs, bool quiet)
{
    struct openocd_options options = logs->wish->probe;
    options.quiet = quiet;
    int code = openocd_start(&logs->openocd, &logs->board, &options);
    if (code == EXIT_OK &&
        (ring_attach(&logs->ring, &logs->openocd) == RING_LOST || !build_check(logs))) {
        code = EXIT_ENVIRONMENT;
        if (!quiet) {
            error_print("the board did not answer");
            openocd_said_print(&logs->openocd);
        }
    }
    if (code != EXIT_OK) {
        openocd_stop(&logs->openocd);
    }
    return code;
}

static void probe_again(struct logs *logs)
{
    logs->breaks++;
    link_print(logs, LINK_LOST, "connection to the board lost; trying again");
    openocd_stop(&logs->openocd);
    while (!logs_over(logs)) {
        if (probe_connect(logs, true) == EXIT_OK) {
            link_print(logs, LINK_BACK, "connected again; lines in between may be missing");
            return;
        }
        clock_sleep(AGAIN_S);
    }
}

static void probe_step(struct logs *logs)
{
    struct text bytes = {0};
    switch (ring_read(&logs->ring, &logs->openocd, &bytes)) {
    case RING_GOOD:
        logs->none_said = false;
        bytes_show(logs, bytes.data, bytes.length);
        break;
    case RING_RESET: link_print(logs, LINK_RESET, "the board was reset"); break;
    case RING_NONE:
        if (!logs->none_said) {
            link_print(logs, LINK_WAITS,
                       "no log in the board's memory yet: waiting for the kernel to start");
        }
        logs->none_said = true;
        break;
    case RING_LOST:
        if (!interrupt_seen()) {
            probe_again(logs);
        }
        break;
    }
    text_free(&bytes);
    clock_sleep(LOOK_S);
}

static int probe_logs(struct logs *logs)
{
    if (!ring_open(&logs->ring, &logs->app)) {
        error_print("%s: the image has no log ring", logs->app.image);
        return EXIT_BUILD;
    }
    int code = probe_connect(logs, false);
    if (code == EXIT_OK) {
        logs_begin(logs, "connected to the board");
    }
    while (code == EXIT_OK && !logs_over(logs)) {
        probe_step(logs);
    }
    openocd_stop(&logs->openocd);
    return code;
}

/* ---- from a serial line ---- */

static bool line_open(struct logs *logs)
{
    struct termios mode;
    logs->line = open(logs->wish->line, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (logs->line >= 0 && tcgetattr(logs->line, &mode) == 0) {
        cfmakeraw(&mode);
        mode.c_cflag |= CLOCAL | CREAD;
        (void)cfsetspeed(&mode, SPEED);
        (void)tcsetattr(logs->line, TCSANOW, &mode);
    }
    return logs->line >= 0;
}

static void line_again(struct logs *logs)
{
    logs->breaks++;
    close(logs->line);
    logs->line = -1;
    link_print(logs, LINK_LOST, "serial line %s is gone; waiting for it", logs->wish->line);
    while (!logs_over(logs)) {
        if (line_open(logs)) {
            link_print(logs, LINK_BACK, "serial line %s is back; lines in between are missing",
                       logs->wish->line);
            return;
        }
        clock_sleep(AGAIN_S / 4);
    }
}

static void line_step(struct logs *logs)
{
    char bytes[4096];
    struct pollfd ready = {.fd = logs->line, .events = POLLIN};
    if (poll(&ready, 1, (int)(LOOK_S * 1000)) <= 0) {
        return;
    }
    ssize_t got = read(logs->line, bytes, sizeof bytes);
    if (got > 0) {
        bytes_show(logs, bytes, (size_t)got);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        line_again(logs);
    }
}

static int line_logs(struct logs *logs)
{
    if (!line_open(logs)) {
        error_print("serial line %s: %s", logs->wish->line, strerror(errno));
        hint_print(errno == EACCES ? "be in the group that owns it, in Debian: dialout"
                                   : "is the board connected? `ls /dev/ttyACM* /dev/ttyUSB*`");
        return EXIT_ENVIRONMENT;
    }
    char *what = string_format("listening to %s", logs->wish->line);
    logs_begin(logs, what);
    free(what);
    while (!logs_over(logs)) {
        line_step(logs);
    }
    if (logs->line >= 0) {
        close(logs->line);
    }
    return EXIT_OK;
}

/* ---- the verb ---- */

static void summary_json(const struct logs *logs, int code)
{
    const struct decoder *decoder = &logs->decoder;
    struct text out = {0};
    struct json json = {.out = &out};
    json_open(&json, NULL, '{');
    json_string(&json, "type", "summary");
    json_number(&json, "log_lines", decoder->entries);
    json_number(&json, "faults", decoder->faults);
    json_number(&json, "restarts", decoder->restarts);
    json_number(&json, "resets", decoder->resets);
    json_number(&json, "dropped", decoder->drops);
    json_number(&json, "damaged", decoder->damaged);
    json_bool(&json, "other_build", decoder->other_build || logs->other_build);
    json_number(&json, "connection_lost", logs->breaks);
    json_number(&json, "exit_code", (uint64_t)code);
    json_close(&json, '}');
    puts(text_string(&out));
    fflush(stdout);
    text_free(&out);
}

static int logs_end(const struct logs *logs)
{
    const struct decoder *decoder = &logs->decoder;
    bool silent = decoder->frames == 0 && !interrupt_seen();
    int code = silent ? EXIT_TIMEOUT : EXIT_OK;
    if (logs->wish->json) {
        summary_json(logs, code);
    } else {
        printf("-- %llu log lines, %llu frames dropped by the board, %llu damaged, connection lost "
               "%u times\n",
               (unsigned long long)decoder->entries, (unsigned long long)decoder->drops,
               (unsigned long long)decoder->damaged, logs->breaks);
    }
    if (silent) {
        error_print("nothing came from the board");
    }
    return code;
}

static int logs_prepare(struct logs *logs)
{
    struct app first = {0};
    const struct logs_wish *wish = logs->wish;
    int code = app_read(wish->dir, wish->profile, &first);
    if (code == EXIT_OK && wish->line == NULL) {
        code = probe_board_read(&first.board, &logs->board);
    }
    logs->app.quiet = true;
    code = code == EXIT_OK ? app_build(wish->dir, wish->profile, &logs->app) : code;
    return code == EXIT_OK ? level_make(&logs->filter, &logs->app, "logs", &wish->levels) : code;
}

static int options_take(int argc, char **argv, struct logs_wish *wish)
{
    static const struct option known[] = {
        {"probe", required_argument, NULL, 'P'},   {"serial", required_argument, NULL, 's'},
        {"profile", required_argument, NULL, 'p'}, {"serial-port", required_argument, NULL, 'l'},
        {"for", required_argument, NULL, 'f'},     {"level", required_argument, NULL, 'L'},
        {"json", no_argument, NULL, 'j'},          {0}};
    *wish = (struct logs_wish){.dir = "."};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (c) {
        case 'P': wish->probe.type = optarg; break;
        case 's': /* a path is a serial line, and no serial number of a probe */
            *(strchr(optarg, '/') != NULL ? &wish->line : &wish->probe.serial) = optarg;
            break;
        case 'p': wish->profile = optarg; break;
        case 'l': wish->line = optarg; break;
        case 'L': list_add(&wish->levels, optarg); break;
        case 'j': wish->json = true; break;
        case 'f':
            if (!time_parse(optarg, &wish->for_us)) {
                return usage_error(argv[0], "--for \"%s\" is no time: write 3s or 500ms", optarg);
            }
            break;
        default:
            return usage_error(argv[0], "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
    }
    if (argc - optind > 1) {
        return usage_error(argv[0], "one app at a time");
    }
    if (wish->line != NULL && (wish->probe.type != NULL || wish->probe.serial != NULL)) {
        return usage_error(argv[0], "--serial-port needs no probe: leave out --probe and --serial");
    }
    wish->dir = optind < argc ? argv[optind] : wish->dir;
    return openocd_options_check(argv[0], &wish->probe) ? EXIT_OK : EXIT_USAGE;
}

int verb_logs(int argc, char **argv)
{
    struct logs_wish wish;
    struct logs *logs = memory_new(sizeof *logs);
    int code = options_take(argc, argv, &wish);
    logs->wish = &wish;
    code = code == EXIT_OK ? logs_prepare(logs) : code;
    if (code == EXIT_OK) {
        interrupt_catch();
        decoder_open(&logs->decoder, &logs->app);
        logs->decoder.colour = true;
        logs->decoder.json = wish.json;
        code = wish.line != NULL ? line_logs(logs) : probe_logs(logs);
        code = code == EXIT_OK ? logs_end(logs) : code;
        decoder_close(&logs->decoder);
    }
    free(logs);
    return code;
}
