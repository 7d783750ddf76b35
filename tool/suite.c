/*
 * suite.c - reads proofs/suite.txt and the mutants. Both are plain lines; # starts a comment.
 *
 *   suite.txt     flags FLAG...                    for every proof below the line
 *                 set NAME FILE...                 names some files; wildcards allowed
 *                 proof NAME FUNCTION EXPECT LANE SECONDS UNWIND FILES [FLAG...]
 *                   EXPECT  proved | must-fail     (must-fail: a vacuity twin)
 *                   LANE    check | full
 *                   FILES   paths and @SETs with commas between
 *                   FLAG    passed to CBMC; !FLAG takes one of the runner's own flags away
 *   X.mutant      KEY: TEXT with the keys about, file, find, replace, caught-by; a key that is
 *                 given again adds a line (find, replace) or another catcher (caught-by); with
 *                 `lane: full` it is for that lane only
 *
 * Invariant: after suite_read() returned true, every name used exists and every mutant has all
 * keys.
 */
#define _GNU_SOURCE
#include "suite.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUITE_FILE  "proofs/suite.txt"
#define MUTANT_DIR  "proofs/mutants"
#define ROW_COLUMNS 8u

struct file_set {
    char *name;
    struct list files;
};

struct reader {
    struct suite *suite;
    struct file_set *sets;
    size_t set_count;
    struct list flags; /* for every proof from here on */
    const char *path;  /* the file being read, relative to the root */
    unsigned line;
    bool good;
};

static void mistake(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void mistake(struct reader *reader, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_addv(&text, format, arguments);
    va_end(arguments);
    char *line = reader->line > 0 ? string_format(":%u", reader->line) : string_copy("");
    fprintf(stderr, "%s%s: error: %s\n", reader->path, line, text_string(&text));
    free(line);
    text_free(&text);
    reader->good = false;
}

/* Adds the files that match, relative to the root. */
static void files_add(struct reader *reader, const char *pattern, struct list *files)
{
    glob_t found;
    char *absolute = root_join(pattern);
    size_t skip = strlen(root_path()) + 1;
    if (glob(absolute, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            list_add(files, found.gl_pathv[i] + skip);
        }
        globfree(&found);
    } else {
        mistake(reader, "no file \"%s\"", pattern);
    }
    free(absolute);
}

static const struct file_set *set_find(const struct reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->set_count; i++) {
        if (strcmp(reader->sets[i].name, name) == 0) {
            return &reader->sets[i];
        }
    }
    return NULL;
}

/* A file, or @SET: separated by commas. */
static void row_files(struct reader *reader, const char *column, struct list *files)
{
    struct list names = {0};
    list_add_split(&names, column, ",");
    for (size_t i = 0; i < names.count; i++) {
        if (names.items[i][0] != '@') {
            files_add(reader, names.items[i], files);
            continue;
        }
        const struct file_set *set = set_find(reader, names.items[i] + 1);
        if (set == NULL) {
            mistake(reader, "no set \"%s\" above this line", names.items[i] + 1);
            continue;
        }
        for (size_t j = 0; j < set->files.count; j++) {
            list_add(files, set->files.items[j]);
        }
    }
    list_free(&names);
}

static void set_read(struct reader *reader, const struct list *words)
{
    struct file_set set = {.name = string_copy(words->items[1])};
    for (size_t i = 2; i < words->count; i++) {
        row_files(reader, words->items[i], &set.files);
    }
    reader->sets = memory_resize(reader->sets, (reader->set_count + 1) * sizeof set);
    reader->sets[reader->set_count++] = set;
}

/* One of two words; true for the second. */
static bool row_choice(struct reader *reader, const char *word, const char *no, const char *yes)
{
    if (strcmp(word, no) != 0 && strcmp(word, yes) != 0) {
        mistake(reader, "\"%s\" must be %s or %s", word, no, yes);
    }
    return strcmp(word, yes) == 0;
}

static double row_seconds(struct reader *reader, const char *word)
{
    char *end;
    double seconds = strtod(word, &end);
    if (*end != '\0' || seconds < 1 || seconds > 7200) {
        mistake(reader, "\"%s\" must be a number of seconds, 1 to 7200", word);
    }
    return seconds;
}

static void proof_read(struct reader *reader, const struct list *words)
{
    if (words->count < ROW_COLUMNS) {
        mistake(reader, "a proof needs NAME FUNCTION EXPECT LANE SECONDS UNWIND FILES");
        return;
    }
    if (suite_proof(reader->suite, words->items[1]) != NULL) {
        mistake(reader, "a second proof \"%s\"", words->items[1]);
    }
    struct proof proof = {
        .name = string_copy(words->items[1]),
        .function = string_copy(words->items[2]),
        .must_fail = row_choice(reader, words->items[3], "proved", "must-fail"),
        .full = row_choice(reader, words->items[4], "check", "full"),
        .seconds = row_seconds(reader, words->items[5]),
        .unwind = string_copy(words->items[6]),
    };
    if (strspn(proof.unwind, "0123456789") != strlen(proof.unwind)) {
        mistake(reader, "\"%s\" must be the number of turns to unwind loops", proof.unwind);
    }
    row_files(reader, words->items[7], &proof.files);
    for (size_t i = 0; i < reader->flags.count; i++) {
        list_add(&proof.flags, reader->flags.items[i]);
    }
    for (size_t i = ROW_COLUMNS; i < words->count; i++) {
        list_add(&proof.flags, words->items[i]);
        if (string_starts(words->items[i], "-D")) {
            list_add(&proof.sizes, words->items[i] + 2);
        }
    }
    struct suite *suite = reader->suite;
    suite->proofs = memory_resize(suite->proofs, (suite->proof_count + 1) * sizeof proof);
    suite->proofs[suite->proof_count++] = proof;
}

