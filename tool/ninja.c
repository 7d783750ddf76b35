/*
 * ninja.c - the commands that compile and link an app, as a build.ninja of its own.
 *
 *   kernel, arch, board --kcc--> obj/kernel/x.o --optimize--> kernel.o     (target measure)
 *   sources --cc--> obj/TASK/x.o --+--> TASK.measure.elf                   (target measure)
 *   lib/k5  --cc--> obj/lib/x.o ---+--> TASK.elf --> TASK.bin --+
 *   kernel.o, gen/config.c ... ---------------------------------+--> image.elf  (target image)
 *   image.elf --image_check, by the host's cc with the app's sizes--> must say yes
 *
 * What is the same for all apps is compiled in a few units, each a file that includes several: to
 * start a compiler takes longer than to compile one of them.
 *
 * The kernel is optimized as a whole (LTO), which takes longer than all the rest. kernel.o is what
 * comes out of it: made once for an app's sizes, and left alone by what changes in a task. To get
 * it, the linker is run as for an image without tables and tasks, so that it tells the optimizer
 * what the assembler files need; the objects that it was about to link are kept.
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
                  "    -Wall -Wextra -Werror -Wdate-time\n");
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
    text_add(out,
             "kernel_link = $machine -specs=picolibc.specs -nostartfiles -Wl,--gc-sections $\n"
             "    -Wl,--fatal-warnings -Wl,--no-warn-rwx-segments -Lgen\n"
             "optimize = $maps -Os -flto -flto-partition=one -fstack-usage -fcallgraph-info=su $\n"
             "    -save-temps -dumpbase image -Wl,--unresolved-symbols=ignore-all\n");
    text_addf(out, "log_ld = %s/lib/k5/log.ld\n", root_path());
    text_addf(out, "check_flags = -std=gnu11 -O0 -DK5_CONFIG_MUTABLE -Igen -I%s -I%s/arch/host\n",
              root, root);
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
             "rule hex\n  command = " PREFIX "objcopy -O ihex $in $out\n"
             "rule optimize\n  command = " PREFIX
             "gcc $kernel_link $optimize $fp -T '$script' $in -o kernel.elf && $\n    " PREFIX
             "ld -r image.ltrans0.ltrans.o $debug -o $out && $\n"
             "    rm -f kernel.elf $debug image.res image.*args* image.ltrans.out image.ltrans0.o "
             "image.ltrans0.ltrans.[so]\n"
             "rule hcc\n  command = cc -MMD -MF $out.d $check_flags -c $in -o $out\n"
             "  depfile = $out.d\n  deps = gcc\n"
             "rule check\n  command = cc $check_flags $in -o image_check && ./image_check "
             "image.elf && touch $out\n");
}

/* ---- objects ---- */

/* The kernel is compiled small, but for what every call, switch and log line goes through. As
 * `k5 bench` and tests/bounds/size.sh measured it: moving blocks about costs 2 % and gains nothing.
 */
static bool source_is_hot(const char *source)
{
    static const char *const hot[] = {
        "kernel/budget.c", "kernel/capability.c", "kernel/endpoint.c", "kernel/irq.c",
        "kernel/kernel.c", "kernel/log.c",        "kernel/message.c",  "kernel/notification.c",
        "kernel/reply.c",  "kernel/sched.c",      "kernel/time.c"};
    bool found = false;
    for (size_t i = 0; i < sizeof hot / sizeof hot[0]; i++) {
        found = found || string_ends(source, hot[i]);
    }
    return found;
}

#define HOT "  size = -O2 -fno-reorder-blocks\n"

/* A path as seen from the app, or from the K5 root; the whole of it if it is in neither. */
static const char *path_inside(const struct app *app, const char *real)
{
    char *dir = real_path(app->dir);
    const char *const folders[] = {dir, root_path()};
    const char *inside = real;
    for (size_t i = 0; i < 2 && inside == real; i++) {
        size_t length = strlen(folders[i]);
        if (string_starts(real, folders[i]) && real[length] == '/') {
            inside = real + length;
        }
    }
    free(dir);
    return inside;
}

/* One compiled source; its object is added to `objects`. The hash keeps equal names apart, and is
 * the same wherever the app lies: names of objects are in the image. */
static void source_add(struct text *out, struct text *objects, const struct app *app,
                       const char *source, const char *group)
{
    char *real = real_path(source);
    char *path = path_escape(real);
    unsigned hash = (unsigned)(hash_string(HASH_START, path_inside(app, real)) & 0xFFFFu);
    char *object = string_format("obj/%s/%s-%04x.o", group, path_base(path), hash);
    text_addf(out, "build %s: %s %s\n", object, strcmp(group, "kernel") == 0 ? "kcc" : "cc", path);
    text_addf(objects, " %s", object);
    free(real);
    free(path);
    free(object);
}

