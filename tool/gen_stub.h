/*
 * gen_stub.h - parts of the functions of an interface, for both sides.
 *
 * A number that only a word could hold and the type does not (bool, enum) costs a comparison; a
 * capability is a k5_slot for who sends it, and for who receives it a bool: it came. A buffer is
 * where it lies and its size, for both; for a client that receives it, an array that it is copied
 * to. Lent memory is the same for who lends it, and a struct k5_loan for the server.
 */
#ifndef K5_TOOL_GEN_STUB_H
#define K5_TOOL_GEN_STUB_H

#include "interface.h"

/* How the fields are at hand: as parameters (a struct behind a pointer), or as variables. */
enum form { PARAMETERS, VARIABLES };

/* A number as its own type, from a message that was checked; `message`: "m." or "m->". On the heap.
 */
char *stub_leaf_decode(const struct interface *interface, const struct interface_leaf *leaf,
                       const char *message);
/* "w[0] = ..." for each word that has something, between `start` and `end`. */
void stub_words_add(struct text *out, const struct interface_fields *fields, enum form form,
                    const char *start, const char *end);
/* "if (a || b) {", true for bits that are no value of their type; or nothing, and false. */
bool stub_wrong_add(struct text *out, const struct interface *interface,
                    const struct interface_fields *fields, const char *message);
/* "    *count = m.w[0];" for each number. */
void stub_decode_add(struct text *out, const struct interface *interface,
                     const struct interface_field *field, enum form form, const char *message);
/* In C, for who sends it or receives it. On the heap. */
char *stub_field_type(const struct interface *interface, const struct interface_field *field,
                      bool sends);
/* An argument by value, or const behind a pointer; a result behind a pointer. */
void stub_parameters(struct list *list, const struct interface *interface,
                     const struct interface_fields *fields, bool result, bool sends);
/* head(a, b)tail, in lines of GEN_COLUMNS; those that follow are indented as the head and more. */
void stub_signature_add(struct text *out, const char *head, const struct list *parameters,
                        const char *tail);
/* The comment of an operation: its line, its text, and those of its fields and errors. */
void stub_doc_add(struct text *out, const struct interface *interface,
                  const struct interface_op *op);
/* What goes beside the words, in a message that is being written. */
void stub_out_add(struct text *out, const struct interface_fields *fields);

#endif
