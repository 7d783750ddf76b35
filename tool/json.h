/*
 * json.h - writes JSON: what the verbs print with --json.
 *
 *   struct json json = {0};
 *   json_open(&json, NULL, '{');
 *   json_string(&json, "name", "hello");
 *   json_close(&json, '}');
 *   json_print(&json);
 *
 * key is NULL inside an array and for the outermost value. Commas and quoting are done here.
 */
#ifndef K5_TOOL_JSON_H
#define K5_TOOL_JSON_H

#include "util.h"

struct json {
    struct text text;
    unsigned depth;
    bool more; /* a value came before in this object or array */
};

/* Begins and ends an object ('{', '}') or an array ('[', ']'). */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
/* A string; null for NULL. Bytes that are no UTF-8 become the replacement character. */
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, long long value);
void json_bool(struct json *json, const char *key, bool value);
/* "0x28201000" as a string: addresses are read by people, too. */
void json_address(struct json *json, const char *key, uint32_t address);
/* Prints it to stdout with a line end, and frees it. */
void json_print(struct json *json);

#endif
