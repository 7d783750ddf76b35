/*
 * board.h - what boards/NAME/board.toml says about a board, checked and with numbers.
 *
 * Invariant after board_read: every memory below is there, lies on a 32-byte grain and overlaps no
 * other; every device has a size that is a multiple of 32; names are unique.
 */
#ifndef K5_TOOL_BOARD_H
#define K5_TOOL_BOARD_H

#include "util.h"

/* The memories that every board of this port names; docs/adr/0004 says what each is for. */
enum board_memory_id {
    MEMORY_KERNEL_CODE,
    MEMORY_VENEER,
    MEMORY_KERNEL_RAM, /* begins with the small Secure stacks */
    MEMORY_TASK_CODE,
    MEMORY_LOG,
    MEMORY_TASK_RAM,
    MEMORY_COUNT
};

struct board_memory {
    const char *name; /* "kernel-code", "veneer", ... */
    uint32_t base;
    uint32_t size; /* bytes */
};

/* A range of ordinary memory whose protection controller (MPC) opens blocks to Non-secure. */
struct board_mpc {
    uint32_t controller; /* address of the controller's registers, Secure alias */
    uint32_t base;       /* Non-secure address of the first byte it guards */
    uint32_t size;
};

/* Memory that has two addresses. */
struct board_alias {
    const char *name;
    uint32_t nonsecure;
    uint32_t secure;
    uint32_t size;
};

/* A number that tasks with the device need: LED_RED_PIN in their app.h. */
struct board_fact {
    const char *name;
    uint32_t value;
};

struct board_device {
    const char *name;
    uint32_t base; /* Non-secure alias */
    uint32_t size;
    uint32_t irq[4];
    size_t irq_count;
    uint32_t ppc_nonsecure;    /* register whose bit makes it Non-secure; 0: it has no PPC */
    uint32_t ppc_unprivileged; /* register whose bit lets unprivileged code in; 0: there is none */
    uint32_t ppc_bit;          /* bit number in both */
    struct board_fact *facts;
    size_t fact_count;
};

/* A length of time as written and as the board's timer counts it. */
struct span {
    uint64_t us;
    uint32_t ticks;
};
#define BOARD_TICKS_MAX 0x7FFFFFFFu /* the kernel adds two of them in 32 bits */

struct board {
    char *name;
    char *dir;              /* ROOT/boards/NAME */
    const char *chip;       /* for people; NULL: not told */
    const char *verified;   /* for people: what was tried on it; NULL: nothing */
    const char *arch;       /* folder under arch/ */
    const char *cpu;        /* -mcpu= */
    const char *fpu;        /* -mfpu=, or NULL: it has none */
    uint32_t tick_hz;       /* of arch_now */
    struct span budget_min; /* the smallest budget that pays for a switch */
    struct board_memory memory[MEMORY_COUNT];
    struct board_mpc *mpc;
    size_t mpc_count;
    struct board_alias *aliases;
    size_t alias_count;
    struct board_memory *closed; /* devices that no task may be given, Non-secure alias */
    size_t closed_count;
    const char *family;   /* folder under boards/ with what it shares with others, or NULL */
    uint32_t device_base; /* the range of all Non-secure devices */
    uint32_t device_size;
    struct board_device *devices;
    size_t device_count;
    const char *machine;            /* of QEMU; NULL: the board has no emulator */
    struct list emulator_arguments; /* more arguments for QEMU */
    uint32_t emulator_secure_bit;   /* what its bus lacks of a Secure address; 0: nothing */
    bool has_probe;                 /* see probe_board.h */
};

/* Reads boards/NAME/board.toml of the K5 root. False if there were errors (printed). */
bool board_read(const char *name, struct board *board);
/* The names of all boards there are, sorted. */
void board_names(struct list *names);
/* Index of a device, or -1. */
int board_device_find(const struct board *board, const char *name);
/* The span of `us` microseconds. False, and nothing set, if that is no tick or too many. */
bool board_span(const struct board *board, uint64_t us, struct span *span);

#endif
