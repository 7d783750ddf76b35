/*
 * json.h - JSON written into a text: commas, quotes and escapes are looked after.
 *
 *   struct json json = {.out = &text};
 *   json_open(&json, NULL, '{'); json_string(&json, "task", "sensor"); json_close(&json, '}');
 *
 * A key is NULL inside an array, and for the outermost value.
 */
#ifndef K5_TOOL_JSON_H
#define K5_TOOL_JSON_H

#include "util.h"

struct json {
    struct text *out;
    bool more; /* something stands before, at this level */
};

/* bracket: '{' or '[' */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
/* Bytes that are no UTF-8 become U+FFFD, so that the line is JSON whatever the target sent. NULL
 * becomes null. */
void json_string(struct json *json, const char *key, const char *string);
void json_number(struct json *json, const char *key, uint64_t number);
void json_bool(struct json *json, const char *key, bool value);
/* "0x00200042": addresses, which no reader wants as decimals. */
void json_address(struct json *json, const char *key, uint32_t address);

#endif
