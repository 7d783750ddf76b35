/* Log calls with a buffer at every edge of every region: K5_OK exactly where all bytes lie in one
 * region of the attacker's that is ordinary memory, K5_ERR_BAD_BUFFER elsewhere, K5_ERR_ARG for
 * lengths that no buffer has. From low to high, without gaps:
 *
 *   code: below | attacker | client     RAM: log ring | open (rw) | book (r) | below | attacker |
 * client
 */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "../common/places.h"
#include "../common/referee.h"
#include "app.h" /* OPEN_BASE, BOOK_BASE, K5_TICK_HZ */

extern const uint32_t k5_code_start[]; /* linker script */
extern const uint32_t k5_code_end[];
extern uint32_t k5_stack_base[];
extern uint32_t k5_ram_end[];

#define SITE (K5_LOG_ID_END - K5_LOG_SITE_SIZE) /* an id that may be one, but is none here */

#define UP(end)  (((uint32_t)(uintptr_t)(end) + 31u) & ~31u) /* where the region ends */
#define CODE     ((uint32_t)(uintptr_t)k5_code_start)
#define CODE_END UP(k5_code_end)
#define RAM      ((uint32_t)(uintptr_t)k5_stack_base)
#define RAM_END  UP(k5_ram_end)
#define OPEN     OPEN_BASE
#define OPEN_END (OPEN_BASE + OPEN_SIZE)
#define BOOK     BOOK_BASE
#define BOOK_END (BOOK_BASE + BOOK_SIZE)
#define UART     UART1_NS
#define UART_END (UART1_NS + 0x1000u)

/* A full ring says nothing about the buffer: wait until it is drained. */
static k5_error log_at(uint32_t address, uint32_t length)
{
    const uint32_t w[K5_MSG_WORDS] = {address, length};
    for (;;) {
        k5_error error = k5_sys_log(K5_SYS_LOG | K5_LOG_BUFFER << 16, SITE, w);
        if (error != K5_ERR_FULL) {
            return error;
        }
        k5_sleep(K5_MS(1));
    }
}

/* (A line may be lost in a full ring; a panic is not, and it is not what the table expects.) */
static void try(uint32_t address, uint32_t length, k5_error expected)
{
    k5_error error = log_at(address, length);
    if (error != expected) {
        K5_ERROR("WRONG: {} bytes at {#x}: {}", length, address, k5_error_name(error));
        k5_panic(address);
    }
}

#define TRY(name, address, length, expected)                  \
    static void name(uint32_t unused, const struct places *p) \
    {                                                         \
        (void)unused;                                         \
        (void)p;                                              \
        try((address), (length), (expected));                 \
    }

