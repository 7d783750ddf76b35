/* Lent memory: a range of a caller's own that the server has mapped until it answers.
 *
 *   call       A3 = first byte | K5_MEM_*, A5 31:16 = how many K5_GRAIN (docs/adr/0018)
 *     | checked at the call: the caller's own memory, nothing of the server's
 *     | the same when it is taken; and the server has a place, nothing overlaps
 *     v mapped as it is taken
 *   answer, or the server's end: unmapped, then the caller runs
 *
 * Invariant: who has lent memory awaits the answer of the task that has it mapped, or was stopped
 * for good since; its deadline is gone. It is in k.renewed if it was restarted since: then the
 * answer is nothing but the end of the loan. A server has no byte mapped twice.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/contract.h"

#define NEEDED (K5_LENDS != 0) /* an app whose servers take nothing does not pay for it */

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
    return cfg.map_count[server] == 0 || declared(server, range) ? K5_ERR_LEND : K5_OK;
}

bool map_fits(task_t from, task_t server)
{
    struct range range = lent(from);
    bool room = false;

    for (uint32_t i = 0; NEEDED && i < K5_REGION_MAX && i < cfg.map_count[server]; i++) {
        uint32_t m = cfg.map_first[server] + i;

        if (k.map.lender[m] == K5_NIL) {
            room = true;
        } else if (overlaps(range, (struct range){k.map.base[m], k.map.size[m]})) {
            return false;
        }
    }
    return room;
}

void map_make(task_t from, task_t server)
{
    struct range range = lent(from);
    uint32_t i = 0;

    while (i + 1u < cfg.map_count[server] && k.map.lender[cfg.map_first[server] + i] != K5_NIL) {
        i++;
    }
    uint32_t m = cfg.map_first[server] + i;

    REQUIRE(i < cfg.map_count[server] && k.map.lender[m] == K5_NIL, from);
    k.map.lender[m] = from;
    k.map.base[m] = range.base;
    k.map.size[m] = range.size;
    k.map.rights[m] = lent_rights(from);
    k.mapped |= task_bit(server);
    arch_map(server, i, range.base, range.size, k.map.rights[m]);
}

/* Of the server's, those that this task has lent; K5_NIL: all. */
void map_end(task_t server, task_t lender)
{
    bool left = false;

    for (uint32_t i = 0; NEEDED && i < K5_REGION_MAX && i < cfg.map_count[server]; i++) {
        uint32_t m = cfg.map_first[server] + i;

        if (k.map.lender[m] != K5_NIL && (lender == K5_NIL || k.map.lender[m] == lender)) {
            k.map.lender[m] = K5_NIL;
            arch_unmap(server, i);
        }
        left = left || k.map.lender[m] != K5_NIL;
    }
    if (!left) {
        k.mapped &= ~task_bit(server);
    }
}

/* The port has loaded what app.toml says. */
void map_reload(task_t server)
{
    for (uint32_t i = 0; i < K5_REGION_MAX && i < cfg.map_count[server]; i++) {
        uint32_t m = cfg.map_first[server] + i;

        if (k.map.lender[m] != K5_NIL) {
            arch_map(server, i, k.map.base[m], k.map.size[m], k.map.rights[m]);
        }
    }
}

bool map_lends(task_t task)
{
    bool any = false;

    for (uint32_t m = 0; NEEDED && m < K5_MAPS; m++) {
        any = any || k.map.lender[m] == task;
    }
    return any;
}
