/* From fault status and instruction to cause and address: the table of docs/adr/0006.
 */
/* build: arch/arm_m/judge.c arch/arm_m/access.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/arm_m/fault.h"

#define PC 0x00200102u
#define SP 0x28201800u

static const uint32_t registers[K5_REG_COUNT] = {0x1000, 0x2000, 0x3000, 0x4000, 0x5000, 0x6000,
                                                 0x7000, 0x8000, 0x9000, 0xA000, 0xB000, 0xC000,
                                                 0xD000, SP,     0,      PC,     0};

/* ---- instructions ---- */

struct instruction {
    uint16_t half, second;
    bool known, write, has_address;
    uint32_t address;
};

static const struct instruction instructions[] = {
    {0x6808, 0, true, false, true, 0x2000},          /* ldr r0, [r1] */
    {0x6048, 0, true, true, true, 0x2004},           /* str r0, [r1, #4] */
    {0x7848, 0, true, false, true, 0x2001},          /* ldrb r0, [r1, #1] */
    {0x70C8, 0, true, true, true, 0x2003},           /* strb r0, [r1, #3] */
    {0x8848, 0, true, false, true, 0x2002},          /* ldrh r0, [r1, #2] */
    {0x8088, 0, true, true, true, 0x2004},           /* strh r0, [r1, #4] */
    {0x5088, 0, true, true, true, 0x5000},           /* str r0, [r1, r2] */
    {0x5488, 0, true, true, true, 0x5000},           /* strb r0, [r1, r2] */
    {0x5688, 0, true, false, true, 0x5000},          /* ldrsb r0, [r1, r2] */
    {0x5E88, 0, true, false, true, 0x5000},          /* ldrsh r0, [r1, r2] */
    {0x9801, 0, true, false, true, SP + 4},          /* ldr r0, [sp, #4] */
    {0x9002, 0, true, true, true, SP + 8},           /* str r0, [sp, #8] */
    {0x4801, 0, true, false, true, 0x00200108},      /* ldr r0, [pc, #4] */
    {0xB510, 0, true, true, false, 0},               /* push {r4, lr} */
    {0xBD10, 0, true, false, false, 0},              /* pop {r4, pc} */
    {0xC103, 0, true, true, false, 0},               /* stmia r1!, {r0, r1} */
    {0xC905, 0, true, false, false, 0},              /* ldmia r1!, {r0, r2} */
    {0xF8D1, 0x0010, true, false, true, 0x2010},     /* ldr.w r0, [r1, #16] */
    {0xF8C1, 0x0FFF, true, true, true, 0x2FFF},      /* str.w r0, [r1, #4095] */
    {0xF841, 0x0C04, true, true, true, 0x1FFC},      /* str r0, [r1, #-4] */
    {0xF841, 0x0B04, true, true, true, 0x2000},      /* str r0, [r1], #4 */
    {0xF841, 0x0F04, true, true, true, 0x2004},      /* str r0, [r1, #4]! */
    {0xF851, 0x0022, true, false, true, 0xE000},     /* ldr.w r0, [r1, r2, lsl #2] */
    {0xF85F, 0x0004, true, false, true, 0x00200100}, /* ldr.w r0, [pc, #-4] */
    {0xF991, 0x0001, true, false, true, 0x2001},     /* ldrsb.w r0, [r1, #1] */
    {0xE9D1, 0x0202, true, false, true, 0x2008},     /* ldrd r0, r2, [r1, #8] */
    {0xE941, 0x0202, true, true, true, 0x1FF8},      /* strd r0, r2, [r1, #-8] */
    {0xE891, 0x000D, true, false, false, 0},         /* ldmia.w r1, {r0, r2, r3} */
    {0xE881, 0x000D, true, true, false, 0},          /* stmia.w r1, {r0, r2, r3} */
    {0xE8D1, 0xF000, true, false, false, 0},         /* tbb [r1, r0] */
    {0xED91, 0x0A02, true, false, true, 0x2008},     /* vldr s0, [r1, #8] */
    {0xED41, 0x0A02, true, true, true, 0x1FF8},      /* vstr s1, [r1, #-8] */
    {0xED9F, 0x0A01, true, false, true, 0x00200108}, /* vldr s0, [pc, #4] */
    {0xED91, 0x0B02, true, false, true, 0x2008},     /* vldr d0, [r1, #8] */
    {0xECA1, 0x0A04, true, true, true, 0x2000},      /* vstmia r1!, {s0-s3} */
    {0xEC91, 0x0A04, true, false, false, 0},         /* vldmia r1, {s0-s3} */
    {0xED2D, 0x0A02, true, true, true, SP - 8},      /* vpush {s0, s1} */
    {0xED91, 0x0502, false, false, false, 0},        /* ldc p5, c0, [r1, #8] */
    {0x4288, 0, false, false, false, 0},             /* cmp r0, r1 */
    {0xDF00, 0, false, false, false, 0},             /* svc #0 */
    {0xDE00, 0, false, false, false, 0},             /* udf #0 */
    {0xFB91, 0xF0F2, false, false, false, 0},        /* sdiv r0, r1, r2 */
    {0xF000, 0xF801, false, false, false, 0},        /* bl */
    {0x0000, 0, false, false, false, 0},             /* nothing read */
};

