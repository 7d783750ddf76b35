/* The log, from the call in a task to the line on the screen: every number that kernel, tasks,
 * drain and tool share. Read by C, assembler and the tool, so it holds only #define of plain
 * integers.
 *
 *   K5_INFO("temp {} C", t)        the text stays in the ELF, as a site record (1)
 *     -> system call: id, words    at most 4 words in registers, else packed bytes (2)
 *     -> kernel: adds task, time   one frame (3), whole or not at all, into the ring (4)
 *     -> drain task or probe       carries bytes; understands nothing
 *     -> k5 run                    decodes the frame with the ELF's site records
 */
#ifndef K5_LOG_ABI_H
#define K5_LOG_ABI_H

/* ---- 1. Site records ------------------------------------------------------------------------
 * One for each log call, in section .k5log of the task's ELF, which starts at address 0 and is not
 * loaded. A site's id is the address of its record; id 0 is none. Strings are in .k5log.str, also
 * at 0. Fields, little endian: */
#define K5_LOG_SITE_SIZE   16
#define K5_LOG_SITE_FORMAT 0       /* u32: offset of the format string in .k5log.str */
#define K5_LOG_SITE_FILE   4       /* u32: offset of the source file's name in .k5log.str */
#define K5_LOG_SITE_TYPES  8       /* u32: 4 bits an argument, K5_LOG_TYPE_*, the first lowest */
#define K5_LOG_SITE_LINE   12      /* u16 */
#define K5_LOG_SITE_LEVEL  14      /* u8: K5_LOG_ERROR .. K5_LOG_DEBUG */
#define K5_LOG_SITE_COUNT  15      /* u8: number of arguments, at most K5_LOG_ARGS */
#define K5_LOG_ID_END      0x10000 /* ids are below: one movw loads one */
#define K5_LOG_VERBATIM    0x80    /* in COUNT: no arguments, and braces of the format are text */
#define K5_LOG_ARGS        8

#define K5_LOG_ERROR  0
#define K5_LOG_WARN   1
#define K5_LOG_INFO   2
#define K5_LOG_DEBUG  3
#define K5_LOG_LEVELS 4

#define K5_LOG_TYPE_NONE    0 /* no argument, or one that cannot be logged (a compile error) */
#define K5_LOG_TYPE_BOOL    1
#define K5_LOG_TYPE_CHAR    2
#define K5_LOG_TYPE_S32     3
#define K5_LOG_TYPE_U32     4
#define K5_LOG_TYPE_POINTER 5
#define K5_LOG_TYPE_FLOAT   6
#define K5_LOG_TYPE_S64     8
#define K5_LOG_TYPE_U64     9
#define K5_LOG_TYPE_DOUBLE  10
#define K5_LOG_TYPE_STRING  12
#define K5_LOG_TYPE_WIDE    8 /* this bit: not one word, so the whole call goes packed */

/* ---- 2. Arguments ---------------------------------------------------------------------------
 * In order: a word is 4 bytes, a 64-bit one 8, little endian; a string is one byte of length and
 * its bytes. At most K5_LOG_BYTES (k5_abi.h) together: strings give way, the others always fit. */
#define K5_LOG_STRING_MAX 48   /* bytes of a string that travel */
#define K5_LOG_STRING_CUT 0x80 /* in the length byte: the string was longer */

/* ---- 3. Frames ------------------------------------------------------------------------------
 * Before encoding:   head | time | [drops] | id | arguments
 *   head   bits 5:0 task number or K5_TASK_KERNEL; flags below
 *   time   varint, ticks since the frame before, or since boot with K5_LOG_HEAD_ABSOLUTE
 *   drops  varint, with K5_LOG_HEAD_DROPS: frames just before that found no room; of the task, or
 *          of the one that a fault, restart or overrun is about
 *   id     varint: the site's id / K5_LOG_SITE_SIZE, or K5_LOG_KERNEL_*
 * varint: 7 bits a byte, the lowest first, bit 7 = more follow.
 *
 * Encoded so that byte 0 ends a frame and stands nowhere else:   group... | check | 0
 *   group  seven bytes, filled up with zeros in the last one, become
 *            marker 1zzzzzzz (bit i set = byte i is zero) | those that are not zero
 *   check  sum of (2 i + 1) * byte i over all groups before encoding, modulo 256; 0 is sent as 1 */
#define K5_LOG_MARKER         0x80
#define K5_LOG_HEAD_TASK      0x3F
#define K5_LOG_HEAD_ABSOLUTE  0x40
#define K5_LOG_HEAD_DROPS     0x80
#define K5_LOG_ABSOLUTE_EVERY 32 /* frames: a lost frame spoils the time of at most so many */

/* Frames of the kernel: id and fixed arguments (u8, u32 little endian). */
#define K5_LOG_KERNEL_BOOT    1 /* u32 build id, u32 ticks a second, u8 ABI version, u8 tasks */
#define K5_LOG_KERNEL_FAULT   2 /* u8 task, u8 cause, u8 flags, u32 address, registers: */
#define K5_LOG_KERNEL_RESTART 3 /* u8 task, u8 by whom (K5_NIL: kernel), u32 restarts, this too */
#define K5_LOG_KERNEL_PANIC   4 /* u32 where (K5_PANIC_*), u32 value, u8 running task or K5_NIL */
#define K5_LOG_KERNEL_OVERRUN 5 /* u8 task, u8 whose time, u32 overruns, this one too */
#define K5_LOG_KERNEL_RESET   6 /* u8 reason, u8 task, u8 cause, u8 flags, u32 value, u32 resets */
#define K5_LOG_KERNEL_IDS     7

/* The registers in a fault's frame, lowest first, a u32 each: r0-r3, sp, lr, pc. The record that a
 * supervisor inspects has all. */
#define K5_LOG_FAULT_REGS      0xE00F
#define K5_LOG_FAULT_REG_COUNT 7

/* ---- 4. The ring: SEGGER RTT's layout, one up-buffer ---------------------------------------- */
#define K5_LOG_RTT_ID         0  /* 16 bytes: "SEGGER RTT" and zeros; written last */
#define K5_LOG_RTT_UP_COUNT   16 /* u32: 1 */
#define K5_LOG_RTT_DOWN_COUNT 20 /* u32: 0 */
#define K5_LOG_RTT_NAME       24 /* u32: address of the name */
#define K5_LOG_RTT_BUFFER     28 /* u32: address of the ring's first byte */
#define K5_LOG_RTT_SIZE       32 /* u32: its size; one byte always stays free */
#define K5_LOG_RTT_WRITE      36 /* u32: offset of the next byte the kernel writes */
#define K5_LOG_RTT_READ       40 /* u32: offset of the next byte to read; the drain writes it */
#define K5_LOG_RTT_FLAGS      44 /* u32: 0 */
#define K5_LOG_RTT_TEXT       48 /* 16 bytes: the name, "k5" */
#define K5_LOG_RTT_DATA       64 /* the ring */
#ifndef K5_LOG_RTT_TOTAL
#define K5_LOG_RTT_TOTAL 4096 /* all of it; the proofs take less */
#endif
#define K5_LOG_RING_SIZE (K5_LOG_RTT_TOTAL - K5_LOG_RTT_DATA)

#endif
