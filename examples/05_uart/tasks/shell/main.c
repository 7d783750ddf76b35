/* A shell on a serial line: reads a line, does what it says, writes the answer.
 *
 * It blocks in uart_read until somebody has typed a whole line; the driver's interrupts and buffers
 * are no concern of it.
 */
#include "app.h"

#include <k5/k5.h>
#include <stdio.h>
#include <string.h>

#include "tasks/uart_cmsdk/uart.h"

static void say(const char *text)
{
    k5_error error = uart_write(UART1, text, k5_after(K5_S(1)));

    if (error != K5_OK) {
        K5_WARN("nothing was said: {}", k5_error_name(error));
    }
}

/* A number from 0 to 9999 at *at, which goes on behind it; -1: there is none. */
static int number(const char **at)
{
    int value = -1;

    while (**at == ' ') {
        (*at)++;
    }
    for (int digits = 0; digits < 4 && **at >= '0' && **at <= '9'; digits++, (*at)++) {
        value = (value < 0 ? 0 : value * 10) + (**at - '0');
    }
    return value;
}

static void add(const char *rest)
{
    char text[UART_LINE];
    int a = number(&rest);
    int b = number(&rest);

    if (a < 0 || b < 0) {
        say("add takes two numbers\n");
        return;
    }
    snprintf(text, sizeof text, "%d\n", a + b);
    say(text);
}

static void obey(const char *line, uint32_t lines)
{
    char text[2 * UART_LINE];

    if (strcmp(line, "help") == 0) {
        say("hello, add A B, status, help\n");
    } else if (strcmp(line, "hello") == 0) {
        say("hello to you\n");
    } else if (strncmp(line, "add ", 4) == 0) {
        add(line + 4);
    } else if (strcmp(line, "status") == 0) {
        snprintf(text, sizeof text, "%u lines so far\n", (unsigned)lines - 1u);
        say(text);
    } else {
        snprintf(text, sizeof text, "what is \"%s\"?\n", line);
        say(text);
    }
}

int main(void)
{
    char line[UART_LINE + 1];

    say("K5: type help\n");
    for (uint32_t lines = 1;; lines++) {
        k5_error error = uart_read(UART1, line, sizeof line, K5_FOREVER);

        if (error != K5_OK) { /* the driver was restarted: what it held is lost, it serves again */
            K5_WARN("no line: {}", k5_error_name(error));
            continue;
        }
        K5_INFO("line {}: {}", lines, line);
        obey(line, lines);
    }
}
