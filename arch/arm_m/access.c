/* Decode a Thumb load or store: read or write, and at which address.
 *
 * The hardware reports the address of a refused access (not always) and never its direction; the
 * instruction has both. What is not understood gives `known` = false, never a guess. Pure C.
 *
 *   16 bits  oooo o... .... ....      32 bits  1110 100 x xLxx nnnn | several, pairs, exclusive
 *                                              1111 100 x xxxL nnnn | single
 *                                              1110 110 x xxxL nnnn | floating point
 */
#include "arch/arm_m/access.h"

static uint32_t bits(uint32_t value, uint32_t low, uint32_t count)
{
    return (value >> low) & ((1u << count) - 1u);
}

static struct access at(bool write, uint32_t address)
{
    return (struct access){.known = true, .write = write, .has_address = true, .address = address};
}

/* Direction only: several registers, whose failing one is not known. */
static struct access somewhere(bool write)
{
    return (struct access){.known = true, .write = write};
}

static uint32_t plus_minus(uint32_t base, bool add, uint32_t offset)
{
    return add ? base + offset : base - offset;
}

/* Address that a literal load counts from. */
static uint32_t literal_base(const uint32_t reg[K5_REG_COUNT])
{
    return (reg[K5_REG_PC] + 4u) & ~3u;
}

/* ---- 16 bits ----------------------------------------------------------------------------- */

/* 0101 oooM MMNN NTTT: stores are the first three of the eight */
static struct access decode_register(uint16_t half, const uint32_t reg[K5_REG_COUNT])
{
    return at(bits(half, 9, 3) < 3u, reg[bits(half, 3, 3)] + reg[bits(half, 6, 3)]);
}

static struct access decode_narrow(uint16_t half, const uint32_t reg[K5_REG_COUNT])
{
    bool store = bits(half, 11, 1) == 0u;
    uint32_t base = reg[bits(half, 3, 3)];
    uint32_t offset = bits(half, 6, 5);

    switch (half >> 12) {
    case 0x4: /* 0100 1: literal */
        return store ? (struct access){.known = false}
                     : at(false, literal_base(reg) + 4u * bits(half, 0, 8));
    case 0x5: return decode_register(half, reg);
    case 0x6: /* word */ return at(store, base + 4u * offset);
    case 0x7: /* byte */ return at(store, base + offset);
    case 0x8: /* halfword */ return at(store, base + 2u * offset);
    case 0x9: /* on the stack */ return at(store, reg[K5_REG_SP] + 4u * bits(half, 0, 8));
    case 0xB: /* 1011 x10: push, pop; 1011 1110: BKPT */
        return bits(half, 9, 2) == 2u ? somewhere(store)
                                      : (struct access){.breakpoint = (half >> 8) == 0xBEu};
    case 0xC: /* several */ return somewhere(store);
    default: return (struct access){.known = false};
    }
}

/* ---- 32 bits ----------------------------------------------------------------------------- */

/* 1111 100s UssL nnnn: one register; the second half names the offset's form */
static struct access decode_single(uint16_t half, uint16_t second, const uint32_t reg[K5_REG_COUNT])
{
    bool store = bits(half, 4, 1) == 0u;
    uint32_t n = bits(half, 0, 4);
    bool up = bits(half, 7, 1) != 0u;

    if (n == 15u) {
        return at(false, plus_minus(literal_base(reg), up, bits(second, 0, 12)));
    }
    if (up) {
        return at(store, reg[n] + bits(second, 0, 12));
    }
    if (bits(second, 11, 1) != 0u) { /* 1PUW: eight bits, before or after, up or down */
        bool before = bits(second, 10, 1) != 0u;
        uint32_t offset = before ? bits(second, 0, 8) : 0u;

        return at(store, plus_minus(reg[n], bits(second, 9, 1) != 0u, offset));
    }
    return at(store, reg[n] + (reg[bits(second, 0, 4)] << bits(second, 4, 2)));
}

/* 1110 1x0P UxWL nnnn: a pair, floating-point registers, or an exclusive or table access (then P =
 * W = 0) */
static struct access decode_pair(uint16_t half, uint16_t second, const uint32_t reg[K5_REG_COUNT])
{
    bool store = bits(half, 4, 1) == 0u;
    uint32_t n = bits(half, 0, 4);
    bool before = bits(half, 8, 1) != 0u;

    if (!before && bits(half, 5, 1) == 0u) {
        return somewhere(store);
    }
    return at(store, plus_minus(n == 15u ? literal_base(reg) : reg[n], bits(half, 7, 1) != 0u,
                                before ? 4u * bits(second, 0, 8) : 0u));
}

bool access_is_wide(uint16_t half)
{
    return (half >> 11) >= 0x1Du;
}

struct access access_decode(uint16_t half, uint16_t second, const uint32_t reg[K5_REG_COUNT])
{
    if (!access_is_wide(half)) {
        return decode_narrow(half, reg);
    }
    switch (bits(half, 9, 7)) {
    case 0x74: /* 1110 100 */
        return bits(half, 6, 1) != 0u ? decode_pair(half, second, reg)
                                      : somewhere(bits(half, 4, 1) == 0u);
    case 0x76: /* 1110 110: floating point if its coprocessor is 10 or 11; laid out as a pair is */
        return bits(second, 9, 3) == 5u ? decode_pair(half, second, reg)
                                        : (struct access){.known = false};
    case 0x7C: /* 1111 100 */ return decode_single(half, second, reg);
    default: return (struct access){.known = false};
    }
}