static void line_read(struct reader *reader, const char *line)
{
    struct list words = {0};
    char *left = string_format("%.*s", (int)strcspn(line, "#"), line);
    list_add_split(&words, left, " \t\r");
    free(left);
    if (words.count == 0) {
        return;
    }
    const char *kind = words.items[0];
    if (strcmp(kind, "flags") == 0) {
        for (size_t i = 1; i < words.count; i++) {
            list_add(&reader->flags, words.items[i]);
        }
    } else if (strcmp(kind, "set") == 0 && words.count >= 3) {
        set_read(reader, &words);
    } else if (strcmp(kind, "proof") == 0) {
        proof_read(reader, &words);
    } else {
        mistake(reader, "a line begins with flags, set NAME FILE... or proof, not \"%s\"", kind);
    }
    list_free(&words);
}

/* Calls read for every line of a file; counts them in reader->line. */
static void lines_read(struct reader *reader, const char *path,
                       void (*read)(struct reader *reader, const char *line))
{
    struct text file = {0};
    char *absolute = root_join(path);
    reader->path = path;
    reader->line = 0;
    if (!file_read(absolute, &file)) {
        mistake(reader, "cannot be read");
    } else {
        for (char *line = file.data; line != NULL;) {
            char *end = strchr(line, '\n');
            if (end != NULL) {
                *end = '\0';
            }
            reader->line++;
            read(reader, line);
            line = end != NULL ? end + 1 : NULL;
        }
    }
    text_free(&file);
    free(absolute);
}

/* Adds a line to a text that may have some already. */
static void key_add(char **value, const char *line)
{
    char *more = *value != NULL ? string_format("%s\n%s", *value, line) : string_copy(line);
    free(*value);
    *value = more;
}

/* KEY: TEXT; exactly one space after the colon is not part of the text. */
static void mutant_line(struct reader *reader, const char *line)
{
    struct mutant *mutant = &reader->suite->mutants[reader->suite->mutant_count - 1];
    if (line[0] == '#' || line[strspn(line, " \t\r")] == '\0') {
        return;
    }
    size_t key = strcspn(line, ":");
    const char *text = line[key] == ':' ? line + key + 1 : "";
    text += text[0] == ' ' ? 1 : 0;
    if (string_starts(line, "about:")) {
        key_add(&mutant->about, text);
    } else if (string_starts(line, "file:")) {
        key_add(&mutant->file, text);
    } else if (string_starts(line, "find:")) {
        key_add(&mutant->find, text);
    } else if (string_starts(line, "replace:")) {
        key_add(&mutant->replace, text);
    } else if (string_starts(line, "caught-by:")) {
        list_add(&mutant->caught_by, text);
    } else if (strcmp(line, "lane: full") == 0) {
        mutant->full = true;
    } else {
        mistake(reader, "the keys are about, file, find, replace and caught-by, and lane: full");
    }
}

static void mutant_check(struct reader *reader, const struct mutant *mutant)
{
    if (mutant->about == NULL || mutant->file == NULL || mutant->find == NULL ||
        mutant->replace == NULL || mutant->caught_by.count == 0) {
        mistake(reader, "a mutant needs about, file, find, replace and caught-by");
    }
    for (size_t i = 0; i < mutant->caught_by.count; i++) {
        const char *catcher = mutant->caught_by.items[i];
        const struct proof *proof =
            string_starts(catcher, "proof ") ? suite_proof(reader->suite, catcher + 6) : NULL;
        if (proof == NULL && !string_starts(catcher, "unit ")) {
            mistake(reader, "caught-by must name a proof of %s or `unit TEST`", SUITE_FILE);
        } else if (proof != NULL && proof->must_fail) {
            mistake(reader, "a proof that must fail anyway catches nothing: \"%s\"", proof->name);
        }
    }
}

static void mutants_read(struct reader *reader)
{
    struct list paths = {0};
    char *dir = root_join(MUTANT_DIR);
    struct suite *suite = reader->suite;
    size_t skip = strlen(root_path()) + 1;
    dir_list(dir, ".mutant", &paths);
    for (size_t i = 0; i < paths.count; i++) {
        const char *base = path_base(paths.items[i]);
        int length = (int)(strlen(base) - strlen(".mutant"));
        suite->mutants =
            memory_resize(suite->mutants, (suite->mutant_count + 1) * sizeof suite->mutants[0]);
        suite->mutants[suite->mutant_count++] =
            (struct mutant){.name = string_format("%.*s", length, base)};
        lines_read(reader, paths.items[i] + skip, mutant_line);
        mutant_check(reader, &suite->mutants[suite->mutant_count - 1]);
    }
    list_free(&paths);
    free(dir);
}

const struct proof *suite_proof(const struct suite *suite, const char *name)
{
    for (size_t i = 0; i < suite->proof_count; i++) {
        if (strcmp(suite->proofs[i].name, name) == 0) {
            return &suite->proofs[i];
        }
    }
    return NULL;
}

bool suite_read(struct suite *suite)
{
    struct reader reader = {.suite = suite, .good = true};
    lines_read(&reader, SUITE_FILE, line_read);
    mutants_read(&reader);
    return reader.good;
}
