/*
 * util.h - what every verb of the tool needs: messages, text, files, processes, hashes.
 *
 * Memory: strings returned as `char *` are on the heap and belong to the caller; the tool is a
 * short-lived program and may leave small ones to the end of the process. Running out of memory
 * ends the tool with a message, so no function here returns NULL for want of memory.
 */
#ifndef K5_TOOL_UTIL_H
#define K5_TOOL_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The exit codes of the tool: part of its interface, scripts rely on them. */
enum exit_code {
    EXIT_OK = 0,
    EXIT_BUILD = 1,       /* the build failed (and any failure that has no code of its own) */
    EXIT_USAGE = 2,       /* wrong command line or configuration */
    EXIT_ENVIRONMENT = 3, /* no board, no permission, a tool is missing */
    EXIT_FLASH = 4,       /* flashing failed */
    EXIT_TESTS = 5,       /* tests, checks or proofs failed */
    EXIT_TIMEOUT = 124,   /* a time limit ended what ran */
    EXIT_FAULT = 134      /* a task fault or kernel panic ended the run */
};

/* ---- Messages. All go to stderr, one line each, coloured only on a terminal. ---- */

/* "error: ..." */
void error_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "warning: ..." */
void warning_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "hint: ..." under an error */
void hint_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "error: ..." and a pointer to `k5 help VERB`. Returns EXIT_USAGE: return usage_error("run", ...)
 */
int usage_error(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum colour { COLOUR_NONE, COLOUR_BOLD, COLOUR_DIM, COLOUR_RED, COLOUR_GREEN, COLOUR_YELLOW };
/* The escape sequence for a stream (1 = stdout, 2 = stderr); "" unless it is a terminal and
 * NO_COLOR is not set. COLOUR_NONE ends a colour. */
const char *colour_start(int stream, enum colour colour);

/* ---- Text: a growing string, always terminated. Start from {0}. ---- */

struct text {
    char *data; /* NULL while nothing was added: use text_string() to print */
    size_t length;
    size_t capacity;
};
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const void *bytes, size_t length);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_addv(struct text *text, const char *format, va_list arguments);
/* The string; "" for an empty text. */
const char *text_string(const struct text *text);
void text_free(struct text *text);

/* printf into a new string. */
char *string_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *string_copy(const char *string);
bool string_starts(const char *string, const char *prefix);
bool string_ends(const char *string, const char *suffix);
/* "2 s", "10 ms", "250 us": the largest unit in which it is a whole number. */
char *time_text(uint64_t microseconds);
/* malloc and realloc that end the tool when there is no memory; zeroed. */
void *memory_new(size_t size);
void *memory_resize(void *old, size_t size);

/* ---- A list of strings. Start from {0}. items[count] is NULL, so items can be an argv. ---- */

struct list {
    char **items;
    size_t count;
};
/* Adds a copy of the string. */
void list_add(struct list *list, const char *string);
void list_addf(struct list *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool list_has(const struct list *list, const char *string);
void list_sort(struct list *list);
/* Splits at any of the separators; empty pieces are left out. */
void list_add_split(struct list *list, const char *string, const char *separators);
void list_free(struct list *list);

/* The word of `words` that is nearest to `word`, or NULL if none is near enough to suggest. */
const char *nearest_word(const char *word, const char *const *words, size_t count);

/* ---- Files. Functions that return false have printed nothing; errno says why. ---- */

/* Appends the whole file to out. */
bool file_read(const char *path, struct text *out);
bool file_write(const char *path, const void *bytes, size_t length);
/* As file_write, but a file that has this content already keeps its time (for ninja). */
bool file_update(const char *path, const void *bytes, size_t length);
bool file_exists(const char *path);
bool dir_exists(const char *path);
/* mkdir -p */
bool dir_make(const char *path);
/* Adds "dir/name" for every entry of dir whose name ends in suffix ("" = all, hidden ones never),
 * sorted. A folder that does not exist has no entries. */
void dir_list(const char *dir, const char *suffix, struct list *out);
/* "a/b"; b alone if it is absolute. */
char *path_join(const char *a, const char *b);
/* The path as seen from the current folder, if it lies below it, else as it is. Caller frees. */
char *path_near(const char *path);
/* The last part of a path, inside the string given. */
const char *path_base(const char *path);
/* The last part of the name that a folder really has, also for "." and "a/b/"; on the heap. */
char *path_name(const char *dir);
/* The project's root: $K5_ROOT, else found from where the program lies. No trailing slash. */
const char *root_path(void);
/* "ROOT/relative" */
char *root_join(const char *relative);

/* 64-bit FNV-1a, to be continued: start with HASH_START. A content hash, not for security. */
#define HASH_START 0xcbf29ce484222325ull
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length);
uint64_t hash_string(uint64_t hash, const char *string); /* with its terminator */

/* ---- Processes. A child never outlives the tool. ---- */

struct process {
    const char *directory;   /* where to run; NULL: here */
    const char *output_path; /* stdout and stderr into this file; NULL: see capture */
    struct text *capture;    /* stdout and stderr appended here (process_run only) or NULL */
    bool stdout_only;        /* capture takes stdout alone, stderr is inherited */
    double timeout_s;        /* 0 = none; then SIGTERM, and SIGKILL a second later */
    /* results */
    pid_t pid;
    double started_s;
    double seconds; /* how long it ran */
    bool timed_out;
};
/* Runs argv (argv[0] searched in PATH, stdin is /dev/null) to its end.
 * Returns its exit code; 128 + n if signal n ended it; 127 if it could not be started (errno);
 * EXIT_TIMEOUT if the timeout ended it. */
int process_run(struct process *process, char *const argv[]);
/* The same in two halves, for several at a time (output_path or inherited output only).
 * start: false if it could not be forked. poll: true when it has ended, code in *code. */
bool process_start(struct process *process, char *const argv[]);
bool process_poll(struct process *process, int *code);
/* True if a program of this name is in PATH (or is an executable path). */
bool process_have(const char *program);
/* Seconds on a clock that never goes back. */
double clock_seconds(void);
void clock_sleep(double seconds);

#ifdef __cplusplus
}
#endif
#endif
