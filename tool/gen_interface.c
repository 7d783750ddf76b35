/*
 * gen_interface.c - the headers of each interface: gen/interface/NAME.h (types and numbers), and
 * what gen_client.c and gen_server.c write, NAME_client.h and NAME_server.h.
 *
 * They are made once for the app, not for each task, so that client and server of an endpoint are
 * compiled from the same text. app.h of a task includes those that it needs.
 */
#include "gen_interface.h"
#include "gen.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- comments ---- */

/* A comment cannot hold its own marks; they are taken apart. Control characters are blanks. */
static char *doc_plain(const char *doc)
{
    struct text out = {0};
    for (size_t i = 0; doc[i] != '\0'; i++) {
        bool mark =
            i > 0 && ((doc[i - 1] == '*' && doc[i] == '/') || (doc[i - 1] == '/' && doc[i] == '*'));
        bool plain = (unsigned char)doc[i] >= ' ' || doc[i] == '\n';
        text_add(&out, mark ? " " : "");
        text_add_bytes(&out, plain ? &doc[i] : " ", 1);
    }
    char *plain = string_copy(text_string(&out));
    text_free(&out);
    return plain;
}

/* How far the last line of the text goes. */
static size_t column_of(const struct text *text)
{
    const char *end = strrchr(text_string(text), '\n');
    return end == NULL ? text->length : strlen(end + 1);
}

void gen_doc_add(struct text *out, const char *first, const char *next, const char *doc)
{
    char *line = doc_plain(doc);
    char *whole = line;
    const char *start = first;
    while (line != NULL) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end++ = '\0';
        }
        bool fresh = true; /* the first word begins a line */
        for (char *word = strtok(line, " "); word != NULL; word = strtok(NULL, " ")) {
            fresh = fresh || column_of(out) + 1 + strlen(word) + 3 > GEN_COLUMNS;
            text_addf(out, "%s%s", fresh ? start : " ", word);
            start = next;
            fresh = false;
        }
        line = end;
    }
    free(whole);
}

/* ---- names ---- */

char *gen_upper(const char *name)
{
    char *copy = string_copy(name);
    for (size_t i = 0; copy[i] != '\0'; i++) {
        copy[i] = (char)toupper((unsigned char)copy[i]);
    }
    return copy;
}

char *gen_c_type(const struct interface *interface, const struct interface_type *type)
{
    switch (type->kind) {
    case TYPE_UNSIGNED: return string_format("uint%u_t", type->size * 8);
    case TYPE_SIGNED: return string_format("int%u_t", type->size * 8);
    case TYPE_BOOL: return string_copy("bool");
    case TYPE_ENUM: return string_format("enum %s_%s", interface->name, type->name);
    case TYPE_CAPABILITY: return string_copy("bool"); /* as received: it came; gen_stub.c */
    case TYPE_BUFFER: return string_copy("void");
    case TYPE_LEND: return string_copy("struct k5_loan");
    case TYPE_STRUCT: break;
    }
    return string_format("struct %s_%s", interface->name, type->name);
}

/* ---- NAME.h ---- */

/* The largest buffers that come to the server, and to a client. */
static void buffers_add(struct text *out, const struct interface *interface, const char *upper)
{
    uint32_t most[2] = {0, 0};
    for (size_t i = 0; i < interface->op_count; i++) {
        const struct interface_op *op = &interface->ops[i];
        most[0] = op->args.buffer_most > most[0] ? op->args.buffer_most : most[0];
        most[1] = op->reply.buffer_most > most[1] ? op->reply.buffer_most : most[1];
    }
    if (most[0] > 0) {
        text_addf(out,
                  "\n/* The server writes K5_MSG_BUFFER(%s_ARGS_BYTES), or a larger one. */\n"
                  "#define %s_ARGS_BYTES %u\n",
                  upper, upper, most[0]);
    }
    if (most[1] > 0) {
        text_addf(out,
                  "\n/* A client writes K5_MSG_BUFFER(%s_REPLY_BYTES), or a larger one. */\n"
                  "#define %s_REPLY_BYTES %u\n",
                  upper, upper, most[1]);
    }
}

