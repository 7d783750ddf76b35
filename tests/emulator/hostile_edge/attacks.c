/* Loads, stores and jumps at both sides of every edge of the attacker's own regions: code, RAM, one
 * shared region that it may write, one that it may read, a device. From low to high, without gaps:
 *
 *   code: below | attacker | client     RAM: log ring | open (rw) | book (r) | below | attacker |
 * client devices: the logger's | the attacker's | of nobody
 *
 * Where an address is announced, the fault record must name it.
 */
#include <k5/k5.h>

#include "../common/places.h"
#include "../common/referee.h"
#include "app.h" /* OPEN_BASE, BOOK_BASE */

extern const uint32_t k5_code_start[]; /* linker script */
extern const uint32_t k5_code_end[];
extern uint32_t k5_stack_base[];
extern uint32_t k5_ram_end[];

#define UP(end) (((uint32_t)(uintptr_t)(end) + 31u) & ~31u) /* where the region ends */

/* ---- where ---- */
#define PLACE(name, address)                     \
    static uint32_t name(const struct places *p) \
    {                                            \
        (void)p;                                 \
        return (address);                        \
    }
/* First and last word inside, last byte; one word before and after, one byte before. */
#define EDGES(name, base, end)                               \
    PLACE(name##_first, (uint32_t)(uintptr_t)(base))         \
    PLACE(name##_last, (end)-4)                              \
    PLACE(name##_last_byte, (end)-1)                         \
    PLACE(name##_before, (uint32_t)(uintptr_t)(base)-4)      \
    PLACE(name##_byte_before, (uint32_t)(uintptr_t)(base)-1) \
    PLACE(name##_after, (end))
EDGES(code, k5_code_start, UP(k5_code_end))
EDGES(ram, k5_stack_base, UP(k5_ram_end))
EDGES(open, OPEN_BASE, OPEN_BASE + OPEN_SIZE)
EDGES(book, BOOK_BASE, BOOK_BASE + BOOK_SIZE)
EDGES(uart, UART1_NS, UART1_NS + 0x1000u)

/* ---- what ---- */
static void load(uint32_t address, const struct places *p)
{
    (void)p;
    (void)*(volatile uint32_t *)(uintptr_t)address;
}

static void store(uint32_t address, const struct places *p)
{
    volatile uint32_t *word = (volatile uint32_t *)(uintptr_t)address;
    (void)p;
    uint32_t kept = *word; /* a read that is allowed wherever this is used */
    *word = kept;
}

static void store_blind(uint32_t address, const struct places *p)
{
    (void)p;
    *(volatile uint32_t *)(uintptr_t)address = 0xDEADBEEF;
}

static void load_byte(uint32_t address, const struct places *p)
{
    (void)p;
    (void)*(volatile uint8_t *)(uintptr_t)address;
}

static void store_byte(uint32_t address, const struct places *p)
{
    (void)p;
    *(volatile uint8_t *)(uintptr_t)address = 0xA5;
}

static void jump(uint32_t address, const struct places *p)
{
    (void)p;
    __asm__ volatile("blx %0" ::"r"(address | 1u) : "r0", "r1", "r2", "r3", "r12", "lr", "memory");
}

/* Instructions that begin inside and go on outside; the address is that of the first byte outside,
 * which the record names. */
#define ACROSS(name, code)                                                               \
    static void name(uint32_t address, const struct places *p)                           \
    {                                                                                    \
        (void)p;                                                                         \
        __asm__ volatile("movs r1, #0\n movs r2, #0\n movs r3, #0\n" code ::"r"(address) \
                         : "r1", "r2", "r3", "r12", "memory");                           \
    }
ACROSS(load_many, "sub r12, %0, #8\n ldmia r12, {r1-r3}\n")
ACROSS(store_many, "sub r12, %0, #8\n stmia r12, {r1-r3}\n")
ACROSS(load_pair, "ldrd r1, r2, [%0, #-4]\n")
ACROSS(store_pair, "strd r1, r2, [%0, #-4]\n")
ACROSS(load_exclusive, "ldrex r1, [%0]\n")
ACROSS(load_acquire, "lda r1, [%0]\n")
ACROSS(store_release, "stl r1, [%0]\n")
ACROSS(load_user, "ldrt r1, [%0]\n")
ACROSS(store_user, "strt r1, [%0]\n")
ACROSS(load_after, "mov r12, %0\n ldr r1, [r12], #4\n")
ACROSS(store_before, "add r12, %0, #4\n str r1, [r12, #-4]!\n")
ACROSS(load_halfword, "ldrsh r1, [%0]\n")
ACROSS(preload, "pld [%0]\n pli [%0]\n") /* hints that nobody may see */

/* Two own regions side by side: what may be read may be read across. */
static void load_between(uint32_t address, const struct places *p)
{
    load_many(address, p);
    load_pair(address, p);
}

#define INSIDE(text, where, what)  ATTACK(text, RETURNS, where, what)
#define READS(text, where, what)   ATTACK(text, FAULTS(READ), where, what)
#define WRITES(text, where, what)  ATTACK(text, FAULTS(WRITE), where, what)
#define EXECUTE(text, where, what) ATTACK(text, FAULTS(EXECUTE), where, what)

const struct attack attacks[] = {
    INSIDE("code: read first word", code_first, load),
    INSIDE("code: read last word", code_last, load),
    INSIDE("code: read last byte", code_last_byte, load_byte),
    WRITES("code: write first word", code_first, store),
    WRITES("code: write last word", code_last, store),
    READS("code: read one before", code_before, load),
    READS("code: read a byte before", code_byte_before, load_byte),
    READS("code: read one past", code_after, load),
    WRITES("code: write one past", code_after, store_blind),
    EXECUTE("code: run one past", code_after, jump),
    EXECUTE("code: run one before", code_before, jump),
    INSIDE("RAM: write first word", ram_first, store),
    INSIDE("RAM: write last word", ram_last, store),
    INSIDE("RAM: write last byte", ram_last_byte, store_byte),
    EXECUTE("RAM: run first word", ram_first, jump),
    EXECUTE("RAM: run last word", ram_last, jump),
    WRITES("RAM: write one before", ram_before, store_blind),
    WRITES("RAM: write a byte before", ram_byte_before, store_byte),
    READS("RAM: read a byte past", ram_after, load_byte),
    WRITES("RAM: write one past", ram_after, store_blind),
    EXECUTE("RAM: run one past", ram_after, jump),
    INSIDE("shared rw: write first word", open_first, store),
    INSIDE("shared rw: write last byte", open_last_byte, store_byte),
    INSIDE("shared rw: write last word", open_last, store),
    EXECUTE("shared rw: run", open_first, jump),
    READS("shared rw: read one before", open_before, load),
    WRITES("shared rw: write a byte before", open_byte_before, store_byte),
    INSIDE("shared rw and r: read across", open_after, load_between),
    WRITES("shared rw and r: write one past rw", open_after, store_blind),
    INSIDE("shared r: read first word", book_first, load),
    INSIDE("shared r: read last word", book_last, load),
    INSIDE("shared r: read last byte", book_last_byte, load_byte),
    WRITES("shared r: write first word", book_first, store),
    WRITES("shared r: write last byte", book_last_byte, store_byte),
    EXECUTE("shared r: run", book_first, jump),
    INSIDE("shared r: read one before", book_before, load),
    INSIDE("shared r: write a byte before", book_byte_before, store_byte),
    READS("shared r: read one past", book_after, load),
    WRITES("shared r: write one past", book_after, store_blind),
    INSIDE("device: read first word", uart_first, load),
    INSIDE("device: read last word", uart_last, load),
    INSIDE("device: read last byte", uart_last_byte, load_byte),
    EXECUTE("device: run", uart_first, jump),
    READS("device: read one before", uart_before, load),
    WRITES("device: write a byte before", uart_byte_before, store_byte),
    READS("device: read one past", uart_after, load),
    WRITES("device: write one past", uart_after, store_blind),
    READS("end of RAM: load of three across", ram_after, load_many),
    WRITES("end of RAM: store of three across", ram_after, store_many),
    READS("end of RAM: load of a pair across", ram_after, load_pair),
    WRITES("end of RAM: store of a pair across", ram_after, store_pair),
    READS("end of RAM: exclusive load", ram_after, load_exclusive),
    READS("end of RAM: load-acquire", ram_after, load_acquire),
    WRITES("end of RAM: store-release", ram_after, store_release),
    READS("end of RAM: unprivileged load", ram_after, load_user),
    WRITES("end of RAM: unprivileged store", ram_after, store_user),
    READS("end of RAM: load, then add", ram_after, load_after),
    WRITES("end of RAM: subtract, then store", ram_after, store_before),
    READS("end of RAM: signed halfword", ram_after, load_halfword),
    INSIDE("end of RAM: preload", ram_after, preload),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
