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

/* abi.md, the order: ARG for what the descriptor may not say, the capability, of a call the loan,
 * the buffer. */
uint32_t spec_long_refused(int t, int to, bool grants)
{
    uint32_t address = m.task[t].reg[4];
    uint32_t descriptor = m.task[t].reg[5];
    uint32_t length = descriptor & 0x1FF;
    bool call = (m.task[t].reg[0] & 0xFF) == (K5_SYS_CALL | K5_OP_LONG);
    uint32_t error = K5_OK;

    if (!spec_is_long(t)) {
        return K5_OK;
    }
    if (length > 256 || (spec_lends(t) && !call) ||
        (!spec_carries(t) && (descriptor & 0x7E00) != 0)) {
        return K5_ERR_ARG;
    }
    if (spec_carries(t) && to != NOBODY) {
        error = spec_carry_refused(t, to, grants);
    }
    if (error == K5_OK && spec_lends(t)) {
        error = spec_loan_refused(t, to);
    }
    if (error == K5_OK && length != 0 && !spec_owns(t, address, length, K5_MEM_READ)) {
        error = K5_ERR_BAD_BUFFER;
    }
    return error;
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
    length = length < size ? length : size;
    for (uint32_t i = 0, n = 0; i < length; i += n) { /* "upwards, in pieces of at most 4" */
        uint8_t piece[4];

        n = length - i < 4 ? 1 : 4;
        for (uint32_t j = 0; j < n; j++) {
            piece[j] = byte_at(source + i + j);
        }
        for (uint32_t j = 0; j < n; j++) {
            spec_byte_set(m.task[to].buffer + i + j, piece[j]);
        }
    }
    m.task[to].reg[4] = size == 0 ? 0 : m.task[to].buffer;
    m.seen[size == 0                                ? SEEN_LONG_NOWHERE
           : length < (m.task[from].reg[5] & 0x1FF) ? SEEN_LONG_CUT
                                                    : SEEN_LONG_WHOLE]++;
    return K5_FLAG_LONG;
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
    int slot = named ? spec_slot(t, place >> 9 & 0x3F) : NOBODY;

    if ((place != 0 && !named) || task->reg[5] != 0 || size > 256 || (size == 0 && address != 0)) {
        error = K5_ERR_ARG;
    } else if (named && (slot == NOBODY || spec_fixed(slot))) {
        error = K5_ERR_SLOT;
    } else if (size != 0 && !spec_owns(t, address, size, K5_MEM_READ | K5_MEM_WRITE)) {
        error = K5_ERR_BAD_BUFFER;
    } else {
        task->setup_mask = task->reg[1];
        task->buffer = address;
        task->buffer_size = size;
        task->place = slot;
    }
    spec_result(t, error, 0, 0);
}
