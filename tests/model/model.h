/* The specification of tasks, time, messages and capabilities as a program: small, slow and
 * obvious.
 *
 * Written from docs/manual (abi.md, time.md) and docs/adr (1 to 3, 14 to 18) by people who had not
 * read the kernel's code of it, and it shares no code with it: only the constants of abi/ and the
 * tables of kernel/config.h. Each function names the sentence that it implements.
 *
 *   model_boot        everything at its start
 *   model_syscall     the running task made the call in its registers   } at time `now`,
 *   model_alarm       the alarm was taken                               } which never goes back
 *   model_fault       the running task did what the hardware refused    }
 *   model_interrupt   a driver's line was taken                         }
 *
 * What can be derived is derived: who is stalled, on which context a task is, who runs is a
 * question. Stored is what the text stores.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/config.h"

#define NOBODY       (-1)
#define REFILLS_MAX  4 /* time.md, Refills: "a list of at most 4 refills" */
#define REFILLS_ROOM (REFILLS_MAX + 1)

struct spec_refill {
    uint64_t time;
    uint64_t amount;
};

/* time.md: "Every task has a scheduling context of its own, its home context". */
struct spec_context {
    bool turn;      /* budget = period: no limit, only a length */
    uint64_t left;  /* of a turn */
    unsigned count; /* of a limit: its refills, the head first */
    struct spec_refill refill[REFILLS_ROOM];
    bool empty; /* its head's time lay in the future when it was last looked at */
};

/* ADR 18: memory of a caller that its server has mapped. */
struct spec_loan {
    int server; /* NOBODY: nothing is lent */
    uint32_t base, size, rights;
};

struct spec_task {
    uint32_t reg[K5_A_COUNT]; /* the argument registers: A0 to A7 */
    unsigned state;           /* K5_TASK_*: ADR 2 */
    int at;                   /* SENDING, CALLING: the endpoint; AWAITING: the server */
    uint64_t deadline;        /* of a blocked task; 0: none */
    uint32_t mask;            /* RECEIVING, WAITING: the bits that end it */
    uint32_t badge;           /* SENDING, CALLING: of the capability ("copied at the call") */
    int via;                  /* SENDING, CALLING: the slot of it; else NOBODY */
    uint32_t owed;            /* AWAITING, RECEIVING: flags that come with what ends it */
    bool grants;              /* AWAITING: the answer may bring a capability */
    bool suspended;
    bool turn_ended; /* its turn among equals ended in this round */
    int lender;      /* a passive server on lent time: its caller; else NOBODY */
    uint32_t bits;   /* notification bits, signalled and not yet taken */
    uint32_t setup_mask;
    uint32_t buffer, buffer_size; /* where long messages go; size 0: nowhere */
    int place;                    /* the slot for a capability that comes, or NOBODY */
    bool bits_last;               /* its last recv gave bits: a waiting message is next */
    uint32_t calls;               /* taken calls; 27 bits, 0 only before the first */
    uint32_t cause, flags, address, fault_reg[K5_REG_COUNT];
    uint32_t faults, restarts, overruns, resets;
    uint64_t time_own, time_lent;
    struct spec_context home;
    /* a call in several entries (ADR 16) */
    bool goes_on;  /* "the port makes the call anew"; so a restarted task begins, too */
    bool sweeping; /* its own sweep has begun: saved A0 holds cap_sweep */
    /* ADR 18: what it has lent, until the answer */
    struct spec_loan loan;
    bool renewed; /* it was restarted meanwhile: "its new life begins with the answer" */
};

/* ADR 16: a place in a table, and what is in it. */
struct spec_cap {
    uint32_t type; /* K5_CAP_NONE: empty */
    uint32_t rights, object, badge;
    uint32_t depth; /* 0: of the image */
    int parent;     /* the slot that it derives from, or NOBODY */
    bool dying;     /* "marked slots are unusable", and not free yet */
};

/* ADR 19: memory that one task has at a time. */
struct spec_region {
    int at; /* the slot that has its capability, or its home that had it; NOBODY: no region */
    uint32_t rights; /* with which its holder has it mapped; 0: it has not */
};

