/* Logging from a task: deferred, so a call costs about ten instructions, one kernel entry and 8
 * bytes of flash, and never blocks.
 *
 *   K5_INFO("put {.1} C from badge {}, flags {#x}", temperature, badge, flags);
 *
 * The text stays in the ELF; what travels is the site's number and the arguments, and the kernel
 * adds task and time. When the log has no room the frame is dropped and counted, and the count is
 * shown where it happened. abi/k5_log_abi.h describes the whole way.
 *
 * Arguments: at most 8; integers, bool, char, pointers, float, double, and char * (the string's
 * first 48 bytes travel; fewer if several strings share a call). Each is evaluated once. The number
 * of {} is checked when it compiles, and again by `k5 build`.
 *
 * Placeholders: {} as the type suggests · {x} {X} hexadecimal · {b} binary · {c} character
 *   {#x} with 0x in front · {08x} {6} at least so wide, filled with 0 or spaces
 *   {.1} an integer: that many of its digits are decimals (234 prints 23.4); a float: decimals
 * shown
 *   {{ a brace
 */
#ifndef K5_LOG_H
#define K5_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/k5_log_abi.h"

/* Calls above this level are not compiled: define it before the include, for one file, or in
 * app.toml for a task. Their arguments are then not evaluated. */
#ifndef K5_LOG_LEVEL
#define K5_LOG_LEVEL K5_LOG_DEBUG
#endif

/* Something failed · something is odd · what the task does · for whoever debugs it. */
#define K5_ERROR(format, ...) K5_LOG(K5_LOG_ERROR, format, ##__VA_ARGS__)
#define K5_WARN(format, ...)  K5_LOG(K5_LOG_WARN, format, ##__VA_ARGS__)
#define K5_INFO(format, ...)  K5_LOG(K5_LOG_INFO, format, ##__VA_ARGS__)
#define K5_DEBUG(format, ...) K5_LOG(K5_LOG_DEBUG, format, ##__VA_ARGS__)

/* Log at level ERROR and end this task with a panic: it faults, and its handler is told. The reason
 * in the fault record is the site's id, so the text is found even if the log had no room. */
#define K5_PANIC(format, ...)                             \
    do {                                                  \
        K5_LOG_SITE(K5_LOG_ERROR, format, ##__VA_ARGS__); \
        K5_LOG_SEND(format, ##__VA_ARGS__);               \
        k5_panic(K5_LOG_ID(k5_log_site_));                \
    } while (0)

/* End this task with a panic unless the condition holds. Always there, in every build. */
#define K5_ASSERT(condition)                                                                   \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            K5_LOG_RECORD(K5_LOG_ERROR, "assertion failed: " #condition, 0u, K5_LOG_VERBATIM); \
            k5_log0(K5_LOG_ID(k5_log_site_));                                                  \
            k5_panic(K5_LOG_ID(k5_log_site_));                                                 \
        }                                                                                      \
    } while (0)

