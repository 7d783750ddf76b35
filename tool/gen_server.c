/*
 * gen_server.c - NAME_server.h of an interface: what checks a message and calls the server's
 * functions.
 *
 *   k5_reply_recv -> label, words checked -> NAME_serve_OP, which the server defines
 *
 * All of it is static inline and moves numbers between registers.
 */
#include "gen.h"
#include "gen_interface.h"
#include "gen_stub.h"

#include <stdlib.h>

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
    stub_doc_add(out, interface, op);
    if (op->later) {
        list_add(&parameters, "uint32_t token");
    }
    if (op->badge) {
        list_add(&parameters, "uint32_t badge");
    }
    if (op->session != SESSION_NONE) {
        list_addf(&parameters, "struct %s_session *session", interface->name);
    }
    stub_parameters(&parameters, interface, &op->args, false, false);
    if (!op->later) {
        stub_parameters(&parameters, interface, &op->reply, true, true);
    }
    stub_signature_add(out, head, &parameters, ";\n");
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
            stub_decode_add(out, interface, field, VARIABLES, "m->");
        } else if (field->type.kind == TYPE_STRUCT) {
            text_addf(out, "    %s %s;\n", type, field->name);
            stub_decode_add(out, interface, field, VARIABLES, "m->");
        }
        free(type);
    }
    for (size_t i = 0; !op->later && i < op->reply.count; i++) {
        const struct interface_field *field = &op->reply.items[i];
        if (field->type.kind == TYPE_BUFFER) {
            text_addf(out, "    const void *%s = NULL;\n    uint32_t %s_size = 0;\n", field->name,
                      field->name);
            continue;
        }
        char *type = stub_field_type(interface, field, true);
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
    if (op->session != SESSION_NONE) {
        list_add(&arguments, "session");
    }
    for (size_t i = 0; i < op->args.count; i++) {
        const struct interface_field *field = &op->args.items[i];
        bool behind = field->count == 0 && field->type.kind == TYPE_STRUCT;
        char *code =
            field->type.kind == TYPE_CAPABILITY ? string_copy("(m->flags & K5_FLAG_CAP) != 0")
            : field->type.kind == TYPE_LEND     ? string_format("&%s", field->name)
            : field->type.kind == TYPE_BUFFER   ? string_copy("m->in, m->in_size")
            : field->count > 0 || behind ? string_format("%s%s", behind ? "&" : "", field->name)
                                         : stub_leaf_decode(interface, &field->leaves[0], "m->");
        list_add(&arguments, code);
        free(code);
    }
    for (size_t i = 0; !op->later && i < op->reply.count; i++) {
        const struct interface_field *field = &op->reply.items[i];
        list_addf(&arguments, "%s%s", field->count > 0 ? "" : "&", field->name);
        if (field->type.kind == TYPE_BUFFER) {
            list_addf(&arguments, "&%s_size", field->name);
        }
    }
    struct text call = {0};
    stub_signature_add(&call, head, &arguments, ";\n");
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

/* The session of the caller, or an answer that says that there is none. What is wrong with the
 * arguments was answered before: a call that is refused begins none. */
static void session_add(struct text *out, const struct interface *interface,
                        const struct interface_op *op)
{
    static const char *const how[] = {[SESSION_USE] = "session",
                                      [SESSION_BEGIN] = "session_begin",
                                      [SESSION_NEEDED] = "session_find",
                                      [SESSION_END] = "session_find"};
    bool makes = op->session == SESSION_USE || op->session == SESSION_BEGIN;
    const char *name = interface->name;
    char *refuse =
        string_format("        m->label = K5_ANSWER_%s;\n", makes ? "SESSIONS_FULL" : "NO_SESSION");
    text_addf(out,
              "    struct %s_session *session = k5_%s(&%s_sessions, m->badge);\n"
              "    if (session == NULL) {\n%s        return;\n    }\n",
              name, how[op->session], name, op->send ? "" : refuse);
    free(refuse);
}

/* What came beside the words is not longer or shorter than it may be, and was taken whole. */
static void memory_check_add(struct text *out, const struct interface_op *op)
{
    const struct interface_fields *args = &op->args;
    const char *refuse = op->send ? "" : "        m->label = K5_ANSWER_BAD_ARGUMENT;\n";
    if (args->buffer != NULL) {
        text_addf(
            out,
            "    if (m->in_sent > %u) {\n%s        return;\n    }\n"
            "    if (m->in_size != m->in_sent) {\n%s        return;\n    }\n",
            args->buffer_most, refuse,
            op->send ? "" : "        m->label = K5_ANSWER_BAD; /* K5_MSG_BUFFER is too small */\n");
    }
    if (args->lend != NULL) {
        text_addf(out,
                  "    struct k5_loan %s = k5_loan(m);\n"
                  "    if (%s.size < %u%s%s%s) {\n%s        return;\n    }\n",
                  args->lend, args->lend, args->lend_least, args->lend_writes ? " || (" : "",
                  args->lend_writes ? args->lend : "",
                  args->lend_writes ? ".rights & K5_MEM_WRITE) == 0" : "", refuse);
    }
}

/* The bytes of an answer. */
static void answer_bytes_add(struct text *out, const struct interface_fields *reply)
{
    if (reply->buffer != NULL) {
        text_addf(out, "    m->out = %s;\n    m->out_size = (uint16_t)%s_size;\n", reply->buffer,
                  reply->buffer);
    }
}

static void dispatch_op_add(struct text *out, const struct interface *interface,
                            const struct interface_op *op)
{
    char *upper = gen_upper(interface->name);
    text_addf(out, "\nstatic inline void %s_dispatch_%s(struct k5_msg *m)\n{\n", interface->name,
              op->name);
    awaited_add(out, op);
    memory_check_add(out, op);
    if (stub_wrong_add(out, interface, &op->args, "m->")) {
        text_addf(out, "%s        return;\n    }\n",
                  op->send ? "" : "        m->label = K5_ANSWER_BAD_ARGUMENT;\n");
    }
    if (op->session != SESSION_NONE) {
        session_add(out, interface, op);
    }
    if (op->later) {
        text_add(out, "    uint32_t token = m->token;\n    m->token = 0; /* no answer now */\n");
    }
    variables_add(out, interface, op);
    serve_call_add(out, interface, op);
    if (op->session == SESSION_END) {
        text_addf(out, "    k5_session_end(&%s_sessions, m->badge);\n", interface->name);
    }
    if (op->errors != 0 && !op->later) {
        text_addf(out,
                  "    if (error != %s_OK) {\n        m->label = k5_answer_label(error);\n"
                  "        return;\n    }\n",
                  upper);
    }
    if (!op->send && !op->later) {
        if (op->reply.buffer != NULL) {
            text_addf(out,
                      "    if (%s_size > %u) {\n        m->label = K5_ANSWER_BAD;\n"
                      "        return;\n    }\n",
                      op->reply.buffer, op->reply.buffer_most);
        }
        text_add(out, "    m->label = K5_ANSWER_OK;\n");
        stub_words_add(out, &op->reply, VARIABLES, "    m->", ";\n");
        answer_bytes_add(out, &op->reply);
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
    stub_parameters(&parameters, interface, &op->reply, false, true);
    text_addf(out,
              "\n/* Answers a call of %s, once. K5_ERR_TOKEN: nobody waits for it any more. "
              "*/\n",
              op->name);
    stub_signature_add(out, head, &parameters, "\n{\n");
    if (op->reply.buffer != NULL) {
        text_addf(out, "    if (%s_size > %u) {\n        return K5_ERR_ARG;\n    }\n",
                  op->reply.buffer, op->reply.buffer_most);
    }
    text_add(out, "    struct k5_msg m = {\n");
    text_addf(out, "        .label = %s,\n        .token = token,\n",
              op->errors != 0 ? "k5_answer_label(error)" : "K5_ANSWER_OK");
    stub_words_add(out, &op->reply, PARAMETERS, "        .", ",\n");
    stub_out_add(out, &op->reply);
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
    bool buffers = false;
    for (size_t i = 0; i < interface->op_count; i++) {
        takes = takes || interface->ops[i].args.capability != NULL;
        buffers = buffers || interface->ops[i].args.buffer != NULL;
    }
    char *buffer_check = buffers ? string_format("    k5_msg_buffer_check(%s_ARGS_BYTES);\n", upper)
                                 : string_copy("");
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
              "_Noreturn static inline void %s_serve(k5_server from)\n{\n%s"
              "    struct k5_msg m = {0};\n    for (;;) {\n"
              "        k5_error error = k5_reply_recv(from, &m, K5_FOREVER);\n"
              "        if (error != K5_OK) {\n            k5_panic(error);\n        }\n"
              "        %s_dispatch(&m);\n    }\n}\n",
              name, buffer_check, name);
    free(buffer_check);
    free(upper);
}

/* What a server with sessions defines beside its functions. */
static void sessions_add(struct text *out, const struct interface *interface)
{
    const char *name = interface->name;
    char *upper = gen_upper(name);
    bool any = false;
    for (size_t i = 0; i < interface->op_count; i++) {
        any = any || interface->ops[i].session != SESSION_NONE;
    }
    if (any) {
        text_addf(
            out,
            "\n#include <k5/session.h>\n"
            "\n/* ---- what the server defines: the session of a client, and how many ---- */"
            "\n\nstruct %s_session;\n"
            "union %s_sessions K5_SESSIONS_UNION(struct %s_session);\n"
            "extern const union %s_sessions %s_sessions;\n"
            "\n/* Once, at file scope, below struct %s_session: room for so many clients. */\n"
            "#define %s_SESSIONS(most) \\\n"
            "    K5_SESSIONS_PLACES(%s_sessions, struct %s_session, most); \\\n"
            "    const union %s_sessions %s_sessions = {K5_SESSIONS_TABLE(%s_sessions, most)}\n",
            name, name, name, name, name, name, upper, name, name, name, name, name);
    }
    free(upper);
}

void gen_server(const struct app *app, const struct interface *interface)
{
    struct text out = {0};
    char *path = string_format("gen/interface/%s_server.h", interface->name);
    gen_interface_head(&out, interface, "the server", "_SERVER");
    sessions_add(&out, interface);
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
