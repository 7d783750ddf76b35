/* Lent memory: a range of a caller's own that the server has mapped until it answers.
 *
 *   call       A3 = first byte | K5_MEM_*, A5 31:16 = how many K5_GRAIN (docs/adr/0018)
 *     | checked at the call: the caller's own memory, nothing of the server's
 *     | checked when it is taken: the server has a place, nothing overlaps
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

struct range {
    uint32_t first;
    uint32_t last;
    uint8_t rights; /* K5_MEM_* */
};

static struct range range_of(uint32_t base, uint32_t size)
{
    return (struct range){.first = base, .last = base + (size - 1u)};
}

static bool overlaps(struct range a, struct range b)
{
    return a.first <= b.last && b.first <= a.last;
}

/* What a call lends; meant after map_check(). */
static struct range lent(task_t from)
{
    uint32_t where = arch_arg(from, K5_A_LEND);
    struct range range =
        range_of(where & ~(K5_GRAIN - 1u), (arch_arg(from, K5_A_LONG) >> 16) * K5_GRAIN);

    range.rights = (uint8_t)(where & (K5_GRAIN - 1u));
    return range;
}

bool map_wanted(task_t from)
{
    return arch_arg(from, K5_A_LONG) >> 16 != 0;
}

/* Is any of it in a region of the server's own? The hardware allows no second one. */
static bool declared(task_t server, struct range range)
{
    bool any = false;

    for (uint32_t i = 0; i < K5_REGION_MAX && i < cfg.region_count[server]; i++) {
        uint32_t r = cfg.region_first[server] + i;

        any = any || overlaps(range, range_of(cfg.region_base[r], cfg.region_size[r]));
    }
    return any;
}

uint8_t map_check(task_t from, task_t server)
{
    uint32_t where = arch_arg(from, K5_A_LEND);
    uint32_t size = (arch_arg(from, K5_A_LONG) >> 16) * K5_GRAIN;
    uint32_t rights = where & (K5_GRAIN - 1u);

    if (rights != K5_MEM_READ && rights != (K5_MEM_READ | K5_MEM_WRITE)) {
        return K5_ERR_ARG;
    }
    if (!task_covers(from, where - rights, size, (uint8_t)rights)) {
        return K5_ERR_BAD_BUFFER;
    }
    return cfg.map_count[server] == 0 || declared(server, lent(from)) ? K5_ERR_LEND : K5_OK;
}

bool map_fits(task_t from, task_t server)
{
    struct range range = lent(from);
    bool room = false;

    for (uint32_t i = 0; i < K5_REGION_MAX && i < cfg.map_count[server]; i++) {
        uint32_t m = cfg.map_first[server] + i;

        if (k.map.lender[m] == K5_NIL) {
            room = true;
        } else if (overlaps(range, range_of(k.map.base[m], k.map.size[m]))) {
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
    k.map.base[m] = range.first;
    k.map.size[m] = range.last - range.first + 1u;
    k.map.rights[m] = range.rights;
    k.mapped |= task_bit(server);
    arch_map(server, i, range.first, k.map.size[m], range.rights);
}

/* Of the server's, those that this task has lent; K5_NIL: all. */
void map_end(task_t server, task_t lender)
{
    bool left = false;

    for (uint32_t i = 0; i < K5_REGION_MAX && i < cfg.map_count[server]; i++) {
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

    for (uint32_t m = 0; m < K5_MAPS; m++) {
        any = any || k.map.lender[m] == task;
    }
    return any;
}
