/*
 * build.c - `k5 build`, and app_build for the verbs that need a built app.
 *
 *   read -> headers -> compile, link to measure -> place -> tables -> link -> check -> report
 *
 * Invariant: EXIT_OK means that the image is there, that what it was linked to is what was placed,
 * and that the tables passed the kernel's and the port's own checks.
 */
#define _GNU_SOURCE
#include "app.h"
#include "conf.h"
#include "files.h"
#include "gen.h"
#include "ninja.h"
#include "object.h"
#include "place.h"
#include "policy.h"
#include "report.h"
#include "sites.h"
#include "stack.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define SG_WORD 0xE97FE97Fu /* the instruction that makes Secure code callable */

/* The rules of the app's policy, if it has one. */
static int policy_keep(const struct app *app)
{
    unsigned before = conf_error_count();
    char *path = policy_path(app);
    if (path != NULL) {
        struct reach reach;
        reach_make(app, &reach);
        (void)policy_check(&reach, path);
        free(path);
    }
    return conf_error_count() == before ? EXIT_OK : EXIT_USAGE;
}

/* Makes the build folder and holds its lock until `lock` is closed: two builds of one app wait for
 * each other. */
static int folder_prepare(struct app *app, int *lock)
{
    char *relative =
        string_format("build/%s/%s%s", app->board.name, app->profile, app->trace ? "-trace" : "");
    char *wanted = path_join(app->dir, relative);
    app->build_dir = dir_make(wanted) ? realpath(wanted, NULL) : NULL;
    *lock = -1;
    if (app->build_dir == NULL) {
        error_print("%s: %s", wanted, strerror(errno));
    } else {
        char *path = path_join(app->build_dir, "lock");
        *lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0666);
        if (*lock < 0 || flock(*lock, LOCK_EX) != 0) {
            error_print("%s: %s", path, strerror(errno));
        }
        free(path);
    }
    free(wanted);
    free(relative);
    return *lock >= 0 ? EXIT_OK : EXIT_ENVIRONMENT;
}

static void elf_paths_set(struct app *app, const char *suffix)
{
    for (size_t i = 0; i < app->task_count; i++) {
        char *name = string_format("%s%s", app->tasks[i].name, suffix);
        free(app->tasks[i].elf);
        app->tasks[i].elf = path_join(app->build_dir, name);
        free(name);
    }
}

static int tasks_measure(struct app *app)
{
    if (!place_shared(app)) {
        return EXIT_USAGE;
    }
    gen_task_headers(app);
    gen_interfaces(app);
    gen_sizes(app);
    gen_arch(app);
    gen_board(app);
    gen_memory(app);
    ninja_write(app);
    elf_paths_set(app, ".measure.elf");
    int code = ninja_run(app, "measure");
    if (code != EXIT_OK) {
        return code;
    }
    unsigned before = conf_error_count();
    bool placed = place_tasks(app);
    return placed ? EXIT_OK : conf_error_count() > before ? EXIT_USAGE : EXIT_BUILD;
}

static int image_link(struct app *app)
{
    gen_task_scripts(app);
    gen_tables(app);
    gen_arch_images(app);
    app->build_id = gen_build_id(app);
    gen_image(app);
    elf_paths_set(app, ".elf");
    return ninja_run(app, "image");
}

static bool within(uint32_t address, const struct board_memory *memory)
{
    return address >= memory->base && address - memory->base < memory->size;
}

static uint32_t halfword(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
}

/* The callable block holds exactly one SG, at its start; no other Secure code holds one, so that a
 * mistake in the SAU's range opens nothing. */
static bool entries_check(const struct app *app, const struct object *image)
{
    size_t veneers = 0;
    size_t strays = 0;
    for (size_t i = 0; i < image->section_count; i++) {
        const struct object_section *section = &image->sections[i];
        bool secure = within(section->base, &app->board.memory[MEMORY_KERNEL_CODE]) ||
                      within(section->base, &app->board.memory[MEMORY_VENEER]);
        for (uint32_t at = 0; secure && section->bytes != NULL && at + 4 <= section->size;
             at += 2) {
            const uint8_t *bytes = section->bytes + at;
            if ((halfword(bytes) | halfword(bytes + 2) << 16) == SG_WORD) {
                bool right = section->base + at == app->board.memory[MEMORY_VENEER].base;
                veneers += right ? 1 : 0;
                strays += right ? 0 : 1;
            }
        }
    }
    if (veneers != 1 || strays != 0) {
        error_print("internal: Secure code has %zu entry points (SG) at the veneer, %zu elsewhere",
                    veneers, strays);
    }
    return veneers == 1 && strays == 0;
}

