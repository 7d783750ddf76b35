/* The tool's reader of layouts, on this very program: the compiler's offsetof is the truth. The
 * kernel's own ELF is looked at in tests/tool/stats.sh. */
/* build: tool/layout.c -ldw */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "layout.h"

typedef uint64_t ticks_t;

struct inner {
    uint8_t state[5];
    ticks_t own[5];
    uint32_t reg[5][3];
};

struct outer {
    uint8_t current;
    const ticks_t now;
    volatile struct inner task;
    struct inner many[2];
    union {
        uint32_t whole;
        uint16_t half[2];
    } either;
    struct outer *next;
};

struct outer layout_outer;  /* external, so that it can be found */
extern uint32_t layout_far; /* a declaration comes first, as for the kernel's state */
uint32_t layout_far;
static uint32_t layout_hidden;

static struct layout layout;

static void expect(const char *path, size_t offset, size_t size, size_t count)
{
    struct layout_member whole;
    struct layout_member member;

    assert_true(layout_find(&layout, "layout_outer", "", &whole));
    assert_true(layout_find(&layout, "layout_outer", path, &member));
    assert_int_equal(member.address - whole.address, offset);
    assert_int_equal(member.size, size);
    assert_int_equal(member.count, count);
}

static void test_members(void **state)
{
    (void)state;
    expect("", 0, sizeof(struct outer), 1);
    expect("current", 0, 1, 1);
    expect("now", offsetof(struct outer, now), 8, 1);
    expect("task", offsetof(struct outer, task), sizeof(struct inner), 1);
    expect("task.state", offsetof(struct outer, task.state), 1, 5);
    expect("task.own", offsetof(struct outer, task.own), 8, 5);
    expect("task.reg", offsetof(struct outer, task.reg), 4, 15);
    expect("many", offsetof(struct outer, many), sizeof(struct inner), 2);
    expect("either.whole", offsetof(struct outer, either), 4, 1);
    expect("either.half", offsetof(struct outer, either), 2, 2);
    expect("next", offsetof(struct outer, next), sizeof(void *), 1);
}

static void test_offsets(void **state)
{
    uint32_t offset;

    (void)state;
    assert_true(layout_offset(&layout, "inner", "reg", &offset));
    assert_int_equal(offset, offsetof(struct inner, reg));
    assert_true(layout_offset(&layout, "outer", "task.own", &offset));
    assert_int_equal(offset, offsetof(struct outer, task.own));
    assert_false(layout_offset(&layout, "inner", "nothing", &offset));
    assert_false(layout_offset(&layout, "nothing", "reg", &offset));
    assert_false(layout_offset(&layout, "ticks_t", "", &offset)); /* no structure */
}

/* Addresses are those of the linker: the distance of two variables is the same at run time. */
static void test_addresses(void **state)
{
    struct layout_member a;
    struct layout_member b;

    (void)state;
    assert_true(layout_find(&layout, "layout_outer", "", &a));
    assert_true(layout_find(&layout, "layout_far", "", &b));
    assert_int_equal(b.address - a.address,
                     (uint32_t)((uintptr_t)&layout_far - (uintptr_t)&layout_outer));
    assert_int_equal(b.size, 4);
}

static void test_not_there(void **state)
{
    static const char *const paths[] = {"tas",        "task.",      "task.stat",   "task.states",
                                        "many.state", "next.now",   "task..state", ".",
                                        "now.x",      "task state", "either.own"};
    struct layout_member member;

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (layout_find(&layout, "layout_outer", paths[i], &member)) {
            fail_msg("\"%s\" was found", paths[i]);
        }
    }
    layout_hidden++;
    assert_false(layout_find(&layout, "layout_hidden", "", &member));
    assert_false(layout_find(&layout, "layout_nothing", "", &member));
}

static void test_files(void **state)
{
    struct layout none;

    (void)state;
    assert_false(layout_open("/nonexistent", &none));
    assert_false(layout_open("tests/unit/test_layout.c", &none));
}

static int setup(void **state)
{
    (void)state;
    return layout_open("/proc/self/exe", &layout) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    layout_close(&layout);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members),   cmocka_unit_test(test_offsets),
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_not_there),
        cmocka_unit_test(test_files),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
