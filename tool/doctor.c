/*
 * doctor.c - `k5 doctor`: is everything here that K5 needs, in which version, and if not, the fix.
 *
 * The list is packages.debian, the same that ./k5 installs from, so the two cannot disagree:
 *
 *   GROUP  PACKAGE  PROBE  # WHY
 *
 * plus two things that no package name answers: a CBMC of version 6, and a board in the emulator.
 */
#include "util.h"
#include "verbs.h"

#include "cbmc.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
    unsigned found;
    unsigned missing;
    struct text packages; /* the missing ones, to install */
};

/* Runs a command quietly; its output is appended to out. True if it ended well. */
static bool command_output(const char *line, struct text *out)
{
    struct list words = {0};
    list_add_split(&words, line, " ");
    struct process process = {.capture = out, .timeout_s = 20};
    bool good = process_run(&process, words.items) == 0;
    list_free(&words);
    return good;
}

/* The first word of the text that looks like a version number; "" if there is none. */
static char *version_pick(const char *output)
{
    struct list words = {0};
    char *version = NULL;
    list_add_split(&words, output, " \n\t(),");
    for (size_t i = 0; i < words.count && version == NULL; i++) {
        const char *word = words.items[i];
        if (isdigit((unsigned char)word[0]) && strchr(word, '.') != NULL) {
            version = string_copy(word);
        }
    }
    list_free(&words);
    return version != NULL ? version : string_copy("");
}

static char *command_version(const char *command)
{
    struct text output = {0};
    char *line = string_format("%s --version", command);
    command_output(line, &output);
    char *version = version_pick(text_string(&output));
    free(line);
    text_free(&output);
    return version;
}

/* The version of an installed package, where there is dpkg to ask. */
static char *package_version(const char *package)
{
    struct text output = {0};
    char *line = string_format("dpkg-query -W -f ${Version} %s", package);
    char *version = process_have("dpkg-query") && command_output(line, &output)
                        ? string_copy(text_string(&output))
                        : string_copy("found");
    free(line);
    text_free(&output);
    return version;
}

static bool header_found(const char *header)
{
    char *line = string_format("c++ -x c++ -E -include %.*s /dev/null", (int)strlen(header) - 2,
                               header + 1); /* without the < > */
    struct text output = {0};
    bool found = process_have("c++") && command_output(line, &output);
    text_free(&output);
    free(line);
    return found;
}

static bool specs_found(const char *file)
{
    char *line = string_format("arm-none-eabi-gcc -print-file-name=%s", file);
    struct text output = {0};
    bool found = process_have("arm-none-eabi-gcc") && command_output(line, &output) &&
                 text_string(&output)[0] == '/';
    text_free(&output);
    free(line);
    return found;
}

/* The version of what the probe names, on the heap; NULL if it is not there. */
static char *probe_version(const char *package, const char *probe)
{
    if (probe[0] == '<') {
        return header_found(probe) ? package_version(package) : NULL;
    }
    if (string_starts(probe, "specs:")) {
        return specs_found(probe + strlen("specs:")) ? package_version(package) : NULL;
    }
    if (!process_have(probe)) {
        return NULL;
    }
    char *version = command_version(probe);
    return version[0] != '\0' ? version : package_version(package);
}

static void row_print(struct tally *tally, const char *name, const char *version, const char *rest)
{
    bool found = version != NULL;
    tally->found += found ? 1u : 0u;
    tally->missing += found ? 0u : 1u;
    printf("  %s%-7s%s %-24s %-26s %s\n", colour_start(1, found ? COLOUR_GREEN : COLOUR_RED),
           found ? "ok" : "missing", colour_start(1, COLOUR_NONE), name, found ? version : "",
           rest);
    fflush(stdout);
}

/* One line of packages.debian. What is extra is told, but nothing is wrong without it. */
static void need_check(struct tally *tally, const char *line)
{
    const char *comment = strchr(line, '#');
    struct list words = {0};
    char *left = string_format("%.*s", comment != NULL ? (int)(comment - line) : 4096, line);
    list_add_split(&words, left, " \t");
    if (words.count == 3) {
        char *version = probe_version(words.items[1], words.items[2]);
        bool extra = strcmp(words.items[0], "extra") == 0;
        if (extra && version == NULL) {
            printf("  absent  %-24s %-26s %s\n", words.items[1], "not needed",
                   comment != NULL ? comment + 2 : "");
        } else {
            row_print(tally, words.items[1], version, comment != NULL ? comment + 2 : "");
        }
        if (version == NULL) {
            printf("%10s fix: apt-get install %s\n", "", words.items[1]);
        }
        if (version == NULL && !extra) {
            text_addf(&tally->packages, " %s", words.items[1]);
        }
        free(version);
    }
    list_free(&words);
    free(left);
}

static void cbmc_check(struct tally *tally)
{
    struct text version = {0};
    char *cbmc = cbmc_find(&version);
    row_print(tally, "cbmc", cbmc != NULL ? text_string(&version) : NULL, "the proofs");
    if (cbmc == NULL) {
        printf("%10s fix: ./k5 prove gets it; .k5/cbmc.log says why it could not\n", "");
    }
    text_free(&version);
    free(cbmc);
}

static void emulator_check(struct tally *tally)
{
    struct text output = {0};
    bool found = process_have("qemu-system-arm") &&
                 command_output("qemu-system-arm -machine help", &output) &&
                 strstr(text_string(&output), "mps2-an505") != NULL;
    row_print(tally, "board mps2-an505", found ? "emulated" : NULL, "Cortex-M33 with TrustZone");
    if (!found) {
        printf("%10s fix: a qemu-system-arm (2.12 or later) whose `-machine help` lists it\n", "");
    }
    text_free(&output);
}

int verb_doctor(int argc, char **argv)
{
    if (argc > 1) {
        return usage_error("doctor", "unexpected \"%s\"", argv[1]);
    }
    struct text file = {0};
    struct tally tally = {0};
    struct list lines = {0};
    char *path = root_join("packages.debian");
    if (!file_read(path, &file)) {
        error_print("%s cannot be read", path);
        return EXIT_ENVIRONMENT;
    }
    list_add_split(&lines, text_string(&file), "\n");
    for (size_t i = 0; i < lines.count; i++) {
        need_check(&tally, lines.items[i]);
    }
    cbmc_check(&tally);
    emulator_check(&tally);
    if (tally.missing == 0) {
        printf("all %u found\n", tally.found);
        return EXIT_OK;
    }
    printf("%u of %u missing\n", tally.missing, tally.found + tally.missing);
    if (tally.packages.length > 0) {
        printf("fix all: ./k5 --yes doctor, or as root: apt-get install%s\n",
               text_string(&tally.packages));
    }
    return EXIT_ENVIRONMENT;
}