/* Everything that is loaded lies in a memory of the board; the kernel's part is added up. */
static bool image_measure(struct app *app, const struct object *image)
{
    bool ok = true;
    for (size_t i = 0; i < image->section_count; i++) {
        const struct object_section *section = &image->sections[i];
        bool inside = false;
        for (size_t m = 0; m < MEMORY_COUNT; m++) {
            inside = inside || (within(section->base, &app->board.memory[m]) &&
                                within(section->base + section->size - 1, &app->board.memory[m]));
        }
        if (!inside || (section->writable && section->executable)) {
            error_print("internal: section %s of the image %s", section->name,
                        inside ? "is writable and executable" : "lies in no memory of the board");
            ok = false;
        }
        if (within(section->base, &app->board.memory[MEMORY_KERNEL_RAM])) {
            app->kernel_ram += section->size;
        } else if (within(section->base, &app->board.memory[MEMORY_KERNEL_CODE])) {
            app->kernel_code += section->size;
        }
    }
    return ok;
}

static int image_check(struct app *app)
{
    struct object image;
    bool ok = true;
    app->image = path_join(app->build_dir, "image.elf");
    for (size_t i = 0; i < app->task_count; i++) {
        ok = place_verify(&app->tasks[i]) && ok;
        ok = sites_check(app->tasks[i].elf) == 0 && ok;
    }
    ok = ok && object_read(app->image, &image) && image_measure(app, &image) &&
         entries_check(app, &image);
    return ok ? EXIT_OK : EXIT_BUILD;
}

int app_build(const char *dir, const char *profile, struct app *app)
{
    double start = clock_seconds();
    struct timespec since;
    (void)clock_gettime(CLOCK_REALTIME_COARSE, &since); /* the clock of files */
    int lock = -1;
    int code = app_read(dir, profile, app);
    code = code == EXIT_OK ? policy_keep(app) : code;
    code = code == EXIT_OK ? folder_prepare(app, &lock) : code;
    code = code == EXIT_OK ? tasks_measure(app) : code;
    code = code == EXIT_OK ? image_link(app) : code;
    code = code == EXIT_OK ? image_check(app) : code;
    code = code == EXIT_OK && !stack_check(app) ? EXIT_USAGE : code;
    code = code == EXIT_OK ? files_write(app) : code;
    if (lock >= 0) {
        close(lock);
    }
    if (code == EXIT_OK) {
        files_rebuilt(app, &since, &app->rebuilt);
        app->seconds = clock_seconds() - start;
    }
    if (code == EXIT_OK && !app->quiet) {
        report_print(app);
    }
    return code;
}

int verb_build(int argc, char **argv)
{
    static const struct option options[] = {{"verbose", no_argument, NULL, 'v'},
                                            {"profile", required_argument, NULL, 'p'},
                                            {"board", required_argument, NULL, 'b'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    struct app app = {0};
    const char *profile = NULL;
    int option = 0;
    opterr = 0;
    while ((option = getopt_long(argc, argv, "vp:", options, NULL)) != -1) {
        switch (option) {
        case 'v': app.verbose = true; break;
        case 'j': app.quiet = true; break;
        case 'p': profile = optarg; break;
        case 'b': app.board_name = optarg; break;
        default: return usage_error("build", "unknown option \"%s\"", argv[optind - 1]);
        }
    }
    if (argc - optind > 1) {
        return usage_error("build", "one app at a time");
    }
    int code = app_build(optind < argc ? argv[optind] : ".", profile, &app);
    if (code == EXIT_OK && app.quiet) {
        report_json_print(&app);
    }
    return code;
}
