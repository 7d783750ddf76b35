/*
 * completion.c - `k5 completion SHELL`: a script that completes verbs, options and their words.
 *
 * Each shell is a struct of the same few pieces of the verb table: the verbs, then for each verb
 * its options (what follows one: words, a file, a folder, or anything) and its operands.
 */
#include "util.h"
#include "verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What may stand in a place of the command line. */
enum kind { KIND_NONE, KIND_WORDS, KIND_FOLDER, KIND_FILE, KIND_VERB, KIND_ANY };

static enum kind kind_of(const char *word)
{
    if (word == NULL) {
        return KIND_NONE;
    }
    if (strchr(word, '|') != NULL) {
        return KIND_WORDS;
    }
    return strcmp(word, "APP") == 0 || strcmp(word, "DIR") == 0 ? KIND_FOLDER
           : strcmp(word, "FILE") == 0                          ? KIND_FILE
           : strcmp(word, "VERB") == 0                          ? KIND_VERB
                                                                : KIND_ANY;
}

/* "a|b" as "a b"; the verbs for KIND_VERB. Caller frees. */
static char *words_of(const char *word, enum kind kind)
{
    struct text out = {0};
    for (size_t i = 0; kind == KIND_VERB && i < verb_count; i++) {
        text_addf(&out, "%s%s", i > 0 ? " " : "", verb_table[i].name);
    }
    for (size_t i = 0; kind == KIND_WORDS && word[i] != '\0'; i++) {
        text_add_bytes(&out, word[i] == '|' ? " " : &word[i], 1);
    }
    return string_copy(text_string(&out));
}

/* The text for within '...': `quote` stands for one quote; `special` get a backslash. */
static char *quoted(const char *string, const char *quote, const char *special)
{
    struct text out = {0};
    for (size_t i = 0; string[i] != '\0'; i++) {
        if (string[i] == '\'') {
            text_add(&out, quote);
            continue;
        }
        text_add(&out, strchr(special, string[i]) != NULL ? "\\" : "");
        text_add_bytes(&out, &string[i], 1);
    }
    return string_copy(text_string(&out));
}

static bool is_option(const struct verb_option *option)
{
    return option->name[0] == '-';
}

#define OPTIONS_EACH(option, verb)                      \
    const struct verb_option *option = (verb)->options; \
    (option) != NULL && (option)->name != NULL;         \
    (option)++

/* ---- bash ---- */

static void bash_compgen(const char *word, const char *indent)
{
    enum kind kind = kind_of(word);
    char *words = words_of(word, kind);
    const char *how = kind == KIND_FOLDER ? "-d" : kind == KIND_FILE ? "-f" : "-W";
    if (kind == KIND_ANY) {
        printf("%sCOMPREPLY=()\n", indent);
    } else if (strcmp(how, "-W") == 0) {
        printf("%sCOMPREPLY=($(compgen -W '%s' -- \"$word\"))\n", indent, words);
    } else {
        printf("%sCOMPREPLY=($(compgen %s -- \"$word\"))\n", indent, how);
    }
    free(words);
}

static void bash_arguments(const struct verb *verb)
{
    for (OPTIONS_EACH(option, verb)) {
        struct list names = {0};
        if (!is_option(option) || option->argument == NULL) {
            continue;
        }
        list_add_split(&names, option->name, ", ");
        printf("    ");
        for (size_t i = 0; i < names.count; i++) {
            printf("%s'%s %s'", i > 0 ? " | " : "", verb->name, names.items[i]);
        }
        printf(")\n");
        bash_compgen(option->argument, "        ");
        printf("        return\n        ;;\n");
        list_free(&names);
    }
}

static void bash_verb(const struct verb *verb)
{
    struct list names = {0};
    const char *operand = NULL;
    for (OPTIONS_EACH(option, verb)) {
        if (is_option(option)) {
            list_add_split(&names, option->name, ", ");
        } else {
            operand = option->name;
        }
    }
    printf("    %s)\n        case $word in\n        -*) COMPREPLY=($(compgen -W '", verb->name);
    for (size_t i = 0; i < names.count; i++) {
        printf("%s ", names.items[i]);
    }
    printf("--help' -- \"$word\")) ;;\n");
    if (operand != NULL) {
        printf("        *)\n");
        bash_compgen(operand, "            ");
        printf("            ;;\n");
    }
    printf("        esac\n        ;;\n");
    list_free(&names);
}

static void bash_print(void)
{
    char *verbs = words_of(NULL, KIND_VERB);
    printf("# Made by `k5 completion bash`.\n_k5() {\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}\n"
           "    COMPREPLY=()\n"
           "    if [ \"$COMP_CWORD\" = 1 ]; then\n"
           "        COMPREPLY=($(compgen -W '%s' -- \"$word\"))\n"
           "        return\n    fi\n"
           "    case \"$verb ${COMP_WORDS[COMP_CWORD - 1]}\" in\n",
           verbs);
    for (size_t i = 0; i < verb_count; i++) {
        bash_arguments(&verb_table[i]);
    }
    printf("    esac\n    case $verb in\n");
    for (size_t i = 0; i < verb_count; i++) {
        bash_verb(&verb_table[i]);
    }
    printf("    esac\n}\ncomplete -o filenames -F _k5 k5 ./k5\n");
    free(verbs);
}

