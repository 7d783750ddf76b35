/*
 * conf_syntax.c - what people write that is no TOML: see conf_syntax.h.
 *
 *   file -> items: a blank line, a [header], or `key = value` (a list may take several lines)
 *        -> each item is copied, mended (one piece replaced) or left out
 *
 * Invariant: the mended text has as many lines as the file, so that places stay true. Only a file
 * that the parser refused comes here, and the parser has the last word on the mended text.
 */
#include "conf_syntax.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 32
#define BARE      "[A-Za-z0-9_-]+"
#define PART      "(" BARE "|\"[^\"]*\"|'[^']*')"
#define DOTTED    "^" PART "([ \t]*\\.[ \t]*" PART ")*$"

/* What mends an item: `by` instead of the piece from..to. from NULL: leave the item out. */
struct mend {
    const char *from;
    const char *to;
    char *by;
};

struct syntax {
    struct conf_file *file;
    struct text *out;
    struct list names; /* "[task.client]", and "[task.client] priority" for its keys */
    int *lines;        /* where each of them is */
    char *table;       /* the header above, as in names; "" before the first */
    bool skip;         /* until the next header */
    bool lost;
};

/* ---- places and pieces ---- */

static const char *line_end(const char *at)
{
    return at + strcspn(at, "\n");
}

static const char *blanks_skip(const char *at)
{
    return at + strspn(at, " \t\r");
}

/* The end of a piece without the blanks behind it. */
static const char *trim(const char *start, const char *end)
{
    while (end > start && strchr(" \t\r", end[-1]) != NULL) {
        end--;
    }
    return end;
}

static char *piece_copy(const char *start, const char *end)
{
    return string_format("%.*s", (int)(end - start), start);
}

static int line_of(const struct syntax *syntax, const char *at)
{
    int line = 1;
    for (const char *c = syntax->file->content; c < at; c++) {
        line += *c == '\n';
    }
    return line;
}

static struct conf_place piece_place(const struct syntax *syntax, const char *start,
                                     const char *end)
{
    const char *line = start;
    while (line > syntax->file->content && line[-1] != '\n') {
        line--;
    }
    return (struct conf_place){syntax->file, line_of(syntax, start), (int)(start - line) + 1,
                               (int)(end - start)};
}

static bool matches(const char *pattern, const char *start, const char *end)
{
    regex_t regex;
    char *piece = piece_copy(start, end);
    bool match = regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) == 0 &&
                 regexec(&regex, piece, 0, NULL, 0) == 0;
    regfree(&regex);
    free(piece);
    return match;
}

/* ---- names that stand twice ---- */

/* The line in which the name was seen before; 0 if it is new (and known from now on). */
static int name_seen(struct syntax *syntax, const char *name, int line)
{
    for (size_t i = 0; i < syntax->names.count; i++) {
        if (strcmp(syntax->names.items[i], name) == 0) {
            return syntax->lines[i];
        }
    }
    list_add(&syntax->names, name);
    syntax->lines = memory_resize(syntax->lines, syntax->names.count * sizeof syntax->lines[0]);
    syntax->lines[syntax->names.count - 1] = line;
    return 0;
}

/* ---- values ---- */

/* Where the scan of a value is. */
struct scan {
    struct syntax *syntax;
    const char *at;
    const char *open[DEPTH_MAX]; /* the brackets that are not closed yet */
    size_t depth;
    bool value; /* a value ended, and no comma or bracket came since */
    struct mend mend;
    bool wrong; /* a mistake was reported; one is enough, from then on only its end is looked for */
};

static void scan_error(struct scan *scan, const char *start, const char *end, const char *hint,
                       const char *message)
{
    if (scan->wrong) {
        return;
    }
    struct conf_place place = piece_place(scan->syntax, start, end);
    struct conf_file *file = scan->syntax->file;
    conf_error_at(&place, hint, "%s", message);
    file->guessed = memory_resize(file->guessed, (file->guess_count + 1) * sizeof file->guessed[0]);
    file->guessed[file->guess_count++] = place.line;
    scan->wrong = true;
}

