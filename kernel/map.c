/* What a task has mapped beside its regions of app.toml: memory of callers, movable regions.
 *
 *   places of a task:  | lent memory, lend_count | movable regions |  map_count in all
 *
 *   call       A3 = first byte | K5_MEM_*, A5 31:16 = how many K5_GRAIN (docs/adr/0018)
 *     | checked at the call: the caller's own memory, nothing of the server's
 *     | the same when it is taken; and the server has a place, nothing overlaps
 *     v mapped as it is taken
 *   answer, or the server's end: unmapped, then the caller runs
 *
 * Invariant: who has lent memory awaits the answer of the task that has it mapped, or was stopped
 * for good since; its deadline is gone. It is in k.renewed if it was restarted since: then the
 * answer is nothing but the end of the loan. A movable region is mapped by the task that has its
 * capability, if at all. A task has no byte mapped twice.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/contract.h"

/* An app in which nobody lends, or gives, does not pay for it. */
#define NEEDED (K5_LENDS != 0 || K5_GIVES != 0)

struct range {
    uint32_t base;
    uint32_t size; /* bytes, not 0 */
};

static bool overlaps(struct range a, struct range b)
{
    return a.base >= b.base ? a.base - b.base < b.size : b.base - a.base < a.size;
}

/* What a call lends. */
static struct range lent(task_t from)
{
    return (struct range){.base = arch_arg(from, K5_A_LEND) & ~(K5_GRAIN - 1u),
                          .size = (arch_arg(from, K5_A_LONG) >> K5_LONG_LEND_SHIFT) * K5_GRAIN};
}

static uint8_t lent_rights(task_t from)
{
    return (uint8_t)(arch_arg(from, K5_A_LEND) & (K5_GRAIN - 1u));
}

bool map_wanted(task_t from)
{
    return arch_arg(from, K5_A_LONG) >> K5_LONG_LEND_SHIFT != 0;
}

/* Is any of it in a region of the server's own? The hardware allows no second one. */
static bool declared(task_t server, struct range range)
{
    bool any = false;

    for (uint32_t i = 0; i < K5_REGION_MAX && i < cfg.region_count[server]; i++) {
        uint32_t r = cfg.region_first[server] + i;

        any = any || overlaps(range, (struct range){cfg.region_base[r], cfg.region_size[r]});
    }
    return any;
}

uint8_t map_check(task_t from, task_t server)
{
    struct range range = lent(from);
    uint8_t rights = lent_rights(from);

    if (rights != K5_MEM_READ && rights != (K5_MEM_READ | K5_MEM_WRITE)) {
        return K5_ERR_ARG;
    }
    if (!task_covers(from, range.base, range.size, rights)) {
        return K5_ERR_BAD_BUFFER;
    }
    return cfg.lend_count[server] == 0 || declared(server, range) ? K5_ERR_LEND : K5_OK;
}

static bool place_free(uint32_t m)
{
    return k.map.lender[m] == K5_NIL && k.map.region[m] == K5_NIL;
}

/* The first free place of the task's for this range, one of [from, end), into *place. False: none
 * is free, or the task has some of the range mapped. */
static bool place_for(task_t task, struct range range, uint32_t from, uint32_t end, uint32_t *place)
{
    bool room = false;

    *place = 0;
    for (uint32_t i = 0; NEEDED && i < K5_REGION_MAX && i < cfg.map_count[task]; i++) {
        uint32_t m = cfg.map_first[task] + i;

        if (!place_free(m)) {
            if (overlaps(range, (struct range){k.map.base[m], k.map.size[m]})) {
                return false;
            }
        } else if (!room && i >= from && i < end) {
            room = true;
            *place = i;
        }
    }
    return room;
}

static void place_fill(task_t task, uint32_t place, struct range range, uint8_t rights)
{
    uint32_t m = cfg.map_first[task] + place;

    REQUIRE(place < cfg.map_count[task], place);
    k.map.base[m] = range.base;
    k.map.size[m] = range.size;
    k.map.rights[m] = rights;
    k.mapped |= task_bit(task);
    arch_map(task, place, range.base, range.size, rights);
}

/* ---- lent memory ---------------------------------------- */

bool map_fits(task_t from, task_t server)
{
    uint32_t place;

    return place_for(server, lent(from), 0, cfg.lend_count[server], &place);
}

void map_make(task_t from, task_t server)
{
    uint32_t place;
    bool room = place_for(server, lent(from), 0, cfg.lend_count[server], &place);

    REQUIRE(room, from);
    (void)room;
    k.map.lender[cfg.map_first[server] + place] = from;
    place_fill(server, place, lent(from), lent_rights(from));
}

static void mapped_note(task_t task)
{
    bool any = false;

    for (uint32_t i = 0; NEEDED && i < K5_REGION_MAX && i < cfg.map_count[task]; i++) {
        any = any || !place_free(cfg.map_first[task] + i);
    }
    if (!any) {
        k.mapped &= ~task_bit(task);
    }
}

/* Of the server's loans, those that this task has lent; K5_NIL: all. */
void map_end(task_t server, task_t lender)
{
    for (uint32_t i = 0; NEEDED && i < K5_REGION_MAX && i < cfg.lend_count[server]; i++) {
        uint32_t m = cfg.map_first[server] + i;

        if (k.map.lender[m] != K5_NIL && (lender == K5_NIL || k.map.lender[m] == lender)) {
            k.map.lender[m] = K5_NIL;
            arch_unmap(server, i);
        }
    }
    mapped_note(server);
}

bool map_lends(task_t task)
{
    bool any = false;

    for (uint32_t m = 0; NEEDED && m < K5_MAPS; m++) {
        any = any || k.map.lender[m] == task;
    }
    return any;
}

/* ---- movable regions ---------------------------------------- */

uint8_t map_open(task_t task, uint8_t region, uint8_t rights)
{
    struct range range = {cfg.movable_base[region], cfg.movable_size[region]};
    uint32_t place;

    if (!K5_GIVES || !place_for(task, range, cfg.lend_count[task], cfg.map_count[task], &place)) {
        return K5_ERR_MAP;
    }
    k.map.region[cfg.map_first[task] + place] = region;
    place_fill(task, place, range, rights);
    return K5_OK;
}

bool map_close(task_t task, uint8_t region)
{
    bool any = false;

    for (uint32_t i = 0; K5_GIVES && i < K5_REGION_MAX && i < cfg.map_count[task]; i++) {
        uint32_t m = cfg.map_first[task] + i;

        if (k.map.region[m] == region) {
            k.map.region[m] = K5_NIL;
            arch_unmap(task, i);
            any = true;
        }
    }
    mapped_note(task);
    return any;
}

/* ---- a switch ---------------------------------------- */

/* The port has loaded what app.toml says. */
void map_reload(task_t task)
{
    for (uint32_t i = 0; i < K5_REGION_MAX && i < cfg.map_count[task]; i++) {
        uint32_t m = cfg.map_first[task] + i;

        if (!place_free(m)) {
            arch_map(task, i, k.map.base[m], k.map.size[m], k.map.rights[m]);
        }
    }
}
