/*
 * json.c - see json.h.
 */
#include "json.h"

#include <inttypes.h>
#include <string.h>

/* How many bytes the UTF-8 character at `at` has; 0 if it is none. */
static size_t utf8_length(const unsigned char *at)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80             ? 1
                    : (at[0] & 0xE0) == 0xC0 ? 2
                    : (at[0] & 0xF0) == 0xE0 ? 3
                    : (at[0] & 0xF8) == 0xF0 ? 4
                                             : 0;
    uint32_t code = length > 1 ? at[0] & (0xFFu >> (length + 1)) : at[0];
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (at[i] & 0x3Fu);
    }
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return length > 0 && code >= least[length] && code <= 0x10FFFF && !surrogate ? length : 0;
}

static void quoted_add(struct text *out, const char *string)
{
    const unsigned char *at = (const unsigned char *)string;
    text_add(out, "\"");
    while (*at != '\0') {
        size_t length = utf8_length(at);
        if (length == 0) {
            text_add(out, "\\ufffd");
        } else if (*at < 0x20 || *at == 0x7F) {
            text_addf(out, "\\u%04x", *at);
        } else {
            text_add(out, *at == '"' || *at == '\\' ? "\\" : "");
            text_add_bytes(out, at, length);
        }
        at += length == 0 ? 1 : length;
    }
    text_add(out, "\"");
}

static void key_add(struct json *json, const char *key)
{
    text_add(json->out, json->more ? ", " : "");
    json->more = true;
    if (key != NULL) {
        quoted_add(json->out, key);
        text_add(json->out, ": ");
    }
}

void json_open(struct json *json, const char *key, char bracket)
{
    key_add(json, key);
    text_add_bytes(json->out, &bracket, 1);
    json->more = false;
}

void json_close(struct json *json, char bracket)
{
    text_add_bytes(json->out, &bracket, 1);
    json->more = true;
}

void json_string(struct json *json, const char *key, const char *string)
{
    key_add(json, key);
    if (string == NULL) {
        text_add(json->out, "null");
    } else {
        quoted_add(json->out, string);
    }
}

void json_number(struct json *json, const char *key, uint64_t number)
{
    key_add(json, key);
    text_addf(json->out, "%" PRIu64, number);
}

void json_bool(struct json *json, const char *key, bool value)
{
    key_add(json, key);
    text_add(json->out, value ? "true" : "false");
}

void json_address(struct json *json, const char *key, uint32_t address)
{
    key_add(json, key);
    text_addf(json->out, "\"0x%08x\"", address);
}
