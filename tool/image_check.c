/*
 * image_check.c - is a linked image what the chip needs, read from the ELF file as it will be
 * loaded?
 *
 * Compiled for each app with the sizes of its tables, and run by its build.ninja on image.elf. The
 * tables are taken from the image's own bytes; what they mean is judged by the functions that judge
 * at boot and in the proofs (kernel/config.c, arch/arm_m/protection.c). Here is what only the whole
 * image shows: vectors, segments, and that all walls agree about each address.
 *
 * usage: image_check IMAGE.elf
 */
#ifndef K5_CONFIG_MUTABLE
#define K5_CONFIG_MUTABLE /* the tables are variables here; the build says so for all its files */
#endif
#include "arch/arch.h"
#include "arch/arm_m/protection.h"
#include "kernel/config.h"

#include <elf.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct config cfg;
struct arch_config arch_cfg;
struct arch_images arch_images;

static uint8_t *file;
static size_t file_size;

#define RULE_TEXT(id, text) [id] = text, /* NOLINT(bugprone-macro-parentheses) */
static const char *const rules[ARCH_RULE_COUNT] = {ARCH_RULES(RULE_TEXT)};

static _Noreturn void wrong(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("error: internal: image.elf: ", stderr);
    vfprintf(stderr, format, list);
    fputs("\n", stderr);
    va_end(list);
    exit(1);
}

/* ---- the file ---- */

static void file_read(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (in == NULL || fseek(in, 0, SEEK_END) != 0 || ftell(in) < 0) {
        wrong("it cannot be read");
    }
    file_size = (size_t)ftell(in);
    file = malloc(file_size + 1);
    rewind(in);
    if (file == NULL || fread(file, 1, file_size, in) != file_size) {
        wrong("it cannot be read");
    }
    fclose(in);
}

static const void *bytes_at(size_t offset, size_t size)
{
    if (offset > file_size || size > file_size - offset) {
        wrong("it ends too early");
    }
    return file + offset;
}

static const Elf32_Ehdr *head(void)
{
    const Elf32_Ehdr *elf = bytes_at(0, sizeof *elf);
    if (memcmp(elf->e_ident, ELFMAG, SELFMAG) != 0 || elf->e_ident[EI_CLASS] != ELFCLASS32 ||
        elf->e_machine != EM_ARM || elf->e_type != ET_EXEC) {
        wrong("it is no program for Arm");
    }
    return elf;
}

static const Elf32_Phdr *segment(size_t i)
{
    return bytes_at(head()->e_phoff + i * sizeof(Elf32_Phdr), sizeof(Elf32_Phdr));
}

static const Elf32_Shdr *section(size_t i)
{
    return bytes_at(head()->e_shoff + i * sizeof(Elf32_Shdr), sizeof(Elf32_Shdr));
}

static const Elf32_Sym *symbol(const char *name)
{
    for (size_t i = 0; i < head()->e_shnum; i++) {
        const Elf32_Shdr *table = section(i);
        for (size_t s = 0; table->sh_type == SHT_SYMTAB && s < table->sh_size / sizeof(Elf32_Sym);
             s++) {
            const Elf32_Sym *found =
                bytes_at(table->sh_offset + s * sizeof(Elf32_Sym), sizeof(Elf32_Sym));
            const char *text = bytes_at(section(table->sh_link)->sh_offset + found->st_name, 1);
            if (strncmp(text, name, file_size - (size_t)((const uint8_t *)text - file)) == 0) {
                return found;
            }
        }
    }
    wrong("it has no symbol %s", name);
}

/* What is loaded to an address; an error if the file does not load all of it. */
static const void *loaded(uint32_t address, uint32_t size)
{
    for (size_t i = 0; i < head()->e_phnum; i++) {
        const Elf32_Phdr *s = segment(i);
        if (s->p_type == PT_LOAD && address >= s->p_vaddr && address - s->p_vaddr < s->p_filesz &&
            size <= s->p_filesz - (address - s->p_vaddr)) {
            return bytes_at(s->p_offset + (address - s->p_vaddr), size);
        }
    }
    wrong("nothing is loaded to 0x%08" PRIX32, address);
}

