/* Reads lines. "kill" and "last" ask for the end of the driver: it comes while bytes arrive, and
 * while this task waits for more.
 */
#include <k5/k5.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "super.h"
#include "tasks/uart_cmsdk/uart.h"

static void say(const char *text)
{
    k5_error error = uart_write(UART1, text, K5_FOREVER);
    if (error != K5_OK) {
        K5_INFO("not said: {}", k5_error_name(error));
    }
}

static void ask(uint32_t bit)
{
    if (k5_signal(SUPER_SIGNAL, bit) != K5_OK) {
        K5_ERROR("WRONG: no signal");
    }
}

int main(void)
{
    char line[UART_LINE + 1];
    char text[UART_LINE + 8];

    for (;;) {
        k5_error error = uart_read(UART1, line, sizeof line, K5_FOREVER);
        if (error != K5_OK) {
            K5_WARN("the driver died: {}", k5_error_name(error));
            say("alive\n");
            continue;
        }
        K5_INFO("line: {}", line);
        if (strcmp(line, "kill") == 0) {
            ask(SUPER_NOW);
        } else if (strcmp(line, "last") == 0) {
            ask(SUPER_LATER);
        }
        snprintf(text, sizeof text, "got %s\n", line);
        say(text);
    }
}
