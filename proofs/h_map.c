/* Lent memory: what is mapped is memory of the lender's own, with rights that it has there, and
 * nothing that the server has already. When it ends is part of maps_valid(), which every operation
 * keeps: who has lent something waits for the server that has it, or was stopped for good.
 */
#include "prove.h"

struct config nondet_config(void);
struct kernel nondet_kernel(void);
struct host nondet_host(void);

struct loan {
    task_t from, server;
    uint32_t byte; /* any of what is lent */
};

static uint32_t first(task_t t)
{
    return host.arg[t][K5_A_LEND] & ~(K5_GRAIN - 1u);
}

static uint8_t rights(task_t t)
{
    return (uint8_t)(host.arg[t][K5_A_LEND] & (K5_GRAIN - 1u));
}

static uint32_t size(task_t t)
{
    return (host.arg[t][K5_A_LONG] >> 16) * K5_GRAIN;
}

/* Any tables and any loans that are out; `from` may lend to `server` what it says. */
static struct loan any_loan(void)
{
    cfg = nondet_config();
    k = nondet_kernel();
    host = nondet_host();
    ASSUME(config_objects_valid() && ranges_valid() && maps_valid() && maps_match());
    struct loan loan = {.from = any_task(), .server = any_task(), .byte = nondet_u32()};

    ASSUME(loan.from != loan.server && map_wanted(loan.from));
    ASSUME(map_check(loan.from, loan.server) == K5_OK && map_fits(loan.from, loan.server));
    ASSUME(loan.byte >= first(loan.from) && loan.byte - first(loan.from) < size(loan.from));
    old.k = k;
    old.host = host;
    return loan;
}

static bool in(uint32_t byte, uint32_t base, uint32_t length)
{
    return byte >= base && byte - base < length;
}

/* Each byte of it is the lender's own by app.toml, ordinary memory, with these rights, and in no
 * region of the server's, nor in another loan that it has. */
void h_map_own(void)
{
    struct loan loan = any_loan();
    uint32_t r = nondet_u32();
    uint32_t m = nondet_u32();

    PROVE(rights(loan.from) == K5_MEM_READ || rights(loan.from) == (K5_MEM_READ | K5_MEM_WRITE));
    PROVE(task_covers(loan.from, loan.byte, 1, rights(loan.from)));
    ASSUME(r >= cfg.region_first[loan.server] &&
           r - cfg.region_first[loan.server] < cfg.region_count[loan.server]);
    PROVE(!in(loan.byte, cfg.region_base[r], cfg.region_size[r]));
    ASSUME(m >= cfg.map_first[loan.server] &&
           m - cfg.map_first[loan.server] < cfg.map_count[loan.server]);
    PROVE(k.map.lender[m] == K5_NIL || !in(loan.byte, k.map.base[m], k.map.size[m]));
}

/* One place, which was free, has it now, in the kernel's words and in the machine's; the others are
 * as they were. */
void h_map_make(void)
{
    struct loan loan = any_loan();
    uint32_t m = nondet_u32();
    uint32_t made = 0;

    ASSUME(m < K5_MAPS);
    map_make(loan.from, loan.server);
    PROVE(maps_match());
    PROVE(has(k.mapped, loan.server));
    PROVE((k.mapped | 1u << loan.server) == (old.k.mapped | 1u << loan.server));
    for (uint32_t i = 0; i < K5_MAPS; i++) {
        made += k.map.lender[i] != old.k.map.lender[i] ? 1u : 0u;
    }
    PROVE(made == 1);
    if (k.map.lender[m] != old.k.map.lender[m]) {
        PROVE(old.k.map.lender[m] == K5_NIL && k.map.lender[m] == loan.from);
        PROVE(m >= cfg.map_first[loan.server] &&
              m - cfg.map_first[loan.server] < cfg.map_count[loan.server]);
        PROVE(k.map.base[m] == first(loan.from) && k.map.size[m] == size(loan.from) &&
              k.map.rights[m] == rights(loan.from));
    } else {
        PROVE(k.map.base[m] == old.k.map.base[m] && k.map.size[m] == old.k.map.size[m] &&
              k.map.rights[m] == old.k.map.rights[m]);
    }
}

/* What this lender lent to this server, and nothing else, is unmapped. */
void h_map_end(void)
{
    cfg = nondet_config();
    k = nondet_kernel();
    host = nondet_host();
    ASSUME(config_objects_valid() && ranges_valid() && maps_valid() && maps_match());
    task_t server = any_task();
    task_t lender = nondet_bool() ? (task_t)K5_NIL : any_task();
    uint32_t m = nondet_u32();

    ASSUME(m < K5_MAPS);
    old.k = k;
    map_end(server, lender);
    bool its = m >= cfg.map_first[server] && m - cfg.map_first[server] < cfg.map_count[server] &&
               (lender == K5_NIL || old.k.map.lender[m] == lender);

    PROVE(k.map.lender[m] == (its ? K5_NIL : old.k.map.lender[m]));
    PROVE(maps_match());
    k.renewed = 0;
    PROVE(maps_valid());
}

/* The switch to the server: the machine is told all of it. */
void h_map_reload(void)
{
    cfg = nondet_config();
    k = nondet_kernel();
    ASSUME(config_objects_valid() && ranges_valid() && maps_valid());
    task_t server = any_task();
    uint32_t i = nondet_u32();

    host = (struct host){.alarm = 0};
    map_reload(server);
    ASSUME(i < K5_MAPS && i < cfg.map_count[server]);
    uint32_t m = cfg.map_first[server] + i;
    bool lent = k.map.lender[m] != K5_NIL;

    PROVE(host.map_size[server][i] == (lent ? k.map.size[m] : 0));
    PROVE(!lent || (host.map_base[server][i] == k.map.base[m] &&
                    host.map_rights[server][i] == k.map.rights[m]));
}

void twin_map_make(void)
{
    struct loan loan = any_loan();

    PROVE(k.map.lender[cfg.map_first[loan.server]] == K5_NIL); /* the first place may be taken */
}
