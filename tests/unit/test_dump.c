/* Post-mortem files: what is written is read again; of a damaged one, what comes before the damage;
 * and no bytes make the reader leave its arrays (the sanitizers watch). */
/* build: tool/dump.c tool/snapshot.c tool/layout.c tool/object.c tool/remote.c */
/* build: tool/packet.c tool/transport.c tool/util.c tool/process.c -Iabi -lelf -ldw */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "dump.h"

static struct app app;

static uint8_t *bytes_make(uint32_t size, uint8_t first)
{
    uint8_t *bytes = memory_new(size);

    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(first + i);
    }
    return bytes;
}

static struct text dump_make(void)
{
    struct snapshot snapshot = {.reason = SNAPSHOT_PANIC,
                                .task = 3,
                                .build_id = 0x123456789abcdef0,
                                .us = 77777777777,
                                .has_registers = true};
    struct text bytes = {0};

    app = (struct app){.name = "demo", .profile = "debug"};
    app.board.name = (char *)(uintptr_t) "virt";
    for (uint32_t i = 0; i < REMOTE_REGISTERS; i++) {
        snapshot.reg[i] = 0x1000 + i;
    }
    snapshot.report = string_copy("FAULT a: b\n#0 c\n");
    snapshot_add(&snapshot, 0x38000000, bytes_make(100, 1), 100);
    snapshot_add(&snapshot, 0x28201000, bytes_make(64, 9), 64);
    dump_bytes(&app, &snapshot, &bytes);
    snapshot_free(&snapshot);
    return bytes;
}

static void test_round_trip(void **state)
{
    struct text bytes = dump_make();
    struct dump dump;
    uint32_t word = 0;

    (void)state;
    assert_true(dump_parse((const uint8_t *)bytes.data, bytes.length, &dump));
    assert_null(dump.problem);
    assert_string_equal(dump.app, "demo");
    assert_string_equal(dump.board, "virt");
    assert_string_equal(dump.profile, "debug");
    assert_int_equal(dump.snapshot.reason, SNAPSHOT_PANIC);
    assert_int_equal(dump.snapshot.task, 3);
    assert_true(dump.snapshot.build_id == 0x123456789abcdef0);
    assert_true(dump.snapshot.us == 77777777777);
    assert_int_equal(dump.snapshot.reg[15], 0x100f);
    assert_string_equal(dump.snapshot.report, "FAULT a: b\n#0 c\n");
    assert_true(snapshot_word(&dump.snapshot, 0x28201004, &word));
    assert_int_equal(word, 0x100f0e0d);
    assert_true(snapshot_word(&dump.snapshot, 0x38000060, &word));
    assert_false(snapshot_word(&dump.snapshot, 0x38000061, &word)); /* one byte is past its end */
    assert_false(snapshot_word(&dump.snapshot, 0x28200fff, &word));
    dump_free(&dump);
    text_free(&bytes);
}

/* Cut anywhere: told, and what is there is there. In a block of its own size, so that the sanitizer
 * sees a read past it. */
static void test_cut(void **state)
{
    struct text bytes = dump_make();

    (void)state;
    for (size_t length = 0; length < bytes.length; length++) {
        struct dump dump;
        uint8_t *cut = memory_new(length);

        memcpy(cut, bytes.data, length);
        assert_int_equal(dump_parse(cut, length, &dump), length >= 32);
        assert_string_equal(dump.problem, length >= 32 ? "its end is missing"
                                                       : "this is no post-mortem file of K5");
        assert_true(length < bytes.length - 4 || dump.snapshot.part_count == 2);
        assert_true(length < 200 || dump.app != NULL);
        dump_free(&dump);
        free(cut);
    }
    text_free(&bytes);
}

static void test_wrong(void **state)
{
    struct text bytes = dump_make();
    struct dump dump;

    (void)state;
    bytes.data[8] = 2;
    assert_false(dump_parse((const uint8_t *)bytes.data, bytes.length, &dump));
    assert_string_equal(dump.problem,
                        "it has a version of the format that this tool does not read");
    dump_free(&dump);
    bytes.data[8] = 1;
    bytes.data[bytes.length - 1] ^= 1;
    assert_true(dump_parse((const uint8_t *)bytes.data, bytes.length, &dump));
    assert_string_equal(dump.problem, "its check sum is wrong: something in it was changed");
    assert_int_equal(dump.snapshot.part_count, 2);
    dump_free(&dump);
    bytes.data[bytes.length - 1] ^= 1;
    text_add(&bytes, "more");
    assert_true(dump_parse((const uint8_t *)bytes.data, bytes.length, &dump));
    assert_string_equal(dump.problem, "it is longer than it says");
    dump_free(&dump);
    text_free(&bytes);
}

/* Bytes changed, lengths of sections too; half of them with the check sum put right. */
static void test_fuzz(void **state)
{
    struct text bytes = dump_make();
    uint8_t *copy = memory_new(bytes.length);

    (void)state;
    srand(6);
    for (uint32_t i = 0; i < 20000; i++) {
        struct dump dump;
        size_t length = rand() % 4 == 0 ? (size_t)rand() % bytes.length : bytes.length;

        memcpy(copy, bytes.data, bytes.length);
        for (int changes = 1 + rand() % 6; changes > 0; changes--) {
            copy[32 + (size_t)rand() % (bytes.length - 32)] = (uint8_t)rand();
        }
        (void)dump_parse(copy, length, &dump);
        dump_free(&dump);
    }
    free(copy);
    text_free(&bytes);
}

/* Files are numbered, and the oldest go. */
static void test_files(void **state)
{
    char folder[] = "/tmp/k5-test-XXXXXX";
    struct snapshot snapshot = {.task = 0};
    struct list files = {0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    app = (struct app){.name = "demo", .profile = "debug", .build_dir = folder};
    app.board.name = (char *)(uintptr_t) "virt";
    assert_null(dump_newest(&app));
    for (int i = 0; i < DUMPS_KEPT + 3; i++) {
        free(dump_write(&app, &snapshot));
    }
    char *newest = dump_newest(&app);
    char *dumps = path_join(folder, "dumps");
    char *wanted = string_format("%s/%d.k5d", dumps, DUMPS_KEPT + 3);
    assert_string_equal(newest, wanted);
    dir_list(dumps, ".k5d", &files);
    assert_int_equal(files.count, DUMPS_KEPT);
    for (size_t i = 0; i < files.count; i++) {
        assert_int_equal(unlink(files.items[i]), 0);
    }
    assert_int_equal(rmdir(dumps), 0);
    assert_int_equal(rmdir(folder), 0);
    list_free(&files);
    free(newest);
    free(dumps);
    free(wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_wrong),      cmocka_unit_test(test_fuzz),
        cmocka_unit_test(test_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
