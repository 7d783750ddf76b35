/* A small system of six tasks, and what a task does as one line of a test.
 *
 *   task        priority   endpoint   capabilities (by slot)
 *   SUPER  5    highest    2          serve 2, task SERVER, task ALPHA, task OTHER (inspect only)
 *   OTHER  4    equal of 3 1          serve 1, notification of SUPER (bits 0xF0)
 *   SERVER 3               0          serve 0, call 1 (badge 0x40), irq 0, irq 1
 *   GAMMA  2    middle     -          call 0 (0x30), call 1 (0x31)
 *   BETA   1    equal of 0 -          call 0 (0x20), notification of ALPHA (0xFF00)
 *   ALPHA  0    lowest     -          call 0 (0x10), call 1 (0x11), notification of SERVER (0xF),
 *                                     irq 2
 *
 * After these come free slots: ALPHA 2, BETA 1, GAMMA 2, SERVER 3, OTHER 2.
 *
 * Each task has a turn of SLICE ticks, no server is passive; test_time.c and test_lend.c change it.
 * SUPER handles the faults of ALPHA, BETA, GAMMA and SERVER (bits FAULT_OF(task)), nobody those of
 * OTHER and SUPER. Irqs: 0 is line LINE_LEVEL, 1 line LINE_EDGE, 2 line LINE_ALPHA, a level too;
 * each sets BITS_OF(irq) of its driver. kernel_valid() is checked by the kernel itself after each
 * entry (K5_CHECKS).
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "arch/host/host.h"
#include "kernel/kernel.h"

#define ALPHA          0
#define BETA           1
#define GAMMA          2
#define SERVER         3
#define OTHER          4
#define SUPER          5
#define FAULT_OF(task) (0x10000u << (task))
#define BITS_OF(irq)   (0x1000000u << (irq))
#define LINE_LEVEL     7u
#define LINE_EDGE      40u
#define LINE_ALPHA     41u
#define SLICE          1000u
#define NO_DEADLINE    0u

/* What the running task asks; unset members are 0. */
struct ask {
    uint32_t slot, label, aux, w0, w1, w2, w3;
    ktime deadline;
};

void tables_fill(void);  /* cfg */
void boot_tables(void);  /* machine, kernel_boot with cfg as it is: SUPER runs */
void boot(void);         /* the same with fresh tables */
void boot_serving(void); /* and SUPER, OTHER and SERVER wait, so that GAMMA runs */

/* The task, which must be the one that runs, makes a system call. */
void ask_as(task_t task, uint32_t number, struct ask ask);
#define AS(task, call, ...) ask_as((task), K5_SYS_##call, (struct ask){__VA_ARGS__})

/* As the machine does: a call that is to be made anew is, before anything else of that task. Each
 * AS and fault_as begins with it. */
void settle(void);

/* After boot, as if the image had said so. */
struct cap {
    uint8_t type, rights, object;
    uint32_t badge;
};
void cap_image(task_t task, uint32_t number, struct cap cap);

void tick(uint32_t ticks); /* time goes by; the alarm entry if it is due */
void tick_silently(uint32_t ticks);
void fault_as(task_t task, uint8_t cause, uint32_t address);

/* A line as the device drives it; what is open and raised is taken at once, as is what a system
 * call or the alarm opens. */
void line_set(uint32_t line, bool stands);
void line_pulse(uint32_t line);

/* Parts of a task's result. */
uint32_t error_of(task_t task);
uint32_t flags_of(task_t task);
uint32_t label_of(task_t task);
uint32_t aux_of(task_t task);
uint32_t word_of(task_t task, uint32_t i);
uint32_t badge_of(task_t task);

#endif
