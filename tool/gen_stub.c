/*
 * gen_stub.c - the functions of an interface: NAME_client.h (typed calls) and NAME_server.h (what
 * checks a message and calls the server's functions).
 *
 *   client: arguments -> words -> k5_call -> label, words checked -> results
 *   server: k5_reply_recv -> label, words checked -> NAME_serve_OP, which the server defines
 *
 * All of it is static inline and moves numbers between registers; only what a word could hold and
 * the type does not (bool, enum) costs a comparison. A capability is a k5_slot for who sends it,
 * and for who receives it a bool: it came.
 */
#include "gen.h"
#include "gen_interface.h"

#include <stdlib.h>
#include <string.h>

/* How the fields are at hand: as parameters (a struct behind a pointer), or as variables. */
enum form { PARAMETERS, VARIABLES };

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

/* The number as its own type, from a message that was checked. */
static char *leaf_decode(const struct interface *interface, const struct interface_leaf *leaf,
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

/* "w[0] = ..." for each word that has something, between `start` and `end`. */
static void words_add(struct text *out, const struct interface_fields *fields, enum form form,
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

/* "if (a || b) {", or nothing. */
static bool wrong_add(struct text *out, const struct interface *interface,
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

/* "    *count = m.w[0];" for each number. */
static void decode_add(struct text *out, const struct interface *interface,
                       const struct interface_field *field, enum form form, const char *message)
{
    if (field->type.kind == TYPE_CAPABILITY) {
        text_addf(out, "    *%s = (%sflags & K5_FLAG_CAP) != 0;\n", field->name, message);
    }
    for (size_t j = 0; j < field->leaf_count; j++) {
        const struct interface_leaf *leaf = &field->leaves[j];
        char *name = leaf_name(field, leaf, form);
        char *code = leaf_decode(interface, leaf, message);
        text_addf(out, "    %s%s = %s;\n", form == PARAMETERS && leaf->path[0] == '\0' ? "*" : "",
                  name, code);
        free(name);
        free(code);
    }
}

/* ---- signatures ---- */

/* Of who sends it, or receives it. On the heap. */
static char *field_c_type(const struct interface *interface, const struct interface_field *field,
                          bool sends)
{
    return sends && field->type.kind == TYPE_CAPABILITY ? string_copy("k5_slot")
                                                        : gen_c_type(interface, &field->type);
}

/* An argument by value, or const behind a pointer; a result behind a pointer. */
static void parameters_list(struct list *list, const struct interface *interface,
                            const struct interface_fields *fields, bool result, bool sends)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct interface_field *field = &fields->items[i];
        char *type = field_c_type(interface, field, sends);
        bool pointer = field->count == 0 && (result || field->type.kind == TYPE_STRUCT);
        bool constant = !result && (field->count > 0 || field->type.kind == TYPE_STRUCT);
        char *array = field->count > 0 ? string_format("[%u]", field->count) : string_copy("");
        list_addf(list, "%s%s %s%s%s", constant ? "const " : "", type, pointer ? "*" : "",
                  field->name, array);
        free(type);
        free(array);
    }
}

/* head(a, b)tail, in lines of GEN_COLUMNS; those that follow are indented as the head and more. */
static void signature_add(struct text *out, const char *head, const struct list *parameters,
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

/* The comment of an operation: its line, its text, and those of its fields and errors. */
static void op_doc_add(struct text *out, const struct interface *interface,
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

/* ---- the client ---- */

/* "k5_answer_error(m.label, K5_ANSWER_SET(STORAGE_ERR_FULL))" */
static void answer_error_add(struct text *out, const struct interface *interface,
                             const struct interface_op *op)
{
    char *upper = gen_upper(interface->name);
    bool any = false;
    text_add(out, "        return k5_answer_error(m.label, ");
    for (size_t i = 0; i < interface->errors.count; i++) {
        const struct interface_value *error = &interface->errors.items[i];
        if (op->errors >> error->value & 1u) {
            char *own = gen_upper(error->name);
            text_addf(out, "%sK5_ANSWER_SET(%s_ERR_%s)", any ? " |\n            " : "", upper, own);
            any = true;
            free(own);
        }
    }
    text_addf(out, "%s);\n", any ? "" : "0");
    free(upper);
}

/* The line of a message that is being written. */
static void capability_add(struct text *out, const struct interface_fields *fields)
{
    if (fields->capability != NULL) {
        text_addf(out, "        .out_cap = k5_cap_out(%s),\n", fields->capability);
    }
}

static void client_op_add(struct text *out, const struct interface *interface,
                          const struct interface_op *op)
{
    struct list parameters = {0};
    char *upper = gen_upper(interface->name);
    char *own = gen_upper(op->name);
    char *head =
        string_format("K5_MUST_CHECK static inline k5_error %s_%s", interface->name, op->name);
    op_doc_add(out, interface, op);
    list_addf(&parameters, "%s_endpoint to", interface->name);
    parameters_list(&parameters, interface, &op->args, false, true);
    parameters_list(&parameters, interface, &op->reply, true, false);
    list_add(&parameters, "k5_ticks deadline");
    signature_add(out, head, &parameters, "\n{\n");
    text_addf(out, "    struct k5_msg m = {\n        .label = %s_OP_%s,\n", upper, own);
    words_add(out, &op->args, PARAMETERS, "        .", ",\n");
    capability_add(out, &op->args);
    text_add(out, "    };\n");
    if (op->send) {
        text_add(out, "    return k5_send(to.endpoint, &m, deadline);\n}\n");
    } else {
        text_add(out, "    k5_error error = k5_call(to.endpoint, &m, deadline);\n"
                      "    if (error != K5_OK) {\n        return error;\n    }\n"
                      "    if (m.label != K5_ANSWER_OK) {\n");
        answer_error_add(out, interface, op);
        text_add(out, "    }\n");
        if (wrong_add(out, interface, &op->reply, "m.")) {
            text_add(out, "        return K5_ERR_BAD_ANSWER;\n    }\n");
        }
        for (size_t i = 0; i < op->reply.count; i++) {
            decode_add(out, interface, &op->reply.items[i], PARAMETERS, "m.");
        }
        text_add(out, "    return K5_OK;\n}\n");
    }
    list_free(&parameters);
    free(upper);
    free(own);
    free(head);
}

void gen_client(const struct app *app, const struct interface *interface)
{
    struct text out = {0};
    char *path = string_format("gen/interface/%s_client.h", interface->name);
    gen_interface_head(&out, interface, "typed calls", "_CLIENT");
    text_add(&out, "\n/* Each returns K5_OK and the results; an error of k5_call (what is sent: of "
                   "k5_send) if no answer\n * came; one of those that are listed with it; "
                   "K5_ERR_BAD_ARGUMENT or K5_ERR_NO_OPERATION if the\n * server refused the "
                   "message; K5_ERR_BAD_ANSWER if its answer is none. On an error the results\n"
                   " * are as they were. Blocks until the answer is there or the deadline passes. "
                   "*/\n");
    for (size_t i = 0; i < interface->op_count; i++) {
        client_op_add(&out, interface, &interface->ops[i]);
    }
    text_add(&out, "\n#endif\n");
    gen_write(app, path, &out);
    text_free(&out);
    free(path);
}

/* ---- the server ---- */

/* What the server has to define: "enum storage_error storage_serve_put(...)". */
static void prototype_add(struct text *out, const struct interface *interface,
                          const struct interface_op *op)
{
    struct list parameters = {0};
    char *head =
        op->errors != 0 && !op->later
            ? string_format("enum %s_error %s_serve_%s", interface->name, interface->name, op->name)
            : string_format("void %s_serve_%s", interface->name, op->name);
    op_doc_add(out, interface, op);
    if (op->later) {
        list_add(&parameters, "uint32_t token");
    }
    if (op->badge) {
        list_add(&parameters, "uint32_t badge");
    }
    parameters_list(&parameters, interface, &op->args, false, false);
    if (!op->later) {
        parameters_list(&parameters, interface, &op->reply, true, true);
    }
    signature_add(out, head, &parameters, ";\n");
    list_free(&parameters);
    free(head);
}

/* Arguments and results that have no register of their own. */
static void variables_add(struct text *out, const struct interface *interface,
                          const struct interface_op *op)
{
    for (size_t i = 0; i < op->args.count; i++) {
        const struct interface_field *field = &op->args.items[i];
        char *type = gen_c_type(interface, &field->type);
        if (field->count > 0) {
            text_addf(out, "    %s %s[%u];\n", type, field->name, field->count);
            decode_add(out, interface, field, VARIABLES, "m->");
        } else if (field->type.kind == TYPE_STRUCT) {
            text_addf(out, "    %s %s;\n", type, field->name);
            decode_add(out, interface, field, VARIABLES, "m->");
        }
        free(type);
    }
    for (size_t i = 0; !op->later && i < op->reply.count; i++) {
        const struct interface_field *field = &op->reply.items[i];
        char *type = field_c_type(interface, field, true);
        if (field->count > 0) {
            text_addf(out, "    %s %s[%u] = {0};\n", type, field->name, field->count);
        } else {
            text_addf(out, "    %s %s = %s;\n", type, field->name,
                      field->type.kind == TYPE_STRUCT       ? "{0}"
                      : field->type.kind == TYPE_BOOL       ? "false"
                      : field->type.kind == TYPE_CAPABILITY ? "K5_NO_SLOT"
                                                            : "0");
        }
        free(type);
    }
}

/* The call of the server's function, with numbers straight from the message. */
static void serve_call_add(struct text *out, const struct interface *interface,
                           const struct interface_op *op)
{
    struct list arguments = {0};
    bool fails = op->errors != 0 && !op->later;
    char *head = fails ? string_format("    enum %s_error error = %s_serve_%s", interface->name,
                                       interface->name, op->name)
                       : string_format("    %s_serve_%s", interface->name, op->name);
    if (op->later) {
        list_add(&arguments, "token");
    }
    if (op->badge) {
        list_add(&arguments, "m->badge");
    }
    for (size_t i = 0; i < op->args.count; i++) {
        const struct interface_field *field = &op->args.items[i];
        bool behind = field->count == 0 && field->type.kind == TYPE_STRUCT;
        char *code =
            field->type.kind == TYPE_CAPABILITY ? string_copy("(m->flags & K5_FLAG_CAP) != 0")
            : field->count > 0 || behind ? string_format("%s%s", behind ? "&" : "", field->name)
                                         : leaf_decode(interface, &field->leaves[0], "m->");
        list_add(&arguments, code);
        free(code);
    }
    for (size_t i = 0; !op->later && i < op->reply.count; i++) {
        list_addf(&arguments, "%s%s", op->reply.items[i].count > 0 ? "" : "&",
                  op->reply.items[i].name);
    }
    struct text call = {0};
    signature_add(&call, head, &arguments, ";\n");
    if (arguments.count == 0) { /* a call, not a declaration */
        text_addf(out, "%s();\n", head);
    } else {
        text_add(out, text_string(&call));
    }
    text_free(&call);
    list_free(&arguments);
    free(head);
}

/* Whether an answer is awaited must be as the operation says. */
static void awaited_add(struct text *out, const struct interface_op *op)
{
    if (op->send) {
        text_add(out, "    if (m->token != 0) {\n        m->label = K5_ANSWER_NO_OPERATION; /* a "
                      "call: this is only sent */\n        return;\n    }\n");
    } else {
        text_add(out, "    if (m->token == 0) {\n        return; /* it was sent: nobody waits for "
                      "the answer */\n    }\n");
    }
}

static void dispatch_op_add(struct text *out, const struct interface *interface,
                            const struct interface_op *op)
{
    char *upper = gen_upper(interface->name);
    text_addf(out, "\nstatic inline void %s_dispatch_%s(struct k5_msg *m)\n{\n", interface->name,
              op->name);
    awaited_add(out, op);
    if (wrong_add(out, interface, &op->args, "m->")) {
        text_addf(out, "%s        return;\n    }\n",
                  op->send ? "" : "        m->label = K5_ANSWER_BAD_ARGUMENT;\n");
    }
    if (op->later) {
        text_add(out, "    uint32_t token = m->token;\n    m->token = 0; /* no answer now */\n");
    }
    variables_add(out, interface, op);
    serve_call_add(out, interface, op);
    if (op->errors != 0 && !op->later) {
        text_addf(out,
                  "    if (error != %s_OK) {\n        m->label = k5_answer_label(error);\n"
                  "        return;\n    }\n",
                  upper);
    }
    if (!op->send && !op->later) {
        text_add(out, "    m->label = K5_ANSWER_OK;\n");
        words_add(out, &op->reply, VARIABLES, "    m->", ";\n");
        if (op->reply.capability != NULL) {
            text_addf(out, "    k5_answer_with(m, %s);\n", op->reply.capability);
        }
    }
    text_add(out, "}\n");
    free(upper);
}

/* The answer to an operation that is answered later. */
static void reply_op_add(struct text *out, const struct interface *interface,
                         const struct interface_op *op)
{
    struct list parameters = {0};
    char *head = string_format("K5_MUST_CHECK static inline k5_error %s_reply_%s", interface->name,
                               op->name);
    list_add(&parameters, "uint32_t token");
    if (op->errors != 0) {
        list_addf(&parameters, "enum %s_error error", interface->name);
    }
    parameters_list(&parameters, interface, &op->reply, false, true);
    text_addf(out,
              "\n/* Answers a call of %s, once. K5_ERR_TOKEN: nobody waits for it any more. "
              "*/\n",
              op->name);
    signature_add(out, head, &parameters, "\n{\n    struct k5_msg m = {\n");
    text_addf(out, "        .label = %s,\n        .token = token,\n",
              op->errors != 0 ? "k5_answer_label(error)" : "K5_ANSWER_OK");
    words_add(out, &op->reply, PARAMETERS, "        .", ",\n");
    capability_add(out, &op->reply);
    text_add(out, "    };\n    return k5_reply(&m);\n}\n");
    list_free(&parameters);
    free(head);
}

/* One message, and the loop. */
static void serve_add(struct text *out, const struct interface *interface)
{
    const char *name = interface->name;
    char *upper = gen_upper(name);
    bool takes = false;
    for (size_t i = 0; i < interface->op_count; i++) {
        takes = takes || interface->ops[i].args.capability != NULL;
    }
    text_addf(out,
              "\n/* Checks one message, calls its function and turns *m into the answer. For a "
              "loop of one's own,\n * as with notification bits; k5_serve takes it too. */\n"
              "static inline void %s_dispatch(struct k5_msg *m)\n{\n%s    switch (m->label) {\n",
              name, takes ? "    bool came = (m->flags & K5_FLAG_CAP) != 0;\n" : "");
    for (size_t i = 0; i < interface->op_count; i++) {
        char *own = gen_upper(interface->ops[i].name);
        text_addf(out, "    case %s_OP_%s: %s_dispatch_%s(m); break;\n", upper, own, name,
                  interface->ops[i].name);
        free(own);
    }
    text_add(out, "    default:\n        if (m->flags & K5_FLAG_BITS) {\n"
                  "            k5_panic(K5_ERR_NO_OPERATION); /* bits need a loop of one's own */\n"
                  "        }\n        m->label = K5_ANSWER_NO_OPERATION;\n        break;\n    }\n");
    text_addf(out, "%s}\n",
              takes ? "    if (came) { /* and was not moved away */\n"
                      "        k5_msg_slot_empty();\n    }\n"
                    : "");
    text_addf(out,
              "\n/* The server loop: answers each message, for ever. A handle that is not this "
              "task's own ends the\n * task (k5_panic). */\n"
              "_Noreturn static inline void %s_serve(k5_server from)\n{\n"
              "    struct k5_msg m = {0};\n    for (;;) {\n"
              "        k5_error error = k5_reply_recv(from, &m, K5_FOREVER);\n"
              "        if (error != K5_OK) {\n            k5_panic(error);\n        }\n"
              "        %s_dispatch(&m);\n    }\n}\n",
              name, name);
    free(upper);
}

void gen_server(const struct app *app, const struct interface *interface)
{
    struct text out = {0};
    char *path = string_format("gen/interface/%s_server.h", interface->name);
    gen_interface_head(&out, interface, "the server", "_SERVER");
    text_add(&out, "\n/* ---- what the server defines: one function for each operation ---- */\n");
    for (size_t i = 0; i < interface->op_count; i++) {
        prototype_add(&out, interface, &interface->ops[i]);
    }
    text_add(&out, "\n/* ---- what it gets: arguments that were checked ---- */\n");
    for (size_t i = 0; i < interface->op_count; i++) {
        dispatch_op_add(&out, interface, &interface->ops[i]);
    }
    for (size_t i = 0; i < interface->op_count; i++) {
        if (interface->ops[i].later) {
            reply_op_add(&out, interface, &interface->ops[i]);
        }
    }
    serve_add(&out, interface);
    text_add(&out, "\n#endif\n");
    gen_write(app, path, &out);
    text_free(&out);
    free(path);
}
