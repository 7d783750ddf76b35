/* Instructions as the assembler and objdump of binutils encode them: what each does to control flow
 * and to the stack. */
/* build: tool/thumb.c -Itool */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "thumb.h"

struct sample {
    uint32_t address;
    uint16_t half[2];
    unsigned length;
    enum thumb_kind kind;
    uint32_t value; /* target or bytes */
};

/* The comments are the assembler's text. */
static const struct sample samples[] = {
    {0x1000, {0xb5f0, 0xb401}, 2, THUMB_PUSH, 20},        /* push {r4-r7, lr} */
    {0x1002, {0xb401, 0xe92d}, 2, THUMB_PUSH, 4},         /* push {r0} */
    {0x1004, {0xe92d, 0x4ff0}, 4, THUMB_PUSH, 36},        /* push {r4-r11, lr} */
    {0x1008, {0xf84d, 0x8d04}, 4, THUMB_PUSH, 4},         /* str r8, [sp, #-4]! */
    {0x100c, {0xe96d, 0x4504}, 4, THUMB_PUSH, 16},        /* strd r4, r5, [sp, #-16]! */
    {0x1010, {0xed2d, 0x8a10}, 4, THUMB_PUSH, 64},        /* vpush {s16-s31} */
    {0x1014, {0xed2d, 0x8b04}, 4, THUMB_PUSH, 16},        /* vpush {d8-d9} */
    {0x1018, {0xb086, 0xf5ad}, 2, THUMB_PUSH, 24},        /* sub sp, #24 */
    {0x101a, {0xf5ad, 0x7d84}, 4, THUMB_PUSH, 264},       /* sub.w sp, sp, #264 */
    {0x101e, {0xf5ad, 0x5d88}, 4, THUMB_PUSH, 0x1100},    /* sub.w sp, sp, #4352 */
    {0x1022, {0xf2ad, 0x5d15}, 4, THUMB_PUSH, 1301},      /* subw sp, sp, #1301 */
    {0x1026, {0xf5ad, 0x3d80}, 4, THUMB_PUSH, 0x10000},   /* sub.w sp, sp, #65536 */
    {0x102a, {0xebad, 0x0d03}, 4, THUMB_VARIABLE, 0},     /* sub.w sp, sp, r3 */
    {0x102e, {0x46bd, 0x44e5}, 2, THUMB_VARIABLE, 0},     /* mov sp, r7 */
    {0x1030, {0x44e5, 0x4798}, 2, THUMB_VARIABLE, 0},     /* add sp, ip */
    {0x1032, {0x4798, 0x4718}, 2, THUMB_INDIRECT, 0},     /* blx r3 */
    {0x1034, {0x4718, 0x4770}, 2, THUMB_INDIRECT, 0},     /* bx r3 */
    {0x1036, {0x4770, 0x4697}, 2, THUMB_OTHER, 0},        /* bx lr */
    {0x1038, {0x4697, 0x46f7}, 2, THUMB_INDIRECT, 0},     /* mov pc, r2 */
    {0x103a, {0x46f7, 0xf853}, 2, THUMB_OTHER, 0},        /* mov pc, lr */
    {0x103c, {0xf853, 0xf022}, 4, THUMB_INDIRECT, 0},     /* ldr.w pc, [r3, r2, lsl #2] */
    {0x1040, {0xf8d3, 0xf004}, 4, THUMB_INDIRECT, 0},     /* ldr.w pc, [r3, #4] */
    {0x1044, {0xf85d, 0xfb04}, 4, THUMB_OTHER, 0},        /* ldr.w pc, [sp], #4 */
    {0x1048, {0xbd10, 0xf7ff}, 2, THUMB_OTHER, 0},        /* pop {r4, pc} */
    {0x104a, {0xf7ff, 0xffd9}, 4, THUMB_CALL, 0x1000},    /* bl 1000 */
    {0x104e, {0xf011, 0xf8cb}, 4, THUMB_CALL, 0x121e8},   /* bl 121e8 */
    {0x1052, {0xe7d5, 0xf011}, 2, THUMB_BRANCH, 0x1000},  /* b.n 1000 */
    {0x1054, {0xf011, 0xb8c8}, 4, THUMB_BRANCH, 0x121e8}, /* b.w 121e8 */
    {0x1058, {0xd0d2, 0xf051}, 2, THUMB_BRANCH, 0x1000},  /* beq.n 1000 */
    {0x105a, {0xf051, 0x80c5}, 4, THUMB_BRANCH, 0x121e8}, /* bne.w 121e8 */
    {0x1060, {0xb002, 0x9801}, 2, THUMB_OTHER, 0},        /* add sp, #8 */
    {0x1062, {0x9801, 0xf841}, 2, THUMB_OTHER, 0},        /* ldr r0, [sp, #4] */
    {0x1064, {0xf841, 0x0d04}, 4, THUMB_OTHER, 0},        /* str r0, [r1, #-4]! */
    {0x1068, {0xf241, 0x2034}, 4, THUMB_OTHER, 0},        /* movw r0, #4660 */
    {0x106c, {0xf3ef, 0x8014}, 4, THUMB_OTHER, 0},        /* mrs r0, control */
    {0x1070, {0xf3bf, 0x8f4f}, 4, THUMB_OTHER, 0},        /* dsb sy */
    {0x1074, {0xf7ff, 0xbfc4}, 4, THUMB_BRANCH, 0x1000},  /* b.w 1000 */
    {0x1078, {0xdf00, 0x0000}, 2, THUMB_OTHER, 0},        /* svc #0 */
    {0x107a, {0xde00, 0x0000}, 2, THUMB_OTHER, 0},        /* udf #0 */
};

static void test_samples(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        const struct sample *sample = &samples[i];
        struct thumb op = thumb_decode(sample->address, sample->half[0], sample->half[1]);

        assert_int_equal(op.length, sample->length);
        assert_int_equal(op.kind, sample->kind);
        assert_int_equal(op.kind == THUMB_PUSH ? op.bytes : op.target, sample->value);
    }
}

/* Every pair of halfwords is an instruction of 2 or 4 bytes, and nothing overflows (sanitizers). */
static void test_all(void **state)
{
    (void)state;
    for (uint32_t first = 0; first <= 0xFFFF; first++) {
        for (uint32_t next = 0; next <= 0xFFFF; next += 0x0101) {
            struct thumb op = thumb_decode(0xFFFFFFF0u, (uint16_t)first, (uint16_t)next);

            assert_true(op.length == (first < 0xE800 ? 2 : 4));
            assert_true(op.kind == THUMB_PUSH || op.bytes == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_samples), cmocka_unit_test(test_all)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