/* ADR 16: "there is one sweep at a time". */
struct spec_sweep {
    bool on;
    int task;              /* whose call began it */
    bool doomed[K5_SLOTS]; /* what it takes and has not cleared yet */
    bool cleared;          /* it has cleared something */
    uint32_t entries;      /* that it has taken, whosever */
    int resets;            /* whose fixed places it fills, or NOBODY */
    int from, heir;        /* what derives from the one derives from the other; or NOBODY */
};

/* What the text leaves to the kernel: how far a sweep came in this entry. The driver tells what it
 * saw; the model follows as far as the text allows it. */
struct spec_progress {
    bool goes_on;   /* the call is to be made anew */
    bool own;       /* and the sweep of that very call has begun */
    bool under_way; /* a sweep is */
    bool dying[K5_SLOTS], empty[K5_SLOTS];
    int parent[K5_SLOTS];
    bool revoked[K5_TASKS]; /* it runs on with K5_ERR_REVOKED */
};
extern struct spec_progress progress;

/* ADR 15: an interrupt line of a driver. */
struct spec_irq {
    bool armed;  /* acknowledged, and not come since */
    bool stands; /* as the device drives it now */
    bool edge;   /* it rose, and that was not taken */
};

/* Rules that were used, counted for the driver: a run that never uses one proves nothing about it.
 */
enum seen {
    SEEN_JOINED,       /* rule 2: a refill began where the last one ended */
    SEEN_FULL,         /* rule 3 */
    SEEN_SMALL,        /* rule 4 */
    SEEN_ACTIVATED,    /* rule 1: a next refill joined the head */
    SEEN_LATE,         /* rule 2: the rest is taken from the next head, whose time has not come */
    SEEN_TURN_USED,    /* a turn was used up */
    SEEN_LIMIT_USED,   /* a limit was used up */
    SEEN_TURN_ANEW,    /* a call started a turn anew */
    SEEN_OUTSIDE,      /* a call merged its head and waits outside */
    SEEN_MERGED,       /* a call merged its head, whose time has come */
    SEEN_RECOUNT,      /* a queued call counts on its home context */
    SEEN_REFUSED,      /* and its whole budget is too small */
    SEEN_WHOLE,        /* a call may take just the whole budget of its caller */
    SEEN_CALL_OVERRUN, /* a nested call was too long for the lent time */
    SEEN_ROUND,        /* a new round among equals */
    SEEN_SERVED_ROUND, /* a new round among the callers of an endpoint */
    SEEN_LONG_WHOLE,   /* a long message, or answer, of which all was copied */
    SEEN_LONG_CUT,     /* of which the receiver had room for a part only */
    SEEN_LONG_NOWHERE, /* or no buffer at all */
    SEEN_LONG_EMPTY,   /* of no bytes */
    SEEN_LONG_ANSWER,  /* an answer was one */
    SEEN_CAP_MESSAGE,  /* a capability came with a send or call */
    SEEN_CAP_ANSWER,   /* with an answer */
    SEEN_CAP_NO_PLACE, /* it was kept: nowhere to go */
    SEEN_CAP_FULL,     /* its place is not empty */
    SEEN_CAP_LOST,     /* the source went while the message waited */
    SEEN_CAP_MINTED,   /* a capability was derived by its holder */
    SEEN_CAP_BADGED,   /* by a server, for one of its clients */
    SEEN_CAP_DOOMED,   /* nothing derives from what a sweep has not reached yet and will take */
    SEEN_CAP_ADOPTED,  /* what derived from a slot that was moved or deleted derives from another */
    SEEN_CAP_RESET,    /* a reset took what somebody else had */
    SEEN_SWEEP_OTHER,  /* a call did steps of another's sweep first */
    SEEN_SWEEP_DONE,   /* and its owner's call then found nothing to do */
    SEEN_LENT,         /* memory was lent */
    SEEN_LENT_WRITE,   /* to be written */
    SEEN_LEND_FULL,    /* no place is left */
    SEEN_LEND_TWICE,   /* some of the range is lent to that server already */
    SEEN_LEND_HAS,     /* the server has some of it by the tables */
    SEEN_LEND_TURNED,  /* one that waited was turned away for it */
    SEEN_LOAN_ANSWER,  /* a loan ended with the answer */
    SEEN_LOAN_SERVER,  /* with the server */
    SEEN_LOAN_RENEWED, /* with an answer to a lender that was restarted */
    SEEN_LOAN_LATE,    /* with an answer to one that was stopped */
    SEEN_LOAN_ORPHAN,  /* with the server, and its lender was restarted or stopped before */
    SEEN_MAPPED,       /* a movable region was mapped */
    SEEN_MAP_TWICE,    /* one that is mapped already */
    SEEN_MAP_FULL,     /* and no place was left */
    SEEN_GIVEN,        /* one came with a message */
    SEEN_GIVEN_MAPPED, /* that its sender had mapped */
    SEEN_GIVEN_ON,     /* from a task that is not its owner */
    SEEN_GIVEN_BACK,   /* to its owner */
    SEEN_REGION_HOME,  /* it went home when it was deleted */
    SEEN_REGION_GONE,  /* its owner deleted it at home */
    SEEN_REGION_ENDED, /* it went home when its holder ended or began anew */
    SEEN_REGION_AWAY,  /* its owner began anew without it */
    SEEN_COUNT
};

