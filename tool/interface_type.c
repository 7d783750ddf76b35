/*
 * interface_type.c - the types of an interface file: enums, structs, and the fields that have them.
 *
 *   "s16"  "u8[6]"  "mode"  "capability"  { type = "s16", doc = "tenths of a degree" }
 *
 * interface_memory.c reads those that are memory.
 *
 * A struct is known to what stands below it only, so none contains itself; its numbers ("leaves")
 * are listed once, when it is read, and who has a field of it copies the list.
 */
#include "app_read.h"
#include "interface.h"

#include <stdlib.h>
#include <string.h>

#define ENUM_LARGEST 0x7FFFFFFF /* what a C enum holds everywhere */
#define ARRAY_MOST   16u        /* as many bytes as a message carries */

static const struct interface_type simple[] = {
    {TYPE_UNSIGNED, "u8", 1, 1},  {TYPE_UNSIGNED, "u16", 2, 2},
    {TYPE_UNSIGNED, "u32", 4, 4}, {TYPE_UNSIGNED, "u64", 8, 4},
    {TYPE_SIGNED, "s8", 1, 1},    {TYPE_SIGNED, "s16", 2, 2},
    {TYPE_SIGNED, "s32", 4, 4},   {TYPE_SIGNED, "s64", 8, 4},
    {TYPE_BOOL, "bool", 1, 1},    {TYPE_CAPABILITY, "capability", 0, 1}};
#define SIMPLE_COUNT (sizeof simple / sizeof simple[0])

/* ---- what all parts of the file share ---- */

const struct conf_node *interface_table(const struct conf_node *parent, const char *key,
                                        const char *where, const char *hint)
{
    const struct conf_node *node = conf_get(parent, key);
    if (node != NULL && node->kind != CONF_TABLE) {
        conf_error(node, hint, "%s: \"%s\" is %s, not a table", where, key,
                   conf_kind_name(node->kind));
        return NULL;
    }
    return node;
}

const char *interface_doc(const struct conf_node *table, const char *where)
{
    const char *doc = conf_string(table, where, "doc", false);
    return doc != NULL && doc[0] != '\0' ? doc : NULL;
}

/* ---- names with numbers ---- */

/* The number and text of one: NAME = 3, NAME = "text" or NAME = { value = 3, doc = "text" }. */
static void value_read(const struct conf_node *item, const char *where, const int64_t range[2],
                       struct interface_value *value)
{
    static const char *const known[] = {"value", "doc"};
    int64_t fallback = value->value;
    if (item->kind == CONF_STRING) {
        value->doc = item->string[0] != '\0' ? item->string : NULL;
    } else if (item->kind == CONF_TABLE) {
        conf_known(item, where, known, 2);
        value->value = (uint32_t)conf_integer(item, where, "value", range, fallback);
        value->doc = interface_doc(item, where);
    } else if (item->kind != CONF_INTEGER) {
        conf_error(item, "write a number, or a text that says what it means",
                   "%s: \"%s\" is %s, not a number", where, item->key, conf_kind_name(item->kind));
    } else if (item->integer < range[0] || item->integer > range[1]) {
        conf_error(item, "", "%s: %s = %lld is out of range (%lld to %lld)", where, item->key,
                   (long long)item->integer, (long long)range[0], (long long)range[1]);
    } else {
        value->value = (uint32_t)item->integer;
    }
}

static void value_add(struct interface_values *values, const struct interface_value *value,
                      const struct conf_node *item, const char *where)
{
    for (size_t i = 0; i < values->count; i++) {
        const struct interface_value *other = &values->items[i];
        if (strcmp(other->name, value->name) == 0) {
            conf_error(item, "once is enough", "%s: \"%s\" is there twice", where, value->name);
            return;
        }
        if (other->value == value->value) {
            conf_error(item, "choose another number", "%s: \"%s\" and \"%s\" are both %u", where,
                       other->name, value->name, value->value);
            return;
        }
    }
    values->items = memory_resize(values->items, (values->count + 1) * sizeof values->items[0]);
    values->items[values->count++] = *value;
}

void interface_values_read(const struct conf_node *node, const char *what, const int64_t range[2],
                           struct interface_values *values)
{
    int64_t next = range[0];
    for (size_t i = 0; i < node->count; i++) {
        const struct conf_node *item = node->items[i];
        struct interface_value value = {.line = item->line, .value = (uint32_t)next};
        if (node->kind == CONF_ARRAY && item->kind != CONF_STRING) {
            conf_error(item, "write it in quotes", "%s: a name is %s, not a text", what,
                       conf_kind_name(item->kind));
            continue;
        }
        value.name = node->kind == CONF_ARRAY ? item->string : item->key;
        name_check(item, "value", value.name);
        if (node->kind == CONF_TABLE) {
            value_read(item, what, range, &value);
        }
        if (value.value > range[1]) {
            conf_error(item, "give it a number that is free",
                       "%s: \"%s\" would be %lld, above %lld", what, value.name,
                       (long long)value.value, (long long)range[1]);
            continue;
        }
        value_add(values, &value, item, what);
        next = (int64_t)value.value + 1;
    }
}