static void folder_list(const struct app *app, const char *folder, const char *suffix,
                        struct list *files)
{
    struct list all = {0};
    char *dir = root_join(folder);
    dir_list(dir, suffix, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (app->trace || !string_ends(all.items[i], "kernel/trace.c")) {
            list_add(files, all.items[i]);
        }
    }
    list_free(&all);
    free(dir);
}

static void files_add(struct text *out, struct text *objects, const struct app *app,
                      const struct list *files, const char *group)
{
    for (size_t i = 0; i < files->count; i++) {
        source_add(out, objects, app, files->items[i], group);
    }
}

static void assembler_add(struct text *out, struct text *objects, const struct app *app,
                          const char *folder, const char *group)
{
    struct list files = {0};
    folder_list(app, folder, ".S", &files);
    files_add(out, objects, app, &files, group);
    list_free(&files);
}

static void folder_add(struct text *out, struct text *objects, const struct app *app,
                       const char *folder, const char *group)
{
    struct list files = {0};
    folder_list(app, folder, ".c", &files);
    files_add(out, objects, app, &files, group);
    list_free(&files);
    assembler_add(out, objects, app, folder, group);
}

/* The C files of a folder, those that are hot or the others, into a unit. */
static void unit_fill(struct text *unit, const struct app *app, const char *folder, bool hot)
{
    struct list files = {0};
    folder_list(app, folder, ".c", &files);
    for (size_t i = 0; i < files.count; i++) {
        if (source_is_hot(files.items[i]) == hot) {
            char *real = real_path(files.items[i]);
            text_addf(unit, "#include \"%s\"\n", real);
            free(real);
        }
    }
    list_free(&files);
}

/* gen/NAME.c and its object; `unit` is its text. */
static void unit_add(struct text *out, struct text *objects, const struct app *app,
                     const char *name, const struct text *unit)
{
    bool kernel = string_starts(name, "kernel");
    char *path = string_format("gen/%s.c", name);
    char *object = string_format("obj/%s/%s.o", kernel ? "kernel" : "lib", name);
    gen_write(app, path, unit);
    text_addf(out, "build %s: %s %s\n", object, kernel ? "kcc" : "cc", path);
    text_addf(objects, " %s", object);
    free(path);
    free(object);
}

static void library_add(struct text *out, struct text *objects, const struct app *app)
{
    struct text unit = {0};
    text_add(out, "\n# libk5, the same for all tasks\n");
    unit_fill(&unit, app, "lib/k5", false);
    unit_add(out, objects, app, "libk5", &unit);
    assembler_add(out, objects, app, "lib/k5", "lib");
    text_free(&unit);
}

static void kernel_units_add(struct text *out, struct text *objects, const struct app *app,
                             const char *arch)
{
    struct text unit = {0};
    unit_fill(&unit, app, "kernel", false);
    unit_fill(&unit, app, arch, false);
    unit_add(out, objects, app, "kernel_small", &unit);
    text_free(&unit);
    unit_fill(&unit, app, "kernel", true);
    unit_add(out, objects, app, "kernel_fast", &unit);
    text_add(out, HOT);
    text_free(&unit);
    assembler_add(out, objects, app, arch, "kernel");
}