static void test_instructions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
        const struct instruction *in = &instructions[i];
        struct access access = access_decode(in->half, in->second, registers);

        assert_int_equal(access_is_wide(in->half), in->half >= 0xE800);
        assert_int_equal(access.known, in->known);
        assert_int_equal(access.write, in->write);
        assert_int_equal(access.has_address, in->has_address);
        assert_int_equal(access.address, in->address);
        assert_false(access.breakpoint);
    }
    assert_true(access_decode(0xBE01, 0, registers).breakpoint);
}

/* ---- causes ---- */

#define ADDRESS K5_FAULT_HAS_ADDRESS
#define FRAME   K5_FAULT_HAS_FRAME

struct judgement {
    struct fault_status status; /* hfsr, cfsr, sfsr, mmfar, bfar */
    bool framed;
    uint32_t pc;
    uint16_t half;
    struct fault fault; /* cause, flags, address */
};

#define LOAD  0x6808 /* ldr r0, [r1] */
#define STORE 0x6008 /* str r0, [r1] */
#define MOVE  0x4608

static const struct judgement judgements[] = {
    /* memory: the hardware's address; the instruction's direction */
    {{0x40000000, 0x82, 0, 0x2000, 0}, true, PC, LOAD, {K5_FAULT_READ, ADDRESS | FRAME, 0x2000}},
    {{0x40000000, 0x82, 0, 0x2000, 0}, true, PC, STORE, {K5_FAULT_WRITE, ADDRESS | FRAME, 0x2000}},
    {{0x40000000, 0x82, 0, 0x2000, 0}, true, PC, MOVE, {K5_FAULT_ACCESS, ADDRESS | FRAME, 0x2000}},
    {{0x40000000, 0x02, 0, 0, 0}, true, PC, MOVE, {K5_FAULT_ACCESS, FRAME, 0}},
    {{0x40000000, 0x01, 0, 0, 0}, true, 0x28201000, 0, {K5_FAULT_EXECUTE, 3, 0x28201000}},
    {{0, 0x8200, 0, 0, 0x77}, true, PC, LOAD, {K5_FAULT_BUS, ADDRESS | FRAME, 0x77}},
    {{0, 0x0400, 0, 0, 0}, true, PC, MOVE, {K5_FAULT_BUS, FRAME, 0}},
    /* the security unit: the address is the instruction's */
    {{0, 0, 0x08, 0, 0}, true, PC, LOAD, {K5_FAULT_SECURE, ADDRESS | FRAME, 0x2000}},
    {{0, 0, 0x08, 0, 0}, true, PC, 0xC103, {K5_FAULT_SECURE, FRAME, 0}},
    {{0, 0, 0x01, 0, 0}, true, 0x10010004, 0, {K5_FAULT_SECURE_ENTRY, 3, 0x10010004}},
    {{0, 0, 0x01, 0, 0}, true, 0xFFFFFFBC, 0, {K5_FAULT_RETURN, FRAME, 0}},
    {{0, 0, 0x04, 0, 0}, true, PC, 0, {K5_FAULT_RETURN, FRAME, 0}},
    {{0x40000000, 0x01, 0, 0, 0}, true, 0xFFFFFFBC, 0, {K5_FAULT_RETURN, FRAME, 0}},
    {{0x40000000, 0x40000, 0, 0, 0}, true, PC, 0, {K5_FAULT_RETURN, FRAME, 0}},
    /* the stack: no frame to believe */
    {{0, 0, 0x48, 0, 0}, false, 0, 0, {K5_FAULT_STACK_POINTER, ADDRESS, SP}},
    {{0x40000000, 0x10, 0, 0, 0}, false, 0, 0, {K5_FAULT_STACK_POINTER, ADDRESS, SP}},
    {{0x40000000, 0x92, 0, 0x55, 0}, false, 0, 0, {K5_FAULT_STACK_POINTER, ADDRESS, SP}},
    {{0x40000000, 0x1000, 0, 0, 0}, false, 0, 0, {K5_FAULT_STACK_POINTER, ADDRESS, SP}},
    {{0x40000000, 0x100000, 0, 0, 0}, false, 0, 0, {K5_FAULT_STACK, ADDRESS, SP}},
    {{0x40000000, 0x100000, 0, 0, 0}, true, PC, 0xB4FF, {K5_FAULT_STACK, ADDRESS | FRAME, SP}},
    /* instructions */
    {{0x40000000, 0x10000, 0, 0, 0}, true, PC, 0xDE00, {K5_FAULT_UNDEFINED, FRAME, 0}},
    {{0, 0x80000, 0, 0, 0}, true, PC, 0, {K5_FAULT_FP, FRAME, 0}},
    {{0x40000000, 0x20000, 0, 0, 0}, true, PC, 0, {K5_FAULT_STATE, ADDRESS | FRAME, PC}},
    {{0x40000000, 0x1000000, 0, 0, 0}, true, PC, LOAD, {K5_FAULT_UNALIGNED, FRAME, 0}},
    {{0x40000000, 0x2000000, 0, 0, 0}, true, PC, 0, {K5_FAULT_DIVIDE, FRAME, 0}},
    {{0x40000000, 0, 0, 0, 0}, true, PC, MOVE, {K5_FAULT_SVC, FRAME, 0}},
    {{0x40000000, 0, 0, 0, 0}, true, PC, 0xBE01, {K5_FAULT_BREAKPOINT, FRAME, 0}},
    {{0x80000000, 0, 0, 0, 0}, true, PC, 0, {K5_FAULT_BREAKPOINT, FRAME, 0}},
    {{0, 0, 0, 0, 0}, true, PC, 0, {K5_FAULT_UNKNOWN, FRAME, 0}},
};

static void test_causes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof judgements / sizeof judgements[0]; i++) {
        const struct judgement *row = &judgements[i];
        uint32_t reg[K5_REG_COUNT];

        for (size_t r = 0; r < K5_REG_COUNT; r++) {
            reg[r] = registers[r];
        }
        reg[K5_REG_PC] = row->pc;
        struct access access = access_decode(row->half, 0, reg);
        struct fault fault = fault_judge(&row->status, row->framed, &access, reg);

        assert_int_equal(fault.cause, row->fault.cause);
        assert_int_equal(fault.flags, row->fault.flags);
        assert_int_equal(fault.address, row->fault.address);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instructions),
        cmocka_unit_test(test_causes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