#define K5_LOG(level, format, ...)                     \
    do {                                               \
        if ((level) <= K5_LOG_LEVEL) {                 \
            K5_LOG_SITE(level, format, ##__VA_ARGS__); \
            K5_LOG_SEND(format, ##__VA_ARGS__);        \
        }                                              \
    } while (0)

/* ---- below here: how it is done ------------------------------------------------------------ */

_Noreturn void k5_panic(uint32_t reason); /* k5.h */

/* A log call with so many words in registers. Cost: one kernel entry. */
void k5_log0(uint32_t id);
void k5_log1(uint32_t id, uint32_t a);
void k5_log2(uint32_t id, uint32_t a, uint32_t b);
void k5_log3(uint32_t id, uint32_t a, uint32_t b, uint32_t c);
void k5_log4(uint32_t id, uint32_t a, uint32_t b, uint32_t c, uint32_t d);
/* Any other: packs the arguments, whose kinds are in `types`, on the stack (64 bytes). */
void k5_log_packed(uint32_t id, uint32_t types, ...);

struct k5_log_site { /* lies in .k5log, never loaded */
    const char *format;
    const char *file;
    uint32_t types;
    uint16_t line;
    uint8_t level;
    uint8_t count;
};
_Static_assert(sizeof(void *) != 4 || sizeof(struct k5_log_site) == K5_LOG_SITE_SIZE,
               "an id is the address of a record");

#define K5_LOG_TEXT_(x)      #x
#define K5_LOG_TEXT(x)       K5_LOG_TEXT_(x)
#define K5_LOG_JOIN_(a, b)   a##b
#define K5_LOG_JOIN(a, b)    K5_LOG_JOIN_(a, b)
/* Sections of their own, so that the linker drops the record of a call that it drops. */
#define K5_LOG_SECTION(kind) __attribute__((section(".k5log." kind "." K5_LOG_TEXT(__COUNTER__))))

#define K5_LOG_RECORD(level_, format_, types_, count_)                      \
    static const char k5_log_text_[] K5_LOG_SECTION("str") = "" format_ ""; \
    static const char k5_log_file_[] K5_LOG_SECTION("str") = __FILE__;      \
    static const struct k5_log_site k5_log_site_ K5_LOG_SECTION("site") = { \
        k5_log_text_, k5_log_file_, (types_), (uint16_t)__LINE__, (level_), (uint8_t)(count_)}

#define K5_LOG_SITE(level, format, ...)                                                         \
    _Static_assert(K5_LOG_ALL(__VA_ARGS__),                                                     \
                   "log: an argument's type cannot be logged (integers, bool, char, pointers, " \
                   "float, double and strings can)");                                           \
    K5_LOG_RECORD(level, format, K5_LOG_TYPES(__VA_ARGS__), K5_LOG_COUNT(__VA_ARGS__))

#define K5_LOG_SEND(format, ...)                                                 \
    do {                                                                         \
        K5_LOG_CHECK(format, K5_LOG_COUNT(__VA_ARGS__));                         \
        if (K5_LOG_COUNT(__VA_ARGS__) <= 4 &&                                    \
            (K5_LOG_TYPES(__VA_ARGS__) & K5_LOG_ANY_WIDE) == 0) {                \
            K5_LOG_JOIN(K5_LOG_CALL, K5_LOG_COUNT(__VA_ARGS__))                  \
            (K5_LOG_ID(k5_log_site_), ##__VA_ARGS__);                            \
        } else {                                                                 \
            K5_LOG_JOIN(K5_LOG_PACK, K5_LOG_COUNT(__VA_ARGS__))                  \
            (K5_LOG_ID(k5_log_site_), K5_LOG_TYPES(__VA_ARGS__), ##__VA_ARGS__); \
        }                                                                        \
    } while (0)
#define K5_LOG_ANY_WIDE (0x11111111u * K5_LOG_TYPE_WIDE)

/* The id, below 64 KiB, so one movw. Elsewhere the compiler's own way to load an address. */
#ifdef __arm__
#define K5_LOG_ID(site)                                                                    \
    __extension__({                                                                        \
        uint32_t k5_log_id_;                                                               \
        __asm__("movw %0, #:lower16:%c1" : "=r"(k5_log_id_) : "i"((const void *)&(site))); \
        k5_log_id_;                                                                        \
    })
#else
#define K5_LOG_ID(site) ((uint32_t)(uintptr_t) & (site))
#endif

/* Type tag of an argument; 0 if it cannot be logged. */
#define K5_LOG_TYPE(x) \
    _Generic((x),                                                             \
        _Bool: K5_LOG_TYPE_BOOL,                                              \
        char: K5_LOG_TYPE_CHAR,                                               \
        signed char: K5_LOG_TYPE_S32,                                         \
        unsigned char: K5_LOG_TYPE_U32,                                       \
        short: K5_LOG_TYPE_S32,                                               \
        unsigned short: K5_LOG_TYPE_U32,                                      \
        int: K5_LOG_TYPE_S32,                                                 \
        unsigned: K5_LOG_TYPE_U32,                                            \
        long: sizeof(long) == 4 ? K5_LOG_TYPE_S32 : K5_LOG_TYPE_S64,          \
        unsigned long: sizeof(long) == 4 ? K5_LOG_TYPE_U32 : K5_LOG_TYPE_U64, \
        long long: K5_LOG_TYPE_S64,                                           \
        unsigned long long: K5_LOG_TYPE_U64,                                  \
        float: K5_LOG_TYPE_FLOAT,                                             \
        double: K5_LOG_TYPE_DOUBLE,                                           \
        char *: K5_LOG_TYPE_STRING,                                           \
        const char *: K5_LOG_TYPE_STRING,                                     \
        default: K5_LOG_IS_POINTER(x) ? K5_LOG_TYPE_POINTER : K5_LOG_TYPE_NONE)
#define K5_LOG_IS_POINTER(x) (__builtin_classify_type(x) == 5)

/* An argument as a word, and as an argument of `...` (a float by its bits: no promotion). */
static inline uint32_t k5_log_float(float value)
{
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}
#define K5_LOG_FLOAT(x) k5_log_float(_Generic((x), float : (x), default : 0.0f))
#define K5_LOG_WORD(x)  _Generic((x), float : K5_LOG_FLOAT(x), default : (uint32_t)(uintptr_t)(x))
#define K5_LOG_VALUE(x) _Generic((x), float : K5_LOG_FLOAT(x), default : (x))

/* Number of arguments, 0 to 8. */
#define K5_LOG_COUNT(...)                                                                         \
    K5_LOG_COUNT_(0, ##__VA_ARGS__, _too_many_arguments_at_most_8, _too_many_arguments_at_most_8, \
                  _too_many_arguments_at_most_8, _too_many_arguments_at_most_8, 8, 7, 6, 5, 4, 3, \
                  2, 1, 0)
#define K5_LOG_COUNT_(z, a, b, c, d, e, f, g, h, i, j, k, l, n, ...) n

/* Tags of all arguments, the first lowest. */
#define K5_LOG_TYPES(...)     K5_LOG_JOIN(K5_LOG_TYPES, K5_LOG_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define K5_LOG_TYPES0()       0u
#define K5_LOG_TYPES1(a)      ((uint32_t)K5_LOG_TYPE(a))
#define K5_LOG_TYPES2(a, ...) (K5_LOG_TYPES1(a) | K5_LOG_TYPES1(__VA_ARGS__) << 4)
#define K5_LOG_TYPES3(a, ...) (K5_LOG_TYPES1(a) | K5_LOG_TYPES2(__VA_ARGS__) << 4)
#define K5_LOG_TYPES4(a, ...) (K5_LOG_TYPES1(a) | K5_LOG_TYPES3(__VA_ARGS__) << 4)
#define K5_LOG_TYPES5(a, ...) (K5_LOG_TYPES1(a) | K5_LOG_TYPES4(__VA_ARGS__) << 4)
#define K5_LOG_TYPES6(a, ...) (K5_LOG_TYPES1(a) | K5_LOG_TYPES5(__VA_ARGS__) << 4)
#define K5_LOG_TYPES7(a, ...) (K5_LOG_TYPES1(a) | K5_LOG_TYPES6(__VA_ARGS__) << 4)
#define K5_LOG_TYPES8(a, ...) (K5_LOG_TYPES1(a) | K5_LOG_TYPES7(__VA_ARGS__) << 4)

/* True if all arguments can be logged. */
#define K5_LOG_ALL(...)     K5_LOG_JOIN(K5_LOG_ALL, K5_LOG_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define K5_LOG_ALL0()       1
#define K5_LOG_ALL1(a)      (K5_LOG_TYPE(a) != 0)
#define K5_LOG_ALL2(a, ...) (K5_LOG_ALL1(a) && K5_LOG_ALL1(__VA_ARGS__))
#define K5_LOG_ALL3(a, ...) (K5_LOG_ALL1(a) && K5_LOG_ALL2(__VA_ARGS__))
#define K5_LOG_ALL4(a, ...) (K5_LOG_ALL1(a) && K5_LOG_ALL3(__VA_ARGS__))
#define K5_LOG_ALL5(a, ...) (K5_LOG_ALL1(a) && K5_LOG_ALL4(__VA_ARGS__))
#define K5_LOG_ALL6(a, ...) (K5_LOG_ALL1(a) && K5_LOG_ALL5(__VA_ARGS__))
#define K5_LOG_ALL7(a, ...) (K5_LOG_ALL1(a) && K5_LOG_ALL6(__VA_ARGS__))
#define K5_LOG_ALL8(a, ...) (K5_LOG_ALL1(a) && K5_LOG_ALL7(__VA_ARGS__))

#define K5_LOG_CALL0(id)          k5_log0(id)
#define K5_LOG_CALL1(id, a)       k5_log1(id, K5_LOG_WORD(a))
#define K5_LOG_CALL2(id, a, b)    k5_log2(id, K5_LOG_WORD(a), K5_LOG_WORD(b))
#define K5_LOG_CALL3(id, a, b, c) k5_log3(id, K5_LOG_WORD(a), K5_LOG_WORD(b), K5_LOG_WORD(c))
#define K5_LOG_CALL4(id, a, b, c, d) \
    k5_log4(id, K5_LOG_WORD(a), K5_LOG_WORD(b), K5_LOG_WORD(c), K5_LOG_WORD(d))
#define K5_LOG_CALL5(id, ...) (void)0
#define K5_LOG_CALL6(id, ...) (void)0
#define K5_LOG_CALL7(id, ...) (void)0
#define K5_LOG_CALL8(id, ...) (void)0

#define K5_LOG_PACK0(id, types)      (void)0
#define K5_LOG_PACK1(id, types, ...) k5_log_packed(id, types, K5_LOG_VALUES1(__VA_ARGS__))
#define K5_LOG_PACK2(id, types, ...) k5_log_packed(id, types, K5_LOG_VALUES2(__VA_ARGS__))
#define K5_LOG_PACK3(id, types, ...) k5_log_packed(id, types, K5_LOG_VALUES3(__VA_ARGS__))
#define K5_LOG_PACK4(id, types, ...) k5_log_packed(id, types, K5_LOG_VALUES4(__VA_ARGS__))
#define K5_LOG_PACK5(id, types, ...) k5_log_packed(id, types, K5_LOG_VALUES5(__VA_ARGS__))
#define K5_LOG_PACK6(id, types, ...) k5_log_packed(id, types, K5_LOG_VALUES6(__VA_ARGS__))
#define K5_LOG_PACK7(id, types, ...) k5_log_packed(id, types, K5_LOG_VALUES7(__VA_ARGS__))
#define K5_LOG_PACK8(id, types, ...) k5_log_packed(id, types, K5_LOG_VALUES8(__VA_ARGS__))
#define K5_LOG_VALUES1(a)            K5_LOG_VALUE(a)
#define K5_LOG_VALUES2(a, ...)       K5_LOG_VALUE(a), K5_LOG_VALUES1(__VA_ARGS__)
#define K5_LOG_VALUES3(a, ...)       K5_LOG_VALUE(a), K5_LOG_VALUES2(__VA_ARGS__)
#define K5_LOG_VALUES4(a, ...)       K5_LOG_VALUE(a), K5_LOG_VALUES3(__VA_ARGS__)
#define K5_LOG_VALUES5(a, ...)       K5_LOG_VALUE(a), K5_LOG_VALUES4(__VA_ARGS__)
#define K5_LOG_VALUES6(a, ...)       K5_LOG_VALUE(a), K5_LOG_VALUES5(__VA_ARGS__)
#define K5_LOG_VALUES7(a, ...)       K5_LOG_VALUE(a), K5_LOG_VALUES6(__VA_ARGS__)
#define K5_LOG_VALUES8(a, ...)       K5_LOG_VALUE(a), K5_LOG_VALUES7(__VA_ARGS__)

/* Placeholders of a format, counted by the compiler: the steps fold to a constant. Without
 * optimisation they would not, and `k5 build` finds the mistake in the ELF. At most 14 braces. */
void k5_log_mismatch(void)
    __attribute__((error("log: the number of {} in the format is not the number of arguments")));
#define K5_LOG_BRACE                                        \
    if (at != 0 && (at = __builtin_strchr(at, '{')) != 0) { \
        count += 1;                                         \
        at += 1;                                            \
    }
#define K5_LOG_ESCAPE                                        \
    if (at != 0 && (at = __builtin_strstr(at, "{{")) != 0) { \
        count -= 2;                                          \
        at += 2;                                             \
    }
#define K5_LOG_SEVEN(step) step step step step step step step
static inline __attribute__((always_inline)) int k5_log_placeholders(const char *format)
{
    int count = 0;
    const char *at = format;

    K5_LOG_SEVEN(K5_LOG_BRACE);
    K5_LOG_SEVEN(K5_LOG_BRACE);
    at = format;
    K5_LOG_SEVEN(K5_LOG_ESCAPE);
    return count;
}
#ifdef __OPTIMIZE__
#define K5_LOG_CHECK(format, count)                   \
    do {                                              \
        if (k5_log_placeholders(format) != (count)) { \
            k5_log_mismatch();                        \
        }                                             \
    } while (0)
#else
#define K5_LOG_CHECK(format, count) ((void)0)
#endif

#endif
