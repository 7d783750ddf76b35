/* Post-mortem files with random changes, taken apart and shown, as `k5 inspect` does: none of them
 * may make it fail, or go on for ever. Built with the sanitizers by fuzz.sh.
 *
 *   dump_fuzz APP FILE ROUNDS SEED
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump.h"
#include "inspect.h"

#define ROUND_S 20 /* a round takes a tenth of a second; one that takes this hangs */

/* A few bytes, whole words that look like addresses of this app, or a run of one byte. */
static void change(uint8_t *bytes, size_t length, const struct app *app)
{
    size_t at = 32 + (size_t)rand() % (length - 32 - 4);
    const struct app_task *task = &app->tasks[(size_t)rand() % app->task_count];
    const struct app_region *region = &task->regions[rand() % 2];
    uint32_t word = region->base + ((uint32_t)rand() % (region->size + 64)) - 32;

    switch (rand() % 4) {
    case 0: bytes[at] = (uint8_t)rand(); break;
    case 1: bytes[at] ^= (uint8_t)(1 << rand() % 8); break;
    case 2: memcpy(bytes + at, &word, 4); break;
    default:
        memset(bytes + at, rand() % 2 == 0 ? 0xFF : rand(),
               (size_t)rand() % (length - at < 256 ? length - at : 256));
    }
}

static void show(const struct view *view, const struct snapshot *snapshot)
{
    const struct scene scene = {view, snapshot};
    struct text out = {0};
    struct json json = {.out = &out};
    struct list lines = {0};

    inspect_table_print(&scene);
    inspect_tasks_print(&scene);
    json_open(&json, NULL, '{');
    inspect_tasks_json(&scene, &json);
    json_close(&json, '}');
    scene_lines(&scene, K5_NIL, &lines);
    scene_lines(&scene, snapshot->task, &lines);
    list_free(&lines);
    text_free(&out);
}

int main(int argc, char **argv)
{
    struct app app = {.quiet = true};
    struct text file = {0};
    struct view view;

    if (argc != 5 || app_build(argv[1], NULL, &app) != EXIT_OK || !file_read(argv[2], &file) ||
        !view_open(&app, &view) || freopen("/dev/null", "w", stdout) == NULL) {
        fputs("dump_fuzz: no app, or no dump\n", stderr);
        return 1;
    }
    uint8_t *bytes = memory_new(file.length);
    srand((unsigned)strtoul(argv[4], NULL, 10));
    for (unsigned long round = strtoul(argv[3], NULL, 10); round > 0; round--) {
        struct dump dump;
        size_t length = rand() % 8 == 0 ? (size_t)rand() % file.length : file.length;
        alarm(ROUND_S);
        memcpy(bytes, file.data, file.length);
        for (int changes = rand() % 40; changes >= 0; changes--) {
            change(bytes, file.length, &app);
        }
        if (dump_parse(bytes, length, &dump)) {
            show(&view, &dump.snapshot);
        }
        dump_free(&dump);
    }
    free(bytes);
    text_free(&file);
    return 0;
}
