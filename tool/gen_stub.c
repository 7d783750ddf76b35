/*
 * gen_stub.c - what gen_client.c and gen_server.c share: numbers to words and back, the checks of
 * what a word could hold and its type does not, signatures and comments.
 */
#include "gen_stub.h"

#include "gen_interface.h"

#include <stdlib.h>
#include <string.h>

/* ---- one number ---- */

/* The number in C: "tenths", "sample->tenths", "key[3]". On the heap. */
static char *leaf_name(const struct interface_field *field, const struct interface_leaf *leaf,
                       enum form form)
{
    if (form == PARAMETERS && leaf->path[0] == '.') {
        return string_format("%s->%s", field->name, leaf->path + 1);
    }
    return string_format("%s%s", field->name, leaf->path);
}

/* Its bits in the message, from bit 0 on, as an unsigned number: "(uint8_t)(m.w[0] >> 8)"; or as a
 * signed one. 8 bytes: of two words. */
static char *leaf_bits(const struct interface_leaf *leaf, const char *message, bool is_signed)
{
    uint32_t word = leaf->offset / 4;
    uint32_t shift = leaf->offset % 4 * 8;
    uint32_t width = leaf->type.size * 8;
    const char *sign = is_signed ? "" : "u";
    if (width == 64) {
        return string_format(is_signed ? "(int64_t)((uint64_t)%sw[%u] << 32 | %sw[%u])"
                                       : "(uint64_t)%sw[%u] << 32 | %sw[%u]",
                             message, word + 1, message, word);
    }
    if (width == 32) {
        return string_format("%s%sw[%u]", is_signed ? "(int32_t)" : "", message, word);
    }
    return shift == 0
               ? string_format("(%sint%u_t)%sw[%u]", sign, width, message, word)
               : string_format("(%sint%u_t)(%sw[%u] >> %u)", sign, width, message, word, shift);
}

char *stub_leaf_decode(const struct interface *interface, const struct interface_leaf *leaf,
                       const char *message)
{
    char *bits = leaf_bits(leaf, message, leaf->type.kind == TYPE_SIGNED);
    char *type = gen_c_type(interface, &leaf->type);
    char *code = leaf->type.kind == TYPE_BOOL   ? string_format("%s != 0", bits)
                 : leaf->type.kind == TYPE_ENUM ? string_format("(%s)%s", type, bits)
                                                : string_copy(bits);
    free(bits);
    free(type);
    return code;
}

/* The check that fails for bits that are no value of the type, or NULL: all are. */
static char *leaf_wrong(const struct interface *interface, const struct interface_leaf *leaf,
                        const char *message)
{
    char *bits = leaf_bits(leaf, message, false);
    char *code = NULL;
    if (leaf->type.kind == TYPE_BOOL) {
        code = string_format("%s > 1", bits);
    } else if (leaf->type.kind == TYPE_ENUM) {
        code = string_format("!%s_valid_%s(%s)", interface->name, leaf->type.name, bits);
    }
    free(bits);
    return code;
}

/* What the number puts into one word, or NULL. */
static char *leaf_encode(const struct interface_leaf *leaf, uint32_t word, const char *name)
{
    uint32_t first = leaf->offset / 4;
    uint32_t shift = leaf->offset % 4 * 8;
    bool plain = leaf->type.kind == TYPE_UNSIGNED || leaf->type.kind == TYPE_BOOL;
    if (leaf->type.size == 8) {
        return word == first       ? string_format("(uint32_t)%s", name)
               : word == first + 1 ? string_format("(uint32_t)((uint64_t)%s >> 32)", name)
                                   : NULL;
    }
    if (word != first) {
        return NULL;
    }
    if (leaf->type.size == 4) {
        return string_format(plain ? "%s" : "(uint32_t)%s", name);
    }
    char *value = plain ? string_format(shift > 0 ? "(uint32_t)%s" : "%s", name)
                        : string_format("(uint32_t)(uint%u_t)%s", leaf->type.size * 8, name);
    char *code = shift > 0 ? string_format("%s << %u", value, shift) : string_copy(value);
    free(value);
    return code;
}

/* ---- all fields of a message ---- */

void stub_words_add(struct text *out, const struct interface_fields *fields, enum form form,
                    const char *start, const char *end)
{
    for (uint32_t word = 0; word < K5_MSG_WORDS; word++) {
        struct list parts = {0};
        size_t length = strlen(start) + 10;
        for (size_t i = 0; i < fields->count; i++) {
            const struct interface_field *field = &fields->items[i];
            for (size_t j = 0; j < field->leaf_count; j++) {
                char *name = leaf_name(field, &field->leaves[j], form);
                char *part = leaf_encode(&field->leaves[j], word, name);
                if (part != NULL) {
                    list_add(&parts, part);
                    length += strlen(part) + 3;
                }
                free(name);
                free(part);
            }
        }
        for (size_t i = 0; i < parts.count; i++) {
            if (i == 0) {
                text_addf(out, "%sw[%u] = %s", start, word, parts.items[i]);
            } else {
                text_addf(out, "%s%s", length > GEN_COLUMNS ? " |\n            " : " | ",
                          parts.items[i]);
            }
        }
        text_add(out, parts.count > 0 ? end : "");
        list_free(&parts);
    }
}

bool stub_wrong_add(struct text *out, const struct interface *interface,
                    const struct interface_fields *fields, const char *message)
{
    bool any = false;
    for (size_t i = 0; i < fields->count; i++) {
        const struct interface_field *field = &fields->items[i];
        for (size_t j = 0; j < field->leaf_count; j++) {
            char *code = leaf_wrong(interface, &field->leaves[j], message);
            if (code != NULL) {
                text_addf(out, "%s%s", any ? " ||\n        " : "    if (", code);
                any = true;
            }
            free(code);
        }
    }
    text_add(out, any ? ") {\n" : "");
    return any;
}

