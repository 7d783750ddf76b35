/*
 * openocd.h - Debian's OpenOCD as a child: started on a board's probe, given commands, killed.
 *
 *   k5 --commands--> [stdin  OpenOCD 0.12] --USB--> probe --SWD--> chip
 *      <--answers--- [stdout            ]
 *      <--openocd.log [stderr           ]
 *
 * It listens on no port unless asked to, it never outlives the tool, and a command that has no
 * answer in its time ends it with SIGKILL: it does not react to less while it waits for a probe.
 */
#ifndef K5_TOOL_OPENOCD_H
#define K5_TOOL_OPENOCD_H

#include "probe_board.h"

#define OPENOCD_S 10.0 /* for one command; each does little */

enum openocd_state {
    OPENOCD_RUNS,
    OPENOCD_REFUSED, /* it lives; the last command failed */
    OPENOCD_STOPPED, /* the user pressed Ctrl-C before the last command: it was not sent */
    OPENOCD_HUNG,    /* the last command had no answer in its time: it was killed */
    OPENOCD_DIED     /* it ended by itself */
};

struct openocd_options {
    const char *type;   /* "stlink", ... or a file of OpenOCD's (NAME.cfg); NULL: the board's */
    const char *serial; /* of the probe; NULL: there is only one */
    bool quiet;         /* for who tries again and again: says nothing */
    bool gdb;           /* with a GDB server at a free port of this machine */
};

struct openocd {
    pid_t pid; /* 0: none */
    int channel;
    enum openocd_state state;
    char *folder; /* private, for files that pass between us; removed at the end */
    char *log;    /* in it: what OpenOCD says */
    size_t log_before;
    struct text answer;  /* of the last command */
    const char *problem; /* why it did not start, in a word or two for programs; NULL: it did */
};

/* False, and a usage error printed, if these cannot be options. */
bool openocd_options_check(const char *verb, const struct openocd_options *options);
/* Starts it and connects to the chip; from then on Ctrl-C only lets the next command fail, so that
 * the chip is not left within one. Returns EXIT_OK, or EXIT_ENVIRONMENT with openocd->problem and a
 * message that says what is missing: OpenOCD, the probe, the permission to use it (both looked up
 * before OpenOCD is started), the chip behind it. */
int openocd_start(struct openocd *openocd, const struct probe_board *board,
                  const struct openocd_options *options);
/* One command in OpenOCD's Tcl; true if it worked, the answer is in openocd->answer. */
bool openocd_command(struct openocd *openocd, double limit_s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A word of the target's memory. */
bool openocd_word(struct openocd *openocd, uint32_t address, uint32_t *value);
/* The numbers of 32 bits, with spaces between, that are the last answer; 0 if there is anything
 * else in it, or more than `most`. */
size_t openocd_numbers(const struct openocd *openocd, uint32_t *numbers, size_t most);
/* What it said since the last command was sent. Caller frees. */
char *openocd_said(const struct openocd *openocd);
/* The first errors among that as hints, for below a message. */
void openocd_said_print(const struct openocd *openocd);
/* The port of its GDB server; 0: it has none. */
unsigned openocd_gdb_port(const struct openocd *openocd);
/* Has it ended by itself? */
bool openocd_ended(const struct openocd *openocd);
void openocd_stop(struct openocd *openocd);

/* Ctrl-C and SIGTERM are noted from now on, and end nothing by themselves. */
void interrupt_catch(void);
bool interrupt_seen(void);
/* What is to come is done in spite of an earlier one. */
void interrupt_forget(void);

#endif
