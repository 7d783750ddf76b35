/*
 * app.h - an app as the tool knows it: app.toml, resolved against its board, placed and built.
 *
 *   app.toml --app_read--> names and numbers --wire--> slots, handlers
 *            --compile, measure, place--> addresses --generate, link--> image.elf
 *
 * Invariant after app_read: tasks are sorted by priority (task 0 is the least urgent; equals in the
 * order of the file), every index below is in range, and no name is unresolved.
 * All strings live as long as the program.
 */
#ifndef K5_TOOL_APP_H
#define K5_TOOL_APP_H

#include "board.h"
#include "interface.h"
#include "k5_abi.h"
#include "util.h"

#define APP_NONE (-1) /* "none" in every int index below */

enum app_region_kind {
    REGION_CODE,   /* text, constants, initial data: read, execute */
    REGION_RAM,    /* stack, data, bss: read, write */
    REGION_DEVICE, /* name = the device's name on the board */
    REGION_SHARED, /* name = NAME of [region.NAME] */
    REGION_LOG     /* the log ring */
};

/* One entry of a task's protection map. */
struct app_region {
    enum app_region_kind kind;
    const char *name; /* "code", "ram", or the device's or region's name, or "log" */
    uint32_t base;
    uint32_t size;  /* bytes, a multiple of 32 */
    uint8_t rights; /* K5_MEM_* */
    int line;       /* of app.toml */
};

/* One boot capability. */
struct app_slot {
    const char *handle; /* name in the generated app.h: "STORAGE", "STORAGE_SERVE", ... */
    const char *what;   /* in words: "call storage", "serve storage", "restart sensor"; a call in
                         * whose messages capabilities may travel: "call storage (grant)" */
    uint8_t type;       /* K5_CAP_* */
    uint8_t rights;
    uint8_t object; /* endpoint number, task index or irq number */
    uint32_t badge;
    int line;
};

/* An interrupt line and the task that drives it; its number is the kernel's. */
struct app_irq {
    char *handle;    /* in the driver's app.h: "UART1_RX_IRQ" */
    char *mask;      /* likewise, of its bits: "UART1_RX_BITS" */
    const char *key; /* in app.toml and in reports: "uart1_rx" */
    const char *device;
    int task;
    uint32_t line;
    uint32_t bits;
    bool edge;
    bool chosen; /* the bits are those of irq-bits */
    const struct conf_node *node;
};

/* A wish of app.toml that names another thing: calls, grants, signals, supervises. */
struct app_link {
    const struct conf_node *node;  /* where the name stands, for errors */
    const char *name;              /* as written */
    uint32_t bits;                 /* signals: which bits */
    const struct conf_node *grant; /* calls: where `grants` names it, too; NULL: it does not */
    int target;                    /* endpoint or task index once resolved */
};
struct app_links {
    struct app_link *items;
    size_t count;
};

/* A check that a task does without, and why. */
enum app_waive { WAIVE_CEILING, WAIVE_WCET, WAIVE_STACK, WAIVE_COUNT };
struct app_waiver {
    const char *name;
    const char *reason;           /* NULL: none */
    const struct conf_node *node; /* of the reason; NULL: not waived */
    bool used;                    /* there is something to waive */
};

struct app_task {
    const char *name;
    int line;         /* of [task.NAME] */
    uint8_t priority; /* 0..31 */
    const struct conf_node *node;
    /* sources */
    const char *use;     /* name of a ready-made task, or NULL */
    struct list sources; /* absolute paths, *.c and *.S */
    struct list defines; /* "NAME=VALUE" */
    bool fp;             /* it has the floating-point unit */
    /* time */
    struct span budget; /* = period: a turn */
    struct span period;
    bool passive;
    struct span wcet; /* of a passive server */
    struct app_waiver waivers[WAIVE_COUNT];
    uint8_t on_fault; /* K5_ON_FAULT_*: of a task that nobody supervises */
    const char *dma;  /* a device of it that does DMA: all others trust it; NULL: none */
    /* wiring */
    struct app_links serves, calls, grants, signals, supervises, uses, watches;
    struct app_links places;           /* free slots, by name */
    int watchdog;                      /* the task that watches it, or APP_NONE */
    uint32_t watch_bit;                /* which bit of the watchdog says that it lives */
    int endpoint;                      /* the one it serves, or APP_NONE */
    const struct interface *interface; /* what it serves; NULL: without a description */
    int handler;                       /* the task that is signalled when it faults, or APP_NONE */
    uint32_t handler_bits;             /* which bits of the handler */
    struct app_slot *slots;
    size_t slot_count;
    /* memory */
    uint32_t stack_size; /* bytes; stack_base = lowest address of the RAM region */
    uint32_t data_size;  /* bytes of .data and .bss */
    uint32_t entry;      /* address of its first instruction (even) */
    struct app_region regions[K5_REGION_MAX]; /* [0] is the code, [1] the RAM */
    size_t region_count;
    size_t lend_count; /* places for memory that callers lend: `lends` */
    size_t maps;       /* and for movable regions: `maps`, or as many as it owns */
    bool maps_said;
    size_t map_count;    /* both */
    uint32_t stack_need; /* bytes it can need (stack.h); at least, if stack_why says something */
    char *stack_why;
    char *stack_chain;
    char *elf; /* its linked ELF: symbols, DWARF, log sites */
};

