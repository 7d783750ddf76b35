/*
 * json.c - JSON, one value a line, indented by two (json.h).
 */
#include "json.h"

#include <stdio.h>
#include <string.h>

/* Bytes of the UTF-8 character at `at`; 0 if it is none (also what is too long, a surrogate, or
 * beyond Unicode). */
static size_t character_length(const unsigned char *at)
{
    size_t length = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    if (at[0] > 0xF4 || (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
        (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F)) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0u) != 0x80u) {
            return 0;
        }
    }
    return length;
}

static void quoted_add(struct text *out, const char *string)
{
    const unsigned char *at = (const unsigned char *)string;
    text_add(out, "\"");
    while (*at != '\0') {
        size_t length = character_length(at);
        if (length == 0) {
            text_add(out, "\\ufffd");
        } else if (*at == '"' || *at == '\\') {
            text_addf(out, "\\%c", *at);
        } else if (*at < 0x20 || *at == 0x7F) {
            text_addf(out, "\\u%04x", *at);
        } else {
            text_add_bytes(out, at, length);
        }
        at += length > 0 ? length : 1;
    }
    text_add(out, "\"");
}

/* What stands before a value: the comma, the new line, the key. */
static void value_begin(struct json *json, const char *key)
{
    text_add(&json->text, json->more ? "," : "");
    if (json->depth > 0) {
        text_addf(&json->text, "\n%*s", (int)(2 * json->depth), "");
    }
    if (key != NULL) {
        quoted_add(&json->text, key);
        text_add(&json->text, ": ");
    }
    json->more = true;
}

void json_open(struct json *json, const char *key, char bracket)
{
    value_begin(json, key);
    text_add_bytes(&json->text, &bracket, 1);
    json->depth++;
    json->more = false;
}

void json_close(struct json *json, char bracket)
{
    json->depth--;
    if (json->more) {
        text_addf(&json->text, "\n%*s", (int)(2 * json->depth), "");
    }
    text_add_bytes(&json->text, &bracket, 1);
    json->more = true;
}

void json_string(struct json *json, const char *key, const char *value)
{
    value_begin(json, key);
    if (value == NULL) {
        text_add(&json->text, "null");
    } else {
        quoted_add(&json->text, value);
    }
}

void json_number(struct json *json, const char *key, long long value)
{
    value_begin(json, key);
    text_addf(&json->text, "%lld", value);
}

void json_bool(struct json *json, const char *key, bool value)
{
    value_begin(json, key);
    text_add(&json->text, value ? "true" : "false");
}

void json_address(struct json *json, const char *key, uint32_t address)
{
    char *value = string_format("0x%08X", address);
    json_string(json, key, value);
    text_free(&(struct text){.data = value});
}

void json_print(struct json *json)
{
    printf("%s\n", text_string(&json->text));
    text_free(&json->text);
}
