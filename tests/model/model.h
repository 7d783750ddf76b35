/* The specification of time and messages as a program: small, slow and obvious.
 *
 * Written from docs/manual/time.md and docs/adr/0001 to 0003 by someone who had not read the
 * kernel's scheduler, and it shares no code with it: only the constants of abi/ and the tables of
 * kernel/config.h. Each function names the sentence that it implements.
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

struct spec_task {
    uint32_t reg[K5_A_COUNT]; /* the argument registers: A0 to A7 */
    unsigned state;           /* K5_TASK_*: ADR 2 */
    int at;                   /* SENDING, CALLING: the endpoint; AWAITING: the server */
    uint64_t deadline;        /* of a blocked task; 0: none */
    uint32_t mask;            /* RECEIVING, WAITING: the bits that end it */
    uint32_t badge;           /* SENDING, CALLING: of the capability ("copied at the call") */
    bool reply_failed;        /* RECEIVING by a reply_recv whose reply failed */
    bool suspended;
    bool turn_ended; /* its turn among equals ended in this round */
    int lender;      /* a passive server on lent time: its caller; else NOBODY */
    uint32_t bits;   /* notification bits, signalled and not yet taken */
    uint32_t setup_mask;
    uint32_t buffer, buffer_size; /* where long messages go; size 0: nowhere */
    bool bits_last;               /* its last recv gave bits: a waiting message is next */
    uint32_t calls;               /* taken calls; 27 bits, 0 only before the first */
    uint32_t cause, flags, address, fault_reg[K5_REG_COUNT];
    uint32_t faults, restarts, overruns, resets;
    uint64_t time_own, time_lent;
    struct spec_context home;
};

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
    SEEN_COUNT
};

struct model {
    uint64_t now;           /* of the entry that is being done, or was last */
    uint64_t charged_since; /* what the charged context used from here on is not charged yet */
    int current;            /* the running task, or NOBODY */
    int charged;            /* the owner of the context that is charged, or NOBODY */
    struct spec_task task[K5_TASKS];
    struct spec_irq irq[K5_IRQS];
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

/* ---- model_long.c ---- */
#define SPEC_RAM_BASE 0x28200000u /* of all tasks, one after the other: system.c */
#define SPEC_RAM      (K5_TASKS * 0x1000u)
extern uint8_t spec_memory[SPEC_RAM];
void spec_byte_set(uint32_t address, uint8_t byte);
bool spec_owns(int t, uint32_t address, uint32_t length, uint32_t rights);
bool spec_is_long(int t);
uint32_t spec_long_refused(int t, bool heard); /* K5_OK, or why its message may not be sent */
uint32_t spec_bring(int from, int to);

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