struct model {
    uint64_t now;           /* of the entry that is being done, or was last */
    uint64_t charged_since; /* what the charged context used from here on is not charged yet */
    int current;            /* the running task, or NOBODY */
    int charged;            /* the owner of the context that is charged, or NOBODY */
    struct spec_task task[K5_TASKS];
    struct spec_irq irq[K5_IRQS];
    struct spec_cap cap[K5_SLOTS]; /* of all tasks, one table after the other, as in cfg */
    struct spec_sweep sweep;
    struct spec_region region[K5_MOVABLES];
    const char *wrong;                   /* what the text forbids and the kernel did, or NULL */
    bool served[K5_ENDPOINTS][K5_TASKS]; /* callers served in this round */
    unsigned long seen[SEEN_COUNT];
    unsigned unknown; /* argument registers of `current` that the model does not know */
};
extern struct model m;

/* ---- model.c ---- */
void model_boot(uint64_t now);
void model_syscall(uint64_t now);
void model_alarm(uint64_t now);
void model_fault(uint64_t now, uint32_t cause, uint32_t flags, uint32_t address,
                 const uint32_t *reg);
void model_interrupt(uint64_t now, int irq); /* a line that is due was taken */
uint64_t model_due(void);        /* no alarm may come later than this; UINT64_MAX: none is needed */
bool model_equals(int a, int b); /* two tasks of one priority */
bool model_valid(void);          /* what the text promises of any state */

/* ---- model_time.c: contexts, refills, lent time ---- */
int spec_context(int t);  /* the owner of the context that t is on */
int spec_borrower(int t); /* who has t's time from its call, or NOBODY */
bool spec_stalled(int t);
void spec_charge(void); /* the charged context, up to now */
void spec_activate(int owner);
void spec_go_home(int t); /* t and everything downwards of it are on their own contexts again */
void spec_recall(int t);  /* whom t lent its time to goes home */
void spec_yield(int t);
enum counts { COUNTS_NOW, COUNTS_LATER, COUNTS_NEVER };
enum counts spec_counts(int t, uint64_t wcet); /* is there enough for a call of this length? */

/* ---- model_ipc.c ---- */
void spec_result(int t, uint32_t error, uint32_t flags, uint32_t label);
void spec_wake(int t, uint32_t error); /* a blocked task's call ends with an error */
void spec_unblock(int t);              /* it waits for nothing any more; no result */
void spec_bits(int t, uint32_t bits);  /* notification bits reach t */
void spec_offers(void);                /* who may be served now is, where a server receives */
void spec_recount(int t);              /* a queued call counts on another context now */
void spec_orphan(int server, uint32_t error); /* its callers that await end with this error */
void spec_close(int server);                  /* it stopped for good: who is queued is told */
uint32_t spec_cap(int t, uint32_t type, uint32_t right, int *slot); /* K5_OK or the error */
void spec_send_or_call(int t, bool call);
void spec_recv(int t);
void spec_reply(int t);
void spec_reply_recv(int t);
void spec_signal(int t);
void spec_wait(int t);
void spec_setup(int t);
void spec_begin(int t); /* a restarted task could run from now on */
bool spec_dead(int t);  /* FAULTED or STOPPED */

