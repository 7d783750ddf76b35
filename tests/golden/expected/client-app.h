/* What task "client" may use, of app "golden" for board mps2-an505 (release).
 * Made by the k5 tool from app.toml and board.toml: do not edit. */
#ifndef APP_H
#define APP_H

#define K5_TASK_NAME "client"
#define K5_TICK_HZ 20000000u

/* ---- capabilities: typed handles, so that a wrong kind does not compile */
#define STORAGE ((k5_endpoint){ 0 }) /* call storage, app.toml:11 */
#define ARCHIVE ((k5_endpoint){ 1 }) /* call archive, app.toml:11 */
#define SUPER_SIGNAL ((k5_notification){ 2 }) /* signal super, app.toml:12 */

/* ---- memory beside the task's own */
#define POOL_BASE 0x28201000u /* app.toml:55 */
#define POOL_SIZE 0x1000u

#endif
