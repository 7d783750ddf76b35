/*
 * ninja.c - the commands that compile and link an app, as a build.ninja of its own.
 *
 *   sources --cc--> obj/TASK/x.o --+--> TASK.measure.elf          (target measure)
 *   lib/k5  --cc--> obj/lib/x.o ---+--> TASK.elf --> TASK.bin --+
 *   kernel, arch, board --kcc--> obj/kernel/x.o ----------------+--> image.elf  (target image)
 *   gen/config.c ... --host cc--> tables_check, must say yes ---+
 *
 * Invariant: build.ninja depends on names only, not on sizes, so placing tasks does not change it,
 * and a changed file rebuilds what it must (depfiles) and no more. Commands run in BUILD_DIR.
 */
#define _GNU_SOURCE
#include "ninja.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen.h"

#define PREFIX "arm-none-eabi-"

/* A path for a build line: ninja's own specials escaped. */
static char *path_escape(const char *path)
{
    struct text out = {0};
    for (size_t i = 0; path[i] != '\0'; i++) {
        if (strchr("$ :", path[i]) != NULL) {
            text_add(&out, "$");
        }
        text_add_bytes(&out, &path[i], 1);
    }
    return string_copy(text_string(&out));
}

/* A word for a command: quoted for the shell, `$` doubled for ninja. */
static char *word_escape(const char *word)
{
    struct text out = {0};
    text_add(&out, "'");
    for (size_t i = 0; word[i] != '\0'; i++) {
        const char *special = word[i] == '\'' ? "'\\''" : word[i] == '$' ? "$$" : NULL;
        text_add_bytes(&out, special != NULL ? special : &word[i],
                       special != NULL ? strlen(special) : 1);
    }
    text_add(&out, "'");
    return string_copy(text_string(&out));
}

static char *real_path(const char *path)
{
    char *real = realpath(path, NULL);
    if (real == NULL) {
        error_print("%s: %s", path, strerror(errno));
        exit(EXIT_ENVIRONMENT);
    }
    return real;
}

/* ---- variables and rules ---- */

/* Paths in the image are relative to the app, or to the K5 root: the same build everywhere. */
static void variables_add(struct text *out, const struct app *app)
{
    char *root = word_escape(root_path());
    char *dir = real_path(app->dir);
    char *app_dir = word_escape(dir);
    text_add(out, "ninja_required_version = 1.10\nbuilddir = .\n");
    text_addf(out, "machine = -mcpu=%s -mthumb\nfp = -mfloat-abi=soft\n", app->board.cpu);
    char *build = word_escape(app->build_dir);
    const char *const from[3] = {root, app_dir, build}; /* the last that fits wins */
    text_add(out, "maps =");
    for (size_t i = 0; i < 3; i++) { /* two options: the assembler knows only the first */
        text_addf(out, " -fdebug-prefix-map=%s%s", from[i], i == 2 ? "=." : "/=");
        text_addf(out, " -fmacro-prefix-map=%s%s", from[i], i == 2 ? "=." : "/=");
    }
    text_add(out, "\n");
    free(build);
    text_add(out, "common = $machine -std=gnu11 -g $maps -ffunction-sections -fdata-sections $\n"
                  "    -Wall -Wextra -Werror\n");
    text_addf(out, "paths = -I%s -I%s/lib\n", root, root);
    text_add(out, "task_flags = $common -Os -specs=picolibc.specs $paths\n");
    text_addf(out,
              "kernel_flags = $common -flto -fno-ipa-icf -ffreestanding -mcmse -Wconversion "
              "-Wsign-conversion%s $\n    -Igen -I%s -I%s/arch/arm_m\n",
              strcmp(app->profile, "debug") == 0 ? " -DK5_DEBUG" : "", root, root);
    text_addf(out,
              "task_link = $machine -specs=picolibc.specs -nostartfiles -Wl,--gc-sections $\n"
              "    -Wl,--fatal-warnings -Wl,--no-warn-rwx-segments -L%s/lib/k5\n",
              root);
    text_addf(out, "kernel_link = $machine -Os -flto -flto-partition=one -fstack-usage $\n"
                   "    -fcallgraph-info=su -dumpbase image -specs=picolibc.specs -nostartfiles "
                   "-Wl,--gc-sections $\n"
                   "    -Wl,--fatal-warnings -Wl,--no-warn-rwx-segments -Lgen\n");
    text_addf(out, "log_ld = %s/lib/k5/log.ld\n", root_path());
    text_addf(out, "check_flags = -std=gnu11 -O0 -Igen -I%s -I%s/arch/host\n", root, root);
    free(root);
    free(dir);
    free(app_dir);
}

