/*
 * fuzz.c - reads damaged app.toml, board.toml and interface files and judges what the tool says.
 *
 *   fuzz ROUNDS SEED SCRATCH APP...
 *
 * Each round damages one file (APP is a folder with an app.toml, or such a folder and the name of
 * an interface file in it; or the board's) and reads all of the app. Judged: no sanitizer speaks,
 * reading is good exactly if there is no message, and every message has a place that is in the
 * file. The files lie in SCRATCH, which is K5_ROOT too; rounds run in child processes of BATCH
 * rounds, for the tool keeps what it reads until its end.
 */
#define _GNU_SOURCE
#include "app.h"
#include "conf.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH     50u
#define MOST      6u /* damages a round */
#define BOARD_DIR "boards/mps2-an505"

static uint32_t state;

/* A number below `limit`. xorshift32: the same on each machine. */
static uint32_t random_below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return limit > 0 ? state % limit : 0;
}

/* ---- damage ---- */

/* Puts `piece` in the place of `length` bytes. */
static void text_splice(struct text *text, size_t at, size_t length, const char *piece)
{
    struct text next = {0};
    text_add_bytes(&next, text_string(text), at);
    text_add(&next, piece);
    text_add_bytes(&next, text_string(text) + at + length, text->length - at - length);
    text_free(text);
    *text = next;
}

static size_t line_start(const struct text *text, size_t at)
{
    while (at > 0 && text->data[at - 1] != '\n') {
        at--;
    }
    return at;
}

/* Doubles a line, moves it, or takes it out. */
static void line_damage(struct text *text, size_t at)
{
    size_t start = line_start(text, at);
    size_t length = strcspn(text->data + start, "\n");
    length += text->data[start + length] == '\n';
    char *line = string_format("%.*s", (int)length, text->data + start);
    size_t other = line_start(text, random_below((uint32_t)text->length));
    uint32_t kind = random_below(3);
    if (kind == 0) {
        text_splice(text, start, length, "");
        other = other < text->length ? other : text->length;
    }
    if (kind < 2 || random_below(2) == 0) {
        text_splice(text, other, 0, line);
    } else {
        text_splice(text, start, length, "");
    }
    free(line);
}

static const char *const pieces[] = {"\"",
                                     "'",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     "=",
                                     ",",
                                     "#",
                                     "\n",
                                     "\\",
                                     "\t",
                                     " ",
                                     ".",
                                     ":",
                                     "\r",
                                     "\xC3",
                                     "\xFF",
                                     "é",
                                     "\xEF\xBB\xBF",
                                     "\"\"\"",
                                     "'''",
                                     "[[",
                                     "]]",
                                     "-1",
                                     "1e9",
                                     "0x",
                                     "99999999999",
                                     "1.5",
                                     "true",
                                     "\"\"",
                                     "[]",
                                     "{}",
                                     "\"4K\"",
                                     "nan",
                                     "2026-01-02",
                                     "\\u0041",
                                     "\\u0000",
                                     "a = 1",
                                     "[a]",
                                     "[task.x]",
                                     "task",
                                     "serves",
                                     "calls",
                                     "\"log\"",
                                     "\"1 ms\"",
                                     "= =",
                                     "(",
                                     "-9223372036854775808",
                                     "9223372036854775807",
                                     "0x80000000",
                                     "\"0 s\"",
                                     "\"u8[3]\"",
                                     "[op.x]",
                                     "label",
                                     "{ type = \"u8\" }",
                                     "\"box\"",
                                     "%s%n",
                                     "\"a\" \"b\""};

static void damage(struct text *text)
{
    size_t at = random_below((uint32_t)text->length);
    size_t length = random_below(4) == 0 ? random_below(12) : random_below(2);
    switch (random_below(5)) {
    case 0: line_damage(text, at); break;
    case 1:
        if (random_below(20) == 0) {
            text->data[text->length = at] = '\0';
        } else {
            text->data[at] = (char)(1 + random_below(255));
        }
        break;
    default:
        length = at + length > text->length ? 0 : length;
        text_splice(text, at, length, pieces[random_below(sizeof pieces / sizeof pieces[0])]);
    }
    if (text->length == 0) {
        text_add(text, "\n");
    }
}

/* ---- judgement ---- */

/* True if the file has a character there, or the end of a line. */
static bool place_good(const char *content, long line, long column)
{
    for (long i = 1; i < line && content != NULL; i++) {
        content = strchr(content, '\n');
        content = content != NULL ? content + 1 : NULL;
    }
    return line >= 1 && column >= 1 && content != NULL &&
           column <= (long)strcspn(content, "\n") + 2;
}

