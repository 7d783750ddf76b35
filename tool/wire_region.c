/*
 * wire_region.c - movable regions: memory that one task has at a time and gives away.
 *
 *   [region.frame] owner = "camera" --> a capability of camera's, memory in nobody's map
 *   [task.viewer]  maps = 1         --> places of viewer's map for what it holds
 *
 * Invariant: a region has either an owner or tasks that share it. An owner that says nothing can
 * map all that it owns at once.
 */
#include "conf.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

static void owner_resolve(struct app *app, struct app_shared *shared)
{
    const struct conf_node *node = conf_get(shared->node, "owner");
    const struct conf_node *table = conf_get(shared->node, "shared");
    char *where = string_format("region \"%s\"", shared->name);
    shared->owner = node->kind == CONF_STRING ? app_task_find(app, node->string) : APP_NONE;
    if (table != NULL) {
        conf_error(table, "keep one of them",
                   "%s: one task has it at a time (\"owner\"), or several share it", where);
    }
    if (node->kind != CONF_STRING) {
        conf_error(node, "write owner = \"TASK\"", "%s: \"owner\" is %s, not a name", where,
                   conf_kind_name(node->kind));
    } else if (shared->owner == APP_NONE) {
        unknown_task(app, node, node->string, where);
    }
    free(where);
}

void app_movables_make(struct app *app)
{
    for (size_t i = 0; i < app->shared_count; i++) {
        struct app_shared *shared = &app->shared[i];
        shared->owner = APP_NONE;
        if (shared->movable) {
            shared->number = (uint8_t)app->movable_count++;
            owner_resolve(app, shared);
        }
        if (shared->owner != APP_NONE && !app->tasks[shared->owner].maps_said) {
            app->tasks[shared->owner].maps++;
        }
    }
    for (size_t i = 0; i < app->task_count; i++) {
        struct app_task *task = &app->tasks[i];
        task->map_count = task->lend_count + task->maps;
    }
}