static void rules_add(struct text *out)
{
    text_add(out,
             "\nsize = -Os\n\nrule cc\n  command = " PREFIX
             "gcc -MMD -MF $out.d $task_flags $fp $flags -c $in -o $out\n"
             "  depfile = $out.d\n  deps = gcc\n"
             "rule kcc\n  command = " PREFIX
             "gcc -MMD -MF $out.d $kernel_flags $size $fp -c $in -o $out\n"
             "  depfile = $out.d\n  deps = gcc\n"
             "rule link\n  command = " PREFIX "gcc $task_link $fp -T '$script' $in -o $out\n"
             "rule bin\n  command = " PREFIX "objcopy -O binary -j .text -j .data -j .tdata "
             "$in $out\n"
             "rule image\n  command = " PREFIX
             "gcc $kernel_link $fp -T '$script' $in -lgcc -o $out\n"
             "rule check\n  command = cc $check_flags $in -o tables_check && ./tables_check && "
             "touch $out\n");
}

/* ---- objects ---- */

/* The kernel is compiled small, but for what every call, switch and log line goes through. As
 * `k5 bench` and tests/bounds/size.sh measured it: moving blocks about costs 2 % and gains nothing.
 */
static bool source_is_hot(const char *source)
{
    static const char *const hot[] = {
        "kernel/budget.c", "kernel/capability.c", "kernel/endpoint.c",
        "kernel/kernel.c", "kernel/log.c",        "kernel/notification.c",
        "kernel/reply.c",  "kernel/sched.c",      "kernel/time.c"};
    bool found = false;
    for (size_t i = 0; i < sizeof hot / sizeof hot[0]; i++) {
        found = found || string_ends(source, hot[i]);
    }
    return found;
}

/* One compiled source; its object is added to `objects`. The hash keeps equal names apart. */
static void source_add(struct text *out, struct text *objects, const char *source,
                       const char *group)
{
    char *real = real_path(source);
    char *path = path_escape(real);
    unsigned hash = (unsigned)(hash_string(HASH_START, real) & 0xFFFFu);
    char *object = string_format("obj/%s/%s-%04x.o", group, path_base(path), hash);
    text_addf(out, "build %s: %s %s\n", object, strcmp(group, "kernel") == 0 ? "kcc" : "cc", path);
    if (source_is_hot(source)) {
        text_add(out, "  size = -O2 -fno-reorder-blocks\n");
    }
    text_addf(objects, " %s", object);
    free(real);
    free(path);
    free(object);
}

static void folder_add(struct text *out, struct text *objects, const char *folder,
                       const char *group)
{
    struct list files = {0};
    char *dir = root_join(folder);
    dir_list(dir, ".c", &files);
    dir_list(dir, ".S", &files);
    for (size_t i = 0; i < files.count; i++) {
        source_add(out, objects, files.items[i], group);
    }
    list_free(&files);
    free(dir);
}

/* Definitions and generated headers that belong to this task alone. */
static char *task_flags(const struct app_task *task)
{
    struct text flags = {0};
    text_addf(&flags, "-Igen/%s", task->name);
    for (size_t i = 0; i < task->defines.count; i++) {
        char *define = string_format("-D%s", task->defines.items[i]);
        char *word = word_escape(define);
        text_addf(&flags, " %s", word);
        free(define);
        free(word);
    }
    return string_copy(text_string(&flags));
}

/* A task with fp differs in the machine's options alone: libk5 and what the task is linked with
 * pass floating-point numbers in integer registers (softfp), so they fit both kinds. */
static void task_add(struct text *out, const struct app_task *task, const char *fpu,
                     const char *library)
{
    struct text objects = {0};
    char *flags = task_flags(task);
    char *fp =
        task->fp ? string_format("  fp = -mfloat-abi=softfp -mfpu=%s\n", fpu) : string_copy("");
    const char *name = task->name;
    text_addf(out, "\n# task %s\n", name);
    for (size_t i = 0; i < task->sources.count; i++) {
        source_add(out, &objects, task->sources.items[i], name);
        text_addf(out, "%s  flags = %s\n", fp, flags);
    }
    text_addf(out,
              "build %s.measure.elf: link%s%s | gen/%s/measure.ld $log_ld\n%s  script = "
              "gen/%s/measure.ld\n",
              name, text_string(&objects), library, name, fp, name);
    text_addf(out, "build %s.elf: link%s%s | gen/%s/task.ld $log_ld\n%s  script = gen/%s/task.ld\n",
              name, text_string(&objects), library, name, fp, name);
    text_addf(out, "build %s.bin: bin %s.elf\n", name, name);
    text_free(&objects);
    free(flags);
    free(fp);
}

