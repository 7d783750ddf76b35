/* The differential test: random systems and steps, done by the model and by the kernel.
 *
 *   seed -> system.c: tables -> steps.c: a step -> apply.c: the kernel on arch/host | the model
 *        -> compare.c: any difference is the end -> shrink.c: a short trace
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <stddef.h>

#include "model.h"

#define STEPS_A_LIFE 1500u
#define TASK_BITS    0xFFu /* that tasks may signal; above: faults */
#define TEXT_MAX     400
#define WCET_MAX     93u
#define LATE_MAX     K5_BUDGET_MIN /* the alarm is at most a kernel entry late: less than that */

/* ---- chance.c: the same for the same source ---- */
struct source {
    uint32_t seed;
    const uint8_t *bytes; /* instead of a seed, or NULL */
    size_t size;
    const char *file; /* the name of the bytes */
};
extern struct source source;
void chance_start(void);
bool chance_over(void); /* the bytes are used up */
uint32_t any(uint32_t below);
bool percent(uint32_t p);

/* ---- system.c ---- */
bool system_make(void); /* cfg: tables that config_valid() accepts; false: none of many */
extern bool deep;       /* this system is made for long chains of calls */

/* ---- slots.c ---- */
extern bool deep; /* this system is made for long chains of calls */
void system_print(void);
bool system_needs(int t); /* its fault would end the system */
const char *task_name(int t);
uint32_t slot_of(int t, uint32_t type, int object); /* a slot of t, or K5_NIL; object -1: any */
uint32_t slot_free(int t, bool filled); /* a free slot that is filled or not, or K5_NIL */
uint32_t slot_deepest(int t);           /* what is derived most often, or K5_NIL */
uint32_t slot_derived(int t);           /* an endpoint that was derived, or K5_NIL */
uint32_t slot_doomed(int t);            /* what a sweep will take, or K5_NIL */
uint32_t slot_any(int t);               /* one that can be used, or K5_NIL */

/* ---- a step, replayable: what is relative stays so ---- */
enum step_kind { STEP_NOTHING, STEP_CALL, STEP_FAULT, STEP_LINE };
/* Of a task whose call goes on each STEP_CALL is the next entry of that call. */
enum step_time { TIME_NONE, TIME_POLL, TIME_AFTER };
enum step_token { TOKEN_RAW = 4 }; /* below: one of the last tokens that the task got */

struct step {
    enum step_kind kind;
    uint32_t more;  /* STEP_CALL: so many further entries if the call goes on */
    int task;       /* who does it; if another runs then, only time goes by. STEP_LINE: nobody */
    uint32_t delay; /* ticks before it */
    bool late;      /* the alarm does not come during the delay but after the step */
    /* STEP_LINE: number = irq, aux = 1: it stands */
    uint32_t number, slot, label, aux, words[K5_MSG_WORDS];
    bool is_long; /* the last two words are a buffer and how long it is */
    enum step_time deadline;
    uint32_t after; /* TIME_AFTER: so many ticks from then on */
    uint32_t token; /* reply, reply_recv: 0..3: the last, the one before ...; TOKEN_RAW: aux */
};

struct step step_make(void); /* a step that suits the state of the model */

/* ---- steps_cap.c: capabilities and lent memory ---- */
void cap_call_make(struct step *step);
void carry_make(struct step *step); /* the long message brings a capability */
void lend_make(struct step *step);  /* the long call lends */
uint32_t place_make(int t);         /* A4 of ipc_setup */

/* ---- apply.c ---- */
struct run {
    char difference[TEXT_MAX]; /* empty: none */
    bool verbose;
    uint64_t now;
    uint32_t tokens[K5_TASKS][TOKEN_RAW];
    uint8_t filled; /* the last byte that was put into a buffer */
    unsigned long *cover;
};
extern struct run run;
bool run_boot(void);     /* of the source; false: it makes no system */
void tokens_keep(int t); /* load.c */
void call_load(const struct step *step);
bool step_apply(const struct step *step); /* false: a difference, in run.difference */
bool run_over(void);                      /* nothing can happen any more */
const char *step_text(const struct step *step);

/* ---- compare.c ---- */
bool compare_all(void);
const char *state_name(unsigned state);
bool differ(const char *format, ...); /* false; the first one counts */
bool same(int t, const char *what, uint64_t model, uint64_t kernel);
bool same_set(const char *what, const bool model[K5_TASKS], uint32_t kernel);

/* ---- compare_cap.c ---- */
void progress_read(int t); /* how far the sweep of an entry of t came */
bool compare_caps(void);
bool compare_loans(void);

/* ---- window.c ---- */
void window_boot(void);
bool window_holds(int owner, uint64_t from, uint64_t to);

/* ---- cover.c ---- */
#define COVER_MAX   176
#define COVER_GO_ON 0x1FFu /* instead of a call number: a call goes on */
#define COVER_LINE  0x200u /* likewise, + irq */
void cover_entry(const struct model *before, uint32_t number); /* after each entry; 0: an alarm */
void cover_print(const unsigned long *counts);
const char *call_name(uint32_t number);

/* ---- shrink.c ---- */
/* Makes the trace of a life that failed short and prints it. */
void shrink_and_print(struct step *steps, unsigned count);

/* What a life in a process of its own shares with the one that watches it. */
struct shared {
    unsigned count; /* steps begun */
    bool finished;  /* the process came to its end, whatever it found */
    char difference[TEXT_MAX];
    unsigned long cover[COVER_MAX];
    unsigned long entries;
    struct step steps[STEPS_A_LIFE];
};
extern struct shared *shared;
bool life_fails(const struct step *steps, unsigned count, bool verbose);

/* ---- life.c ---- */
void life_new(void); /* a random walk of the source, recorded in shared */
void life_again(const struct step *steps, unsigned count);

#endif