/* A region of the attacker's own, and what lies before and after it. */
#define EDGES(name, base, end)                        \
    TRY(name##_first, (base), 1, K5_OK)               \
    TRY(name##_last, (end)-1, 1, K5_OK)               \
    TRY(name##_whole, (end)-64, 64, K5_OK)            \
    TRY(name##_over, (end)-63, 64, K5_ERR_BAD_BUFFER) \
    TRY(name##_under, (base)-1, 2, K5_ERR_BAD_BUFFER)
EDGES(code, CODE, CODE_END)
EDGES(ram, RAM, RAM_END)
EDGES(open, OPEN, OPEN_END)
EDGES(book, BOOK, BOOK_END)
TRY(code_before, CODE - 1, 1, K5_ERR_BAD_BUFFER)
TRY(code_after, CODE_END, 1, K5_ERR_BAD_BUFFER)
TRY(ram_before, RAM - 1, 1, K5_ERR_BAD_BUFFER)
TRY(ram_after, RAM_END, 1, K5_ERR_BAD_BUFFER)
TRY(open_before, OPEN - 1, 1, K5_ERR_BAD_BUFFER) /* the log ring's last byte */
TRY(book_after, BOOK_END, 1, K5_ERR_BAD_BUFFER)
TRY(both, OPEN_END - 32, 64, K5_ERR_BAD_BUFFER) /* two regions, both its own */
TRY(unaligned, RAM + 1, 63, K5_OK)
TRY(device_first, UART, 1, K5_ERR_BAD_BUFFER)
TRY(device_last, UART_END - 1, 1, K5_ERR_BAD_BUFFER)
TRY(device_before, UART - 1, 1, K5_ERR_BAD_BUFFER)
TRY(device_after, UART_END, 1, K5_ERR_BAD_BUFFER)
TRY(ring_first, LOG_RING, 1, K5_ERR_BAD_BUFFER)
TRY(veneer_first, VENEER_SG, 1, K5_ERR_BAD_BUFFER)
TRY(veneer_all, VENEER_SG, 64, K5_ERR_BAD_BUFFER)
TRY(veneer_last, VENEER_SG + 63, 1, K5_ERR_BAD_BUFFER)
TRY(kernel_code, KERNEL_CODE, 64, K5_ERR_BAD_BUFFER)
TRY(kernel_code_alias, KERNEL_CODE_NS + 0x400, 64, K5_ERR_BAD_BUFFER)
TRY(secure_stack, SECURE_STACKS, 1, K5_ERR_BAD_BUFFER)
TRY(code_secure_alias, CODE + ALIAS_BIT, 1, K5_ERR_BAD_BUFFER)
TRY(victim_last, p->victim_data + 255, 1, K5_ERR_BAD_BUFFER)
TRY(system_space, REG_MPU_CTRL, 4, K5_ERR_BAD_BUFFER)
TRY(last_byte, UINT32_MAX, 1, K5_ERR_BAD_BUFFER)
TRY(last_word, 0xFFFFFFFCu, 4, K5_ERR_BAD_BUFFER)
TRY(wrap_to_zero, 0xFFFFFFFFu, 2, K5_ERR_BAD_BUFFER)

/* Lengths, at an address that is good, that is bad, and just so that the sum wraps around. */
static void lengths(uint32_t address, k5_error one, k5_error most)
{
    try(address, 1, one);
    try(address, K5_LOG_BYTES, most);
    try(address, 0, K5_ERR_ARG);
    try(address, K5_LOG_BYTES + 1, K5_ERR_ARG);
    try(address, 0x80000000u, K5_ERR_ARG);
    try(address, UINT32_MAX - 1, K5_ERR_ARG);
    try(address, UINT32_MAX, K5_ERR_ARG);
    try(address, 0u - address, K5_ERR_ARG);      /* ends at 2^32 */
    try(address, 0u - address + 1, K5_ERR_ARG);  /* and one past it */
    try(address, RAM - 4 - address, K5_ERR_ARG); /* around to below own memory */
}

#define LENGTHS(name, address, one, most)                     \
    static void name(uint32_t unused, const struct places *p) \
    {                                                         \
        (void)unused;                                         \
        (void)p;                                              \
        lengths((address), (one), (most));                    \
    }
LENGTHS(lengths_own, RAM, K5_OK, K5_OK)
LENGTHS(lengths_end, RAM_END - 1, K5_OK, K5_ERR_BAD_BUFFER)
LENGTHS(lengths_victim, p->victim_data, K5_ERR_BAD_BUFFER, K5_ERR_BAD_BUFFER)
LENGTHS(lengths_kernel, KERNEL_RAM, K5_ERR_BAD_BUFFER, K5_ERR_BAD_BUFFER)

/* Every place in turn, every length: what the edges above sample, one kind of place at a time. */
static void sweep(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (uint32_t length = 1; length <= K5_LOG_BYTES; length++) {
        try(RAM_END - length, length, K5_OK);
        try(RAM_END - length + 1, length, K5_ERR_BAD_BUFFER);
        try(OPEN - 1, length, K5_ERR_BAD_BUFFER);
        try(0u - length, length, K5_ERR_BAD_BUFFER);
    }
}

#define ROW(name, what) ATTACK(name, RETURNS, NULL, what)
#define ROWS(name, what)                                                                         \
    ROW(name ": first byte", what##_first), ROW(name ": last byte", what##_last),                \
        ROW(name ": last 64 bytes", what##_whole), ROW(name ": last 63, one more", what##_over), \
        ROW(name ": one before, and the first", what##_under)

const struct attack attacks[] = {
    ROWS("code", code),
    ROW("code: one before", code_before),
    ROW("code: one past", code_after),
    ROWS("RAM", ram),
    ROW("RAM: one before", ram_before),
    ROW("RAM: one past", ram_after),
    ROWS("shared rw", open),
    ROW("shared rw: one before", open_before),
    ROWS("shared r", book),
    ROW("shared r: one past", book_after),
    ROW("half shared rw, half shared r", both),
    ROW("RAM: unaligned", unaligned),
    ROW("own device: first byte", device_first),
    ROW("own device: last byte", device_last),
    ROW("own device: one before", device_before),
    ROW("own device: one past", device_after),
    ROW("log ring", ring_first),
    ROW("veneer: first byte", veneer_first),
    ROW("veneer and idle loop", veneer_all),
    ROW("veneer: last byte of its page", veneer_last),
    ROW("kernel's code", kernel_code),
    ROW("kernel's code, other alias", kernel_code_alias),
    ROW("Secure stack", secure_stack),
    ROW("own code, Secure alias", code_secure_alias),
    ROW("a victim's last byte", victim_last),
    ROW("system space", system_space),
    ROW("last byte of all", last_byte),
    ROW("last word of all", last_word),
    ROW("last byte and byte 0", wrap_to_zero),
    ROW("lengths, own buffer", lengths_own),
    ROW("lengths, own last byte", lengths_end),
    ROW("lengths, a victim's buffer", lengths_victim),
    ROW("lengths, the kernel's buffer", lengths_kernel),
    ROW("lengths 1 to 64 at four edges", sweep),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
