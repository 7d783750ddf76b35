/* Long messages: docs/adr/0014 as a program. Memory is told apart byte by byte. */
#include <string.h>

#include "model.h"

uint8_t spec_memory[SPEC_RAM];

static bool ordinary(uint32_t r, uint32_t rights)
{
    return (cfg.region_rights[r] & rights) == rights && (cfg.region_rights[r] & K5_MEM_DEVICE) == 0;
}

/* "It lies in one region of its task, ordinary memory, with the rights that are needed." */
bool spec_owns(int t, uint32_t address, uint32_t length, uint32_t rights)
{
    uint64_t end = (uint64_t)address + length;
    bool owns = false;

    for (uint32_t i = 0; i < cfg.region_count[t]; i++) {
        uint32_t r = cfg.region_first[t] + i;
        uint64_t last = (uint64_t)cfg.region_base[r] + cfg.region_size[r];

        owns = owns || (address >= cfg.region_base[r] && end <= last && ordinary(r, rights));
    }
    return owns && length > 0;
}

bool spec_is_long(int t)
{
    return (m.task[t].reg[K5_A_OP] & K5_OP_LONG) != 0;
}

/* ADR 18, of a call: rights that are none, what is not its own, a server that takes none. No server
 * here takes any. */
static uint32_t loan_refused(int t, uint32_t units)
{
    uint32_t rights = m.task[t].reg[3] % 32;
    uint32_t base = m.task[t].reg[3] - rights;

    if (rights != K5_MEM_READ && rights != (K5_MEM_READ | K5_MEM_WRITE)) {
        return K5_ERR_ARG;
    }
    return spec_owns(t, base, units * 32, rights) ? K5_ERR_LEND : K5_ERR_BAD_BUFFER;
}

/* "Refused at the call": K5_ERR_ARG for what the descriptor may not say, then its capability (ADR
 * 17: nobody here may send one), its loan, its buffer. heard: somebody waits for it. */
uint32_t spec_long_refused(int t, bool heard)
{
    uint32_t address = m.task[t].reg[4];
    uint32_t descriptor = m.task[t].reg[5];
    uint32_t length = descriptor & 0x1FF;
    uint32_t units = descriptor >> 16;
    bool carries = (descriptor >> 15 & 1u) != 0;
    bool call = (m.task[t].reg[0] & 0xFF) == (K5_SYS_CALL | K5_OP_LONG);

    if (!spec_is_long(t)) {
        return K5_OK;
    }
    if (length > 256 || (units != 0 && !call) || (!carries && (descriptor & 0x7E00) != 0)) {
        return K5_ERR_ARG;
    }
    if (carries && heard) {
        return K5_ERR_RIGHTS;
    }
    if (units != 0) {
        return loan_refused(t, units);
    }
    return length == 0 || spec_owns(t, address, length, K5_MEM_READ) ? K5_OK : K5_ERR_BAD_BUFFER;
}

/* Code is what it was; a byte of RAM is stored as its difference to its address, as on arch/host.
 */
static uint8_t byte_at(uint32_t address)
{
    bool ram = address >= SPEC_RAM_BASE && address - SPEC_RAM_BASE < SPEC_RAM;

    return (uint8_t)(ram ? spec_memory[address - SPEC_RAM_BASE] ^ address : address);
}

void spec_byte_set(uint32_t address, uint8_t byte)
{
    spec_memory[address - SPEC_RAM_BASE] = (uint8_t)(byte ^ address);
}

/* "What fits is copied": after the words, which have gone from one to the other. Returns what is to
 * be added to the flags of `to`. */
uint32_t spec_bring(int from, int to)
{
    uint32_t source = m.task[from].reg[4];
    uint32_t length = m.task[from].reg[5] & 0x1FF;
    uint32_t size = m.task[to].buffer_size;

    if (!spec_is_long(from)) {
        return 0;
    }
    if (length == 0) {
        m.seen[SEEN_LONG_EMPTY]++;
        return K5_FLAG_LONG;
    }
    for (uint32_t i = 0; i < length && i < size; i++) {
        spec_byte_set(m.task[to].buffer + i, byte_at(source + i));
    }
    m.task[to].reg[4] = size == 0 ? 0 : m.task[to].buffer;
    m.seen[size == 0 ? SEEN_LONG_NOWHERE : size < length ? SEEN_LONG_CUT : SEEN_LONG_WHOLE]++;
    return K5_FLAG_LONG;
}

/* ADR 17: the place for a capability, a free slot of its own. */
static bool is_place(int t, uint32_t place)
{
    uint32_t number = place >> 9 & 0x3F;

    return number < cfg.slot_count[t] && cfg.cap_type[cfg.slot_first[t] + number] == K5_CAP_NONE;
}

/* ADR 1, ipc_setup: A1 the mask, A2 and A3 the buffer, A4 the place for a capability, A5 must be 0.
 * All of it or nothing. */
void spec_setup(int t)
{
    struct spec_task *task = &m.task[t];
    uint32_t address = task->reg[2];
    uint32_t size = task->reg[3];
    uint32_t error = K5_OK;

    uint32_t place = task->reg[4];
    bool named = (place & ~0x7E00u) == 0x8000;

    if ((place != 0 && !named) || task->reg[5] != 0 || size > 256 || (size == 0 && address != 0)) {
        error = K5_ERR_ARG;
    } else if (named && !is_place(t, place)) {
        error = K5_ERR_SLOT;
    } else if (size != 0 && !spec_owns(t, address, size, K5_MEM_READ | K5_MEM_WRITE)) {
        error = K5_ERR_BAD_BUFFER;
    } else {
        task->setup_mask = task->reg[1];
        task->buffer = address;
        task->buffer_size = size;
    }
    spec_result(t, error, 0, 0);
}