static void table_read(const char *name, void *table, size_t size)
{
    const Elf32_Sym *found = symbol(name);
    if (found->st_size != size) {
        wrong("table %s has %" PRIu32 " bytes, not %zu", name, found->st_size, size);
    }
    memcpy(table, loaded(found->st_value, (uint32_t)size), size);
}

/* ---- ranges ---- */

static bool inside(uint32_t address, struct arch_range range)
{
    return address - range.base < range.size;
}

static bool all_inside(uint32_t address, uint32_t size, struct arch_range range)
{
    return inside(address, range) && size <= range.size - (address - range.base);
}

static bool sau_open(uint32_t address)
{
    for (size_t i = 0; i < arch_cfg.sau_count; i++) {
        struct arch_pair p = arch_cfg.sau[i];
        if ((p.rlar & (ARCH_SAU_EN | ARCH_SAU_NSC)) == ARCH_SAU_EN && address >= p.rbar &&
            address <= (p.rlar | (ARCH_GRAIN - 1))) {
            return true;
        }
    }
    return false;
}

static bool mpc_open(uint32_t address)
{
    for (size_t i = 0; i < arch_cfg.mpc_count; i++) {
        const struct arch_mpc *mpc = &arch_cfg.mpc[i];
        if (address - mpc->memory >= mpc->first && address - mpc->memory <= mpc->last) {
            return true;
        }
    }
    return false;
}

/* Is it in a range of the SAU that is for devices? Those have no MPC; each has a closed device. */
static bool device_space(uint32_t address)
{
    for (size_t i = 0; i < arch_cfg.sau_count; i++) {
        struct arch_range range = {arch_cfg.sau[i].rbar, (arch_cfg.sau[i].rlar | (ARCH_GRAIN - 1)) -
                                                             arch_cfg.sau[i].rbar + 1};
        if (arch_cfg.closed_count > 0 && inside(address, range) &&
            inside(arch_cfg.closed[0].base, range)) {
            return true;
        }
    }
    return false;
}

/* ---- checks ---- */

static void vectors_check(void)
{
    uint32_t at = symbol("arch_vectors")->st_value;
    uint32_t size = symbol("arch_vectors")->st_size;
    uint32_t align = 128;
    size = size != 0 ? size : section(symbol("arch_vectors")->st_shndx)->sh_size;
    const uint32_t *vector = loaded(at, size);
    while (align < size) {
        align *= 2;
    }
    if (at != arch_cfg.kernel_text.base || at % align != 0) {
        wrong("the vector table is at 0x%08" PRIX32 ", not at the kernel's start on %" PRIu32
              " bytes",
              at, align);
    }
    if (!inside(vector[0] - 1, arch_cfg.kernel_ram) || vector[0] % 8 != 0) {
        wrong("the first stack pointer is 0x%08" PRIX32, vector[0]);
    }
    if (vector[1] != head()->e_entry) {
        wrong("the reset vector is not the program's entry");
    }
    for (uint32_t i = 1; i < size / 4; i++) {
        if (vector[i] != 0 && (vector[i] % 2 != 1 || !inside(vector[i], arch_cfg.kernel_text))) {
            wrong("vector %" PRIu32 " is 0x%08" PRIX32 ": no Thumb code of the kernel", i,
                  vector[i]);
        }
    }
}

/* The tasks' code: Non-secure, not in RAM of theirs. */
static bool task_code(uint32_t address, uint32_t size)
{
    return sau_open(address) && mpc_open(address) && sau_open(address + size - 1) &&
           mpc_open(address + size - 1) && !device_space(address) &&
           !inside(address, arch_cfg.log_ring);
}

static bool bank_secure(uint32_t address, uint32_t size)
{
    struct arch_range entry = {arch_cfg.veneer.base, arch_cfg.veneer.size + arch_cfg.idle.size};
    return all_inside(address, size, arch_cfg.kernel_text) || all_inside(address, size, entry);
}