/* ---- model_long.c ---- */
#define SPEC_REGION   0x800u
#define SPEC_RAM_BASE 0x28200000u /* of all tasks, one after the other; then what is shared */
#define SPEC_SHARED   (SPEC_RAM_BASE + K5_TASKS * SPEC_REGION)
#define SPEC_RAM      ((K5_TASKS + 1) * SPEC_REGION)
extern uint8_t spec_memory[SPEC_RAM];
void spec_byte_set(uint32_t address, uint8_t byte);
bool spec_owns(int t, uint32_t address, uint32_t length, uint32_t rights);
bool spec_is_long(int t);
/* K5_OK, or why t may not send its long message. to: NOBODY, of an answer that nobody waits for. */
uint32_t spec_long_refused(int t, int to, bool grants);
uint32_t spec_bring(int from, int to);

/* ---- model_cap.c: tables ---- */
bool spec_fixed(int slot);              /* a place of app.toml's */
int spec_slot(int t, uint32_t number);  /* of its table, or NOBODY */
bool spec_in_table(int t, int slot);    /* t: NOBODY: no */
bool spec_holds(int slot);              /* a capability that can be used */
uint32_t spec_source_refused(int slot); /* may something derive from it? */
void spec_derive(int from, int to, uint32_t rights, uint32_t badge);
void spec_image(int t); /* its table as app.toml has it */
void spec_mint(int t);
void spec_info(int t);

/* ---- model_sweep.c: move, delete, revoke, restart ---- */
void spec_move(int t);
void spec_delete(int t);
void spec_revoke(int t);
void spec_cap_reset(int t);
void spec_go_on(int t); /* the next entry of a call whose sweep has begun */

/* ---- model_travel.c: a capability in a message ---- */
bool spec_carries(int t);
uint32_t spec_carry_refused(int t, int to, bool grants);
uint32_t spec_carry(int from, int to, bool grants); /* to `to`: K5_FLAG_CAP, or to the sender:
                                                       K5_FLAG_CAP_KEPT; or 0: it carries none */

/* ---- model_loan.c ---- */
bool spec_lends(int t);                        /* does its long message? */
uint32_t spec_loan_refused(int t, int server); /* at the call; server: NOBODY: not a call */
uint32_t spec_loan_place(int t, int server);   /* K5_OK, or K5_ERR_LEND: not now */
uint32_t spec_loan_make(int t, int server);    /* K5_FLAG_LEND if it lends, else 0 */
void spec_loan_end(int t);
void spec_loan_late(int server, uint32_t token); /* it answers one that is gone */

/* ---- model_region.c ---- */
void spec_map(int t);
void spec_unmap(int t);
void spec_region_go(int from, int to); /* from its slot to an empty one */
void spec_region_delete(int slot);     /* home */
void spec_regions_return(int t);       /* all that t has, and has mapped */
bool spec_region_home(int slot);       /* is this the place of a region that is not away? */
bool spec_region_maps(int t, int r);   /* has t this one mapped? */

/* ---- model_irq.c ---- */
void model_line(int irq, bool stands); /* its device moves it */
bool model_irq_due(int irq);           /* it interrupts now */
void spec_interrupt(int irq);
void spec_irq_ack(int t);
void spec_irqs_end(int t); /* a driver faults, stops or starts anew */

/* ---- model_task.c ---- */
void spec_fault(int t, uint32_t cause, uint32_t flags, uint32_t address, const uint32_t *reg);
void spec_inspect(int t);
void spec_restart(int t);
void spec_stop(int t);
void spec_suspend(int t);
void spec_resume(int t);

#endif
