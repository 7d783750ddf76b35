/*
 * interface.h - an interface file: the operations of a service, read, checked and laid out.
 *
 *   storage.toml --interface_read--> struct interface --gen_interfaces--> gen/interface/storage*.h
 *
 * Values lie in the words of a message as in a C struct: one behind the other, each at a multiple
 * of its size (8 bytes: of 4), least significant byte first. docs/manual/interfaces.md.
 *
 * Invariant after a reading without errors: labels and names differ, every type is resolved, and
 * what an operation takes or gives fits the words of a message.
 */
#ifndef K5_TOOL_INTERFACE_H
#define K5_TOOL_INTERFACE_H

#include "conf.h"
#include "k5_abi.h"
#include "util.h"

#define INTERFACE_ERRORS 31u /* labels 1 to 31 of an answer */

/* The last three lie in no word: their fields have no leaves. */
enum interface_kind {
    TYPE_UNSIGNED,
    TYPE_SIGNED,
    TYPE_BOOL,
    TYPE_ENUM,
    TYPE_STRUCT,
    TYPE_CAPABILITY,
    TYPE_BUFFER, /* bytes that the kernel copies */
    TYPE_LEND    /* memory of the caller, until the answer */
};

struct interface_type {
    enum interface_kind kind;
    const char *name; /* "u8", "s32", "bool", or of the file's enum or struct */
    uint32_t size;    /* bytes of one; 0: unknown, which was reported */
    uint32_t align;
};

/* A number within a field: what stands behind the field's name to reach it ("", ".x", "[3].x"). */
struct interface_leaf {
    const char *path;
    struct interface_type type; /* never a struct */
    uint32_t offset;            /* bytes from the start of the message's words, or of the struct */
};

struct interface_field { /* an argument, a result, a field of a struct */
    const char *name;
    const char *doc; /* NULL: none, here and below */
    struct interface_type type;
    uint32_t count; /* of an array; 0: it is none */
    uint32_t bytes; /* of a buffer: at most; of lent memory: at least; else 0 */
    uint32_t offset;
    struct interface_leaf *leaves;
    size_t leaf_count;
};
struct interface_fields {
    struct interface_field *items;
    size_t count;
    uint32_t size;          /* bytes */
    uint32_t align;         /* of the whole */
    const char *capability; /* the field that is one; NULL: none */
    const char *buffer;     /* likewise, and how large it is at most */
    uint32_t buffer_most;
    const char *lend; /* likewise, how large at least, and whether it is written */
    uint32_t lend_least;
    bool lend_writes;
};

struct interface_value { /* of an enum; an error: its label */
    const char *name;
    const char *doc;
    uint32_t value;
    int line;
};
struct interface_values {
    struct interface_value *items;
    size_t count;
};

struct interface_enum {
    const char *name;
    const char *doc;
    int line;
    struct interface_values values;
    uint32_t size; /* bytes in a message: as few as hold every value */
};

struct interface_struct {
    const char *name;
    const char *doc;
    int line;
    struct interface_fields fields;
};

/* What the server's function gets of the caller's session, and what becomes of it. */
enum interface_session {
    SESSION_NONE,   /* nothing */
    SESSION_USE,    /* it is begun if there is none */
    SESSION_BEGIN,  /* it is begun anew */
    SESSION_NEEDED, /* there must be one */
    SESSION_END,    /* there must be one, and it ends with the function */
};

struct interface_op {
    const char *name;
    const char *doc;
    const struct conf_node *node;
    uint32_t label;
    bool send;  /* it is sent: no answer */
    bool badge; /* the server's function gets the badge of the caller */
    bool later; /* the server's function gets the token, and answers when it can */
    enum interface_session session;
    struct interface_fields args;
    struct interface_fields reply;
    uint32_t errors; /* bit n: the error with label n */
};

struct interface {
    const char *name; /* of the file, without .toml */
    const char *file; /* the last part of its path */
    const char *real; /* its path without links: two tasks may name it in two ways */
    const char *doc;
    uint64_t hash; /* over all that both sides must agree on */
    struct interface_enum *enums;
    size_t enum_count;
    struct interface_struct *structs;
    size_t struct_count;
    struct interface_values errors;
    struct interface_op *ops;
    size_t op_count;
};

/* Reads a file that is there; mistakes are reported where they stand. Never NULL. */
const struct interface *interface_read(const char *path);

/* ---- interface_memory.c ---- */

/* True if the field is a buffer or lent memory; it is filled in, or its `bytes` are 0 and a mistake
 * was reported. */
bool interface_memory_read(const struct conf_node *node, const char *where, const char *what,
                           struct interface_fields *fields, struct interface_field *field);
/* How many words of a message are left for numbers; *beside says it for people. */
uint32_t interface_words(const struct interface_fields *fields, const char **beside);
/* The word of the message that is the n-th of those. */
uint32_t interface_word(const struct interface_fields *fields, uint32_t n);
/* Moves the numbers of fields that are all read into those words. */
void interface_words_place(const struct conf_node *table, const char *where,
                           struct interface_fields *fields);

/* ---- interface_type.c ---- */

/* [enum.*] and [struct.*]. */
void interface_types_read(struct interface *interface, const struct conf_node *root);
/* [errors], or the values of an enum: names in their order, or with numbers. `what` opens messages;
 * range: the smallest number, where counting begins, and the largest. */
void interface_values_read(const struct conf_node *node, const char *what, const int64_t range[2],
                           struct interface_values *values);
/* A table of names and types; `what`: "argument", "result", "field". */
void interface_fields_read(const struct interface *interface, const struct conf_node *table,
                           const char *where, const char *what, struct interface_fields *fields);
/* A table, or NULL: it is not there, or is none (reported). hint: how one is written. */
const struct conf_node *interface_table(const struct conf_node *parent, const char *key,
                                        const char *where, const char *hint);
/* `doc`, or NULL. */
const char *interface_doc(const struct conf_node *table, const char *where);

#endif