/* Reports a mistake, with what to put instead of from..to. */
static void scan_mend(struct scan *scan, struct mend mend, const char *hint, const char *message)
{
    if (!scan->wrong) {
        scan->mend = mend;
        scan_error(scan, mend.from, mend.to > mend.from ? mend.to : mend.from + 1, hint, message);
    } else {
        free(mend.by);
    }
}

/* A text that its line does not end: up to its last character that can be meant as part of it. */
static const char *string_open(struct scan *scan, const char *start, const char *end)
{
    char quote[2] = {start[0], '\0'};
    char *hint = string_format("end it with %s", quote);
    end = trim(start + 1, end);
    while (scan->depth > 0 && end > start + 1 && strchr(",]} ", end[-1]) != NULL) {
        end--;
    }
    if (!scan->wrong) {
        scan->mend = (struct mend){end, end, string_copy(quote)};
    }
    scan_error(scan, start, end, hint, "this text has no end");
    free(hint);
    return end;
}

/* A string from its first quote. Returns after its end. */
static const char *string_scan(struct scan *scan, const char *start)
{
    char quote = start[0];
    if (start[1] == quote && start[2] == quote) { /* over several lines */
        const char *end = strstr(start + 3, quote == '"' ? "\"\"\"" : "'''");
        if (end == NULL) {
            scan_error(scan, start, start + 3, "a text in one line has one quote at each end",
                       "this text of several lines has no end");
        }
        return end != NULL ? end + 3 : start + strlen(start);
    }
    const char *end = start + 1;
    for (; *end != quote; end++) {
        if (*end == '\n' || *end == '\0') {
            return string_open(scan, start, end);
        }
        if (quote == '"' && *end == '\\' && end[1] != '\0' && end[1] != '\n') {
            if (strchr("btnfr\"\\uU", end[1]) == NULL) {
                scan_mend(scan, (struct mend){end, end + 1, string_copy("/")},
                          "folders are divided by /; a backslash is \\\\",
                          "a backslash has a meaning of its own in a text");
            }
            end++;
        }
    }
    return end + 1;
}

/* What to write instead of a word that is no value. */
static char *word_mend(const char *start, const char *end)
{
    static const char *const words[][2] = {{"True", "true"}, {"TRUE", "true"},   {"yes", "true"},
                                           {"on", "true"},   {"False", "false"}, {"FALSE", "false"},
                                           {"no", "false"},  {"off", "false"}};
    char *word = piece_copy(start, end);
    char *by = string_format("\"%s\"", word);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i][0]) == 0) {
            free(by);
            by = string_copy(words[i][1]);
        }
    }
    if (matches("^0[0-9]+$", start, end)) {
        free(by);
        by = string_copy(word + strspn(word, "0"));
        by = by[0] == '\0' ? string_copy("0") : by;
    }
    free(word);
    return by;
}

/* Quotes as word processors make them, at the start of a word. */
static bool quotes_odd(const char *at)
{
    return string_starts(at, "\xE2\x80\x9C") || string_starts(at, "\xE2\x80\x9D") ||
           string_starts(at, "\xE2\x80\x98") || string_starts(at, "\xE2\x80\x99");
}

/* A word that is no value: in which way, and what was meant. */
static void word_wrong(struct scan *scan, const char *start, const char *end)
{
    const char *message = "a text stands in quotes";
    const char *first = start;
    const char *last = end;
    if (quotes_odd(start)) {
        message = "these are not the quotes of TOML";
        first += 3;
        last -= last - first >= 3 && quotes_odd(last - 3) ? 3 : 0;
    }
    char *by = word_mend(first, last);
    char *hint = string_format("write %s", by);
    if (isdigit((unsigned char)by[0])) {
        message = "a number does not begin with 0";
    } else if (by[0] != '"') {
        message = "this is no value";
    }
    scan_mend(scan, (struct mend){start, end, by}, hint, message);
    free(hint);
}

