/* What task "super" may use, of app "golden" for board mps2-an505 (release).
 * Made by the k5 tool from app.toml and board.toml: do not edit. */
#ifndef APP_H
#define APP_H

#define K5_TASK_NAME "super"
#define K5_TICK_HZ 20000000u

/* ---- capabilities: typed handles, so that a wrong kind does not compile */
#define CLIENT_TASK ((k5_task){ 0 }) /* restart client, app.toml:44 */
#define STORE_TASK ((k5_task){ 1 }) /* restart store, app.toml:44 */
#define TWIN_TASK ((k5_task){ 2 }) /* restart twin, app.toml:44 */

/* ---- memory beside the task's own */

/* ---- the tasks it supervises: handle, bit of its word, name */
#define K5_SUPERVISED_COUNT 3
#define K5_SUPERVISED_LIST \
    { { 0 }, 0x80000000u, "client" }, \
    { { 1 }, 0x40000000u, "store" }, \
    { { 2 }, 0x20000000u, "twin" }

#endif
