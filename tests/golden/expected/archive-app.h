/* What task "archive" may use, of app "golden" for board mps2-an505 (release).
 * Made by the k5 tool from app.toml and board.toml: do not edit. */
#ifndef APP_H
#define APP_H

#define K5_TASK_NAME "archive"
#define K5_TICK_HZ 20000000u

/* ---- capabilities: typed handles, so that a wrong kind does not compile */
#define ARCHIVE_SERVE ((k5_server){ 0 }) /* serve archive, app.toml:36 */

/* ---- memory beside the task's own */
#define UART1_BASE 0x40201000u /* app.toml:37 */
#define UART1_SIZE 0x1000u
#define I2C0_BASE 0x40207000u /* app.toml:37 */
#define I2C0_SIZE 0x1000u

#endif