void stub_decode_add(struct text *out, const struct interface *interface,
                     const struct interface_field *field, enum form form, const char *message)
{
    if (field->type.kind == TYPE_CAPABILITY) {
        text_addf(out, "    *%s = (%sflags & K5_FLAG_CAP) != 0;\n", field->name, message);
    } else if (field->type.kind == TYPE_BUFFER) {
        text_addf(out, "    *%s_size = k5_bytes_take(&m, %s);\n", field->name, field->name);
    }
    for (size_t j = 0; j < field->leaf_count; j++) {
        const struct interface_leaf *leaf = &field->leaves[j];
        char *name = leaf_name(field, leaf, form);
        char *code = stub_leaf_decode(interface, leaf, message);
        text_addf(out, "    %s%s = %s;\n", form == PARAMETERS && leaf->path[0] == '\0' ? "*" : "",
                  name, code);
        free(name);
        free(code);
    }
}

/* ---- signatures ---- */

char *stub_field_type(const struct interface *interface, const struct interface_field *field,
                      bool sends)
{
    return sends && field->type.kind == TYPE_CAPABILITY ? string_copy("k5_slot")
                                                        : gen_c_type(interface, &field->type);
}

/* A buffer or lent memory, and its size. */
static void memory_parameters(struct list *list, const struct interface_field *field, bool result,
                              bool sends)
{
    bool reads = strcmp(field->type.name, "lend r") == 0;
    if (field->type.kind == TYPE_LEND && !sends) {
        list_addf(list, "const struct k5_loan *%s", field->name);
        return;
    }
    if (field->type.kind == TYPE_LEND) {
        list_addf(list, "%svoid *%s", reads ? "const " : "", field->name);
    } else if (result && !sends) {
        list_addf(list, "uint8_t %s[static %u]", field->name, field->bytes);
    } else {
        list_addf(list, "const void *%s%s", result ? "*" : "", field->name);
    }
    list_addf(list, "uint32_t %s%s_size", result ? "*" : "", field->name);
}

void stub_parameters(struct list *list, const struct interface *interface,
                     const struct interface_fields *fields, bool result, bool sends)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct interface_field *field = &fields->items[i];
        if (field->bytes > 0) {
            memory_parameters(list, field, result, sends);
            continue;
        }
        char *type = stub_field_type(interface, field, sends);
        bool pointer = field->count == 0 && (result || field->type.kind == TYPE_STRUCT);
        bool constant = !result && (field->count > 0 || field->type.kind == TYPE_STRUCT);
        char *array = field->count > 0 ? string_format("[%u]", field->count) : string_copy("");
        list_addf(list, "%s%s %s%s%s", constant ? "const " : "", type, pointer ? "*" : "",
                  field->name, array);
        free(type);
        free(array);
    }
}

void stub_signature_add(struct text *out, const char *head, const struct list *parameters,
                        const char *tail)
{
    size_t length = strlen(head) + 2 + strcspn(tail, "\n");
    const char *turned = head[0] == ' ' ? "\n        " : "\n    ";
    for (size_t i = 0; i < parameters->count; i++) {
        length += strlen(parameters->items[i]) + 2;
    }
    bool wide = length > GEN_COLUMNS;
    size_t column = wide ? strlen(turned) - 1 : 0;
    text_addf(out, "%s(%s", head, wide ? turned : "");
    for (size_t i = 0; i < parameters->count; i++) {
        const char *parameter = parameters->items[i];
        bool turn = wide && i > 0 && column + strlen(parameter) + 4 > GEN_COLUMNS;
        text_addf(out, "%s%s%s", i == 0 ? "" : ",", turn ? turned : i == 0 ? "" : " ", parameter);
        column = (turn ? strlen(turned) - 1 : column + 2) + strlen(parameter);
    }
    text_addf(out, "%s)%s", parameters->count == 0 ? "void" : "", tail);
}

void stub_doc_add(struct text *out, const struct interface *interface,
                  const struct interface_op *op)
{
    const struct interface_fields *const both[2] = {&op->args, &op->reply};
    char *upper = gen_upper(interface->name);
    text_addf(out, "\n/* from %s:%d", interface->file, op->node->line);
    if (op->doc != NULL) {
        gen_doc_add(out, "\n * ", "\n * ", op->doc);
    }
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < both[i]->count; j++) {
            const struct interface_field *field = &both[i]->items[j];
            char *name = string_format("\n *   %s: ", field->name);
            if (field->doc != NULL) {
                gen_doc_add(out, name, "\n *     ", field->doc);
            }
            free(name);
        }
    }
    for (size_t i = 0; i < interface->errors.count; i++) {
        const struct interface_value *error = &interface->errors.items[i];
        if (op->errors >> error->value & 1u) {
            char *own = gen_upper(error->name);
            char *name = string_format("\n * %s_ERR_%s", upper, own);
            text_add(out, name);
            gen_doc_add(out, ": ", "\n *   ", error->doc != NULL ? error->doc : "");
            free(own);
            free(name);
        }
    }
    text_add(out, " */\n");
    free(upper);
}

void stub_out_add(struct text *out, const struct interface_fields *fields)
{
    if (fields->capability != NULL) {
        text_addf(out, "        .out_cap = k5_cap_out(%s),\n", fields->capability);
    }
    if (fields->buffer != NULL) {
        text_addf(out, "        .out = %s,\n        .out_size = (uint16_t)%s_size,\n",
                  fields->buffer, fields->buffer);
    }
}