void gen_interface_head(struct text *out, const struct interface *interface, const char *what,
                        const char *suffix)
{
    char *name = gen_upper(interface->name);
    text_addf(out,
              "/* Interface \"%s\": %s.\n * Made by the k5 tool from %s: do not edit. app.h "
              "includes it.",
              interface->name, what, interface->file);
    if (suffix[0] == '\0' && interface->doc != NULL) {
        text_add(out, "\n *");
        gen_doc_add(out, "\n * ", "\n * ", interface->doc);
    }
    text_addf(out, "\n */\n#ifndef %s%s_H\n#define %s%s_H\n", name, suffix, name, suffix);
    free(name);
}

/* "from storage.toml:12", and the texts of an enum, struct or operation. */
static void type_doc_add(struct text *out, const struct interface *interface, int line,
                         const char *doc)
{
    text_addf(out, "\n/* from %s:%d", interface->file, line);
    if (doc != NULL) {
        gen_doc_add(out, "\n * ", "\n * ", doc);
    }
    text_add(out, " */\n");
}

/* The constants of an enum, each below its line and text. */
static void values_add(struct text *out, const struct interface *interface, const char *prefix,
                       const char *base, const struct interface_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        const struct interface_value *value = &values->items[i];
        char *name = gen_upper(value->name);
        char *place = string_format("    /* %s:%d: ", interface->file, value->line);
        if (value->doc != NULL) {
            gen_doc_add(out, place, "\n     * ", value->doc);
            text_add(out, " */\n");
        }
        text_addf(out, "    %s%s = %s%u,", prefix, name, base, value->value);
        if (value->doc == NULL) {
            text_addf(out, " /* %s:%d */", interface->file, value->line);
        }
        text_add(out, "\n");
        free(name);
        free(place);
    }
}

static void enum_add(struct text *out, const struct interface *interface,
                     const struct interface_enum *type)
{
    char *upper = gen_upper(interface->name);
    char *own = gen_upper(type->name);
    char *prefix = string_format("%s_%s_", upper, own);
    type_doc_add(out, interface, type->line, type->doc);
    text_addf(out, "enum %s_%s {\n", interface->name, type->name);
    values_add(out, interface, prefix, "", &type->values);
    text_addf(out,
              "};\n\n/* Is it one of them? */\nstatic inline bool %s_valid_%s(uint32_t value)\n"
              "{\n    switch (value) {\n",
              interface->name, type->name);
    for (size_t i = 0; i < type->values.count; i++) {
        char *name = gen_upper(type->values.items[i].name);
        text_addf(out, "    case %s%s:%s\n", prefix, name,
                  i + 1 == type->values.count ? " return true;" : "");
        free(name);
    }
    text_add(out, "    default: return false;\n    }\n}\n");
    free(upper);
    free(own);
    free(prefix);
}

static void struct_add(struct text *out, const struct interface *interface,
                       const struct interface_struct *type)
{
    type_doc_add(out, interface, type->line, type->doc);
    text_addf(out, "struct %s_%s {\n", interface->name, type->name);
    for (size_t i = 0; i < type->fields.count; i++) {
        const struct interface_field *field = &type->fields.items[i];
        char *name = gen_c_type(interface, &field->type);
        text_addf(out, "    %s %s", name, field->name);
        if (field->count > 0) {
            text_addf(out, "[%u]", field->count);
        }
        text_add(out, ";");
        if (field->doc != NULL) {
            gen_doc_add(out, " /* ", "\n    ", field->doc);
            text_add(out, " */");
        }
        text_add(out, "\n");
        free(name);
    }
    text_add(out, "};\n");
}

/* What the server answers instead of results, and its name for a log. */
static void errors_add(struct text *out, const struct interface *interface, const char *upper)
{
    char *prefix = string_format("%s_ERR_", upper);
    text_addf(out,
              "\n/* Errors of the service, beside those of every call. */\nenum %s_error {\n"
              "    %s_OK = 0,\n",
              interface->name, upper);
    values_add(out, interface, prefix, "K5_SERVICE_ERROR + ", &interface->errors);
    text_addf(out,
              "};\n\n/* As k5_error_name, which it asks for all others. */\n"
              "static inline const char *%s_error_name(k5_error error)\n{\n    switch (error) {\n",
              interface->name);
    for (size_t i = 0; i < interface->errors.count; i++) {
        char *name = gen_upper(interface->errors.items[i].name);
        text_addf(out, "    case %s%s: return \"%s%s\";\n", prefix, name, prefix, name);
        free(name);
    }
    text_add(out, "    default: return k5_error_name(error);\n    }\n}\n");
    free(prefix);
}

