/*
 * usb.c - debug probes on USB, as Linux shows them; see usb.h.
 */
#define _GNU_SOURCE
#include "usb.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX 126u /* characters in a descriptor of USB */
#define SEGGER   0x1366u

/* ---- what is there ---- */

static const struct usb_kind {
    const char *name;  /* as --probe has it */
    const char *words; /* as people call it */
} kinds[] = {{"stlink", "ST-LINK"}, {"cmsis-dap", "CMSIS-DAP"}, {"jlink", "J-Link"}};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

struct usb_probe {
    const struct usb_kind *kind;
    char *folder; /* in /sys */
    char *product;
    char *serial; /* "": it has none */
    bool plain;   /* the serial number is the device's, letter by letter */
    char *node;   /* in /dev */
};

struct usb_probes {
    struct usb_probe *items;
    size_t count;
};

/* Begins with $K5_USB_ROOT. Caller frees. */
static char *root_of(const char *path)
{
    const char *root = getenv("K5_USB_ROOT");
    return string_format("%s%s", root != NULL ? root : "", path);
}

/* An attribute of a device: one line. Characters that are not to be printed become dots; *plain is
 * false then. Caller frees. */
static char *attribute(const char *folder, const char *name, bool *plain)
{
    struct text text = {0};
    char *path = path_join(folder, name);
    (void)file_read(path, &text);
    size_t length = strcspn(text_string(&text), "\n");
    char *line =
        string_format("%.*s", (int)(length < TEXT_MAX ? length : TEXT_MAX), text_string(&text));
    *plain = length <= TEXT_MAX;
    for (char *at = line; *at != '\0'; at++) {
        if (*at < ' ' || *at > '~') {
            *at = '.';
            *plain = false;
        }
    }
    text_free(&text);
    free(path);
    return line;
}

static unsigned number(const char *folder, const char *name, int base)
{
    bool plain;
    char *line = attribute(folder, name, &plain);
    unsigned value = (unsigned)strtoul(line, NULL, base);
    free(line);
    return value;
}

/* The device, or one of its interfaces, calls itself so. */
static bool says_dap(const char *folder, const char *product)
{
    struct list entries = {0};
    bool found = strstr(product, "CMSIS-DAP") != NULL;
    dir_list(folder, "", &entries);
    for (size_t i = 0; i < entries.count && !found; i++) {
        bool plain;
        char *line = attribute(entries.items[i], "interface", &plain);
        found =
            strchr(path_base(entries.items[i]), ':') != NULL && strstr(line, "CMSIS-DAP") != NULL;
        free(line);
    }
    list_free(&entries);
    return found;
}

/* The products that OpenOCD's interface/stlink-dap.cfg lists. */
static bool is_stlink(unsigned vendor, unsigned product)
{
    static const unsigned known[] = {0x3744, 0x3748, 0x374B, 0x374D, 0x374E,
                                     0x374F, 0x3752, 0x3753, 0x3754};
    for (size_t i = 0; vendor == 0x0483 && i < sizeof known / sizeof known[0]; i++) {
        if (known[i] == product) {
            return true;
        }
    }
    return false;
}

static const struct usb_kind *kind_of(const char *folder, const char *product)
{
    unsigned vendor = number(folder, "idVendor", 16);
    if (is_stlink(vendor, number(folder, "idProduct", 16))) {
        return &kinds[0];
    }
    if (says_dap(folder, product)) { /* a J-Link may be one too */
        return &kinds[1];
    }
    return vendor == SEGGER ? &kinds[2] : NULL;
}

static void probe_add(struct usb_probes *probes, const char *folder)
{
    bool plain;
    char *product = attribute(folder, "product", &plain);
    const struct usb_kind *kind = kind_of(folder, product);
    if (kind == NULL) {
        free(product);
        return;
    }
    char *path = string_format("/dev/bus/usb/%03u/%03u", number(folder, "busnum", 10),
                               number(folder, "devnum", 10));
    probes->items = memory_resize(probes->items, (probes->count + 1) * sizeof probes->items[0]);
    struct usb_probe *probe = &probes->items[probes->count++];
    *probe = (struct usb_probe){
        .kind = kind, .folder = string_copy(folder), .product = product, .node = root_of(path)};
    probe->serial = attribute(folder, "serial", &probe->plain);
    free(path);
}