/* What is wrong with one line of what was said, or NULL. *count: messages so far. */
static const char *line_judge(const char *line, const char *path, unsigned *count)
{
    struct text content = {0};
    long place[2];
    char word[8] = "";
    if (line[0] == ' ' || strncmp(line, path, strlen(path)) != 0) {
        return line[0] == ' ' ? NULL : "a message without the name of a file";
    }
    if (sscanf(line + strlen(path), ":%ld:%ld: %7s", &place[0], &place[1], word) != 3 ||
        strcmp(word, "error:") != 0) {
        return "a message without a place";
    }
    (void)file_read(path, &content);
    bool good = place_good(text_string(&content), place[0], place[1]);
    text_free(&content);
    *count += 1;
    return good ? NULL : "a place that is not in the file";
}

/* Each line is FILE:LINE:COLUMN: error: MESSAGE or begins with a blank; the file is one of three.
 * NULL: all is good. */
static const char *messages_judge(const char *said, const char *const files[3], int code)
{
    unsigned count = 0;
    const char *line = said;
    while (*line != '\0') {
        bool first = strncmp(line, files[0], strlen(files[0])) == 0;
        bool second = strncmp(line, files[1], strlen(files[1])) == 0;
        const char *problem = line_judge(line, files[first ? 0 : second ? 1 : 2], &count);
        if (problem != NULL) {
            return problem;
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return (code == EXIT_OK) == (count == 0) ? NULL : "exit code and messages do not fit";
}

/* What reading the app said on stderr. */
static char *app_say(const char *dir, int *code)
{
    struct text said = {0};
    struct app app = {.quiet = true};
    int kept = dup(2);
    int file = memfd_create("said", MFD_CLOEXEC);
    dup2(file, 2);
    *code = app_read(dir, NULL, &app);
    fflush(stderr);
    dup2(kept, 2);
    close(kept);
    char *path = string_format("/proc/self/fd/%d", file);
    (void)file_read(path, &said);
    close(file);
    free(path);
    return said.data != NULL ? said.data : string_copy("");
}

/* One file damaged; false and a report if what was said of it is not good. */
static bool round_run(const char *dir, const char *path, const struct text *good)
{
    struct text text = {0};
    int code = 0;
    text_add_bytes(&text, text_string(good), good->length);
    for (uint32_t i = 0, count = 1 + random_below(MOST); i < count; i++) {
        damage(&text);
    }
    (void)file_write(path, text.data, text.length);
    char *said = app_say(dir, &code);
    char *app = path_join(dir, "app.toml");
    char *board = root_join(BOARD_DIR "/board.toml");
    const char *const files[3] = {path, app, board};
    const char *problem = messages_judge(said, files, code);
    if (problem != NULL) {
        printf("FAILED: %s, exit code %d\n%s", problem, code, said);
        file_write("failed.toml", text.data, text.length);
    }
    free(app);
    free(board);
    free(said);
    text_free(&text);
    return problem == NULL;
}

/* A batch of rounds with one app. In a process of its own. */
static bool batch_run(const char *dir, const char *path)
{
    bool good = true;
    struct text text = {0};
    if (!file_read(path, &text)) {
        printf("FAILED: no %s\n", path);
        return false;
    }
    fflush(stdout);
    uint32_t seed = state;
    pid_t child = fork();
    if (child == 0) {
        for (unsigned i = 0; i < BATCH && good; i++) {
            good = round_run(dir, path, &text);
        }
        fflush(stdout);
        _exit(good ? 0 : 5);
    }
    int status = 0;
    waitpid(child, &status, 0);
    (void)file_write(path, text.data, text.length); /* as it was */
    good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!good) {
        printf("FAILED: %s with seed %u, status %#x\n", path, seed, (unsigned)status);
    }
    text_free(&text);
    state = seed + 1;
    return good;
}

int main(int argc, char **argv)
{
    unsigned long batches = argc > 4 ? strtoul(argv[1], NULL, 10) / BATCH : 0;
    unsigned long failed = 0;
    if (batches == 0 || chdir(argv[3]) != 0) {
        printf("usage: fuzz ROUNDS SEED SCRATCH APP...\n");
        return EXIT_USAGE;
    }
    state = (uint32_t)strtoul(argv[2], NULL, 10);
    char *board = root_join(BOARD_DIR "/board.toml");
    for (unsigned long i = 0; i < batches; i++) {
        char *dir = string_copy(argv[4 + i % (unsigned long)(argc - 4)]);
        bool interface = string_ends(dir, ".toml");
        char *path = interface ? string_copy(dir) : path_join(dir, "app.toml");
        if (interface) {
            *strrchr(dir, '/') = '\0';
        }
        failed += batch_run(dir, !interface && i % 4 == 3 ? board : path) ? 0 : 1;
        free(dir);
        free(path);
    }
    printf("%lu passed, %lu failed\n", batches - failed, failed);
    return failed == 0 ? EXIT_OK : EXIT_TESTS;
}
