/* The image's tables: what the k5 tool made of app.toml. config_valid() says what they obey.
 *
 * Sizes come from the generated k5_sizes.h (the proofs bring their own). Tasks are numbered by
 * priority, task 0 the least urgent, so equals are neighbours and a set of tasks is one word.
 */
#ifndef KERNEL_CONFIG_H
#define KERNEL_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/k5_abi.h"
#include "k5_sizes.h" /* K5_TASKS, _ENDPOINTS, _SLOTS, _REGIONS, ...: each at least 1 */

typedef uint32_t word;  /* a set of tasks, bit t = task t */
typedef uint64_t ktime; /* ticks of the board's timer since boot */
typedef uint8_t task_t; /* task number, or K5_NIL */

#define K5_IDLE K5_NIL /* "the running task" when none is ready */

struct config {
    /* tasks */
    word equals[K5_TASKS];         /* the tasks of this task's priority, itself among them */
    task_t handler[K5_TASKS];      /* who is signalled when it faults, or K5_NIL */
    word handler_bits[K5_TASKS];   /* which bits of the handler; 0 without one */
    uint8_t endpoint[K5_TASKS];    /* the endpoint it serves, or K5_NIL */
    uint32_t budget[K5_TASKS];     /* ticks, K5_BUDGET_MIN .. period; = period: a turn */
    uint32_t period[K5_TASKS];     /* ticks, .. 2^31 - 1 */
    uint16_t slot_first[K5_TASKS]; /* its capability table: slots slot_first .. + slot_count - 1 */
    uint8_t slot_count[K5_TASKS];  /* at most K5_SLOT_MAX */
    uint16_t region_first[K5_TASKS]; /* its regions, likewise */
    uint8_t region_count[K5_TASKS];  /* 1 .. K5_REGION_MAX */
    uint8_t map_first[K5_TASKS];     /* its places for what it maps as it runs, likewise */
    uint8_t map_count[K5_TASKS];     /* with its regions at most K5_REGION_MAX */
    uint8_t lend_count[K5_TASKS];    /* of those, the first ones are for lent memory; of a server */
    uint32_t entry[K5_TASKS];        /* first instruction; even (no Thumb bit), executable */
    uint32_t stack_base[K5_TASKS];   /* lowest address of the stack, bottom of the task's RAM */
    uint32_t stack_size[K5_TASKS];   /* bytes, a multiple of 8, at least K5_STACK_MIN */
    uint8_t on_fault[K5_TASKS];      /* K5_ON_FAULT_*: of a task without handler */
    /* the system */
    uint8_t on_assert; /* K5_ON_ASSERT_RESET or _HALT */
    /* endpoints */
    task_t server[K5_ENDPOINTS];
    uint32_t wcet[K5_ENDPOINTS]; /* ticks that a call takes of the caller's; 0: not passive */
    /* irqs: interrupt lines that are bound to bits of a task, its driver */
    uint16_t irq_line[K5_IRQS]; /* at the interrupt controller, below K5_LINE_MAX; each once */
    task_t irq_task[K5_IRQS];   /* the driver; K5_NIL: there is no such irq */
    word irq_bits[K5_IRQS];     /* bits of the driver; nobody else sets them */
    word irq_edges;             /* irqs whose line says something by its edge; else by its level */
    /* the boot capability tables, one after the other */
    uint8_t cap_type[K5_SLOTS];
    uint8_t cap_rights[K5_SLOTS];
    uint8_t cap_object[K5_SLOTS];
    uint32_t cap_badge[K5_SLOTS];
    /* regions, those of one task side by side; none overlaps another of the same task */
    uint32_t region_base[K5_REGIONS];
    uint32_t region_size[K5_REGIONS];
    uint8_t region_rights[K5_REGIONS]; /* K5_MEM_*; never WRITE with EXECUTE */
    /* movable regions: memory of nobody's map, with one capability each, which can be given away */
    uint32_t movable_base[K5_MOVABLES]; /* base and size: multiples of K5_GRAIN */
    uint32_t movable_size[K5_MOVABLES];
    uint16_t movable_home[K5_MOVABLES]; /* the place of its owner that has it at boot; K5_SLOTS: no
                                         * such region */
};

#ifdef K5_CONFIG_MUTABLE /* the proofs choose any configuration that config_valid() accepts */
#define CONFIG_CONST
#else
#define CONFIG_CONST const
#endif
extern CONFIG_CONST struct config cfg;

/* True if the tables obey every rule that the kernel relies on. Checked by the tool when it writes
 * them and assumed by the proofs. Cost: a few loops over all tables; not on any kernel path. */
bool config_valid(void);

/* Its two halves, the second relying on the first: who may do what, and where everything lies. Most
 * proofs need the first only. */
bool config_objects_valid(void);
bool config_memory_valid(void);

/* True if [address, address + length) lies in one region of the task's map that has all of `rights`
 * and is ordinary memory. length 0 is false. Cost: at most K5_REGION_MAX compares. */
bool task_covers(task_t task, uint32_t address, uint32_t length, uint8_t rights);

#endif
