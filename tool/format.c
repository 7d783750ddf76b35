/*
 * format.c - log formats: reading placeholders, checking them, and site_format(): the text of a
 * frame.
 */
#include "format.h"

#include "k5_log_abi.h"
#include "sites.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define WIDTH_MAX 64

/* ---- placeholders ---- */

static int number_read(const char **at)
{
    int number = 0;
    while (isdigit((unsigned char)**at)) {
        number = number > WIDTH_MAX ? number : number * 10 + (**at - '0');
        (*at)++;
    }
    return number > WIDTH_MAX ? WIDTH_MAX : number;
}

const char *format_spec_read(const char *inside, struct format_spec *spec)
{
    const char *at = inside;
    *spec = (struct format_spec){.decimals = -1};
    if (*at == '#') {
        spec->prefix = true;
        at++;
    }
    if (*at == '0') {
        spec->zeros = true;
        at++;
    }
    spec->width = number_read(&at);
    if (*at == '.') {
        at++;
        spec->decimals = number_read(&at);
    }
    if (*at != '\0' && strchr("xXbcd", *at) != NULL) {
        spec->kind = *at;
        at++;
    }
    return *at == '}' ? at + 1 : NULL;
}

char *format_problem(const char *format, unsigned count)
{
    struct format_spec spec;
    unsigned found = 0;
    for (const char *at = strchr(format, '{'); at != NULL; at = strchr(at, '{')) {
        if (at[1] == '{') {
            at += 2;
            continue;
        }
        const char *next = format_spec_read(at + 1, &spec);
        if (next == NULL) {
            size_t length = strcspn(at, "} ");
            return string_format("\"%.*s\" is no placeholder: write {}, {x}, {#x}, {08x}, {b}, "
                                 "{c} or {.1}",
                                 (int)(length + (at[length] == '}')), at);
        }
        found++;
        at = next;
    }
    if (found != count) {
        return string_format("%u placeholder%s but %u argument%s", found, found == 1 ? "" : "s",
                             count, count == 1 ? "" : "s");
    }
    return NULL;
}

/* ---- values ---- */

struct value {
    unsigned type; /* K5_LOG_TYPE_*; NONE: the frame ended before it */
    uint64_t bits; /* integers: sign-extended */
    double real;
    char string[0x80];
};

static void string_read(struct reader *reader, struct value *value)
{
    uint8_t head = read_u8(reader);
    size_t length = head & 0x7F;
    const uint8_t *bytes = read_bytes(reader, length);
    for (size_t i = 0; bytes != NULL && i < length; i++) {
        value->string[i] = (char)(bytes[i] < ' ' || bytes[i] == 0x7F ? '?' : bytes[i]);
    }
    if (bytes != NULL && (head & K5_LOG_STRING_CUT) != 0 && length + 3 < sizeof value->string) {
        memcpy(value->string + length, "...", 3);
    }
}

static struct value value_read(struct reader *reader, unsigned type)
{
    struct value value = {.type = type};
    if (type == K5_LOG_TYPE_STRING) {
        string_read(reader, &value);
    } else if ((type & K5_LOG_TYPE_WIDE) != 0) {
        value.bits = read_u64(reader);
        memcpy(&value.real, &value.bits, sizeof value.real);
    } else {
        uint32_t word = read_u32(reader);
        float real;
        memcpy(&real, &word, sizeof real);
        value.real = (double)real;
        value.bits = type == K5_LOG_TYPE_S32 ? (uint64_t)(int64_t)(int32_t)word : word;
    }
    if (reader->bad) {
        value.type = K5_LOG_TYPE_NONE;
    }
    return value;
}

/* ---- a value as text ---- */

static void binary_add(struct text *out, uint64_t bits)
{
    int bit = 63;
    while (bit > 0 && (bits >> bit & 1) == 0) {
        bit--;
    }
    for (; bit >= 0; bit--) {
        text_add(out, (bits >> bit & 1) != 0 ? "1" : "0");
    }
}

/* An integer of which the last `decimals` digits stand after the point. */
static void fixed_add(struct text *out, bool negative, uint64_t magnitude, int decimals)
{
    uint64_t scale = 1;
    for (int i = 0; i < decimals && i < 18; i++) {
        scale *= 10;
    }
    text_addf(out, "%s%" PRIu64, negative ? "-" : "", magnitude / scale);
    if (decimals > 0) {
        text_addf(out, ".%0*" PRIu64, decimals > 18 ? 18 : decimals, magnitude % scale);
    }
}

