/* What task "logger" may use, of app "golden" for board mps2-an505 (release).
 * Made by the k5 tool from app.toml and board.toml: do not edit. */
#ifndef APP_H
#define APP_H

#define K5_TASK_NAME "logger"
#define K5_TICK_HZ 20000000u

/* ---- capabilities: typed handles, so that a wrong kind does not compile */

/* ---- memory beside the task's own */
#define UART0_BASE 0x40200000u /* app.toml:51 */
#define UART0_SIZE 0x1000u
#define LOG_RING_BASE 0x28200000u /* app.toml:51 */
#define LOG_RING_SIZE 0x1000u

#endif