/* ---- zsh ---- */

/* ":NAME:ACTION" of an argument, as _arguments wants it. */
static char *zsh_action(const char *word)
{
    enum kind kind = kind_of(word);
    char *words = words_of(word, kind);
    char *action = kind == KIND_FOLDER ? string_format(":%s:_files -/", word)
                   : kind == KIND_FILE ? string_format(":%s:_files", word)
                   : kind == KIND_ANY  ? string_format(":%s:", word)
                                       : string_format(":word:(%s)", words);
    free(words);
    return action;
}

static void zsh_option(const struct verb_option *option)
{
    struct list names = {0};
    char *text = quoted(option->text, "'\\''", "[]:\\");
    char *action = option->argument != NULL ? zsh_action(option->argument) : string_copy("");
    list_add_split(&names, option->name, ", ");
    for (size_t i = 0; i < names.count; i++) {
        printf(" \\\n            '%s[%s]%s'", names.items[i], text, action);
    }
    list_free(&names);
    free(action);
    free(text);
}

static void zsh_print(void)
{
    printf("#compdef k5\n# Made by `k5 completion zsh`.\n_k5() {\n    local -a verbs\n"
           "    verbs=(\n");
    for (size_t i = 0; i < verb_count; i++) {
        char *summary = quoted(verb_table[i].summary, "'\\''", "\\:");
        printf("        '%s:%s'\n", verb_table[i].name, summary);
        free(summary);
    }
    printf("    )\n    if (( CURRENT == 2 )); then\n        _describe verb verbs\n        return\n"
           "    fi\n    shift words\n    (( CURRENT-- ))\n    case $words[1] in\n");
    for (size_t i = 0; i < verb_count; i++) {
        printf("    %s)\n        _arguments '--help[say how to use it]'", verb_table[i].name);
        for (OPTIONS_EACH(option, &verb_table[i])) {
            if (is_option(option)) {
                zsh_option(option);
            } else {
                char *action = zsh_action(option->name);
                printf(" \\\n            '*%s'", action);
                free(action);
            }
        }
        printf("\n        ;;\n");
    }
    printf("    esac\n}\ncompdef _k5 k5\n");
}

/* ---- fish ---- */

/* The end of a `complete` line: what follows an option, or an operand. */
static void fish_words(const char *word, bool operand)
{
    enum kind kind = kind_of(word);
    char *words = words_of(word, kind);
    const char *list = kind == KIND_FOLDER ? "(__fish_complete_directories)"
                       : kind == KIND_FILE ? "(__fish_complete_path)"
                                           : words;
    if (word != NULL) {
        printf("%s -a '%s'", operand ? "" : " -x", list);
    }
    free(words);
}

static void fish_option(const char *verb, const struct verb_option *option)
{
    struct list names = {0};
    char *text = quoted(option->text, "\\'", "\\");
    printf("complete -c k5 -n '__fish_seen_subcommand_from %s'", verb);
    list_add_split(&names, option->name, ", ");
    for (size_t i = 0; is_option(option) && i < names.count; i++) {
        bool longer = string_starts(names.items[i], "--");
        printf(" -%c %s", longer ? 'l' : 's', names.items[i] + (longer ? 2 : 1));
    }
    fish_words(is_option(option) ? option->argument : option->name, !is_option(option));
    printf(" -d '%s'\n", is_option(option) ? text : option->name);
    list_free(&names);
    free(text);
}

static void fish_print(void)
{
    printf("# Made by `k5 completion fish`.\ncomplete -c k5 -f\n");
    for (size_t i = 0; i < verb_count; i++) {
        const struct verb *verb = &verb_table[i];
        char *summary = quoted(verb->summary, "\\'", "\\");
        printf("complete -c k5 -n __fish_use_subcommand -a %s -d '%s'\n", verb->name, summary);
        free(summary);
    }
    for (size_t i = 0; i < verb_count; i++) {
        for (OPTIONS_EACH(option, &verb_table[i])) {
            fish_option(verb_table[i].name, option);
        }
    }
}

int verb_completion(int argc, char **argv)
{
    if (argc != 2) {
        return usage_error("completion", "name one shell: bash, zsh or fish");
    }
    if (strcmp(argv[1], "bash") == 0) {
        bash_print();
    } else if (strcmp(argv[1], "zsh") == 0) {
        zsh_print();
    } else if (strcmp(argv[1], "fish") == 0) {
        fish_print();
    } else {
        return usage_error("completion", "no completion for \"%s\": bash, zsh or fish", argv[1]);
    }
    return EXIT_OK;
}
