/*
 * verbs.h - one function per verb of the tool, and the table that names them.
 *
 * To add a verb: write tool/NAME.c with `int verb_NAME(int argc, char **argv)`, declare it here,
 * give it a row in verbs.c (summary and help) and list the file in tool/build.ninja.
 * argv[0] is the verb, so getopt_long() works on it as it is; `--help` never reaches the verb.
 * The result is the exit code of the process (enum exit_code in util.h).
 */
#ifndef K5_TOOL_VERBS_H
#define K5_TOOL_VERBS_H

#include <stddef.h>

struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *arguments; /* what follows the name in the usage line */
    const char *summary;   /* one line for `k5 --help` */
    const char *help;      /* the rest of `k5 help NAME`: options, what it prints, exit codes */
};

extern const struct verb verb_table[];
extern const size_t verb_count;

int verb_build(int argc, char **argv);
int verb_run(int argc, char **argv);
int verb_demo(int argc, char **argv);
int verb_inspect(int argc, char **argv);
int verb_test(int argc, char **argv);
int verb_bench(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_prove(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_help(int argc, char **argv);

/* The row of a verb, or NULL. */
const struct verb *verb_find(const char *name);
/* Prints the help of one verb, or of the whole tool for NULL. */
void verb_help_print(const struct verb *verb);

#endif
