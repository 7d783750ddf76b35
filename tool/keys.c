/*
 * keys.c - see keys.h. Signals of the terminal (Ctrl-C) stay as they are.
 */
#define _GNU_SOURCE
#include "keys.h"

#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static bool taken;

bool keys_open(void)
{
    static bool at_end;
    struct termios now;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
        tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    if (!at_end) {
        at_end = atexit(keys_close) == 0;
    }
    now = before;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    now.c_cc[VMIN] = 0;
    now.c_cc[VTIME] = 0;
    taken = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
    return taken;
}

char keys_get(void)
{
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
    char key = 0;
    if (!taken || poll(&ready, 1, 0) <= 0) {
        return 0;
    }
    if (read(STDIN_FILENO, &key, 1) != 1) {
        keys_close(); /* the terminal is gone */
        return 0;
    }
    return key;
}

void keys_close(void)
{
    if (taken) {
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
        taken = false;
    }
}
