/*
 * debug_target.c - the emulator or a board, started and halted for gdb; see debug_target.h.
 *
 * A board is halted where it is, unless a reset is asked for: what it is doing is often what the
 * user wants to see. Then OpenOCD is told three things that its own files for a chip do not:
 *
 *   - accesses are Secure ones whatever the processor does. OpenOCD's file for the STM32L5 makes
 *     them Non-secure while a task is halted, and the kernel's memory could not be read then;
 *   - a step takes no interrupt: it would lead away from the task that the user steps in;
 *   - if board.toml knows how, the kernel's timer stands while the processor is halted.
 */
#include "debug_target.h"

#include "board_ask.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define ANSWER_S 5.0  /* for one answer of a GDB server */
#define LOOK_S   0.05 /* between two looks at a board's ring */
#define QUIET_MS 20   /* for what QEMU has sent to come through the pipe */

/* ---- the emulator ---- */

static int emulator_begin(struct debug_target *target)
{
    const struct emulator_options options = {
        .pace = PACE_REAL, /* PACE_FAST lets the time jump whenever the machine is halted */
        .debug = true,
        .halted = true,
        .errors = path_join(target->app->build_dir, "debug.log"),
    };
    int code = emulator_start(target->app, &options, &target->emulator);
    if (code != EXIT_OK) {
        return code;
    }
    if (target->emulator.debug_socket == NULL) {
        error_print("there is no place in /tmp for the emulator's GDB server");
        return EXIT_ENVIRONMENT;
    }
    double end_s = clock_seconds() + ANSWER_S; /* it needs a moment to be there */
    while (!remote_connect(&target->remote, target->emulator.debug_socket, ANSWER_S) &&
           clock_seconds() < end_s && !emulator_ended(&target->emulator)) {
        clock_sleep(0.01);
    }
    if (target->remote.socket < 0) {
        error_print("the emulator cannot be debugged: %s", target->remote.problem);
        return EXIT_ENVIRONMENT;
    }
    return EXIT_OK;
}

/* ---- a board ---- */

static void lose(struct debug_target *target, const char *what)
{
    if (target->lost) {
        return;
    }
    target->lost = true;
    if (target->openocd.state == OPENOCD_HUNG) {
        error_print("OpenOCD had no answer for %.0f s while k5 %s; it was killed", OPENOCD_S, what);
    } else if (target->openocd.state == OPENOCD_STOPPED) {
        error_print("interrupted while k5 %s", what);
    } else if (target->remote.socket < 0 && target->openocd.state == OPENOCD_REFUSED) {
        error_print("the board did not answer as it should while k5 %s", what);
    } else {
        error_print("the connection to the board was lost while k5 %s", what);
    }
    openocd_said_print(&target->openocd);
    hint_print("check the cable and the board's power, then try again");
    remote_close(&target->remote);
}

static int board_fail(struct debug_target *target, const char *what)
{
    lose(target, what);
    return EXIT_ENVIRONMENT;
}

static int build_check(struct debug_target *target)
{
    uint64_t found = 0;
    enum board_answer answer = board_ask_build(&target->openocd, target->app, &found);
    if (answer == BOARD_LOST) {
        return board_fail(target, "asked which build it runs");
    }
    if (answer == BOARD_OTHER) {
        error_print("the board holds build %016llx, the one here is %016llx: names and places "
                    "would be wrong",
                    (unsigned long long)found, (unsigned long long)target->app->build_id);
        hint_print("`k5 flash` writes the one that is here; or is it the other --profile?");
        return EXIT_ENVIRONMENT;
    }
    return EXIT_OK;
}

/* Halts it, and tells OpenOCD what its file for the chip leaves open; `maskisr` needs the halt. */
static bool board_halt(struct debug_target *target, bool reset)
{
    struct openocd *openocd = &target->openocd;
    const struct probe_board *board = target->board;
    return openocd_command(openocd, OPENOCD_S, "[target current] configure -event halted {}") &&
           openocd_command(openocd, OPENOCD_S,
                           "[target current] configure -event reset-end {echo {%s}}",
                           RING_RESET_SAID) &&
           openocd_command(openocd, OPENOCD_S, "[[target current] cget -dap] apcsw 0 0x40000000") &&
           openocd_command(openocd, OPENOCD_S, reset ? "reset halt" : "halt") &&
           openocd_command(openocd, OPENOCD_S, "cortex_m maskisr steponly") &&
           (board->freeze_mask == 0 ||
            openocd_command(openocd, OPENOCD_S,
                            "write_memory 0x%08x 32 [expr {[read_memory 0x%08x 32 1] | 0x%x}]",
                            board->freeze_at, board->freeze_at, board->freeze_mask));
}

