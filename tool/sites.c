/*
 * sites.c - reading site records from an ELF and checking them; see sites.h. Formatting is in
 * format.c.
 */
#define _GNU_SOURCE /* O_CLOEXEC */
#include "sites.h"

#include "format.h"
#include "k5_log_abi.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- ELF ---- */

struct elf {
    int file;
    Elf *elf;
    size_t names; /* section of section names */
};

static bool elf_open(const char *path, struct elf *out)
{
    elf_version(EV_CURRENT);
    out->file = open(path, O_RDONLY | O_CLOEXEC);
    if (out->file < 0) {
        return false;
    }
    out->elf = elf_begin(out->file, ELF_C_READ, NULL);
    if (out->elf == NULL || elf_kind(out->elf) != ELF_K_ELF ||
        elf_getshdrstrndx(out->elf, &out->names) != 0) {
        elf_end(out->elf);
        close(out->file);
        return false;
    }
    return true;
}

static void elf_close(struct elf *elf)
{
    elf_end(elf->elf);
    close(elf->file);
}

static void section_copy(Elf_Scn *section, struct text *out)
{
    Elf_Data *data = elf_getdata(section, NULL);
    if (data != NULL && data->d_buf != NULL) {
        text_add_bytes(out, data->d_buf, data->d_size);
    }
}

bool sites_load(const char *path, struct sites *sites)
{
    struct elf elf;
    *sites = (struct sites){0};
    if (!elf_open(path, &elf)) {
        return false;
    }
    for (Elf_Scn *s = elf_nextscn(elf.elf, NULL); s != NULL; s = elf_nextscn(elf.elf, s)) {
        GElf_Shdr header;
        const char *name = gelf_getshdr(s, &header) == NULL
                               ? NULL
                               : elf_strptr(elf.elf, elf.names, header.sh_name);
        if (name != NULL && strcmp(name, ".k5log") == 0) {
            section_copy(s, &sites->records);
        } else if (name != NULL && strcmp(name, ".k5log.str") == 0) {
            section_copy(s, &sites->strings);
        }
    }
    elf_close(&elf);
    return true;
}

void sites_free(struct sites *sites)
{
    text_free(&sites->records);
    text_free(&sites->strings);
}

/* ---- records ---- */

static uint32_t field(const uint8_t *record, unsigned offset, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value |= (uint32_t)record[offset + i] << (8 * i);
    }
    return value;
}

bool site_find(const struct sites *sites, uint32_t number, struct site *site)
{
    size_t offset = (size_t)number * K5_LOG_SITE_SIZE;
    if (number == 0 || offset + K5_LOG_SITE_SIZE > sites->records.length) {
        return false;
    }
    const uint8_t *record = (const uint8_t *)sites->records.data + offset;
    uint32_t format = field(record, K5_LOG_SITE_FORMAT, 4);
    uint32_t file = field(record, K5_LOG_SITE_FILE, 4);
    uint32_t count = field(record, K5_LOG_SITE_COUNT, 1);
    if (format >= sites->strings.length || file >= sites->strings.length) {
        return false; /* struct text ends with a zero, so both strings end */
    }
    site->format = sites->strings.data + format;
    site->file = sites->strings.data + file;
    site->types = field(record, K5_LOG_SITE_TYPES, 4);
    site->line = field(record, K5_LOG_SITE_LINE, 2);
    site->level = field(record, K5_LOG_SITE_LEVEL, 1);
    site->count = count & ~(unsigned)K5_LOG_VERBATIM;
    site->verbatim = (count & K5_LOG_VERBATIM) != 0;
    return site->level < K5_LOG_LEVELS && site->count <= K5_LOG_ARGS;
}

int sites_check(const char *elf)
{
    struct sites sites;
    struct site site;
    int wrong = 0;
    if (!sites_load(elf, &sites)) {
        return 0;
    }
    for (uint32_t i = 1; i < sites.records.length / K5_LOG_SITE_SIZE; i++) {
        if (site_find(&sites, i, &site) && !site.verbatim) {
            char *problem = format_problem(site.format, site.count);
            if (problem != NULL) {
                fprintf(stderr, "%s:%u: error: log \"%s\": %s\n", site.file, site.line, site.format,
                        problem);
                wrong++;
            }
            free(problem);
        }
    }
    sites_free(&sites);
    return wrong;
}