/* A number, true, false, a date, or something without quotes that needs some; or a key in {}. */
static const char *word_scan(struct scan *scan, const char *start)
{
    static const char good[] =
        "^(true|false|[+-]?(inf|nan)|[+-]?(0|[1-9][0-9_]*)(\\.[0-9_]+)?([eE][+-]?[0-9_]+)?"
        "|0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|[0-9]{4}-[0-9].*|[0-9]{2}:[0-9].*)$";
    bool inside = scan->depth > 0;
    const char *end = start + strcspn(start, inside ? ",]}#=\n\"'[{" : "#\n,;");
    if (inside && *end == '=' && *scan->open[scan->depth - 1] == '{') {
        return end; /* a key; its value is next */
    }
    end = trim(start, end);
    end = end == start ? start + 1 : end;
    const char *colon = memchr(start, ':', (size_t)(end - start));
    if (matches(good, start, end)) {
        return end;
    }
    if (inside && *scan->open[scan->depth - 1] == '{' && !scan->value && colon != NULL) {
        scan_mend(scan, (struct mend){colon, colon + 1, string_copy(" =")}, "write KEY = VALUE",
                  "between a key and its value stands =, not :");
    } else {
        word_wrong(scan, start, end);
    }
    return end;
}

/* True if a line that is still inside of a list looks like the next item of the file. */
static bool line_is_next(const char *at)
{
    const char *end = line_end(at);
    return matches("^[ \t]*(\\[\\[?[A-Za-z][A-Za-z0-9_.-]*\\]|" BARE "[ \t]*=)", at, end);
}

/* At the end of a line. False if the value ends there. */
static bool newline_scan(struct scan *scan)
{
    if (scan->depth == 0) {
        return false;
    }
    const char *open = scan->open[scan->depth - 1];
    const char *last = trim(open, scan->at);
    bool list = *open == '[';
    if (list && *scan->at != '\0' && !line_is_next(scan->at + 1)) {
        scan->at++;
        return true;
    }
    while (last > open && isspace((unsigned char)last[-1])) {
        last--;
    }
    bool comment = strchr(open, '#') != NULL && strchr(open, '#') < last;
    if (!scan->wrong && !comment) {
        scan->mend = (struct mend){last, last, string_copy(list ? "]" : "}")};
    }
    scan_error(scan, open, open + 1, list ? "end it with ]" : "a { } must end in its line",
               list ? "this list has no end" : "this table has no end");
    return false;
}

static void bracket_scan(struct scan *scan, char c)
{
    if (c == '[' || c == '{') {
        scan->open[scan->depth] = scan->at;
        scan->depth += scan->depth + 1 < DEPTH_MAX ? 1u : 0u; /* so deep, it need only end */
        scan->value = false;
    } else {
        scan->depth -= scan->depth > 0 ? 1u : 0u;
        scan->value = true;
    }
    scan->at++;
}

/* At the start of a value: is it at its place? */
static void comma_check(struct scan *scan)
{
    const char *end = scan->at + strcspn(scan->at, ",]}\n");
    if (scan->value && scan->depth > 0) {
        if (!scan->wrong) {
            scan->mend = (struct mend){scan->at, scan->at, string_copy(", ")};
        }
        scan_error(scan, scan->at, trim(scan->at, end), "write a comma before it",
                   "a comma is missing");
    } else if (scan->value) {
        end = trim(scan->at, line_end(scan->at));
        scan_mend(scan, (struct mend){scan->at, end, string_copy("")}, "begin a comment with #",
                  "only a comment may follow the value");
    }
}

/* A comma or an equals sign. */
static void sign_scan(struct scan *scan)
{
    if (scan->depth == 0) {
        scan_mend(scan, (struct mend){scan->at, scan->at + 1, string_copy(" ")}, "leave it out",
                  *scan->at == ',' ? "no comma stands behind a value" : "one = is enough");
    } else {
        scan->value = false;
    }
    scan->at++;
}