/* One that lies in no word; true if it does not. */
static bool place_beside_add(struct text *out, const struct interface_field *field)
{
    switch (field->type.kind) {
    case TYPE_CAPABILITY: text_add(out, "capability"); return true;
    case TYPE_BUFFER: text_addf(out, "up to %u bytes", field->bytes); return true;
    case TYPE_LEND:
        text_addf(out, "%s w[1] and w[3]",
                  strcmp(field->type.name, "lend rw") == 0 ? "lent to be written" : "lent");
        return true;
    default: return false;
    }
}

/* Where each field lies: "w[0] tenths, w[1] 7:0 open". */
static void places_add(struct text *out, const struct interface_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct interface_field *field = &fields->items[i];
        uint32_t size = field->type.size * (field->count > 0 ? field->count : 1);
        uint32_t first = interface_word(fields, field->offset / 4);
        uint32_t last = size > 0 ? interface_word(fields, (field->offset + size - 1) / 4) : first;
        text_add(out, i == 0 ? " " : ", ");
        if (place_beside_add(out, field)) {
            text_addf(out, " %s", field->name);
            continue;
        }
        if (field->offset % 4 == 0 && size % 4 == 0 && first == last) {
            text_addf(out, "w[%u]", first);
        } else if (field->offset % 4 == 0 && size % 4 == 0) {
            text_addf(out, "w[%u] %s w[%u]", first, fields->lend != NULL ? "and" : "to", last);
        } else if (first == last) {
            text_addf(out, "w[%u] bits %u:%u", first, field->offset % 4 * 8 + size * 8 - 1,
                      field->offset % 4 * 8);
        } else {
            text_addf(out, "bytes %u to %u%s", field->offset, field->offset + size - 1,
                      fields->lend != NULL ? " of w[0] and w[2]" : "");
        }
        text_addf(out, " %s", field->name);
    }
}

static void ops_add(struct text *out, const struct interface *interface, const char *upper)
{
    text_addf(out,
              "\n/* Labels, and what the words hold -> what those of the answer hold. */\n"
              "enum %s_op {\n",
              interface->name);
    for (size_t i = 0; i < interface->op_count; i++) {
        const struct interface_op *op = &interface->ops[i];
        char *name = gen_upper(op->name);
        struct text places = {0};
        places_add(&places, &op->args);
        text_add(&places, op->send ? " (sent)" : " ->");
        places_add(&places, &op->reply);
        char *place = string_format("    /* %s:%d: ", interface->file, op->node->line);
        gen_doc_add(out, place, "\n     * ", text_string(&places));
        free(place);
        text_addf(out, " */\n    %s_OP_%s = %u,\n", upper, name, op->label);
        text_free(&places);
        free(name);
    }
    text_add(out, "};\n");
}

static void types_write(const struct app *app, const struct interface *interface)
{
    struct text out = {0};
    char *upper = gen_upper(interface->name);
    char *path = string_format("gen/interface/%s.h", interface->name);
    gen_interface_head(&out, interface, "types and numbers for both sides", "");
    text_add(&out, "\n#include <k5/service.h>\n\n/* Of names, labels and types. */\n");
    text_addf(&out, "#define %s_HASH UINT64_C(0x%016" PRIx64 ")\n", upper, interface->hash);
    text_add(&out, "\n/* A handle of an endpoint that serves it; .endpoint is that of k5_call. */\n"
                   "typedef struct {\n    k5_endpoint endpoint;\n");
    text_addf(&out, "} %s_endpoint;\n", interface->name);
    buffers_add(&out, interface, upper);
    ops_add(&out, interface, upper);
    for (size_t i = 0; i < interface->enum_count; i++) {
        enum_add(&out, interface, &interface->enums[i]);
    }
    for (size_t i = 0; i < interface->struct_count; i++) {
        struct_add(&out, interface, &interface->structs[i]);
    }
    if (interface->errors.count > 0) {
        errors_add(&out, interface, upper);
    }
    text_add(&out, "\n#endif\n");
    gen_write(app, path, &out);
    text_free(&out);
    free(upper);
    free(path);
}

void gen_interfaces(const struct app *app)
{
    for (size_t i = 0; i < app->interface_count; i++) {
        types_write(app, app->interfaces[i]);
        gen_client(app, app->interfaces[i]);
        gen_server(app, app->interfaces[i]);
    }
}
