/*
 * help.c - `k5 help`: what the verb table says, for a terminal and as pages of the manual.
 *
 * A page in docs/manual/verbs is `k5 help --markdown VERB` and nothing else; tests/tool/pages.sh
 * fails when one differs, so what the manual says of a verb is what the tool says.
 */
#include "help.h"

#include "util.h"
#include "verbs.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS     98u
#define NAME_COLUMN 18u

void text_wrap(struct text *out, const char *string, size_t column, size_t indent)
{
    struct list words = {0};
    list_add_split(&words, string, " \n");
    for (size_t i = 0; i < words.count; i++) {
        size_t length = strlen(words.items[i]);
        if (i > 0 && column + 1 + length > COLUMNS) {
            text_addf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (i > 0) {
            text_add(out, " ");
            column++;
        }
        text_add(out, words.items[i]);
        column += length;
    }
    text_add(out, "\n");
    list_free(&words);
}

size_t paragraphs_split(const char *help, struct list *out)
{
    while (help != NULL && *help != '\0') {
        const char *end = strstr(help, "\n\n");
        size_t length = end != NULL ? (size_t)(end - help) : strlen(help);
        while (length > 0 && help[length - 1] == '\n') {
            length--;
        }
        list_addf(out, "%.*s", (int)length, help);
        help = end != NULL ? end + 2 : NULL;
    }
    return out->count;
}

char *option_words(const struct verb_option *option)
{
    return option->argument != NULL ? string_format("%s %s", option->name, option->argument)
                                    : string_copy(option->name);
}

static void options_add(struct text *out, const struct verb_option *options)
{
    size_t widest = NAME_COLUMN;
    for (const struct verb_option *option = options; option->name != NULL; option++) {
        char *words = option_words(option);
        widest = strlen(words) > widest ? strlen(words) : widest;
        free(words);
    }
    for (const struct verb_option *option = options; option->name != NULL; option++) {
        char *words = option_words(option);
        text_addf(out, "  %-*s ", (int)widest, words);
        text_wrap(out, option->text, widest + 3, widest + 3);
        free(words);
    }
}

static char *usage_line(const struct verb *verb)
{
    return string_format("k5 %s%s%s", verb->name, verb->arguments[0] ? " " : "", verb->arguments);
}

static void verb_text(struct text *out, const struct verb *verb)
{
    struct list paragraphs = {0};
    char *usage = usage_line(verb);
    text_addf(out, "usage: %s\n\n%s\n", usage, verb->summary);
    if (verb->options != NULL) {
        text_add(out, "\n");
        options_add(out, verb->options);
    }
    paragraphs_split(verb->help, &paragraphs);
    for (size_t i = 0; i < paragraphs.count; i++) {
        text_add(out, "\n");
        if (paragraphs.items[i][0] == ' ') {
            text_addf(out, "%s\n", paragraphs.items[i]);
        } else {
            text_wrap(out, paragraphs.items[i], 0, 0);
        }
    }
    list_free(&paragraphs);
    free(usage);
}

void verb_help_print(const struct verb *verb)
{
    struct text out = {0};
    if (verb != NULL) {
        verb_text(&out, verb);
        fputs(text_string(&out), stdout);
        text_free(&out);
        return;
    }
    printf("usage: k5 VERB [argument...]\n\n");
    for (size_t i = 0; i < verb_count; i++) {
        printf("  %-10s %s\n", verb_table[i].name, verb_table[i].summary);
    }
    printf("\n`k5 help VERB` or `k5 VERB --help` says more; `k5 --version` prints the version.\n"
           "First time here: `k5 demo --for 3s`. A project of your own: `k5 new ../hello`.\n");
}

/* ---- pages of the manual ---- */

static void verb_markdown(struct text *out, const struct verb *verb)
{
    struct list paragraphs = {0};
    char *usage = usage_line(verb);
    text_addf(out, "# k5 %s\n\n", verb->name);
    text_addf(out, "<!-- Made from tool/verbs.c by tests/tool/pages.sh --accept. -->\n\n");
    text_addf(out, "%c%s.\n\n```\n%s\n```\n", toupper((unsigned char)verb->summary[0]),
              verb->summary + 1, usage);
    for (const struct verb_option *option = verb->options; option != NULL && option->name != NULL;
         option++) {
        char *words = option_words(option);
        char *item =
            string_format("%s- `%s`: %s", option == verb->options ? "\n" : "", words, option->text);
        text_add(out, item[0] == '\n' ? "\n" : "");
        text_wrap(out, item, 0, 2);
        free(item);
        free(words);
    }
    paragraphs_split(verb->help, &paragraphs);
    for (size_t i = 0; i < paragraphs.count; i++) {
        text_add(out, "\n");
        if (paragraphs.items[i][0] == ' ') {
            text_addf(out, "```\n%s\n```\n", paragraphs.items[i]);
        } else {
            text_wrap(out, paragraphs.items[i], 0, 0);
        }
    }
    list_free(&paragraphs);
    free(usage);
}

static void index_markdown(struct text *out)
{
    text_add(out, "# The verbs of k5\n\n<!-- Made from tool/verbs.c by tests/tool/pages.sh "
                  "--accept. -->\n\n| verb | what it does |\n|---|---|\n");
    for (size_t i = 0; i < verb_count; i++) {
        text_addf(out, "| [%s](%s.md) | %s |\n", verb_table[i].name, verb_table[i].name,
                  verb_table[i].summary);
    }
}

int verb_help(int argc, char **argv)
{
    static const struct option known[] = {{"markdown", no_argument, NULL, 'm'}, {0}};
    bool markdown = false;
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (letter != 'm') {
            return usage_error("help", "unknown option \"%s\"", argv[optind - 1]);
        }
        markdown = true;
    }
    if (argc - optind > 1) {
        return usage_error("help", "one verb at a time");
    }
    const struct verb *verb = optind < argc ? verb_find(argv[optind]) : NULL;
    if (optind < argc && verb == NULL) {
        return verb_unknown(argv[optind]);
    }
    if (!markdown) {
        verb_help_print(verb);
        return EXIT_OK;
    }
    struct text out = {0};
    if (verb != NULL) {
        verb_markdown(&out, verb);
    } else {
        index_markdown(&out);
    }
    fputs(text_string(&out), stdout);
    text_free(&out);
    return EXIT_OK;
}