/* From the first character of a value; scan->at: after it, at the end of its last line. */
static void value_scan(struct scan *scan)
{
    for (;;) {
        char c = *(scan->at = blanks_skip(scan->at));
        if (c == '#') {
            scan->at = line_end(scan->at);
        } else if (c == '\n' || c == '\0') {
            if (!newline_scan(scan)) {
                return;
            }
        } else if (c == ',' || c == '=') {
            sign_scan(scan);
        } else if (c == ']' || c == '}') {
            bracket_scan(scan, c);
        } else {
            comma_check(scan);
            if (c == '[' || c == '{') {
                bracket_scan(scan, c);
            } else if (c == '"' || c == '\'') {
                scan->at = string_scan(scan, scan->at);
                scan->value = true;
            } else {
                scan->at = word_scan(scan, scan->at);
                scan->value = *scan->at != '=';
            }
        }
    }
}

/* Keys of a { } on one line that stand twice. A flat one only: deeper ones are the parser's. */
static bool inline_twice(struct syntax *syntax, const char *start, const char *end)
{
    const char *at = start + 1;
    struct list keys = {0};
    bool twice = false;
    while (*start == '{' && at < end && !twice) {
        at = blanks_skip(at);
        const char *stop = trim(at, at + strcspn(at, "=,}\n"));
        char *key = piece_copy(at, stop);
        const char *next = at + strcspn(at, ",}\n");
        if (memchr(at, '=', (size_t)(next - at)) != NULL) {
            twice = list_has(&keys, key);
            list_add(&keys, key);
        }
        if (twice) {
            struct conf_place place = piece_place(syntax, at, stop);
            conf_error_at(&place, "once is enough", "%s is twice in this table", key);
        }
        free(key);
        at = *next == ',' ? next + 1 : end;
    }
    list_free(&keys);
    return twice;
}

/* ---- items ---- */

/* Copies an item, mended or left out; its line ends always. */
static void item_emit(struct syntax *syntax, const char *start, const char *end,
                      const struct mend *mend)
{
    if (!syntax->skip && mend == NULL) {
        text_add_bytes(syntax->out, start, (size_t)(end - start));
        return;
    }
    if (!syntax->skip && mend->from != NULL) {
        text_add_bytes(syntax->out, start, (size_t)(mend->from - start));
        text_add(syntax->out, mend->by);
        text_add_bytes(syntax->out, mend->to, (size_t)(end - mend->to));
        free(mend->by);
        return;
    }
    syntax->lost = true;
    for (const char *c = start; c < end; c++) {
        if (*c == '\n') {
            text_add(syntax->out, "\n");
        }
    }
}

/* The end of what stands before `=`, or NULL and a message if that is no key. */
static const char *key_check(struct syntax *syntax, const char *start, struct mend *mend)
{
    const char *stop = start + strcspn(start, "=:#\n");
    const char *end = trim(start, stop);
    struct conf_place place = piece_place(syntax, start, end > start ? end : start + 1);
    char *key = piece_copy(start, end);
    bool good = matches(DOTTED, start, end);
    if (*stop == '=' && good) {
        free(key);
        return stop;
    }
    if (*stop == ':' && good) {
        bool value = strchr("#\n", *blanks_skip(stop + 1)) == NULL;
        char *hint = string_format(value ? "write %s = ..." : "a table begins with [%s]", key);
        place = piece_place(syntax, stop, stop + 1);
        conf_error_at(&place, hint, "between a key and its value stands =, not :");
        if (value) {
            *mend = (struct mend){stop, stop + 1, string_copy("=")};
        }
        free(hint);
    } else if (*stop == '=') {
        conf_error_at(&place, "letters, digits, _ and - only", "\"%s\" is no key", key);
    } else {
        conf_error_at(&place, "write KEY = VALUE, or begin a comment with #",
                      "this line is no [table], no key and no comment");
    }
    free(key);
    return NULL;
}