/* ---- types ---- */

static const struct interface_struct *struct_find(const struct interface *interface,
                                                  const char *name)
{
    for (size_t i = 0; i < interface->struct_count; i++) {
        if (strcmp(interface->structs[i].name, name) == 0) {
            return &interface->structs[i];
        }
    }
    return NULL;
}

static bool type_find(const struct interface *interface, const char *name,
                      struct interface_type *type)
{
    const struct interface_struct *fields = struct_find(interface, name);
    for (size_t i = 0; i < SIMPLE_COUNT; i++) {
        if (strcmp(simple[i].name, name) == 0) {
            *type = simple[i];
            return true;
        }
    }
    for (size_t i = 0; i < interface->enum_count; i++) {
        if (strcmp(interface->enums[i].name, name) == 0) {
            uint32_t size = interface->enums[i].size;
            *type = (struct interface_type){TYPE_ENUM, interface->enums[i].name, size, size};
            return true;
        }
    }
    if (fields != NULL) {
        *type = (struct interface_type){TYPE_STRUCT, fields->name, fields->fields.size,
                                        fields->fields.align};
    }
    return fields != NULL;
}

static void type_unknown(const struct interface *interface, const struct conf_node *node,
                         const char *where, const char *name)
{
    static const char *const others[][2] = {
        {"int", "s32"},     {"unsigned", "u32"}, {"char", "u8"},     {"i8", "s8"},
        {"i16", "s16"},     {"i32", "s32"},      {"i64", "s64"},     {"uint8_t", "u8"},
        {"int8_t", "s8"},   {"uint16_t", "u16"}, {"int16_t", "s16"}, {"uint32_t", "u32"},
        {"int32_t", "s32"}, {"uint64_t", "u64"}, {"int64_t", "s64"}, {"usize", "u32"},
        {"boolean", "bool"}};
    struct list names = {0};
    const char *near = NULL;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        near = strcmp(name, others[i][0]) == 0 ? others[i][1] : near;
    }
    for (size_t i = 0; i < interface->enum_count; i++) {
        list_add(&names, interface->enums[i].name);
    }
    for (size_t i = 0; i < interface->struct_count; i++) {
        list_add(&names, interface->structs[i].name);
    }
    for (size_t i = 0; i < SIMPLE_COUNT; i++) {
        list_add(&names, simple[i].name);
    }
    near = near != NULL ? near : nearest_word(name, (const char *const *)names.items, names.count);
    char *hint = near != NULL
                     ? string_format("did you mean \"%s\"?", near)
                     : string_copy("u8 to u64, s8 to s64, bool, an enum, or a struct above it");
    conf_error(node, hint, "%s: there is no type \"%s\"", where, name);
    list_free(&names);
    free(hint);
}

/* "u8[6]": its type and its count. False and a message if there is no such type. */
static bool type_read(const struct interface *interface, const struct conf_node *node,
                      const char *where, struct interface_field *field)
{
    const char *bracket = strchr(node->string, '[');
    int length = bracket != NULL ? (int)(bracket - node->string) : (int)strlen(node->string);
    char *name = string_format("%.*s", length, node->string);
    char *end = NULL;
    bool good = true;
    if (bracket != NULL) {
        unsigned long count = strtoul(bracket + 1, &end, 10);
        good = end > bracket + 1 && strcmp(end, "]") == 0 && bracket[1] != '-' &&
               bracket[1] != '+' && bracket[1] != ' ';
        if (!good) {
            conf_error(node, "write for example \"u8[6]\"", "%s: \"%s\" is no array", where,
                       node->string);
        } else if (count == 0 || count > ARRAY_MOST) {
            conf_error(node, "", "%s: an array has 1 to %u items", where, ARRAY_MOST);
            good = false;
        }
        field->count = (uint32_t)count;
    }
    if (good && !type_find(interface, name, &field->type)) {
        type_unknown(interface, node, where, name);
        good = false;
    }
    free(name);
    return good && (field->type.size > 0 || field->type.kind == TYPE_CAPABILITY);
}

/* ---- fields ---- */

static void leaf_add(struct interface_field *field, const char *path,
                     const struct interface_type *type, uint32_t offset)
{
    field->leaves = memory_resize(field->leaves, (field->leaf_count + 1) * sizeof field->leaves[0]);
    field->leaves[field->leaf_count++] =
        (struct interface_leaf){.path = string_copy(path), .type = *type, .offset = offset};
}

