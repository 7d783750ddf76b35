/*
 * sites.h - the log calls of a task, as records in its ELF, and a frame's text made from one.
 *
 * abi/k5_log_abi.h describes the record. Records are read from sections that are not loaded, so an
 * ELF that was stripped of them gives no sites and "unknown log id" lines, not an error.
 */
#ifndef K5_TOOL_SITES_H
#define K5_TOOL_SITES_H

#include "frame.h"
#include "util.h"

struct sites {
    struct text records; /* section .k5log */
    struct text strings; /* section .k5log.str */
};

struct site {
    const char *format;
    const char *file;
    uint32_t types; /* 4 bits an argument */
    unsigned line;
    unsigned level; /* K5_LOG_ERROR .. K5_LOG_DEBUG */
    unsigned count;
    bool verbatim; /* braces of the format are text */
};

/* Reads the sections of an ELF. False if the file cannot be read as ELF; nothing is printed. */
bool sites_load(const char *elf, struct sites *sites);
void sites_free(struct sites *sites);
/* The site with this number (its id / K5_LOG_SITE_SIZE). False if there is none, or it is broken.
 */
bool site_find(const struct sites *sites, uint32_t number, struct site *site);
/* The text of a frame: the format with the arguments in it. Arguments that are missing show as
 * "<missing>"; control characters of strings as "?". */
void site_format(const struct site *site, struct reader arguments, struct text *out);
/* Checks all formats of an ELF against their arguments, prints "file:line: error: ..." for each
 * that is wrong, and returns how many. */
int sites_check(const char *elf);

#endif
