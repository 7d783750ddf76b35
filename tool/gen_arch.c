/*
 * gen_arch.c - the Armv8-M images: register words ready to be written. arch_config.c is what does
 * not depend on where tasks are placed, arch_images.c what does.
 *
 * What each word means is checked by arch/arm_m/protection.c on the linked image
 * (image_check.c); docs/adr/0004 has the map. Encodings are those of arch_config.h, here by
 * their names, so that the generated file can be read.
 */
#include "gen.h"

#include "place.h"

#include <stdlib.h>

#define VENEER_SIZE 32u /* the veneer's block; the idle loop has the next one */

static const char *const access_words[8] = {[K5_MEM_READ] = "ARCH_MPU_AP_RO | ARCH_MPU_XN",
                                            [K5_MEM_READ | K5_MEM_EXECUTE] = "ARCH_MPU_AP_RO",
                                            [K5_MEM_READ | K5_MEM_WRITE] =
                                                "ARCH_MPU_AP_RW | ARCH_MPU_XN"};

static uint32_t last_block(uint32_t base, uint32_t size)
{
    return (base + (size - 1u)) & ~(PLACE_GRAIN - 1u);
}

/* "{ base | access, last | attributes }," */
static void pair_add(struct text *out, const struct app_region *region, const char *attributes)
{
    text_addf(out, "{ 0x%08Xu | %s, 0x%08Xu | %s },", region->base,
              access_words[region->rights & 7u], last_block(region->base, region->size),
              attributes);
}

static void mpu_ns_add(struct text *out, const struct app *app)
{
    text_add(out, "    .mpu_ns = {\n");
    for (size_t i = 0; i < app->task_count; i++) {
        const struct app_task *task = &app->tasks[i];
        text_addf(out, "        [%zu] = { /* %s, app.toml:%d */\n", i, task->name, task->line);
        for (size_t r = 0; r < task->region_count; r++) {
            bool device = (task->regions[r].rights & K5_MEM_DEVICE) != 0;
            text_addf(out, "            /* %s */ ", task->regions[r].name);
            pair_add(out, &task->regions[r],
                     device ? "ARCH_MPU_DEVICE | ARCH_MPU_EN" : "ARCH_MPU_NORMAL | ARCH_MPU_EN");
            text_add(out, "\n");
        }
        text_add(out, "        },\n");
    }
    text_add(out, "    },\n");
}

static void secure_stack_add(struct text *out, const struct app *app)
{
    uint32_t base = app->board.memory[MEMORY_KERNEL_RAM].base;
    uint32_t mask = 0;
    text_add(out, "    .secure_stack = {\n");
    for (size_t i = 0; i <= app->task_count; i++) {
        bool task = i < app->task_count;
        bool fp = task && app->tasks[i].fp;
        mask |= fp ? UINT32_C(1) << i : 0u;
        text_addf(out, "        [%zu] = 0x%08Xu, /* %s%s */\n", i,
                  base + place_secure_stack(app, i), task ? app->tasks[i].name : "idle",
                  fp ? ", fp" : "");
    }
    text_addf(out, "    },\n    .fp_tasks = 0x%Xu,\n", mask);
}

static void range_add(struct text *out, const char *name, uint32_t base, uint32_t size)
{
    text_addf(out, "    .%s = { 0x%08Xu, 0x%Xu },\n", name, base, size);
}

static void kernel_add(struct text *out, const struct app *app)
{
    const struct board_memory *memory = app->board.memory;
    const struct board_memory *ram = &memory[MEMORY_KERNEL_RAM];
    uint32_t stacks = place_secure_stacks(app);
    range_add(out, "kernel_text", memory[MEMORY_KERNEL_CODE].base, memory[MEMORY_KERNEL_CODE].size);
    range_add(out, "veneer", memory[MEMORY_VENEER].base, VENEER_SIZE);
    range_add(out, "idle", memory[MEMORY_VENEER].base + VENEER_SIZE,
              memory[MEMORY_VENEER].size - VENEER_SIZE);
    range_add(out, "secure_stacks", ram->base, stacks);
    range_add(out, "kernel_ram", ram->base + stacks, ram->size - stacks);
    range_add(out, "log_ring", memory[MEMORY_LOG].base, memory[MEMORY_LOG].size);
}

