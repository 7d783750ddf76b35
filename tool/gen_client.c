/*
 * gen_client.c - NAME_client.h of an interface: typed calls.
 *
 *   arguments -> words -> k5_call -> label, words checked -> results
 *
 * All of it is static inline and moves numbers between registers.
 */
#include "gen.h"
#include "gen_interface.h"
#include "gen_stub.h"

#include <stdlib.h>

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
    if (op->session != SESSION_NONE) {
        text_addf(out, "%sK5_ANSWER_SESSIONS", any ? " | " : "");
        any = true;
    }
    text_addf(out, "%s);\n", any ? "" : "0");
    free(upper);
}

static void call_add(struct text *out, const struct interface_fields *args)
{
    if (args->lend == NULL) {
        text_add(out, "    k5_error error = k5_call(to.endpoint, &m, deadline);\n");
        return;
    }
    text_addf(out,
              "    struct k5_loan loan = {\n        .base = %s%s,\n        .size = %s_size,\n"
              "        .rights = K5_MEM_READ%s,\n    };\n"
              "    k5_error error = k5_call_lend(to.endpoint, &m, &loan, deadline);\n",
              args->lend_writes ? "" : "(void *)(uintptr_t)", args->lend, args->lend,
              args->lend_writes ? " | K5_MEM_WRITE" : "");
}

static void client_op_add(struct text *out, const struct interface *interface,
                          const struct interface_op *op)
{
    struct list parameters = {0};
    char *upper = gen_upper(interface->name);
    char *own = gen_upper(op->name);
    char *head =
        string_format("K5_MUST_CHECK static inline k5_error %s_%s", interface->name, op->name);
    stub_doc_add(out, interface, op);
    list_addf(&parameters, "%s_endpoint to", interface->name);
    stub_parameters(&parameters, interface, &op->args, false, true);
    stub_parameters(&parameters, interface, &op->reply, true, false);
    list_add(&parameters, "k5_ticks deadline");
    stub_signature_add(out, head, &parameters, "\n{\n");
    if (op->args.buffer != NULL) {
        text_addf(out, "    if (%s_size > %u) {\n        return K5_ERR_ARG;\n    }\n",
                  op->args.buffer, op->args.buffer_most);
    }
    text_addf(out, "    struct k5_msg m = {\n        .label = %s_OP_%s,\n", upper, own);
    stub_words_add(out, &op->args, PARAMETERS, "        .", ",\n");
    stub_out_add(out, &op->args);
    text_add(out, "    };\n");
    if (op->send) {
        text_add(out, "    return k5_send(to.endpoint, &m, deadline);\n}\n");
    } else {
        call_add(out, &op->args);
        text_add(out, "    if (error != K5_OK) {\n        return error;\n    }\n"
                      "    if (m.label != K5_ANSWER_OK) {\n");
        answer_error_add(out, interface, op);
        text_add(out, "    }\n");
        if (op->reply.buffer != NULL) {
            text_addf(out,
                      "    if (m.in_sent > %u) {\n        return K5_ERR_BAD_ANSWER;\n    }\n"
                      "    if (m.in_size != m.in_sent) {\n"
                      "        return K5_ERR_BAD_BUFFER; /* this task's K5_MSG_BUFFER */\n    }\n",
                      op->reply.buffer_most);
        }
        if (stub_wrong_add(out, interface, &op->reply, "m.")) {
            text_add(out, "        return K5_ERR_BAD_ANSWER;\n    }\n");
        }
        for (size_t i = 0; i < op->reply.count; i++) {
            stub_decode_add(out, interface, &op->reply.items[i], PARAMETERS, "m.");
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
