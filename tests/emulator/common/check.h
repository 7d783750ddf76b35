/* Checks inside a test task: a failed one is a log line with file and line and is counted. */
#ifndef CHECK_H
#define CHECK_H

#include <k5/k5.h>

static uint32_t checks_done;
static uint32_t checks_failed;

#define CHECK(condition)                           \
    do {                                           \
        checks_done++;                             \
        if (!(condition)) {                        \
            checks_failed++;                       \
            K5_ERROR("check failed: " #condition); \
        }                                          \
    } while (0)

/* An error code that is not the expected one is shown by name. */
#define CHECK_ERROR(call, expected)                                                   \
    do {                                                                              \
        k5_error check_error_ = (call);                                               \
        checks_done++;                                                                \
        if (check_error_ != (expected)) {                                             \
            checks_failed++;                                                          \
            K5_ERROR("check failed: " #call " gave {}", k5_error_name(check_error_)); \
        }                                                                             \
    } while (0)

/* The last line of a test task; app.toml expects "NAME: N checks, 0 failed". */
#define CHECK_END(name)                                                     \
    do {                                                                    \
        K5_INFO(name ": {} checks, {} failed", checks_done, checks_failed); \
        for (;;) {                                                          \
            k5_sleep(K5_S(1));                                              \
        }                                                                   \
    } while (0)

#endif
