/*
 * test_report.c - the result of a test: a line for people, and JUnit's XML for build servers.
 *
 *   <testsuites> <testsuite name="k5" tests failures errors time>
 *     <testcase classname="FOLDER" name="NAME" time="1.2"> <failure message="...">detail
 *
 * Invariant: the XML is well-formed whatever a task logs: what XML cannot hold becomes `?`.
 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first line of the detail, without the blanks before it: what went wrong. */
static char *problem_line(const struct test_result *result)
{
    const char *line = text_string(&result->detail);
    line += strspn(line, " \n");
    if (*line == '\0') {
        return string_copy(result->code >= 128 ? "the test's process ended" : "it failed");
    }
    return string_format("%.*s", (int)strcspn(line, "\n"), line);
}

void test_print(const struct test_result *result)
{
    bool good = result->code == EXIT_OK;
    printf("  test  %-32s %s%s%s  %5.1f s\n", result->name,
           colour_start(1, good ? COLOUR_GREEN : COLOUR_RED), good ? "passed" : "FAILED",
           colour_start(1, COLOUR_NONE), result->seconds);
    if (result->code >= 128) {
        printf("    the test's process ended by signal %d\n", result->code - 128);
    }
    fputs(text_string(&result->detail), stdout);
    fflush(stdout);
}

/* Length of a character of UTF-8 that XML can hold; 0: it cannot. */
static size_t character_good(const unsigned char *c)
{
    size_t length = c[0] < 0x80 ? 1 : c[0] < 0xC2 ? 0 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
    if (c[0] > 0xF4 || (c[0] < ' ' && c[0] != '\n' && c[0] != '\t')) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((c[i] & 0xC0u) != 0x80) {
            return 0;
        }
    }
    bool surrogate = c[0] == 0xED && c[1] >= 0xA0;
    bool none = c[0] == 0xEF && c[1] == 0xBF && c[2] >= 0xBE;
    bool beyond = (c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xF0 && c[1] < 0x90) ||
                  (c[0] == 0xF4 && c[1] > 0x8F);
    return surrogate || none || beyond ? 0 : length;
}

static void xml_add(struct text *out, const char *string)
{
    while (*string != '\0') {
        size_t length = character_good((const unsigned char *)string);
        switch (*string) {
        case '&': text_add(out, "&amp;"); break;
        case '<': text_add(out, "&lt;"); break;
        case '>': text_add(out, "&gt;"); break;
        case '"': text_add(out, "&quot;"); break;
        default: text_add_bytes(out, length > 0 ? string : "?", length > 0 ? length : 1);
        }
        string += length > 0 ? length : 1;
    }
}

static void case_add(struct text *out, const struct test_result *result)
{
    const char *kind = result->code == EXIT_TESTS ? "failure" : "error";
    text_add(out, "    <testcase classname=\"");
    xml_add(out, result->dir);
    text_add(out, "\" name=\"");
    xml_add(out, result->name);
    text_addf(out, "\" time=\"%.3f\"", result->seconds);
    if (result->code == EXIT_OK) {
        text_add(out, "/>\n");
        return;
    }
    char *problem = problem_line(result);
    text_addf(out, ">\n      <%s message=\"", kind);
    xml_add(out, problem);
    text_add(out, "\">");
    xml_add(out, text_string(&result->detail));
    text_addf(out, "</%s>\n    </testcase>\n", kind);
    free(problem);
}

bool test_junit_write(const char *path, const struct test_result *results, size_t count)
{
    struct text cases = {0};
    struct text out = {0};
    size_t failures = 0;
    size_t errors = 0;
    double seconds = 0;
    for (size_t i = 0; i < count; i++) {
        failures += results[i].code == EXIT_TESTS;
        errors += results[i].code != EXIT_OK && results[i].code != EXIT_TESTS;
        seconds += results[i].seconds;
        case_add(&cases, &results[i]);
    }
    text_addf(&out,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"k5\" "
              "tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.3f\">\n",
              count, failures, errors, seconds);
    text_add(&out, text_string(&cases));
    text_add(&out, "  </testsuite>\n</testsuites>\n");
    bool good = file_write(path, text_string(&out), out.length);
    if (!good) {
        error_print("%s: cannot be written: %s", path, strerror(errno));
    }
    text_free(&cases);
    text_free(&out);
    return good;
}