static void mpu_s_entry(struct text *out, const char *access, uint32_t base, uint32_t size)
{
    text_addf(out, "        { 0x%08Xu | %s, 0x%08Xu | ARCH_MPU_NORMAL | ARCH_MPU_EN },\n", base,
              access, last_block(base, size));
}

static void mpu_s_add(struct text *out, const struct app *app)
{
    const struct board_memory *memory = app->board.memory;
    const struct board_memory *ram = &memory[MEMORY_KERNEL_RAM];
    uint32_t stacks = place_secure_stacks(app);
    text_add(out, "    .mpu_s_count = 4,\n"
                  "    .mpu_s = { /* veneer and idle, small stacks, kernel code, kernel RAM */\n");
    mpu_s_entry(out, "ARCH_MPU_AP_RO", memory[MEMORY_VENEER].base, memory[MEMORY_VENEER].size);
    mpu_s_entry(out, "ARCH_MPU_AP_RW | ARCH_MPU_XN", ram->base, stacks);
    mpu_s_entry(out, "ARCH_MPU_AP_RO_PRIV", memory[MEMORY_KERNEL_CODE].base,
                memory[MEMORY_KERNEL_CODE].size);
    mpu_s_entry(out, "ARCH_MPU_AP_RW_PRIV | ARCH_MPU_XN", ram->base + stacks, ram->size - stacks);
    text_add(out, "    },\n");
}

static void sau_entry(struct text *out, uint32_t base, uint32_t size, const char *flags)
{
    text_addf(out, "        { 0x%08Xu, 0x%08Xu | %s },\n", base, last_block(base, size), flags);
}

/* Neighbours share one entry: the SAU has only eight. */
static void sau_add(struct text *out, const struct app *app)
{
    const struct board_memory *memory = app->board.memory;
    const struct board_memory *log = &memory[MEMORY_LOG];
    const struct board_memory *ram = &memory[MEMORY_TASK_RAM];
    bool joined = log->base + log->size == ram->base;
    text_addf(out,
              "    .sau_count = %d,\n    .sau = { /* task code, log and RAM, veneer, devices */\n",
              joined ? 4 : 5);
    sau_entry(out, memory[MEMORY_TASK_CODE].base, memory[MEMORY_TASK_CODE].size, "ARCH_SAU_EN");
    sau_entry(out, log->base, joined ? log->size + ram->size : log->size, "ARCH_SAU_EN");
    sau_entry(out, memory[MEMORY_VENEER].base, VENEER_SIZE, "ARCH_SAU_NSC | ARCH_SAU_EN");
    sau_entry(out, app->board.device_base, app->board.device_size, "ARCH_SAU_EN");
    if (!joined) {
        sau_entry(out, ram->base, ram->size, "ARCH_SAU_EN");
    }
    text_add(out, "    },\n");
}

/* The part of a controller's memory that belongs to tasks, as offsets; false if none does. */
static bool mpc_part(const struct app *app, const struct board_mpc *mpc, uint32_t *first,
                     uint32_t *last)
{
    static const enum board_memory_id open[] = {MEMORY_TASK_CODE, MEMORY_LOG, MEMORY_TASK_RAM};
    *first = UINT32_MAX;
    *last = 0;
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        const struct board_memory *memory = &app->board.memory[open[i]];
        uint32_t offset = memory->base - mpc->base;
        if (memory->base >= mpc->base && offset < mpc->size) {
            uint32_t end = offset + (memory->size - 1u);
            *first = offset < *first ? offset : *first;
            *last = end > *last ? end : *last;
        }
    }
    return *first != UINT32_MAX;
}

