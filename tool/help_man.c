/*
 * help_man.c - `k5 man`: the verb table as a man page, k5(1).
 */
#include "help.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text for roff: a backslash and a leading dot or quote would be commands, a hyphen a dash. */
static void roff_add(struct text *out, const char *string)
{
    bool first = true;
    for (size_t i = 0; string[i] != '\0'; i++) {
        if (first && (string[i] == '.' || string[i] == '\'')) {
            text_add(out, "\\&");
        }
        if (string[i] == '\\') {
            text_add(out, "\\e");
        } else if (string[i] == '-') {
            text_add(out, "\\-");
        } else {
            text_add_bytes(out, &string[i], 1);
        }
        first = string[i] == '\n';
    }
}

static void verb_roff(struct text *out, const struct verb *verb)
{
    struct list paragraphs = {0};
    text_addf(out, ".SS k5 %s ", verb->name);
    roff_add(out, verb->arguments);
    text_add(out, "\n");
    roff_add(out, verb->summary);
    text_add(out, ".\n");
    for (const struct verb_option *option = verb->options; option != NULL && option->name != NULL;
         option++) {
        char *words = option_words(option);
        text_add(out, ".TP\n.B ");
        roff_add(out, words);
        text_add(out, "\n");
        roff_add(out, option->text);
        text_add(out, "\n");
        free(words);
    }
    paragraphs_split(verb->help, &paragraphs);
    for (size_t i = 0; i < paragraphs.count; i++) {
        bool shown = paragraphs.items[i][0] == ' ';
        text_add(out, shown ? ".PP\n.nf\n" : ".PP\n");
        roff_add(out, paragraphs.items[i]);
        text_add(out, shown ? "\n.fi\n" : "\n");
    }
    list_free(&paragraphs);
}

static void page_roff(struct text *out)
{
    text_add(out, ".\\\" Made by `k5 man`.\n.TH K5 1 \"\" \"k5 " K5_TOOL_VERSION "\"\n"
                  ".SH NAME\nk5 \\- build, run, test and inspect systems on the K5 microkernel\n"
                  ".SH SYNOPSIS\n.B k5\nVERB [argument...]\n.br\n.B k5\n\\-\\-help | "
                  "\\-\\-version\n.SH VERBS\n");
    for (size_t i = 0; i < verb_count; i++) {
        verb_roff(out, &verb_table[i]);
    }
    text_add(out, ".SH EXIT STATUS\n");
    static const char *const codes[][2] = {
        {"0", "all is well"},
        {"1", "the build failed"},
        {"2", "wrong command line or configuration"},
        {"3", "no board, no permission, or a tool is missing"},
        {"4", "flashing failed"},
        {"5", "tests, checks or proofs failed"},
        {"124", "a time limit ended what ran"},
        {"134", "a fault of a task or a panic of the kernel ended the run"}};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        text_addf(out, ".TP\n.B %s\n%s\n", codes[i][0], codes[i][1]);
    }
    text_add(out, ".SH ENVIRONMENT\n.TP\n.B K5_ROOT\nthe K5 repository to build against\n"
                  ".TP\n.B NO_COLOR\nno colours on a terminal\n");
}

int verb_man(int argc, char **argv)
{
    static const struct option known[] = {{"output", required_argument, NULL, 'o'}, {0}};
    const char *path = NULL;
    struct text out = {0};
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "o:", known, NULL)) != -1;) {
        if (letter != 'o') {
            return usage_error("man", "wrong option \"%s\"", argv[optind - 1]);
        }
        path = optarg;
    }
    if (optind < argc) {
        return usage_error("man", "unexpected \"%s\"", argv[optind]);
    }
    page_roff(&out);
    if (path != NULL && !file_write(path, text_string(&out), out.length)) {
        error_print("%s: %s", path, strerror(errno));
        return EXIT_ENVIRONMENT;
    }
    if (path == NULL) {
        fputs(text_string(&out), stdout);
    }
    text_free(&out);
    return EXIT_OK;
}