/* `key = value`. Returns the end of its last line. */
static const char *pair_mend(struct syntax *syntax, const char *line)
{
    const char *start = blanks_skip(line);
    struct mend mend = {0};
    const char *equals = key_check(syntax, start, &mend);
    if (equals == NULL) {
        item_emit(syntax, line, line_end(line), &mend);
        return line_end(line);
    }
    struct scan scan = {.syntax = syntax, .at = blanks_skip(equals + 1)};
    const char *value = scan.at;
    const char *key_end = trim(start, equals);
    struct conf_place place = piece_place(syntax, start, key_end);
    char *key = piece_copy(start, key_end);
    char *name = string_format("%s %s", syntax->table, key);
    int before = name_seen(syntax, name, place.line);
    if (before > 0) {
        conf_error_at(&place, "keep one of them", "%s is in line %d already", key, before);
        scan.wrong = true;
    } else if (strchr("#\n", *value) != NULL) { /* or the end of the file */
        char *hint = string_format("write %s = ...", key);
        conf_error_at(&place, hint, "%s has no value", key);
        scan.wrong = true;
        free(hint);
    }
    bool reported = scan.wrong;
    scan.wrong = false;
    if (*value == '\0' || *value == '\n') {
        scan.at = line_end(value);
    } else if (reported) { /* one message is enough: only find its end */
        scan.at = line_end(value);
    } else {
        value_scan(&scan);
        scan.wrong = scan.wrong || inline_twice(syntax, value, scan.at);
    }
    bool lost = syntax->lost;
    item_emit(syntax, line, scan.at, reported || scan.wrong ? &scan.mend : NULL);
    syntax->lost = before > 0 ? lost : syntax->lost; /* of a key twice, the first one is there */
    free(key);
    free(name);
    return scan.at;
}

/* [table] or [[table]] */
static void header_mend(struct syntax *syntax, const char *line)
{
    const char *start = blanks_skip(line);
    const char *end = trim(start, start + strcspn(start, "#\n"));
    const char *name = start + strspn(start, "[");
    const char *close = name + strcspn(name, "]#\n");
    bool open = *close != ']';
    const char *stop = trim(name, close);
    const char *after = close + strspn(close, "]");
    struct conf_place place = piece_place(syntax, start, end);
    struct mend mend = {0};
    char *shown = string_format("[%.*s]", (int)(stop - name), name);
    bool good = matches(DOTTED, blanks_skip(name), stop);
    int before = good && name - start == 1 ? name_seen(syntax, shown, place.line) : 0;
    bool junk = good && !open && blanks_skip(after) < end;
    syntax->skip = false;
    if (!good) {
        conf_error_at(&place, "write for example [task.NAME]", "%s is no name of a table", shown);
    } else if (before > 0) {
        conf_error_at(&place, "rename one of them", "%s is in line %d already", shown, before);
    } else if (open) {
        char *hint = string_format("write %s", shown);
        conf_error_at(&place, hint, "the ] is missing");
        mend = (struct mend){stop, stop, string_copy("]")};
        free(hint);
    } else if (junk) {
        conf_error_at(&place, "what belongs to the table stands in the lines below",
                      "only a comment may follow %s", shown);
        mend = (struct mend){after, end, string_copy("")};
    }
    item_emit(syntax, line, line_end(line), !good || before > 0 || open || junk ? &mend : NULL);
    syntax->skip = !good || before > 0;
    free(syntax->table);
    syntax->table = shown;
}

void syntax_mend(struct conf_file *file, struct text *mended)
{
    struct syntax syntax = {.file = file, .out = mended, .table = string_copy("")};
    const char *line = file->content;
    line += string_starts(line, "\xEF\xBB\xBF") ? 3 : 0;
    while (*line != '\0') {
        const char *start = blanks_skip(line);
        const char *end = line_end(line);
        if (strchr("#\n", *start) != NULL) {
            item_emit(&syntax, line, end, NULL);
        } else if (*start == '[') {
            header_mend(&syntax, line);
        } else if (syntax.skip) {
            item_emit(&syntax, line, end, NULL);
        } else {
            end = pair_mend(&syntax, line);
        }
        text_add(mended, *end == '\n' ? "\n" : "");
        line = *end == '\n' ? end + 1 : end;
    }
    list_free(&syntax.names);
    free(syntax.lines);
    free(syntax.table);
    file->lost = syntax.lost;
}
