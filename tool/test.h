/*
 * test.h - between test.c (which tests, side by side, in order), test_run.c (one of them) and
 * test_report.c (what is said of it).
 */
#ifndef K5_TOOL_TEST_H
#define K5_TOOL_TEST_H

#include "util.h"

struct test_options {
    const char *filter;
    const char *profile;
    const char *junit; /* a file for other programs, or NULL */
    unsigned jobs;     /* tests side by side */
    bool golden;       /* write expected.txt anew */
    bool list;         /* name them only */
    bool full;         /* the slow ones too */
};

/* One test, as the report knows it. */
struct test_result {
    const char *dir;
    const char *name;
    int code; /* EXIT_OK, EXIT_TESTS, EXIT_ENVIRONMENT; 128 + n: signal n ended its process */
    double seconds;
    struct text detail; /* what is wrong, and the log around it */
};

/* Builds and runs the app in `dir`; what is wrong goes to stdout and stderr, nothing if it passes.
 * Returns EXIT_OK, EXIT_TESTS or EXIT_ENVIRONMENT. */
int test_run(const char *dir, const struct test_options *options);

/* One line for people, and the detail under it. */
void test_print(const struct test_result *result);

/* All results as JUnit's XML. False and a message if the file cannot be written. */
bool test_junit_write(const char *path, const struct test_result *results, size_t count);

#endif