static void kernel_add(struct text *out, const struct app *app)
{
    struct text objects = {0};
    struct text bins = {0};
    char *arch = string_format("arch/%s", app->board.arch);
    char *board = string_format("boards/%s", app->board.name);
    char *root = path_escape(root_path());
    text_add(out, "\n# kernel and image\n");
    folder_add(out, &objects, "kernel", "kernel");
    folder_add(out, &objects, arch, "kernel");
    folder_add(out, &objects, board, "kernel");
    for (size_t i = 0; i < app->task_count; i++) {
        text_addf(&bins, " %s.bin", app->tasks[i].name);
    }
    text_add(out, "build obj/kernel/config.o: kcc gen/config.c\n"
                  "build obj/kernel/arch_config.o: kcc gen/arch_config.c\n"
                  "build obj/kernel/build_id.o: kcc gen/build_id.c\n");
    text_addf(out, "build obj/kernel/images.o: kcc gen/images.S |%s\n", text_string(&bins));
    text_addf(out,
              "build tables.ok: check %s/tool/tables_check.c %s/kernel/config.c "
              "%s/arch/%s/protection.c $\n    gen/config.c gen/arch_config.c | gen/k5_sizes.h "
              "%s/kernel/config.h %s/arch/%s/arch_config.h\n",
              root, root, root, app->board.arch, root, root, app->board.arch);
    text_addf(out,
              "build image.elf: image%s obj/kernel/config.o obj/kernel/arch_config.o $\n"
              "    obj/kernel/build_id.o obj/kernel/images.o | gen/memory.ld gen/tasks.ld "
              "%s/arch/%s/kernel.ld "
              "tables.ok\n  script = %s/arch/%s/kernel.ld\n",
              text_string(&objects), root, app->board.arch, root, app->board.arch);
    text_free(&objects);
    text_free(&bins);
    free(arch);
    free(board);
    free(root);
}

void ninja_write(const struct app *app)
{
    struct text out = {0};
    struct text library = {0};
    text_addf(&out, "# Made by the k5 tool for app \"%s\": do not edit.\n", app->name);
    variables_add(&out, app);
    rules_add(&out);
    text_add(&out, "\n# libk5, the same for all tasks\n");
    folder_add(&out, &library, "lib/k5", "lib");
    for (size_t i = 0; i < app->task_count; i++) {
        task_add(&out, &app->tasks[i], app->board.fpu, text_string(&library));
    }
    kernel_add(&out, app);
    text_add(&out, "\nbuild measure: phony");
    for (size_t i = 0; i < app->task_count; i++) {
        text_addf(&out, " %s.measure.elf", app->tasks[i].name);
    }
    text_add(&out, "\nbuild image: phony image.elf");
    for (size_t i = 0; i < app->task_count; i++) {
        text_addf(&out, " %s.elf", app->tasks[i].name);
    }
    text_add(&out, "\ndefault image\n");
    gen_write(app, "build.ninja", &out);
    text_free(&out);
    text_free(&library);
}

static void compile_commands(const struct app *app)
{
    char *argv[] = {"ninja", "-t", "compdb", "cc", "kcc", NULL};
    struct text json = {0};
    struct process process = {.directory = app->build_dir, .capture = &json, .stdout_only = true};
    if (process_run(&process, argv) == 0) {
        gen_write(app, "compile_commands.json", &json);
    }
    text_free(&json);
}

/* What the compiler said, without ninja's own lines. */
static void output_show(const struct text *output, bool verbose)
{
    char *rest = string_copy(text_string(output));
    for (char *line = strtok(rest, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        bool own = (string_starts(line, "ninja: ") && !string_starts(line, "ninja: error")) ||
                   string_starts(line, "FAILED: ") || string_starts(line, PREFIX) ||
                   string_starts(line, "cc ");
        if (verbose || !own) {
            fprintf(stderr, "%s\n", line);
        }
    }
    free(rest);
}

int ninja_run(const struct app *app, const char *target)
{
    char *jobs = string_format("-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
    char *argv[] = {"ninja", jobs, app->verbose ? "-v" : "--quiet", (char *)target, NULL};
    struct text output = {0};
    struct process process = {.directory = app->build_dir, .capture = &output};
    if (!process_have("ninja") || !process_have(PREFIX "gcc")) {
        error_print("%s is not there", process_have("ninja") ? PREFIX "gcc" : "ninja");
        hint_print("`k5 doctor` says how to get it");
        return EXIT_ENVIRONMENT;
    }
    int code = process_run(&process, argv);
    output_show(&output, app->verbose);
    if (code == 0 && strcmp(target, "measure") == 0) {
        compile_commands(app);
    }
    if (code != 0) {
        error_print("app \"%s\" was not built", app->name);
    }
    text_free(&output);
    free(jobs);
    return code == 0 ? EXIT_OK : EXIT_BUILD;
}