/* The numbers of one item of a struct's type. */
static void leaves_add(struct interface_field *field, const struct interface_struct *type,
                       const char *path, uint32_t offset)
{
    for (size_t i = 0; i < type->fields.count; i++) {
        const struct interface_field *part = &type->fields.items[i];
        for (size_t j = 0; j < part->leaf_count; j++) {
            const struct interface_leaf *leaf = &part->leaves[j];
            char *whole = string_format("%s.%s%s", path, part->name, leaf->path);
            leaf_add(field, whole, &leaf->type, offset + leaf->offset);
            free(whole);
        }
    }
}

/* Its place behind the others, and its numbers. */
static void field_place(const struct interface *interface, struct interface_fields *fields,
                        struct interface_field *field)
{
    uint32_t align = field->type.align;
    uint32_t count = field->count > 0 ? field->count : 1;
    if (field->type.kind == TYPE_CAPABILITY) {
        fields->capability = field->name;
        return;
    }
    field->offset = (fields->size + align - 1) / align * align;
    for (uint32_t i = 0; i < count; i++) {
        char *path = field->count > 0 ? string_format("[%u]", i) : string_copy("");
        uint32_t offset = field->offset + i * field->type.size;
        if (field->type.kind == TYPE_STRUCT) {
            leaves_add(field, struct_find(interface, field->type.name), path, offset);
        } else {
            leaf_add(field, path, &field->type, offset);
        }
        free(path);
    }
    fields->size = field->offset + count * field->type.size;
    fields->align = align > fields->align ? align : fields->align;
}

/* Names that C has, or the generated functions. */
static void field_name_check(const struct conf_node *node, const char *what)
{
    static const char *const taken[] = {
        "auto",     "break",    "case",   "char",   "const",    "continue", "default",  "do",
        "double",   "else",     "enum",   "extern", "float",    "for",      "goto",     "if",
        "inline",   "int",      "long",   "return", "register", "restrict", "short",    "signed",
        "sizeof",   "static",   "struct", "switch", "typedef",  "union",    "unsigned", "void",
        "volatile", "while",    "asm",    "typeof", "bool",     "true",     "false",    "errno",
        "to",       "deadline", "m",      "error",  "badge",    "token"};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (strcmp(node->key, taken[i]) == 0) {
            bool ours = i + 6 >= sizeof taken / sizeof taken[0];
            conf_error_key(node, "choose another name", "%s \"%s\": %s this name", what, node->key,
                           ours ? "the generated functions have" : "C has");
            return;
        }
    }
    name_check(node, what, node->key);
}

/* One goes with a message, beside its words: not in a struct, and not several. */
static bool capability_check(const struct interface_field *field, const struct conf_node *node,
                             const char *where, const char *what,
                             const struct interface_fields *fields)
{
    if (field->type.kind != TYPE_CAPABILITY) {
        return true;
    }
    if (field->count > 0) {
        conf_error(node, "write \"capability\"", "%s: \"%s\": a message brings one capability",
                   where, field->name);
    } else if (strcmp(what, "field") == 0) {
        conf_error(node, "make it an argument or a result",
                   "%s: \"%s\": a capability lies in no struct", where, field->name);
    } else if (fields->capability != NULL) {
        conf_error(node, "send it with another operation",
                   "%s: \"%s\" is a second capability, after \"%s\"; a message brings one", where,
                   field->name, fields->capability);
    } else {
        return true;
    }
    return false;
}

static void field_add(struct interface_fields *fields, const struct interface_field *field)
{
    fields->items = memory_resize(fields->items, (fields->count + 1) * sizeof fields->items[0]);
    fields->items[fields->count++] = *field;
}

static void field_read(const struct interface *interface, const struct conf_node *node,
                       const char *where, const char *what, struct interface_fields *fields)
{
    static const char *const known[] = {"type", "doc"};
    struct interface_field field = {.name = node->key};
    const struct conf_node *type = node;
    field_name_check(node, what);
    if (interface_memory_read(node, where, what, fields, &field)) {
        if (field.bytes > 0) {
            field_add(fields, &field);
        }
        return;
    }
    if (node->kind == CONF_TABLE) {
        conf_known(node, where, known, 2);
        field.doc = interface_doc(node, where);
        if (conf_string(node, where, "type", true) == NULL) {
            return;
        }
        type = conf_get(node, "type");
    }
    if (type->kind != CONF_STRING) {
        conf_error(type, "write for example \"u32\"", "%s: the type of \"%s\" is %s, not a text",
                   where, node->key, conf_kind_name(type->kind));
    } else if (type_read(interface, type, where, &field) &&
               capability_check(&field, type, where, what, fields)) {
        field_place(interface, fields, &field);
        field_add(fields, &field);
    }
}

