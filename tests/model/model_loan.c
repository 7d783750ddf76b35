/* Lent memory: docs/adr/0018, docs/manual/abi.md as a program. A lender has lent one range at most,
 * for it does not run again before that has come back. */
#include "model.h"

static uint32_t units(int t)
{
    return m.task[t].reg[5] >> 16;
}

bool spec_lends(int t)
{
    return (m.task[t].reg[K5_A_OP] & K5_OP_LONG) != 0 && units(t) != 0;
}

static struct spec_loan asked(int t, int server)
{
    uint32_t word = m.task[t].reg[3];

    return (struct spec_loan){server, word - word % 32, units(t) * 32, word % 32};
}

static bool overlap(uint64_t base, uint64_t size, uint64_t other, uint64_t other_size)
{
    return base < other + other_size && other < base + size;
}

/* "LEND: the server takes no loans, or has some of the range by app.toml." */
static bool takes(int server, const struct spec_loan *loan)
{
    for (uint32_t i = 0; i < cfg.region_count[server]; i++) {
        uint32_t r = cfg.region_first[server] + i;

        if (overlap(loan->base, loan->size, cfg.region_base[r], cfg.region_size[r])) {
            m.seen[SEEN_LEND_HAS] += cfg.lend_count[server] != 0;
            return false;
        }
    }
    return cfg.lend_count[server] != 0;
}

/* "ARG: other low bits of A3; BAD_BUFFER: not in one region that app.toml gives the caller, with
 * these rights, and no device; LEND". */
uint32_t spec_loan_refused(int t, int server)
{
    struct spec_loan loan = asked(t, server);

    if (loan.rights != K5_MEM_READ && loan.rights != (K5_MEM_READ | K5_MEM_WRITE)) {
        return K5_ERR_ARG;
    }
    if (!spec_owns(t, loan.base, loan.size, loan.rights)) {
        return K5_ERR_BAD_BUFFER;
    }
    return takes(server, &loan) ? K5_OK : K5_ERR_LEND;
}

/* "When it is taken, at once or later: all its places are in use, or some of the range is lent to
 * it already." */
uint32_t spec_loan_place(int t, int server)
{
    struct spec_loan loan = asked(t, server);
    unsigned used = 0;

    if (!spec_lends(t)) {
        return K5_OK;
    }
    for (int i = 0; i < K5_TASKS; i++) {
        const struct spec_loan *other = &m.task[i].loan;

        used += other->server == server;
        if (other->server == server && overlap(loan.base, loan.size, other->base, other->size)) {
            m.seen[SEEN_LEND_TWICE]++;
            return K5_ERR_LEND;
        }
    }
    m.seen[SEEN_LEND_FULL] += used >= cfg.lend_count[server];
    return used >= cfg.lend_count[server] ? K5_ERR_LEND : K5_OK;
}

/* "The deadline of the call counts until it is taken." */
uint32_t spec_loan_make(int t, int server)
{
    if (!spec_lends(t)) {
        return 0;
    }
    m.task[t].loan = asked(t, server);
    m.task[t].deadline = 0;
    m.seen[SEEN_LENT]++;
    m.seen[SEEN_LENT_WRITE] += (m.task[t].loan.rights & K5_MEM_WRITE) != 0;
    return K5_FLAG_LEND;
}

void spec_loan_end(int t)
{
    m.task[t].loan.server = NOBODY;
}

/* "Of a lender that is stopped for good the server keeps the memory until it answers, with
 * K5_ERR_TOKEN." */
void spec_loan_late(int server, uint32_t token)
{
    uint32_t t = token & 0x1F;

    if (t < K5_TASKS && m.task[t].loan.server == server && m.task[t].calls == token >> 5) {
        spec_loan_end((int)t);
        m.seen[SEEN_LOAN_LATE]++;
    }
}
