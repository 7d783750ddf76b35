/* The way from a log macro to the kernel: words in registers, or everything packed on the stack.
 *
 * No result is looked at: a frame that found no room is counted by the kernel and shown by the
 * decoder, and there is nothing better that a task could do about it.
 */
#include "k5/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "k5/syscall.h"

static void log_words(uint32_t id, uint32_t count, const uint32_t words[K5_LOG_WORDS])
{
    (void)k5_sys_log(K5_SYS_LOG | count << 16, id, words);
}

void k5_log0(uint32_t id)
{
    const uint32_t words[K5_LOG_WORDS] = {0};
    log_words(id, 0, words);
}

void k5_log1(uint32_t id, uint32_t a)
{
    const uint32_t words[K5_LOG_WORDS] = {a};
    log_words(id, 1, words);
}

void k5_log2(uint32_t id, uint32_t a, uint32_t b)
{
    const uint32_t words[K5_LOG_WORDS] = {a, b};
    log_words(id, 2, words);
}

void k5_log3(uint32_t id, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t words[K5_LOG_WORDS] = {a, b, c};
    log_words(id, 3, words);
}

void k5_log4(uint32_t id, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    const uint32_t words[K5_LOG_WORDS] = {a, b, c, d};
    log_words(id, 4, words);
}

/* Bytes that an argument takes whatever its value: of a string, the length byte. */
static uint32_t argument_size(uint32_t type)
{
    if (type == K5_LOG_TYPE_STRING) {
        return 1;
    }
    return (type & K5_LOG_TYPE_WIDE) != 0 ? 8 : 4;
}

/* Writes a string with its length byte to `to`, at most `room` bytes of it; returns bytes written.
 */
static uint32_t string_pack(uint8_t *to, const char *string, uint32_t room)
{
    const char *text = string != NULL ? string : "(null)";
    uint32_t most = room < K5_LOG_STRING_MAX ? room : K5_LOG_STRING_MAX;
    uint32_t length = (uint32_t)strnlen(text, most);
    bool cut = length == most && text[length] != '\0';

    to[0] = (uint8_t)(length | (cut ? K5_LOG_STRING_CUT : 0u));
    memcpy(to + 1, text, length);
    return length + 1;
}

void k5_log_packed(uint32_t id, uint32_t types, ...)
{
    uint8_t bytes[K5_LOG_BYTES];
    uint32_t used = 0;
    uint32_t room = K5_LOG_BYTES; /* what the strings may share */
    va_list arguments;

    for (uint32_t left = types; left != 0; left >>= 4) {
        room -= argument_size(left & 15u);
    }
    va_start(arguments, types);
    for (uint32_t left = types; left != 0; left >>= 4) {
        uint32_t size = argument_size(left & 15u);
        if (size == 1) {
            uint32_t taken = string_pack(bytes + used, va_arg(arguments, const char *), room);
            room -= taken - 1;
            used += taken;
        } else if (size == 8) {
            uint64_t value = va_arg(arguments, uint64_t); /* a double too: the same place, bits */
            memcpy(bytes + used, &value, sizeof value);
            used += 8;
        } else {
            uint32_t value = va_arg(arguments, uint32_t);
            memcpy(bytes + used, &value, sizeof value);
            used += 4;
        }
    }
    va_end(arguments);
    const uint32_t words[K5_LOG_WORDS] = {(uint32_t)(uintptr_t)bytes, used};
    log_words(id, K5_LOG_BUFFER, words);
}