/* False if this machine does not say what is on USB. */
static bool probes_find(struct usb_probes *probes)
{
    struct list folders = {0};
    char *devices = root_of("/sys/bus/usb/devices");
    bool known = dir_exists(devices);
    dir_list(devices, "", &folders);
    for (size_t i = 0; i < folders.count; i++) {
        if (strchr(path_base(folders.items[i]), ':') == NULL) { /* that is an interface */
            probe_add(probes, folders.items[i]);
        }
    }
    list_free(&folders);
    free(devices);
    return known;
}

static void probes_free(struct usb_probes *probes)
{
    for (size_t i = 0; i < probes->count; i++) {
        free(probes->items[i].folder);
        free(probes->items[i].product);
        free(probes->items[i].serial);
        free(probes->items[i].node);
    }
    free(probes->items);
}

/* Those of this kind and with this serial number (NULL: with any) come first. How many they are. */
static size_t probes_choose(struct usb_probes *probes, const char *kind, const char *serial)
{
    size_t chosen = 0;
    for (size_t i = 0; i < probes->count; i++) {
        struct usb_probe probe = probes->items[i];
        if (strcmp(probe.kind->name, kind) == 0 &&
            (serial == NULL || (probe.plain && strcmp(probe.serial, serial) == 0))) {
            probes->items[i] = probes->items[chosen];
            probes->items[chosen++] = probe;
        }
    }
    return chosen;
}

/* ---- may it be opened? ---- */

/* A CMSIS-DAP of the first version is opened by another name, for human interface devices. */
static bool hidraw_opens(const struct usb_probe *probe)
{
    static const char *const levels[] = {":", "", "hidraw", "hidraw"};
    struct list found = {0};
    bool opens = false;
    list_add(&found, probe->folder);
    for (size_t level = 0; level < sizeof levels / sizeof levels[0]; level++) {
        struct list next = {0};
        for (size_t i = 0; i < found.count; i++) {
            struct list entries = {0};
            dir_list(found.items[i], "", &entries);
            for (size_t k = 0; k < entries.count; k++) {
                if (strstr(path_base(entries.items[k]), levels[level]) != NULL) {
                    list_add(&next, entries.items[k]);
                }
            }
            list_free(&entries);
        }
        list_free(&found);
        found = next;
    }
    for (size_t i = 0; i < found.count && !opens; i++) {
        char *name = path_join("/dev", path_base(found.items[i]));
        char *node = root_of(name);
        opens = access(node, R_OK | W_OK) == 0;
        free(node);
        free(name);
    }
    list_free(&found);
    return opens;
}

static bool probe_opens(const struct usb_probe *probe)
{
    return access(probe->node, R_OK | W_OK) == 0 ||
           (strcmp(probe->kind->name, "cmsis-dap") == 0 && hidraw_opens(probe));
}

/* ---- what to do ---- */

static char *probe_words(const struct usb_probe *probe)
{
    bool named = probe->product[0] != '\0';
    return string_format("%s%s%s%s at USB %s, serial number %s", probe->kind->words,
                         named ? " (" : "", probe->product, named ? ")" : "",
                         path_base(probe->folder),
                         probe->serial[0] != '\0' ? probe->serial : "none");
}

static bool in_session(gid_t group)
{
    gid_t groups[256];
    int count = getgroups(sizeof groups / sizeof groups[0], groups);
    for (int i = 0; i < count; i++) {
        if (groups[i] == group) {
            return true;
        }
    }
    return getegid() == group;
}

static bool is_member(const struct group *group, const char *user)
{
    for (char **member = group->gr_mem; *member != NULL; member++) {
        if (strcmp(*member, user) == 0) {
            return true;
        }
    }
    return false;
}

/* The group that the file is open to, if any, is what the user lacks. */
static void permission_hint(const struct stat *node)
{
    const struct passwd *user = getpwuid(geteuid());
    const struct group *group = getgrgid(node->st_gid);
    bool by_group = (node->st_mode & 0060u) == 0060u && node->st_gid != 0 && group != NULL;
    if (!by_group || in_session(node->st_gid)) {
        hint_print("Debian's rules for probes are in /lib/udev/rules.d/60-openocd.rules (package "
                   "openocd): plug the probe in again, or `sudo udevadm trigger`");
    } else if (user != NULL && is_member(group, user->pw_name)) {
        hint_print("you are in group %s, but not yet in this session: log out and in again",
                   group->gr_name);
    } else {
        hint_print("`sudo usermod -aG %s %s`, then log out and in again", group->gr_name,
                   user != NULL ? user->pw_name : "$USER");
    }
}