static int board_connect(struct debug_target *target)
{
    unsigned port = openocd_gdb_port(&target->openocd);
    char *address = string_format("127.0.0.1:%u", port);
    bool good = port != 0 && remote_connect(&target->remote, address, ANSWER_S);
    free(address);
    if (!good) {
        error_print("OpenOCD's GDB server takes no connection");
        openocd_said_print(&target->openocd);
    }
    return good ? EXIT_OK : EXIT_ENVIRONMENT;
}

static int board_begin(struct debug_target *target, const struct debug_target_options *options)
{
    struct openocd_options wish = options->probe;
    wish.gdb = true;
    int code = openocd_start(&target->openocd, target->board, &wish);
    if (code != EXIT_OK) {
        return code;
    }
    switch (board_ask_chip(&target->openocd, target->board, target->app->path)) {
    case BOARD_SAME: break;
    case BOARD_OTHER: return EXIT_ENVIRONMENT;
    case BOARD_LOST: return board_fail(target, "asked which chip it is");
    }
    code = build_check(target);
    if (code != EXIT_OK) {
        return code;
    }
    if (!board_halt(target, options->reset)) {
        return board_fail(target, "halted it");
    }
    ring_open(&target->ring, target->app);
    target->ring.polled = true;
    if ((options->reset ? ring_begin(&target->ring, &target->openocd)
                        : ring_attach(&target->ring, &target->openocd)) == RING_LOST) {
        return board_fail(target, "looked for its log");
    }
    return board_connect(target);
}

static bool ring_take(struct debug_target *target, struct text *bytes)
{
    target->looked_s = clock_seconds();
    enum ring_state state = ring_read(&target->ring, &target->openocd, bytes);
    if (state == RING_LOST) {
        lose(target, "read its log");
    }
    return state == RING_RESET;
}

/* Takes our breakpoints away and lets it run. */
static bool board_release(struct debug_target *target)
{
    struct openocd *openocd = &target->openocd;
    remote_close(&target->remote);
    interrupt_forget();
    return openocd_command(openocd, OPENOCD_S, "poll") &&
           openocd_command(openocd, OPENOCD_S, "rbp all; catch {rwp all}") &&
           openocd_command(openocd, OPENOCD_S,
                           "if {[[target current] curstate] eq {halted}} {resume}");
}

/* ---- either ---- */

int debug_target_start(struct debug_target *target, const struct app *app,
                       const struct probe_board *board, const struct debug_target_options *options)
{
    *target = (struct debug_target){.app = app, .board = board};
    target->remote.socket = -1;
    target->emulator.output = -1;
    target->openocd.channel = -1;
    return board != NULL ? board_begin(target, options) : emulator_begin(target);
}

const char *debug_target_folder(const struct debug_target *target)
{
    return target->board != NULL ? target->openocd.folder : target->emulator.debug_folder;
}

int debug_target_handle(const struct debug_target *target)
{
    return target->emulator.output;
}

bool debug_target_log(struct debug_target *target, bool last, struct text *bytes)
{
    if (target->board != NULL) {
        bool due = last || (!target->remote.stopped && clock_seconds() - target->looked_s > LOOK_S);
        return due && !target->lost && ring_take(target, bytes);
    }
    struct pollfd ready = {.fd = target->emulator.output, .events = POLLIN};
    for (bool more = true; more && poll(&ready, 1, last ? QUIET_MS : 0) > 0;) {
        uint8_t chunk[16384];
        size_t got = emulator_read(&target->emulator, chunk, sizeof chunk);
        text_add_bytes(bytes, chunk, got);
        more = last && got > 0; /* an app that logs without end has its next turn soon */
    }
    return false;
}

bool debug_target_ended(struct debug_target *target)
{
    if (target->board == NULL) {
        return emulator_ended(&target->emulator);
    }
    if (!target->lost && (target->remote.socket < 0 || openocd_ended(&target->openocd))) {
        lose(target, "debugged it");
    }
    return target->lost;
}

void debug_target_stop(struct debug_target *target)
{
    if (target->board != NULL && target->openocd.pid > 0 && !board_release(target)) {
        warning_print("the board may be halted still: reset it to let it run");
    }
    remote_close(&target->remote);
    if (target->board != NULL) {
        openocd_stop(&target->openocd);
    } else {
        emulator_stop(&target->emulator);
    }
}
