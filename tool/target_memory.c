/*
 * target_memory.c - all memory of a halted target, whatever it is doing; see target.h.
 *
 * QEMU's server reads as the processor would at that moment: a task sees its own memory alone. Past
 * the processor (remote_physical) the accesses are Secure ones by the addresses of the bus, and
 * what the protection controllers have opened to tasks is closed to those. So:
 *
 *   the kernel's memory          past the processor, without the bit that makes an address Secure
 *   a task's, if it runs         through the processor
 *   a task's, if another runs    through the processor while it visits the kernel (target_visit.c)
 *
 * A visit takes some time, so what it reads is kept, in blocks, until the target runs again.
 */
#include "target.h"

#include <stdlib.h>
#include <string.h>

#define WRITE_BYTES 512u
#define BLOCK_BYTES 1024u

static bool bypass(struct target *target, bool on)
{
    if (!target->bypasses || target->bypassing == on) {
        return !on || target->bypasses;
    }
    target->bypassing = remote_physical(target->remote, on) ? on : target->bypassing;
    return target->bypassing == on;
}

/* By the server, as it is now. */
bool target_access(struct target *target, struct target_access access)
{
    bool ok = true;
    if (!access.write) {
        return remote_read(target->remote, access.address, access.bytes, access.size);
    }
    while (ok && access.size > 0) {
        size_t part = access.size < WRITE_BYTES ? access.size : WRITE_BYTES;
        struct text command = {0};
        text_addf(&command, "M%x,%zx:", (unsigned)access.address, part);
        hex_add(&command, access.bytes, part);
        ok = remote_command(target->remote, command.data);
        text_free(&command);
        access.address += (uint32_t)part;
        access.bytes += part;
        access.size -= part;
    }
    return ok;
}

/* ---- what visits have read ---- */

struct target_block {
    struct target_block *next;
    uint32_t address;
    uint8_t bytes[BLOCK_BYTES];
};

void target_forget(struct target *target)
{
    while (target->blocks != NULL) {
        struct target_block *block = target->blocks;
        target->blocks = block->next;
        free(block);
    }
    target->fresh = false;
}

static const struct target_block *block_read(struct target *target, uint32_t address)
{
    for (struct target_block *block = target->blocks; block != NULL; block = block->next) {
        if (block->address == address) {
            return block;
        }
    }
    struct target_block *block = memory_new(sizeof *block);
    block->address = address;
    if (!target_visit(target, (struct target_access){address, block->bytes, BLOCK_BYTES, false})) {
        free(block);
        return NULL;
    }
    block->next = target->blocks;
    target->blocks = block;
    return block;
}

static bool blocks_read(struct target *target, struct target_access access)
{
    while (access.size > 0) {
        uint32_t inside = access.address % BLOCK_BYTES;
        size_t part = access.size < BLOCK_BYTES - inside ? access.size : BLOCK_BYTES - inside;
        const struct target_block *block = block_read(target, access.address - inside);
        if (block == NULL) {
            return false;
        }
        memcpy(access.bytes, block->bytes + inside, part);
        access.address += (uint32_t)part;
        access.bytes += part;
        access.size -= part;
    }
    return true;
}

/* ---- the ways ---- */

/* Is it memory of tasks (and no device, where a read may do something)? */
static bool is_tasks(const struct board *board, uint32_t address, size_t size)
{
    static const int kinds[] = {MEMORY_TASK_CODE, MEMORY_TASK_RAM, MEMORY_LOG};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct board_memory *memory = &board->memory[kinds[i]];
        uint32_t offset = address - memory->base;
        if (offset < memory->size && size <= memory->size - offset) {
            return true;
        }
    }
    return false;
}

static bool is_secure(const struct board *board, uint32_t address)
{
    for (size_t i = 0; i < MEMORY_COUNT; i++) {
        const struct board_memory *memory = &board->memory[i];
        if (address - memory->base < memory->size) {
            return (memory->base & board->emulator_secure_bit) != 0;
        }
    }
    return false;
}

static bool any_access(struct target *target, struct target_access access)
{
    const struct board *board = &target->app->board;
    if (!target->bypasses) {
        return target_access(target, access);
    }
    if (is_secure(board, access.address)) {
        access.address &= ~board->emulator_secure_bit;
        return bypass(target, true) && target_access(target, access);
    }
    if (!bypass(target, false)) {
        return false;
    }
    if (target_access(target, access)) {
        return true;
    }
    if (!access.write && is_tasks(board, access.address, access.size)) {
        return blocks_read(target, access);
    }
    /* of a device only what was asked for: to read it may do something */
    return (is_tasks(board, access.address, access.size) ||
            access.address - board->device_base < board->device_size) &&
           target_visit(target, access);
}

bool target_read(struct target *target, uint32_t address, void *bytes, size_t size)
{
    return any_access(target, (struct target_access){address, bytes, size, false});
}

bool target_write(struct target *target, uint32_t address, uint8_t *bytes, size_t size)
{
    bool ok = any_access(target, (struct target_access){address, bytes, size, true});
    target_forget(target);
    return ok;
}