void interface_fields_read(const struct interface *interface, const struct conf_node *table,
                           const char *where, const char *what, struct interface_fields *fields)
{
    const char *beside = NULL;
    *fields = (struct interface_fields){.align = 1};
    for (size_t i = 0; table != NULL && i < table->count; i++) {
        const struct conf_node *item = table->items[i];
        bool fit = fields->size <= 4 * interface_words(fields, &beside);
        field_read(interface, item, where, what, fields);
        uint32_t most = 4 * interface_words(fields, &beside);
        if (fit && fields->size > most) {
            conf_error_key(item, "pack it tighter, or lend memory",
                           "%s: with \"%s\" it is %u bytes; a message carries %u (%s)", where,
                           item->key, fields->size, most, beside);
        }
    }
    fields->size = (fields->size + fields->align - 1) / fields->align * fields->align;
    interface_words_place(table, where, fields);
}

/* ---- enums and structs ---- */

/* A type's name is part of a C name, after that of the interface. */
static bool type_name_check(const struct interface *interface, const struct conf_node *node,
                            const char *kind)
{
    static const char *const taken[] = {"op", "err", "error"};
    struct interface_type type;
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(node->key, taken[i]) == 0) {
            conf_error_key(node, "choose another name",
                           "%s \"%s\": the operations and errors have "
                           "this name in C",
                           kind, node->key);
            return false;
        }
    }
    name_check(node, kind, node->key);
    if (type_find(interface, node->key, &type)) {
        conf_error_key(node, "choose another name", "%s \"%s\": there is a type of this name", kind,
                       node->key);
        return false;
    }
    return true;
}

static void enum_read(struct interface *interface, const struct conf_node *node)
{
    static const char *const known[] = {"doc", "values"};
    static const int64_t range[2] = {0, ENUM_LARGEST};
    struct interface_enum *type = &interface->enums[interface->enum_count];
    char *where = string_format("enum \"%s\"", node->key);
    if (node->kind != CONF_TABLE) {
        conf_error(node, "write [enum.NAME]", "%s is %s, not a table", where,
                   conf_kind_name(node->kind));
    } else if (type_name_check(interface, node, "enum")) {
        const struct conf_node *values = conf_get(node, "values");
        uint32_t most = 0;
        conf_known(node, where, known, 2);
        *type = (struct interface_enum){.name = node->key, .line = node->line, .size = 4};
        type->doc = interface_doc(node, where);
        if (values == NULL || (values->kind != CONF_ARRAY && values->kind != CONF_TABLE) ||
            values->count == 0) {
            if (values != NULL || conf_complete(node)) {
                conf_error(values != NULL ? values : node, "write values = [\"off\", \"on\"]",
                           "%s has no values", where);
            }
        } else {
            interface_values_read(values, where, range, &type->values);
        }
        for (size_t i = 0; i < type->values.count; i++) {
            most = type->values.items[i].value > most ? type->values.items[i].value : most;
        }
        type->size = most > 0xFFFF ? 4 : most > 0xFF ? 2 : 1;
        interface->enum_count++;
    }
    free(where);
}

static void struct_read(struct interface *interface, const struct conf_node *node)
{
    static const char *const known[] = {"doc", "fields"};
    struct interface_struct *type = &interface->structs[interface->struct_count];
    char *where = string_format("struct \"%s\"", node->key);
    if (node->kind != CONF_TABLE) {
        conf_error(node, "write [struct.NAME]", "%s is %s, not a table", where,
                   conf_kind_name(node->kind));
    } else if (type_name_check(interface, node, "struct")) {
        const char *hint = "write fields = { x = \"s16\" }";
        const struct conf_node *fields = interface_table(node, "fields", where, hint);
        unsigned before = conf_error_count();
        conf_known(node, where, known, 2);
        *type = (struct interface_struct){.name = node->key, .line = node->line};
        type->doc = interface_doc(node, where);
        interface_fields_read(interface, fields, where, "field", &type->fields);
        if (type->fields.count == 0 && conf_error_count() == before && conf_complete(node)) {
            conf_error(node, hint, "%s has no fields", where);
        }
        type->fields.size = conf_error_count() == before ? type->fields.size : 0;
        interface->struct_count++;
    }
    free(where);
}

void interface_types_read(struct interface *interface, const struct conf_node *root)
{
    const struct conf_node *enums = interface_table(root, "enum", "interface", "write [enum.NAME]");
    const struct conf_node *structs =
        interface_table(root, "struct", "interface", "write [struct.NAME]");
    interface->enums = memory_new((enums != NULL ? enums->count : 0) * sizeof interface->enums[0]);
    interface->structs =
        memory_new((structs != NULL ? structs->count : 0) * sizeof interface->structs[0]);
    for (size_t i = 0; enums != NULL && i < enums->count; i++) {
        enum_read(interface, enums->items[i]);
    }
    for (size_t i = 0; structs != NULL && i < structs->count; i++) {
        struct_read(interface, structs->items[i]);
    }
}