static void closed_print(const struct usb_probe *probe)
{
    struct stat node;
    char *words = probe_words(probe);
    if (stat(probe->node, &node) != 0) {
        error_print("no permission to use the %s: %s: %s", words, probe->node, strerror(errno));
        hint_print("is this a container? it needs that file");
    } else {
        const struct passwd *owner = getpwuid(node.st_uid);
        const struct group *group = getgrgid(node.st_gid);
        error_print("no permission to use the %s: %s belongs to user %s and group %s, mode %04o",
                    words, probe->node, owner != NULL ? owner->pw_name : "?",
                    group != NULL ? group->gr_name : "?", node.st_mode & 07777u);
        permission_hint(&node);
    }
    free(words);
}

/* The first `count` of them, each with the words that choose it. */
static void choices_print(const struct usb_probes *probes, size_t count, const char *kind)
{
    for (size_t i = 0; i < count; i++) {
        const struct usb_probe *probe = &probes->items[i];
        bool same = strcmp(probe->kind->name, kind) == 0;
        char *words = probe_words(probe);
        const char *closed = probe_opens(probe) ? "" : ", without permission";
        if (!same) {
            hint_print("--probe %s is the %s%s", probe->kind->name, words, closed);
        } else if (probe->plain && probe->serial[0] != '\0') {
            hint_print("--serial %s is the %s%s", probe->serial, words, closed);
        } else {
            hint_print("no --serial is the %s%s", words, closed);
        }
        free(words);
    }
}

static void none_print(const struct usb_probes *probes, const struct usb_kind *kind,
                       const char *serial, const char *board)
{
    if (serial != NULL) {
        error_print("no debug probe is connected that is the %s with serial number %s (board "
                    "\"%s\")",
                    kind->words, serial, board);
    } else {
        error_print("no debug probe is connected: there is no %s on USB (board \"%s\")",
                    kind->words, board);
    }
    choices_print(probes, probes->count, kind->name);
    if (probes->count == 0) {
        hint_print("connect it, or name another: --probe stlink|cmsis-dap|jlink; some cables have "
                   "no data lines");
    }
}

static void several_print(const struct usb_probes *probes, size_t count,
                          const struct usb_kind *kind, const char *serial)
{
    if (serial != NULL) {
        error_print("%zu %s probes have serial number %s: unplug all but one", count, kind->words,
                    serial);
        return;
    }
    error_print("%zu %s probes are connected: choose one with --serial NO", count, kind->words);
    choices_print(probes, count, kind->name);
}

static const struct usb_kind *kind_find(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* OpenOCD has ways of its own with a serial number that is not plain: then it shall look. */
static bool may_be(const struct usb_probes *probes, const char *kind, const char *serial)
{
    for (size_t i = 0; serial != NULL && i < probes->count; i++) {
        if (strcmp(probes->items[i].kind->name, kind) == 0 && !probes->items[i].plain) {
            return true;
        }
    }
    return false;
}

const char *usb_check(const char *kind, const char *serial, const char *board, bool quiet)
{
    struct usb_probes probes = {0};
    const char *problem = NULL;
    const struct usb_kind *wanted = kind_find(kind);
    bool known = wanted != NULL && probes_find(&probes);
    size_t chosen = known ? probes_choose(&probes, kind, serial) : 0;
    if (known && chosen == 0 && !may_be(&probes, kind, serial)) {
        problem = "no probe";
        if (!quiet) {
            none_print(&probes, wanted, serial, board);
        }
    } else if (chosen > 1) {
        problem = "several probes";
        if (!quiet) {
            several_print(&probes, chosen, wanted, serial);
        }
    } else if (chosen == 1 && !probe_opens(&probes.items[0])) {
        problem = "no permission";
        if (!quiet) {
            closed_print(&probes.items[0]);
        }
    }
    probes_free(&probes);
    return problem;
}