static void integer_add(struct text *out, const struct value *value, const struct format_spec *spec)
{
    bool is_signed = value->type == K5_LOG_TYPE_S32 || value->type == K5_LOG_TYPE_S64;
    uint64_t bits = value->type == K5_LOG_TYPE_S32 ? value->bits & UINT32_MAX : value->bits;
    bool negative = is_signed && (int64_t)value->bits < 0;
    if (spec->kind == 'x') {
        text_addf(out, "%s%" PRIx64, spec->prefix ? "0x" : "", bits);
    } else if (spec->kind == 'X') {
        text_addf(out, "%s%" PRIX64, spec->prefix ? "0x" : "", bits);
    } else if (spec->kind == 'b') {
        text_add(out, spec->prefix ? "0b" : "");
        binary_add(out, bits);
    } else {
        fixed_add(out, negative, negative ? 0 - value->bits : value->bits,
                  spec->decimals < 0 ? 0 : spec->decimals);
    }
}

static void character_add(struct text *out, uint64_t bits)
{
    char c = (char)(bits & 0xFF);
    if (c >= ' ' && c <= '~') {
        text_addf(out, "%c", c);
    } else {
        text_addf(out, "\\x%02x", (unsigned)(bits & 0xFF));
    }
}

static void value_plain(struct text *out, const struct value *value, const struct format_spec *spec)
{
    switch (value->type) {
    case K5_LOG_TYPE_NONE: text_add(out, "<missing>"); break;
    case K5_LOG_TYPE_STRING: text_add(out, value->string); break;
    case K5_LOG_TYPE_FLOAT:
    case K5_LOG_TYPE_DOUBLE:
        text_addf(out, spec->decimals >= 0 ? "%.*f" : "%.*g",
                  spec->decimals >= 0 ? spec->decimals : 6, value->real);
        break;
    case K5_LOG_TYPE_POINTER: text_addf(out, "0x%08" PRIx64, value->bits); break;
    case K5_LOG_TYPE_BOOL:
        text_add(out, spec->kind != 0 ? (value->bits != 0 ? "1" : "0")
                                      : (value->bits != 0 ? "true" : "false"));
        break;
    default:
        if (spec->kind == 'c' || (value->type == K5_LOG_TYPE_CHAR && spec->kind == 0)) {
            character_add(out, value->bits);
        } else {
            integer_add(out, value, spec);
        }
    }
}

/* Filled up to its width; zeros go after a sign or a prefix. */
static void value_add(struct text *out, const struct value *value, const struct format_spec *spec)
{
    struct text plain = {0};
    value_plain(&plain, value, spec);
    const char *string = text_string(&plain);
    size_t fill = plain.length < (size_t)spec->width ? (size_t)spec->width - plain.length : 0;
    size_t ahead = !spec->zeros ? 0 : spec->prefix ? 2 : string[0] == '-' ? 1 : 0;
    if (ahead > plain.length) {
        ahead = 0;
    }
    text_add_bytes(out, string, ahead);
    for (size_t i = 0; i < fill; i++) {
        text_add(out, spec->zeros ? "0" : " ");
    }
    text_add(out, string + ahead);
    text_free(&plain);
}

void site_format(const struct site *site, struct reader arguments, struct text *out)
{
    struct format_spec spec;
    unsigned taken = 0;
    const char *at = site->format;
    while (*at != '\0') {
        size_t plain = site->verbatim ? strlen(at) : strcspn(at, "{");
        text_add_bytes(out, at, plain);
        at += plain;
        if (*at == '\0') {
            break;
        }
        const char *next = at[1] == '{' ? NULL : format_spec_read(at + 1, &spec);
        if (next == NULL) { /* a brace, or what sites_check would have refused */
            text_add(out, "{");
            at += at[1] == '{' ? 2 : 1;
            continue;
        }
        unsigned type = taken < site->count ? site->types >> (4 * taken) & 15 : K5_LOG_TYPE_NONE;
        struct value value = {0};
        if (type != K5_LOG_TYPE_NONE) {
            value = value_read(&arguments, type);
        }
        value_add(out, &value, &spec);
        taken++;
        at = next;
    }
}
