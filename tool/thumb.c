/*
 * thumb.c - decodes by the encodings of the Armv8-M Architecture Reference Manual, C2.4; their
 * names (T1 ...) are in the comments. See thumb.h.
 */
#include "thumb.h"

static uint32_t bits_count(uint32_t value)
{
    uint32_t count = 0;
    for (; value != 0; value &= value - 1) {
        count++;
    }
    return count;
}

/* The low `width` bits as a signed number. */
static uint32_t sign_extend(uint32_t value, unsigned width)
{
    uint32_t sign = UINT32_C(1) << (width - 1);
    return (value ^ sign) - sign;
}

static struct thumb short_decode(uint32_t address, uint16_t op)
{
    struct thumb out = {.length = 2};
    if ((op & 0xFF00u) == 0xB400u || (op & 0xFF00u) == 0xB500u) { /* PUSH T1 */
        out.kind = THUMB_PUSH;
        out.bytes = 4 * bits_count(op & 0x1FFu);
    } else if ((op & 0xFF80u) == 0xB080u) { /* SUB SP, #imm7 T1 */
        out.kind = THUMB_PUSH;
        out.bytes = 4 * (op & 0x7Fu);
    } else if ((op & 0xFF00u) == 0x4700u) { /* BX, BLX T1; of lr it is a return */
        bool leave = (op & 0x80u) == 0 && (op >> 3 & 15u) == 14u;
        out.kind = leave ? THUMB_OTHER : THUMB_INDIRECT;
    } else if ((op & 0xFF87u) == 0x4687u) { /* MOV pc, Rm */
        out.kind = (op >> 3 & 15u) == 14u ? THUMB_OTHER : THUMB_INDIRECT;
    } else if ((op & 0xFF87u) == 0x4685u || (op & 0xFF87u) == 0x4485u) { /* MOV, ADD sp, Rm */
        out.kind = THUMB_VARIABLE;
    } else if ((op & 0xF800u) == 0xE000u) { /* B T2 */
        out.kind = THUMB_BRANCH;
        out.target = address + 4 + sign_extend((op & 0x7FFu) << 1, 12);
    } else if ((op & 0xF000u) == 0xD000u && (op & 0x0E00u) != 0x0E00u) { /* B T1 */
        out.kind = THUMB_BRANCH;
        out.target = address + 4 + sign_extend((op & 0xFFu) << 1, 9);
    }
    return out;
}

/* BL T1, B T4 and T3: 11110 s ...; 1 ... */
static struct thumb branch_decode(uint32_t address, uint32_t first, uint32_t next)
{
    struct thumb out = {.length = 4};
    uint32_t s = first >> 10 & 1u;
    uint32_t j1 = next >> 13 & 1u;
    uint32_t j2 = next >> 11 & 1u;
    uint32_t low = (next & 0x7FFu) << 1;
    uint32_t i1 = (j1 ^ s) ^ 1u;
    uint32_t i2 = (j2 ^ s) ^ 1u;
    uint32_t far = s << 24 | i1 << 23 | i2 << 22 | (first & 0x3FFu) << 12 | low;
    if ((next & 0xD000u) == 0xD000u) {
        out.kind = THUMB_CALL;
        out.target = address + 4 + sign_extend(far, 25);
    } else if ((next & 0xD000u) == 0x9000u) {
        out.kind = THUMB_BRANCH;
        out.target = address + 4 + sign_extend(far, 25);
    } else if ((next & 0xD000u) == 0x8000u && (first & 0x380u) != 0x380u) {
        uint32_t near = s << 20 | j2 << 19 | j1 << 18 | (first & 0x3Fu) << 12 | low;
        out.kind = THUMB_BRANCH;
        out.target = address + 4 + sign_extend(near, 21);
    }
    return out;
}

/* ThumbExpandImm: a byte once, twice or four times, or one with its highest bit set, rotated. */
static uint32_t constant_expand(uint32_t packed)
{
    static const uint32_t repeat[] = {0x1u, 0x00010001u, 0x01000100u, 0x01010101u};
    if (packed >> 10 == 0) {
        return (packed & 0xFFu) * repeat[packed >> 8 & 3u];
    }
    uint32_t byte = 0x80u | (packed & 0x7Fu);
    return byte << (32u - (packed >> 7)); /* the rotation is by 8 to 31 */
}

static struct thumb long_decode(uint32_t first, uint32_t next)
{
    struct thumb out = {.length = 4};
    if (first == 0xE92Du) { /* PUSH T2 (STMDB sp!) */
        out.kind = THUMB_PUSH;
        out.bytes = 4 * bits_count(next);
    } else if (first == 0xF84Du && (next & 0xF00u) == 0xD00u) { /* STR [sp, #-imm]! */
        out.kind = THUMB_PUSH;
        out.bytes = next & 0xFFu;
    } else if (first == 0xE96Du) { /* STRD [sp, #-imm]! */
        out.kind = THUMB_PUSH;
        out.bytes = 4 * (next & 0xFFu);
    } else if (first == 0xED2Du || first == 0xED6Du) { /* VPUSH */
        out.kind = THUMB_PUSH;
        out.bytes = 4 * (next & 0xFFu);
    } else if ((first & 0xFBFFu) == 0xF2ADu && (next & 0xF00u) == 0xD00u) { /* SUBW sp, sp, #imm */
        out.kind = THUMB_PUSH;
        out.bytes = (first >> 10 & 1u) << 11 | (next >> 12 & 7u) << 8 | (next & 0xFFu);
    } else if ((first & 0xFBEFu) == 0xF1ADu && (next & 0xF00u) == 0xD00u) { /* SUB.W sp, sp, #c */
        out.kind = THUMB_PUSH;
        out.bytes =
            constant_expand((first >> 10 & 1u) << 11 | (next >> 12 & 7u) << 8 | (next & 0xFFu));
    } else if ((first & 0xFFEFu) == 0xEBADu && (next & 0xF00u) == 0xD00u) { /* SUB sp, sp, Rm */
        out.kind = THUMB_VARIABLE;
    } else if ((first & 0xFF70u) == 0xF850u && (next & 0xF000u) == 0xF000u &&
               (first & 0xFu) != 13u) { /* LDR pc, [...] but not from the stack */
        out.kind = THUMB_INDIRECT;
    }
    return out;
}

struct thumb thumb_decode(uint32_t address, uint16_t first, uint16_t next)
{
    if (first < 0xE800u) {
        return short_decode(address, first);
    }
    if ((first & 0xF800u) == 0xF000u && (next & 0x8000u) != 0) {
        return branch_decode(address, first, next);
    }
    return long_decode(first, next);
}