struct app_endpoint {
    const char *name;
    int server; /* task index */
    int line;
};

struct app_shared { /* [region.NAME]: memory that tasks share, or that one has and gives away */
    const char *name;
    const struct conf_node *node;
    uint32_t base;
    uint32_t size; /* bytes, rounded up to 32 */
    int line;
    bool movable;   /* it has an owner */
    uint8_t number; /* the kernel's, of a movable one */
    int owner;      /* task index, or APP_NONE */
};

struct app_test { /* [test] */
    bool present;
    uint64_t for_us;    /* guest time */
    struct list expect; /* substrings of decoded lines, in this order */
    struct list forbid; /* substrings that no line may have */
    const char *input;  /* is typed into the board's second serial line; NULL: nothing */
    struct list output; /* substrings of what comes from it, in this order */
};

/* What the image loads into one memory of the board: from the first byte to the last. */
struct app_part {
    const char *memory; /* as the board names it */
    uint32_t base;      /* load address of the first byte */
    uint32_t size;
    char *path; /* a file with these bytes, gaps are zero */
};

struct app {
    /* in: set by the caller of app_build */
    bool verbose;   /* show every command */
    bool quiet;     /* no report; errors are always shown */
    bool trace;     /* a kernel that records its events, in a build folder of its own */
    unsigned jobs;  /* of ninja; 0: one a core */
    unsigned shift; /* an instruction takes 2^shift ns in the emulator; 0: as usual */
    /* what was read */
    bool doubt_tasks;     /* something that could not be read may have been a task */
    bool doubt_endpoints; /* ... or an endpoint: nobody is told that there is none such */
    char *dir;            /* folder of app.toml as the user gave it */
    char *path;           /* its app.toml */
    const char *name;
    const char *profile; /* "release" or "debug" */
    uint8_t on_assert;   /* K5_ON_ASSERT_* */
    const struct conf_node *policy_node;
    const char *policy;     /* file with rules of who must not reach what; NULL: see policy.h */
    const char *board_name; /* instead of the one in app.toml; NULL: that one */
    struct board board;
    struct app_task *tasks; /* sorted, the index is the kernel's task number */
    size_t task_count;
    struct app_endpoint *endpoints;
    size_t endpoint_count;
    struct app_irq *irqs; /* those of one task side by side */
    size_t irq_count;
    struct app_shared *shared;
    size_t shared_count;
    size_t movable_count;                            /* of those */
    const struct interface *interfaces[K5_TASK_MAX]; /* each file once */
    size_t interface_count;
    struct app_test test;
    /* what was built */
    char *build_dir;      /* DIR/build/BOARD/PROFILE */
    char *image;          /* its image.elf: kernel, veneer and all tasks, ready to load */
    uint64_t build_id;    /* also in the boot frame of the log */
    uint32_t kernel_code; /* bytes of the kernel's code and constants, tables included */
    uint32_t kernel_ram;  /* bytes of its data, its stack included */
    struct app_part *parts;
    size_t part_count;
    char *hex;           /* the parts as Intel HEX */
    struct list rebuilt; /* objects and ELF files that this build made, as paths in build_dir */
    double seconds;      /* how long it took */
};

/* The movable region with this number of the kernel's; NULL: there is none. */
static inline const struct app_shared *app_movable(const struct app *app, uint64_t number)
{
    for (size_t i = 0; i < app->shared_count; i++) {
        if (app->shared[i].movable && app->shared[i].number == number) {
            return &app->shared[i];
        }
    }
    return NULL;
}

/* Reads and checks DIR/app.toml, compiles, places, links. All messages go to stderr; unless
 * app->quiet, the report goes to stdout. Set app->verbose, ->quiet, ->trace and ->shift, zero the
 * rest. profile: "release" or "debug" (NULL: release). Returns EXIT_OK, EXIT_USAGE (configuration),
 * EXIT_BUILD or EXIT_ENVIRONMENT. */
int app_build(const char *dir, const char *profile, struct app *app);

/* Reads and checks DIR/app.toml only: names, priorities, wiring, [test]; no address is known yet.
 */
int app_read(const char *dir, const char *profile, struct app *app);

/* Who owns an address, in words for a fault message: "storage (ram)", "sensor (code)",
 * "device uart0", "shared region pool", "the log ring", "the kernel", "nothing". Caller frees. */
char *app_owner(const struct app *app, uint32_t address);

/* Index of a task by name, or APP_NONE. */
int app_task_find(const struct app *app, const char *name);

#endif
