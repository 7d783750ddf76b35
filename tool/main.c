/*
 * main.c - the k5 program: finds the verb, answers --help and --version, hands over.
 *
 *   k5 [--help | --version]
 *   k5 VERB [argument...]        -> verb_table (verbs.c) -> verb_VERB(argc, argv)
 */
#include "help.h"
#include "util.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>

int verb_unknown(const char *name)
{
    const char *names[64];
    size_t count = verb_count < 64 ? verb_count : 64;
    for (size_t i = 0; i < count; i++) {
        names[i] = verb_table[i].name;
    }
    const char *near = nearest_word(name, names, count);
    if (near != NULL) {
        error_print("unknown verb \"%s\": did you mean \"%s\"?", name, near);
    } else {
        error_print("unknown verb \"%s\"", name);
        hint_print("`k5 --help` lists the verbs");
    }
    return EXIT_USAGE;
}

/* True if --help or -h is among a verb's own arguments (those before "--"). */
static bool help_wanted(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        verb_help_print(NULL);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        verb_help_print(NULL);
        return EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("k5 %s\n", K5_TOOL_VERSION);
        return EXIT_OK;
    }
    if (argv[1][0] == '-') {
        error_print("unknown option \"%s\"", argv[1]);
        hint_print("options follow the verb; `k5 --help` lists the verbs");
        return EXIT_USAGE;
    }
    const struct verb *verb = verb_find(argv[1]);
    if (verb == NULL) {
        return verb_unknown(argv[1]);
    }
    if (help_wanted(argc - 1, argv + 1)) {
        verb_help_print(verb);
        return EXIT_OK;
    }
    return verb->run(argc - 1, argv + 1);
}
