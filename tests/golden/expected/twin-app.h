/* What task "twin" may use, of app "golden" for board mps2-an505 (release).
 * Made by the k5 tool from app.toml and board.toml: do not edit. */
#ifndef APP_H
#define APP_H

#define K5_TASK_NAME "twin"
#define K5_TICK_HZ 20000000u

/* ---- capabilities: typed handles, so that a wrong kind does not compile */
#define STORAGE ((k5_endpoint){ 0 }) /* call storage, app.toml:20 */

/* ---- memory beside the task's own */
#define ODD_BASE 0x28202000u /* app.toml:59 */
#define ODD_SIZE 0x80u

#endif