static void segment_check(size_t i, const Elf32_Phdr *s)
{
    struct arch_range ram = {arch_cfg.secure_stacks.base,
                             arch_cfg.secure_stacks.size + arch_cfg.kernel_ram.size};
    if ((s->p_flags & (PF_W | PF_X)) == (PF_W | PF_X)) {
        wrong("segment %zu is writable and executable", i);
    }
    if (s->p_filesz > 0 && !bank_secure(s->p_paddr, s->p_filesz) &&
        !task_code(s->p_paddr, s->p_filesz)) {
        wrong("segment %zu is loaded to 0x%08" PRIX32 ": neither the kernel's bank by its Secure "
              "address nor the tasks'",
              i, s->p_paddr);
    }
    if ((s->p_flags & PF_W) != 0 ? !all_inside(s->p_vaddr, s->p_memsz, ram) &&
                                       !all_inside(s->p_vaddr, s->p_memsz, arch_cfg.log_ring)
                                 : s->p_vaddr != s->p_paddr) {
        wrong("segment %zu at 0x%08" PRIX32 " lies in no memory of its kind", i, s->p_vaddr);
    }
}

/* No address is Secure for one and Non-secure for another. */
static void walls_check(uint32_t address)
{
    bool open = sau_open(address);
    if (open && !device_space(address) && !mpc_open(address)) {
        wrong("0x%08" PRIX32 " is Non-secure for the SAU and Secure for its MPC", address);
    }
    if (!open && mpc_open(address)) {
        wrong("0x%08" PRIX32 " is Secure for the SAU and Non-secure for its MPC", address);
    }
    for (size_t i = 0; i < arch_cfg.alias_count; i++) {
        const struct arch_alias *alias = &arch_cfg.alias[i];
        if ((address & ~alias->mask) == alias->secure && open) {
            wrong("0x%08" PRIX32 " is a Secure address, and Non-secure for the SAU", address);
        }
    }
}

/* All that changes, changes at an edge of a range: so both sides of every edge are every address.
 */
static void edges_check(void)
{
    for (size_t i = 0; i < arch_cfg.sau_count; i++) {
        walls_check(arch_cfg.sau[i].rbar - 1);
        walls_check(arch_cfg.sau[i].rbar);
        walls_check(arch_cfg.sau[i].rlar | (ARCH_GRAIN - 1));
        walls_check((arch_cfg.sau[i].rlar | (ARCH_GRAIN - 1)) + 1);
    }
    for (size_t i = 0; i < arch_cfg.mpc_count; i++) {
        const struct arch_mpc *mpc = &arch_cfg.mpc[i];
        walls_check(mpc->memory + mpc->first - 1);
        walls_check(mpc->memory + mpc->first);
        walls_check(mpc->memory + mpc->last);
        walls_check(mpc->memory + mpc->last + 1);
    }
    for (size_t i = 0; i < arch_cfg.alias_count; i++) {
        walls_check(arch_cfg.alias[i].secure);
        walls_check(arch_cfg.alias[i].secure + arch_cfg.alias[i].mask);
    }
}

int main(int argc, char **argv)
{
    file_read(argc == 2 ? argv[1] : "");
    table_read("cfg", &cfg, sizeof cfg);
    table_read("arch_cfg", &arch_cfg, sizeof arch_cfg);
    table_read("arch_images", &arch_images, sizeof arch_images);
    if (!config_valid()) {
        wrong("the tables break a rule of config_valid()");
    }
    arch_rule broken = arch_protection_broken();
    if (broken != ARCH_RULE_NONE) {
        wrong("%s", rules[broken]);
    }
    vectors_check();
    for (size_t i = 0; i < head()->e_phnum; i++) {
        if (segment(i)->p_type == PT_LOAD && segment(i)->p_memsz > 0) {
            segment_check(i, segment(i));
        }
    }
    edges_check();
    return 0;
}