static void mpc_add(struct text *out, const struct app *app)
{
    struct text entries = {0};
    unsigned count = 0;
    for (size_t i = 0; i < app->board.mpc_count; i++) {
        const struct board_mpc *mpc = &app->board.mpc[i];
        uint32_t first = 0;
        uint32_t last = 0;
        if (mpc_part(app, mpc, &first, &last)) {
            count++;
            text_addf(&entries, "        { 0x%08Xu, 0x%08Xu, 0x%Xu, 0x%Xu },\n", mpc->controller,
                      mpc->base, first, last);
        }
    }
    text_addf(out,
              "    .mpc_count = %u,\n    .mpc = { /* controller, memory, first, last offset */\n%s"
              "    },\n",
              count, text_string(&entries));
    text_free(&entries);
}

static void ppc_add(struct text *out, const struct app *app)
{
    struct text entries = {0};
    unsigned count = 0;
    for (size_t i = 0; i < app->task_count; i++) {
        for (size_t r = 2; r < app->tasks[i].region_count; r++) {
            const struct app_region *region = &app->tasks[i].regions[r];
            if (region->kind == REGION_DEVICE) {
                int index = board_device_find(&app->board, region->name);
                const struct board_device *device = &app->board.devices[index];
                count++;
                text_addf(&entries,
                          "        { 0x%08Xu, 0x%08Xu, 0x%Xu, { 0x%08Xu, 0x%Xu } }, /* %s, "
                          "app.toml:%d */\n",
                          device->ppc_nonsecure, device->ppc_unprivileged,
                          device->ppc_nonsecure == 0 ? 0 : 1u << device->ppc_bit, device->base,
                          device->size, device->name, region->line);
                if (device->dma) { /* the same register twice: there is one bit */
                    count++;
                    text_addf(&entries,
                              "        { 0x%08Xu, 0x%08Xu, 0x%Xu, { 0x%08Xu, 0x%Xu } }, /* its "
                              "accesses are Non-secure */\n",
                              device->msc_register, device->msc_register, 1u << device->msc_bit,
                              device->base, device->size);
                }
            }
        }
    }
    text_addf(out, "    .ppc_count = %u,\n", count);
    if (count > 0) {
        text_addf(out,
                  "    .ppc = { /* Non-secure, unprivileged register, bit, device */\n%s    },\n",
                  text_string(&entries));
    }
    text_free(&entries);
}

static void alias_add(struct text *out, const struct board *board)
{
    text_addf(
        out,
        "    .alias_count = %zu,\n    .alias = { /* Non-secure, Secure address, size less 1 */\n",
        board->alias_count);
    for (size_t i = 0; i < board->alias_count; i++) {
        const struct board_alias *alias = &board->aliases[i];
        text_addf(out, "        { 0x%08Xu, 0x%08Xu, 0x%08Xu }, /* %s */\n", alias->nonsecure,
                  alias->secure, alias->size - 1, alias->name);
    }
    text_addf(out, "    },\n    .closed_count = %zu,\n    .closed = {\n", board->closed_count);
    for (size_t i = 0; i < board->closed_count; i++) {
        const struct board_memory *closed = &board->closed[i];
        text_addf(out, "        { 0x%08Xu, 0x%Xu }, /* %s */\n", closed->base, closed->size,
                  closed->name);
    }
    text_add(out, "    },\n");
}

void gen_arch_images(const struct app *app)
{
    struct text out = {0};
    gen_head(&out, app, "Where each task may go, as the protection unit's words,");
    text_addf(&out, "#include \"arch/%s/arch_config.h\"\n\n", app->board.arch);
    text_add(&out, "const struct arch_images arch_images = {\n");
    mpu_ns_add(&out, app);
    text_add(&out, "};\n");
    gen_write(app, "gen/arch_images.c", &out);
    text_free(&out);
}

void gen_arch(const struct app *app)
{
    struct text out = {0};
    gen_head(&out, app, "The protection hardware's words");
    text_addf(&out, "#include \"arch/%s/arch_config.h\"\n\n", app->board.arch);
    text_add(&out, "const struct arch_config arch_cfg = {\n");
    secure_stack_add(&out, app);
    mpu_s_add(&out, app);
    sau_add(&out, app);
    mpc_add(&out, app);
    ppc_add(&out, app);
    alias_add(&out, &app->board);
    kernel_add(&out, app);
    text_add(&out, "};\n");
    gen_write(app, "gen/arch_config.c", &out);
    text_free(&out);
}