/* Definitions and generated headers that belong to this task alone. */
static char *task_flags(const struct app_task *task)
{
    struct text flags = {0};
    text_addf(&flags, "-Igen/%s -Igen", task->name);
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
static void task_add(struct text *out, const struct app *app, const struct app_task *task,
                     const char *library)
{
    struct text objects = {0};
    char *flags = task_flags(task);
    char *fp = task->fp ? string_format("  fp = -mfloat-abi=softfp -mfpu=%s\n", app->board.fpu)
                        : string_copy("");
    const char *name = task->name;
    text_addf(out, "\n# task %s\n", name);
    for (size_t i = 0; i < task->sources.count; i++) {
        source_add(out, &objects, app, task->sources.items[i], name);
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

/* kernel.o: everything of the kernel that is known before the tasks are placed. */
static void kernel_add(struct text *out, const struct app *app, struct text *assembler)
{
    struct text objects = {0};
    struct text debug = {0};
    struct list words = {0};
    char *arch = string_format("arch/%s", app->board.arch);
    char *board = string_format("boards/%s", app->board.name);
    char *root = path_escape(root_path());
    text_add(out, "\n# kernel\n");
    kernel_units_add(out, &objects, app, arch);
    folder_add(out, &objects, app, board, "kernel");
    if (app->board.family != NULL) {
        char *family = string_format("boards/%s", app->board.family);
        folder_add(out, &objects, app, family, "kernel");
        free(family);
    }
    text_add(out, "build obj/kernel/arch_config.o: kcc gen/arch_config.c\n");
    text_add(&objects, " obj/kernel/arch_config.o");
    list_add_split(&words, text_string(&objects), " ");
    for (size_t i = 0; i < words.count; i++) {
        if (strstr(words.items[i], ".S-") != NULL) {
            text_addf(assembler, " %s", words.items[i]);
        } else { /* where the linker keeps what the compiler wrote for a debugger */
            text_addf(&debug, " %s.debug.temp.o", words.items[i]);
        }
    }
    text_addf(out,
              "build kernel.o: optimize%s | gen/memory.ld gen/tasks.ld %s/arch/%s/kernel.ld\n"
              "  script = %s/arch/%s/kernel.ld\n  debug =%s\n",
              text_string(&objects), root, app->board.arch, root, app->board.arch,
              text_string(&debug));
    list_free(&words);
    text_free(&objects);
    text_free(&debug);
    free(arch);
    free(board);
    free(root);
}

/* The tables are not optimized together with the kernel, which does not know their values. */
static void image_add(struct text *out, const struct app *app, const struct text *assembler)
{
    static const char *const tables[] = {"config", "arch_images", "build_id"};
    static const char *const checked[] = {"tool/image_check.c", "kernel/config.c",
                                          "arch/arm_m/protection.c"};
    struct text objects = {0};
    struct text bins = {0};
    char *root = path_escape(root_path());
    text_add(out, "\n# image\n");
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        text_addf(out, "build obj/kernel/%s.o: kcc gen/%s.c\n  size = -Os -fno-lto\n", tables[i],
                  tables[i]);
        text_addf(&objects, " obj/kernel/%s.o", tables[i]);
    }
    for (size_t i = 0; i < app->task_count; i++) {
        text_addf(&bins, " %s.bin", app->tasks[i].name);
    }
    text_addf(out, "build obj/kernel/images.o: kcc gen/images.S |%s\n", text_string(&bins));
    text_addf(out,
              "build image.elf: image kernel.o%s%s obj/kernel/images.o | gen/memory.ld $\n"
              "    gen/tasks.ld %s/arch/%s/kernel.ld\n  script = %s/arch/%s/kernel.ld\n",
              text_string(assembler), text_string(&objects), root, app->board.arch, root,
              app->board.arch);
    text_add(out, "build image.hex: hex image.elf\n");
    text_free(&objects);
    for (size_t i = 0; i < sizeof checked / sizeof checked[0]; i++) {
        text_addf(out, "build obj/check/%zu.o: hcc %s/%s | gen/k5_sizes.h\n", i, root, checked[i]);
        text_addf(&objects, " obj/check/%zu.o", i);
    }
    text_addf(out,
              "build image.ok: check%s | image.elf gen/k5_sizes.h $\n"
              "    %s/kernel/config.h %s/arch/arm_m/arch_config.h\n",
              text_string(&objects), root, root);
    text_addf(out, "\nbuild measure: phony kernel.o%s", text_string(&objects));
    text_free(&objects);
    text_free(&bins);
    free(root);
}

void ninja_write(const struct app *app)
{
    struct text out = {0};
    struct text library = {0};
    struct text assembler = {0};
    text_addf(&out, "# Made by the k5 tool for app \"%s\": do not edit.\n", app->name);
    variables_add(&out, app);
    rules_add(&out);
    kernel_add(&out, app, &assembler);
    library_add(&out, &library, app);
    for (size_t i = 0; i < app->task_count; i++) {
        task_add(&out, app, &app->tasks[i], text_string(&library));
    }
    image_add(&out, app, &assembler);
    for (size_t i = 0; i < app->task_count; i++) {
        text_addf(&out, " %s.measure.elf", app->tasks[i].name);
    }
    text_add(&out, "\nbuild image: phony image.hex image.ok");
    for (size_t i = 0; i < app->task_count; i++) {
        text_addf(&out, " %s.elf", app->tasks[i].name);
    }
    text_add(&out, "\ndefault image\n");
    gen_write(app, "build.ninja", &out);
    text_free(&out);
    text_free(&library);
    text_free(&assembler);
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
    char *jobs =
        string_format("-j%ld", app->jobs > 0 ? (long)app->jobs : sysconf(_SC_NPROCESSORS_ONLN));
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
