/*
 * verbs.h - one function per verb of the tool, and the table that names them.
 *
 * To add a verb: write tool/NAME.c with `int verb_NAME(int argc, char **argv)`, declare it here,
 * give it its options and a row in verbs.c, list the file in tool/build.ninja, and write its page
 * with `sh tests/tool/pages.sh --accept`.
 * argv[0] is the verb, so getopt_long() works on it as it is; `--help` never reaches the verb.
 * The result is the exit code of the process (enum exit_code in util.h).
 *
 *   verb_table --help.c--> k5 --help, k5 help VERB, docs/manual/verbs/VERB.md
 *              --help_man.c--> k5 man       --completion.c--> k5 completion bash|zsh|fish
 */
#ifndef K5_TOOL_VERBS_H
#define K5_TOOL_VERBS_H

#include <stddef.h>

/* One word of the command line and what it means. A list of them ends with {0}. */
struct verb_option {
    const char *name;     /* "--for", "-v, --verbose", or of what is no option: "APP" */
    const char *argument; /* "TIME"; "a|b" are all that there are; NULL: it takes none */
    const char *text;     /* one sentence without a full stop; lines are broken when printed */
};

struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *arguments; /* what follows the name in the usage line */
    const char *summary;   /* one line for `k5 --help` */
    const char *help;      /* what it prints, exit codes: paragraphs with an empty line between;
                            * one that begins with two spaces is shown as it stands */
    const struct verb_option *options;
};

extern const struct verb verb_table[];
extern const size_t verb_count;

int verb_new(int argc, char **argv);
int verb_build(int argc, char **argv);
int verb_run(int argc, char **argv);
int verb_demo(int argc, char **argv);
int verb_debug(int argc, char **argv);
int verb_flash(int argc, char **argv);
int verb_logs(int argc, char **argv);
int verb_inspect(int argc, char **argv);
int verb_test(int argc, char **argv);
int verb_trace(int argc, char **argv);
int verb_bench(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_prove(int argc, char **argv);
int verb_size(int argc, char **argv);
int verb_graph(int argc, char **argv);
int verb_audit(int argc, char **argv);
int verb_boards(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_completion(int argc, char **argv);
int verb_man(int argc, char **argv);
int verb_help(int argc, char **argv);

/* The row of a verb, or NULL. */
const struct verb *verb_find(const char *name);
/* Complains about an unknown verb and names the nearest one. Returns EXIT_USAGE. */
int verb_unknown(const char *name);
/* Prints the help of one verb, or of the whole tool for NULL. */
void verb_help_print(const struct verb *verb);

#endif
