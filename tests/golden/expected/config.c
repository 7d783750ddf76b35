/* The kernel's tables of app "golden" for board mps2-an505 (release).
 * Made by the k5 tool from app.toml and board.toml: do not edit. */
#include "kernel/config.h"

/* larger = more urgent */
enum {
    task_logger = 0, /* priority 0, app.toml:46 */
    task_client = 1, /* priority 10, app.toml:6 */
    task_twin = 2, /* priority 10, app.toml:15 */
    task_store = 3, /* priority 12, app.toml:22 */
    task_super = 4, /* priority 20, app.toml:39 */
    task_archive = 5, /* priority 31, app.toml:31 */
};

const struct config cfg = {
    .equals = { /* the tasks of its priority */
        [task_logger] = 0x00000001u,
        [task_client] = 0x00000006u,
        [task_twin] = 0x00000006u,
        [task_store] = 0x00000008u,
        [task_super] = 0x00000010u,
        [task_archive] = 0x00000020u,
    },
    .handler = { /* who is told of its faults */
        [task_logger] = K5_NIL,
        [task_client] = task_super,
        [task_twin] = task_super,
        [task_store] = task_super,
        [task_super] = K5_NIL,
        [task_archive] = K5_NIL,
    },
    .handler_bits = {
        [task_logger] = 0x00000000u,
        [task_client] = 0x80000000u,
        [task_twin] = 0x20000000u,
        [task_store] = 0x40000000u,
        [task_super] = 0x00000000u,
        [task_archive] = 0x00000000u,
    },
    .endpoint = { /* it serves */
        [task_logger] = K5_NIL,
        [task_client] = K5_NIL,
        [task_twin] = K5_NIL,
        [task_store] = 0,
        [task_super] = K5_NIL,
        [task_archive] = 1,
    },
    .slice = { /* ticks of a turn */
        [task_logger] = 200000u,
        [task_client] = 200000u,
        [task_twin] = 10000u,
        [task_store] = 200000u,
        [task_super] = 200000u,
        [task_archive] = 200000u,
    },
    .slot_first = {
        [task_logger] = 0,
        [task_client] = 0,
        [task_twin] = 3,
        [task_store] = 4,
        [task_super] = 6,
        [task_archive] = 9,
    },
    .slot_count = {
        [task_logger] = 0,
        [task_client] = 3,
        [task_twin] = 1,
        [task_store] = 2,
        [task_super] = 3,
        [task_archive] = 1,
    },
    .region_first = {
        [task_logger] = 0,
        [task_client] = 4,
        [task_twin] = 7,
        [task_store] = 10,
        [task_super] = 13,
        [task_archive] = 15,
    },
    .region_count = {
        [task_logger] = 4,
        [task_client] = 3,
        [task_twin] = 3,
        [task_store] = 3,
        [task_super] = 2,
        [task_archive] = 4,
    },
    .entry = { /* first instruction */
        [task_logger] = CODEu,
        [task_client] = CODEu,
        [task_twin] = CODEu,
        [task_store] = CODEu,
        [task_super] = CODEu,
        [task_archive] = CODEu,
    },
    .stack_base = { /* bottom of its RAM */
        [task_logger] = 0x28202080u,
        [task_client] = 0x28202480u,
        [task_twin] = 0x28202880u,
        [task_store] = 0x28202B80u,
        [task_super] = 0x28203180u,
        [task_archive] = 0x28203580u,
    },
    .stack_size = { /* bytes */
        [task_logger] = 1024u,
        [task_client] = 1024u,
        [task_twin] = 768u,
        [task_store] = 1536u,
        [task_super] = 1024u,
        [task_archive] = 1024u,
    },
    .server = {
        [0] = task_store, /* storage, app.toml:28 */
        [1] = task_archive, /* archive, app.toml:36 */
    },
    .cap_type = {
        [0] = K5_CAP_ENDPOINT, /* client: call storage, app.toml:11 */
        [1] = K5_CAP_ENDPOINT, /* client: call archive, app.toml:11 */
        [2] = K5_CAP_NOTIFICATION, /* client: signal super, app.toml:12 */
        [3] = K5_CAP_ENDPOINT, /* twin: call storage, app.toml:20 */
        [4] = K5_CAP_ENDPOINT, /* store: serve storage, app.toml:28 */
        [5] = K5_CAP_ENDPOINT, /* store: call archive, app.toml:29 */
        [6] = K5_CAP_TASK, /* super: restart client, app.toml:44 */
        [7] = K5_CAP_TASK, /* super: restart store, app.toml:44 */
        [8] = K5_CAP_TASK, /* super: restart twin, app.toml:44 */
        [9] = K5_CAP_ENDPOINT, /* archive: serve archive, app.toml:36 */
    },
    .cap_rights = {
        [0] = K5_RIGHT_CALL, /* client: call storage, app.toml:11 */
        [1] = K5_RIGHT_CALL, /* client: call archive, app.toml:11 */
        [2] = K5_RIGHT_SIGNAL, /* client: signal super, app.toml:12 */
        [3] = K5_RIGHT_CALL, /* twin: call storage, app.toml:20 */
        [4] = K5_RIGHT_SERVE, /* store: serve storage, app.toml:28 */
        [5] = K5_RIGHT_CALL, /* store: call archive, app.toml:29 */
        [6] = K5_RIGHT_INSPECT | K5_RIGHT_RESTART, /* super: restart client, app.toml:44 */
        [7] = K5_RIGHT_INSPECT | K5_RIGHT_RESTART, /* super: restart store, app.toml:44 */
        [8] = K5_RIGHT_INSPECT | K5_RIGHT_RESTART, /* super: restart twin, app.toml:44 */
        [9] = K5_RIGHT_SERVE, /* archive: serve archive, app.toml:36 */
    },
    .cap_object = {
        [0] = 0, /* client: call storage, app.toml:11 */
        [1] = 1, /* client: call archive, app.toml:11 */
        [2] = 4, /* client: signal super, app.toml:12 */
        [3] = 0, /* twin: call storage, app.toml:20 */
        [4] = 0, /* store: serve storage, app.toml:28 */
        [5] = 1, /* store: call archive, app.toml:29 */
        [6] = 1, /* super: restart client, app.toml:44 */
        [7] = 3, /* super: restart store, app.toml:44 */
        [8] = 2, /* super: restart twin, app.toml:44 */
        [9] = 1, /* archive: serve archive, app.toml:36 */
    },
    .cap_badge = {
        [0] = 0x2u, /* client: call storage, app.toml:11 */
        [1] = 0x2u, /* client: call archive, app.toml:11 */
        [2] = 0x3u, /* client: signal super, app.toml:12 */
        [3] = 0x3u, /* twin: call storage, app.toml:20 */
        [4] = 0x0u, /* store: serve storage, app.toml:28 */
        [5] = 0x4u, /* store: call archive, app.toml:29 */
        [6] = 0x0u, /* super: restart client, app.toml:44 */
        [7] = 0x0u, /* super: restart store, app.toml:44 */
        [8] = 0x0u, /* super: restart twin, app.toml:44 */
        [9] = 0x0u, /* archive: serve archive, app.toml:36 */
    },
    .region_base = {
        [0] = CODEu, /* logger: code, app.toml:46 */
        [1] = 0x28202080u, /* logger: ram, app.toml:46 */
        [2] = 0x40200000u, /* logger: uart0, app.toml:51 */
        [3] = 0x28200000u, /* logger: log, app.toml:51 */
        [4] = CODEu, /* client: code, app.toml:6 */
        [5] = 0x28202480u, /* client: ram, app.toml:6 */
        [6] = 0x28201000u, /* client: pool, app.toml:55 */
        [7] = CODEu, /* twin: code, app.toml:15 */
        [8] = 0x28202880u, /* twin: ram, app.toml:15 */
        [9] = 0x28202000u, /* twin: odd, app.toml:59 */
        [10] = CODEu, /* store: code, app.toml:22 */
        [11] = 0x28202B80u, /* store: ram, app.toml:22 */
        [12] = 0x28201000u, /* store: pool, app.toml:55 */
        [13] = CODEu, /* super: code, app.toml:39 */
        [14] = 0x28203180u, /* super: ram, app.toml:39 */
        [15] = CODEu, /* archive: code, app.toml:31 */
        [16] = 0x28203580u, /* archive: ram, app.toml:31 */
        [17] = 0x40201000u, /* archive: uart1, app.toml:37 */
        [18] = 0x40207000u, /* archive: i2c0, app.toml:37 */
    },
    .region_size = {
        [0] = SIZE, /* logger: code, app.toml:46 */
        [1] = 0x400u, /* logger: ram, app.toml:46 */
        [2] = 0x1000u, /* logger: uart0, app.toml:51 */
        [3] = 0x1000u, /* logger: log, app.toml:51 */
        [4] = SIZE, /* client: code, app.toml:6 */
        [5] = 0x400u, /* client: ram, app.toml:6 */
        [6] = 0x1000u, /* client: pool, app.toml:55 */
        [7] = SIZE, /* twin: code, app.toml:15 */
        [8] = 0x300u, /* twin: ram, app.toml:15 */
        [9] = 0x80u, /* twin: odd, app.toml:59 */
        [10] = SIZE, /* store: code, app.toml:22 */
        [11] = 0x600u, /* store: ram, app.toml:22 */
        [12] = 0x1000u, /* store: pool, app.toml:55 */
        [13] = SIZE, /* super: code, app.toml:39 */
        [14] = 0x400u, /* super: ram, app.toml:39 */
        [15] = SIZE, /* archive: code, app.toml:31 */
        [16] = 0x400u, /* archive: ram, app.toml:31 */
        [17] = 0x1000u, /* archive: uart1, app.toml:37 */
        [18] = 0x1000u, /* archive: i2c0, app.toml:37 */
    },
    .region_rights = {
        [0] = K5_MEM_READ | K5_MEM_EXECUTE, /* logger: code, app.toml:46 */
        [1] = K5_MEM_READ | K5_MEM_WRITE, /* logger: ram, app.toml:46 */
        [2] = K5_MEM_READ | K5_MEM_WRITE | K5_MEM_DEVICE, /* logger: uart0, app.toml:51 */
        [3] = K5_MEM_READ | K5_MEM_WRITE, /* logger: log, app.toml:51 */
        [4] = K5_MEM_READ | K5_MEM_EXECUTE, /* client: code, app.toml:6 */
        [5] = K5_MEM_READ | K5_MEM_WRITE, /* client: ram, app.toml:6 */
        [6] = K5_MEM_READ | K5_MEM_WRITE, /* client: pool, app.toml:55 */
        [7] = K5_MEM_READ | K5_MEM_EXECUTE, /* twin: code, app.toml:15 */
        [8] = K5_MEM_READ | K5_MEM_WRITE, /* twin: ram, app.toml:15 */
        [9] = K5_MEM_READ | K5_MEM_WRITE, /* twin: odd, app.toml:59 */
        [10] = K5_MEM_READ | K5_MEM_EXECUTE, /* store: code, app.toml:22 */
        [11] = K5_MEM_READ | K5_MEM_WRITE, /* store: ram, app.toml:22 */
        [12] = K5_MEM_READ, /* store: pool, app.toml:55 */
        [13] = K5_MEM_READ | K5_MEM_EXECUTE, /* super: code, app.toml:39 */
        [14] = K5_MEM_READ | K5_MEM_WRITE, /* super: ram, app.toml:39 */
        [15] = K5_MEM_READ | K5_MEM_EXECUTE, /* archive: code, app.toml:31 */
        [16] = K5_MEM_READ | K5_MEM_WRITE, /* archive: ram, app.toml:31 */
        [17] = K5_MEM_READ | K5_MEM_WRITE | K5_MEM_DEVICE, /* archive: uart1, app.toml:37 */
        [18] = K5_MEM_READ | K5_MEM_WRITE | K5_MEM_DEVICE, /* archive: i2c0, app.toml:37 */
    },
};
