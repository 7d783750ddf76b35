/* libk5: everything a task may ask of the kernel.
 *
 *   #include <k5/k5.h>
 *   #include "app.h"       generated from app.toml: the handles of this task, K5_TICK_HZ
 *
 * Handles are typed: `STORAGE` (a k5_endpoint), `STORAGE_SERVE` (a k5_server), `SENSOR_SIGNAL` (a
 * k5_notification), `SENSOR_TASK` (a k5_task), `UART1_RX_IRQ` (a k5_irq), `PEER_SLOT` (a k5_slot).
 * A handle of the wrong kind does not compile.
 *
 * Every call that can fail returns a k5_error that must be looked at; none blocks unless it says
 * so. A call that blocks takes an absolute deadline in ticks of the board's timer: K5_FOREVER,
 * K5_POLL or k5_after(K5_MS(20)). When the deadline passes, the call returns K5_TIMEOUT and has
 * undone what it began.
 *
 * Cost: each function is one kernel entry unless it says otherwise.
 */
#ifndef K5_K5_H
#define K5_K5_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/k5_abi.h"

#define K5_MUST_CHECK __attribute__((warn_unused_result))

typedef uint32_t k5_error; /* K5_OK (0), K5_TIMEOUT or K5_ERR_*: abi/k5_abi.h */
typedef uint64_t k5_ticks; /* a duration or a point in time since boot, in ticks of K5_TICK_HZ */

/* ---- handles: a slot of this task's capability table --------------------------------------- */
typedef struct {
    uint8_t slot;
} k5_endpoint; /* may send and call */
typedef struct {
    uint8_t slot;
} k5_server; /* may receive: this task serves the endpoint */
typedef struct {
    uint8_t slot;
} k5_notification; /* may set bits of another task */
typedef struct {
    uint8_t slot;
} k5_task; /* may inspect, restart, stop, suspend and resume another task */
typedef struct {
    uint8_t slot;
} k5_irq; /* an interrupt line of a device that this task drives */
typedef struct {
    uint8_t slot;
} k5_region; /* memory that this task may map, and can give away */
typedef struct {
    uint8_t slot;
} k5_slot; /* any slot, whatever stands in it: app.toml's `slots` are free ones */

/* ---- time ----------------------------------------------------------------------------------- */
#define K5_FOREVER ((k5_ticks)0) /* no deadline */
#define K5_POLL    ((k5_ticks)1) /* a deadline that has passed: never block */

/* Durations in ticks; exact as long as the product is below 2^64. They need K5_TICK_HZ of app.h. */
#define K5_S(n)  (K5_TICK_HZ * (k5_ticks)(n))
#define K5_MS(n) (K5_TICK_HZ * (k5_ticks)(n) / 1000u)
#define K5_US(n) (K5_TICK_HZ * (k5_ticks)(n) / 1000000u)

/* Ticks since boot. Never goes back, and does not wrap in the life of a device. */
k5_ticks k5_time(void);

/* The point in time `duration` ticks from now, for a deadline. Saturates; never K5_FOREVER. */
k5_ticks k5_after(k5_ticks duration);

/* Blocks for at least `duration` ticks (0: returns at once). Two kernel entries. */
void k5_sleep(k5_ticks duration);

/* Blocks until the time is at least `when`; returns at once if that has passed. For a steady beat:
 * `when += K5_MS(10); k5_sleep_until(when);` drifts by nothing. */
void k5_sleep_until(k5_ticks when);

/* Ends this turn: the other ready tasks of the same priority run first. Not for waiting. */
void k5_yield(void);

/* ---- messages ------------------------------------------------------------------------------- */

/* A message: a label, four words, and what the kernel says about them. The kernel writes flags,
 * token, badge and bits; nobody can forge them. The layout is part of the ABI.
 *
 * It may bring up to K5_BUFFER_MAX bytes: out_size of them at `out` are copied by the kernel into
 * the receiver's K5_MSG_BUFFER. Such a message has two words, w[0] and w[1]; the others do not
 * travel. What was received has in_sent > 0 then, and in_size bytes at `in`: all, or what the
 * buffer has room for. The next message overwrites them. Each function that receives sets out_size
 * to 0, so that bytes go out only if somebody says so; `m->out = m->in; m->out_size = m->in_size`
 * is an echo.
 *
 * It may bring one capability: out_cap = K5_CAP_OUT(handle) sends a copy of what stands in that
 * slot of this task's; a k5_region goes itself, and its slot is empty then. In a send or call that
 * needs the endpoint in app.toml's `grants`; in an answer, that the caller has it there. Such a
 * message has three words, or two if it brings bytes too. The copy goes into the receiver's
 * K5_MSG_SLOT, and its flags have K5_FLAG_CAP. If the receiver has no such place, or something is
 * in it, or the source went while the message waited, the rest arrives without it and the sender's
 * flags have K5_FLAG_CAP_KEPT. Each function that receives sets out_cap to 0.
 */
struct k5_msg {
    uint16_t label;           /* what is asked, or the answer's kind; meaning is the server's */
    uint16_t flags;           /* K5_FLAG_*: what came, and whether a capability went */
    uint32_t token;           /* names the call to answer; 0: a send, or nothing to answer */
    uint32_t w[K5_MSG_WORDS]; /* the message */
    uint32_t badge;           /* who sent it: each client's own number, never 0 */
    uint32_t bits;            /* notification bits if flags has K5_FLAG_BITS, else 0 */
    uint16_t in_size;         /* bytes that came, at `in`; 0: none */
    uint16_t in_sent;         /* bytes that were sent; more than in_size: the rest is lost */
    uint16_t out_size;        /* bytes to send; 0: none */
    uint16_t out_cap;         /* K5_CAP_OUT(handle): a copy of that goes with it; 0: none */
    void *in;                 /* this task's K5_MSG_BUFFER, or NULL */
    const void *out;          /* any of this task's memory but devices; not looked at if none */
};
_Static_assert(sizeof(void *) != 4 || sizeof(struct k5_msg) == 48, "ABI: size of a message");
_Static_assert(offsetof(struct k5_msg, token) == 4, "ABI: place of the token");
_Static_assert(offsetof(struct k5_msg, w) == 8, "ABI: place of the words");
_Static_assert(offsetof(struct k5_msg, badge) == 24, "ABI: place of the badge");
_Static_assert(offsetof(struct k5_msg, in_size) == 32, "ABI: place of what came");
_Static_assert(offsetof(struct k5_msg, out_size) == 36, "ABI: place of what goes");
_Static_assert(offsetof(struct k5_msg, out_cap) == 38, "ABI: place of which capability goes");

/* Gives this task a buffer of `size` bytes (1 .. K5_BUFFER_MAX) for messages that bring bytes. At
 * file scope, once in a task (twice does not link); it is there before main() runs, after a restart
 * too. Without it a task learns how many bytes were sent to it, and gets none. */
#define K5_MSG_BUFFER(size)                                                                  \
    _Static_assert((size) >= 1 && (size) <= K5_BUFFER_MAX, "K5_MSG_BUFFER: 1 to 256 bytes"); \
    static _Alignas(4) uint8_t k5_msg_bytes[size];                                           \
    const struct k5_msg_buffer k5_msg_buffer = {k5_msg_bytes, (size)}

/* What K5_MSG_BUFFER defines; size 0 without it. */
struct k5_msg_buffer {
    void *address;
    uint32_t size;
};
extern const struct k5_msg_buffer k5_msg_buffer;

/* For out_cap: the capability in this slot goes with the message. Any handle (of a service with an
 * interface file STORAGE.endpoint). What cannot go is the right to serve, an irq, and a right to
 * call to who is as urgent as that server or more. */
#define K5_CAP_OUT(handle) ((uint16_t)(K5_LONG_CAP | (uint32_t)(handle).slot << K5_LONG_SLOT_SHIFT))

/* Names the free slot (app.toml: slots) that receives the capability of a message. At file scope,
 * once in a task (twice does not link); it holds before main() runs, after a restart too. Without
 * it none comes. The slot takes one: after K5_FLAG_CAP the task moves what came to another slot
 * (k5_cap_move) or deletes it (k5_cap_delete), or no other comes. */
#define K5_MSG_SLOT(handle) const struct k5_msg_slot k5_msg_slot = {handle, true}

/* What K5_MSG_SLOT defines; not named without it. */
struct k5_msg_slot {
    k5_slot slot;
    bool named;
};
extern const struct k5_msg_slot k5_msg_slot;

/* Delivers label, words, outgoing bytes and capability of *m to the server; no answer. On K5_OK
 * m->flags is K5_FLAG_CAP_KEPT if a capability was to go and did not, else 0; the rest of *m, and
 * on an error all of it, is unchanged.
 *
 * Blocks until the server took it, the deadline passed or the server is gone for good.
 * K5_TIMEOUT; K5_ERR_SLOT, _TYPE, _RIGHTS: not a handle of app.h; K5_ERR_ARG: one's own endpoint,
 * more than K5_BUFFER_MAX bytes, or an out_cap that K5_CAP_OUT did not make; K5_ERR_BAD_BUFFER: the
 * bytes are not in one region of this task that may be read; K5_ERR_PEER_GONE: the server stopped
 * and nobody restarts it. With a capability also K5_ERR_RIGHTS: the endpoint is not in `grants`, or
 * it cannot go to that task; K5_ERR_SLOT: there is none in the slot, or it is being revoked;
 * K5_ERR_DEPTH: it is K5_DEPTH_MAX steps from app.toml's. */
K5_MUST_CHECK k5_error k5_send(k5_endpoint to, struct k5_msg *m, k5_ticks deadline);

/* As k5_send, and waits for the answer: on K5_OK label, words and bytes of *m are the answer, and
 * m->flags has K5_FLAG_CAP if the answer brought a capability, K5_FLAG_CAP_KEPT if the one of this
 * call did not go (token, badge, bits, out_size and out_cap are 0); on an error *m is unchanged.
 * Blocks until answered. Errors of k5_send, and K5_ERR_PEER_DIED: the server died after it had
 * taken the call; whether the work was done is not known. A passive server uses this task's time
 * (docs/manual/time.md): the call waits outside until as much of the budget is left as the server
 * may need. K5_ERR_BUDGET: the whole budget is smaller; nothing was done. The tool refuses such an
 * app, unless it is waived. */
K5_MUST_CHECK k5_error k5_call(k5_endpoint to, struct k5_msg *m, k5_ticks deadline);

/* Memory of a caller's own, lent to the server of a call until it answers. */
struct k5_loan {
    void *base;    /* a multiple of K5_GRAIN */
    uint32_t size; /* bytes, a multiple of K5_GRAIN, not 0 and at most 2 MiB; 0: nothing was lent */
    uint32_t rights; /* K5_MEM_READ, or with K5_MEM_WRITE */
};

/* Before a variable that is to be lent: it begins on the grain. That it ends there is a matter of
 * its size: what else lies in its last 32 bytes cannot be lent apart from it. */
#define K5_LENDABLE _Alignas(K5_GRAIN)

/* As k5_call, and the server can use `loan` where it lies, without a copy, until it answers; w[1]
 * carries it. Nobody can end a loan once the call was taken but the server, by answering or ending:
 * the deadline counts only until then, and if this task is restarted meanwhile, its new life begins
 * with the answer. The memory is this task's alone again when the call returns.
 * Errors of k5_call; K5_ERR_ARG: the range is not on the grain or empty, or other rights;
 * K5_ERR_BAD_BUFFER: it is not in one region of this task's with these rights, or in a device;
 * K5_ERR_LEND: the server takes none (app.toml: lends), or has as many as it takes, or has some of
 * this memory mapped already. Then nothing was done. */
K5_MUST_CHECK k5_error k5_call_lend(k5_endpoint to, struct k5_msg *m, const struct k5_loan *loan,
                                    k5_ticks deadline);

/* What the caller of this message lends; size 0: nothing. If it is shared, others can change it at
 * any time: copy what is checked before it is used (k5_loan_read). An access after the answer is a
 * fault. No kernel entry. */
struct k5_loan k5_loan(const struct k5_msg *m);

/* Copies `size` bytes from `offset` of a loan to this task's own memory, or from there into the
 * loan. Each byte of it is accessed once, so what is checked in the copy is what is used, whoever
 * else has the memory. False, and nothing is copied: they are not all within the loan, or it may
 * not be written. `offset` and `size` may come from the client as they are. Only before the answer.
 */
K5_MUST_CHECK bool k5_loan_read(const struct k5_loan *loan, uint32_t offset, void *to,
                                uint32_t size);
K5_MUST_CHECK bool k5_loan_write(const struct k5_loan *loan, uint32_t offset, const void *from,
                                 uint32_t size);

/* Waits for a message on the endpoint this task serves, or for own notification bits of `mask` (0:
 * messages only). Blocks until one is there or the deadline passes.
 * On K5_OK: flags has K5_FLAG_MESSAGE (label, words, badge; token unless it was a send) or
 * K5_FLAG_BITS (bits; they are taken), and K5_FLAG_CAP if a capability came with the message. When
 * both wait, bits come first, then they alternate.
 * K5_TIMEOUT (*m is cleared); K5_ERR_SLOT, _TYPE, _RIGHTS (*m is unchanged). */
K5_MUST_CHECK k5_error k5_recv(k5_server from, struct k5_msg *m, uint32_t mask, k5_ticks deadline);

/* Answers the call that m->token names with label, words, outgoing bytes and capability of *m, and
 * sets m->flags as k5_send does. Does not block.
 * Calls may be kept (copy the token) and answered in any order. K5_ERR_TOKEN: nobody waits for this
 * answer: answered before, timed out, restarted, or a send; K5_ERR_ARG, K5_ERR_BAD_BUFFER, and
 * K5_ERR_RIGHTS, K5_ERR_SLOT, K5_ERR_DEPTH of a capability as k5_send (the right that counts is the
 * caller's): the caller still waits. */
K5_MUST_CHECK k5_error k5_reply(struct k5_msg *m);

/* Answers m->token (0: nobody), then receives as k5_recv does, with the mask of k5_ipc_setup.
 * A caller that is gone is not this task's error: flags has K5_FLAG_REPLY_FAILED and what came is
 * good. It has K5_FLAG_CAP_KEPT if the answer's capability did not go. Blocks as k5_recv.
 * K5_TIMEOUT: the answer was sent, *m is cleared but for those two flags. K5_ERR_SLOT, _TYPE,
 * _RIGHTS, K5_ERR_ARG, K5_ERR_BAD_BUFFER, K5_ERR_DEPTH: nothing was sent, *m is unchanged. */
K5_MUST_CHECK k5_error k5_reply_recv(k5_server from, struct k5_msg *m, k5_ticks deadline);

/* The server loop: for each message (and for own bits, if k5_ipc_setup set a mask) calls `handler`,
 * which turns *m into the answer in place, then answers and receives, for ever. A handler that sets
 * m->token to 0 sends no answer now; it has kept the token. One kernel entry a call.
 * Does not return; a handle that is not this task's own, an answer whose bytes are not in this
 * task's memory, or one with a capability that may not go to its caller, ends the task (k5_panic).
 * So a handler sends a capability with k5_reply, and sets m->token to 0 if that was K5_OK. */
_Noreturn void k5_serve(k5_server from, void (*handler)(struct k5_msg *m));

/* Which own notification bits k5_reply_recv and k5_serve deliver (at start: none). The buffer of
 * K5_MSG_BUFFER and the slot of K5_MSG_SLOT stay. */
K5_MUST_CHECK k5_error k5_ipc_setup(uint32_t mask);

/* ---- notifications -------------------------------------------------------------------------- */

/* Sets bits of the task behind the handle; bits that are set already stay set. Does not block.
 * K5_ERR_RIGHTS: a bit outside those that app.toml lets this task set; K5_ERR_ARG: no bit; then
 * none is set. */
K5_MUST_CHECK k5_error k5_signal(k5_notification to, uint32_t bits);

/* Waits for any of the own bits in `mask`; on K5_OK *bits holds those that were set and they are
 * taken, bits outside the mask stay. Blocks until one is set or the deadline passes.
 * K5_TIMEOUT; K5_ERR_ARG: an empty mask without deadline would never return. */
K5_MUST_CHECK k5_error k5_wait(uint32_t mask, k5_ticks deadline, uint32_t *bits);

/* ---- interrupts: the lines of the devices in app.toml's `uses` ------------------------------ */

/* Opens the line: the next interrupt masks it again and sets its bits (UART1_RX_BITS) of this task.
 * Call it once at the start, for until then the line is masked, and then each time when the device
 * has been served: a level that still stands interrupts again at once, and an edge that came in
 * between is not lost. No effect on a line that is open. Does not block.
 * K5_ERR_SLOT, _TYPE, _RIGHTS: not a handle of this task's own app.h. */
K5_MUST_CHECK k5_error k5_irq_ack(k5_irq irq);

/* ---- watchdog: app.toml's `watches` --------------------------------------------------------- */

/* Tells the watchdog that this task lives: call it at the end of each good pass through the main
 * loop, at least once in each of the watchdog's rounds (WATCHDOG_PERIOD_MS, 100 ms unless app.toml
 * says otherwise); not from a place that is reached although the task's work is stuck. In a task
 * that no task watches it does not compile. Does not block. */
#define k5_checkin() k5_checkin_signal(K5_CHECKIN_SIGNAL, K5_CHECKIN_BIT)

/* Its function; ends the task (k5_panic) if the handle is not one of app.h. */
void k5_checkin_signal(k5_notification watchdog, uint32_t bit);

/* One watched task; app.h of a watchdog has K5_WATCHED_LIST and K5_WATCHED_COUNT. */
struct k5_watched {
    uint32_t bit;     /* the own bit that says that it lives */
    const char *name; /* as in app.toml */
};

/* ---- other tasks ---------------------------------------------------------------------------- */

/* What a supervisor sees of a task. The fault record is that of the last fault and stays until the
 * next one, also over a restart. */
struct k5_task_info {
    uint8_t state;              /* K5_TASK_* */
    uint8_t cause;              /* K5_FAULT_* */
    uint8_t flags;              /* K5_FAULT_HAS_* */
    uint8_t conditions;         /* K5_CONDITION_*: suspended, without time, on a caller's time */
    uint32_t address;           /* of the fault, or number, reason, code: see K5_FAULT_* */
    uint32_t restarts;          /* since boot; stops at 2^32 - 1, as all counts here */
    uint32_t faults;            /* since boot */
    uint32_t reg[K5_REG_COUNT]; /* r0..r15, xPSR at the fault */
    uint32_t calls;             /* of it that a server took, since boot; modulo 2^27 - 1 */
    uint32_t overruns;          /* how often it needed more of a caller's time than its wcet */
    uint32_t drops;             /* of its log frames that found no room */
    uint64_t time_own;          /* ticks since boot on its own budget */
    uint64_t time_lent;         /* ticks since boot on the time of its callers */
};

/* Fills *info. Does not block. K5_INSPECT_PAGES kernel entries, so of a task that runs meanwhile
 * (a more urgent one) the parts may be of different moments; a faulted task does not run. */
K5_MUST_CHECK k5_error k5_task_inspect(k5_task task, struct k5_task_info *info);

/* Starts the task anew, whatever it is doing: its start-up code, its boot capabilities. Calls it
 * had taken return K5_ERR_PEER_DIED; calls still queued at its endpoint stay. Does not block.
 * K5_ERR_SLOT, _TYPE, _RIGHTS; K5_ERR_ARG: the task is stopped for good, or is this one. */
K5_MUST_CHECK k5_error k5_task_restart(k5_task task);

/* Stops the task for good, whatever it is doing: nothing starts it again until the next reset. Its
 * queued callers get K5_ERR_PEER_GONE. Does not block. Errors as k5_task_restart, and K5_ERR_ARG:
 * the task handles faults of others, who would be lost. */
K5_MUST_CHECK k5_error k5_task_stop(k5_task task);

/* Suspends the task: it does not run and is not served until it is resumed or restarted, but stays
 * in whatever it is doing; messages, bits, answers and time-outs still reach it. Time that it was
 * lent or has lent goes home. No effect on a task that is suspended. Does not block.
 * K5_ERR_SLOT, _TYPE, _RIGHTS; K5_ERR_ARG: the task has faulted or stopped, handles faults of
 * others, or is this one. */
K5_MUST_CHECK k5_error k5_task_suspend(k5_task task);

/* Ends a suspension; no effect on a task that is not suspended. Its budget is what it was. Does not
 * block. Errors as k5_task_suspend. */
K5_MUST_CHECK k5_error k5_task_resume(k5_task task);

/* One supervised task; app.h of a supervisor has K5_SUPERVISED_LIST and K5_SUPERVISED_COUNT. */
struct k5_supervised {
    k5_task task;
    uint32_t bits;    /* the own bits that say that it faulted, or overran its wcet */
    const char *name; /* as in app.toml */
};

/* ---- capabilities --------------------------------------------------------------------------- */

/* A handle is a slot of this task's table: a fixed place with what app.toml gives, or a free slot
 * (app.toml: slots = ["peer"], here PEER_SLOT). K5_SLOT names any handle as a slot; the others name
 * what was put into a free slot as what it is. A wrong kind is an error of the kernel (K5_ERR_TYPE)
 * when it is used. */
#define K5_SLOT(handle)         ((k5_slot){(handle).slot})
#define K5_ENDPOINT(handle)     ((k5_endpoint){(handle).slot})
#define K5_NOTIFICATION(handle) ((k5_notification){(handle).slot})
#define K5_TASK(handle)         ((k5_task){(handle).slot})
#define K5_REGION(handle)       ((k5_region){(handle).slot})

/* Derives from slot `from` what goes into the free slot `to`: with those of the rights that are in
 * `rights` (K5_RIGHT_*), and with this badge (0: the same). A badge of an endpoint is chosen by its
 * server alone: from a k5_server it derives what clients need, K5_RIGHT_CALL and K5_RIGHT_GRANT,
 * with a badge that is not 0. The badge of a notification is the set of bits that may be set, and
 * can only shrink. Does not block.
 * K5_ERR_SLOT: `from` is empty, or `to` is no free slot; K5_ERR_OCCUPIED: `to` is not empty;
 * K5_ERR_DEPTH: `from` is K5_DEPTH_MAX steps from app.toml's; K5_ERR_RIGHTS: no right would be
 * left, or that badge is not this task's to give. Then nothing was derived. */
K5_MUST_CHECK k5_error k5_cap_mint(k5_slot from, k5_slot to, uint32_t rights, uint32_t badge);

/* The same with all rights and the same badge. Not of a k5_server: its right is one task's. */
K5_MUST_CHECK k5_error k5_cap_copy(k5_slot from, k5_slot to);

/* Puts what is in the free slot `from` into the free slot `to`; what was derived from it derives
 * from it there. K5_ERR_SLOT: `from` is empty or a fixed place, or `to` is no free slot;
 * K5_ERR_OCCUPIED.
 * This one and the next two look at every slot of the system, K5_SWEEP_SLOTS a kernel entry, on
 * this task's budget. More urgent tasks run between; so it does not block, but it takes time. */
K5_MUST_CHECK k5_error k5_cap_move(k5_slot from, k5_slot to);

/* Empties a slot. What was derived from it derives from its parent from now on, or, of a fixed
 * place, stays, and can still be revoked by it. A fixed place is filled again by a restart.
 * K5_ERR_SLOT: it is empty. Cost: see k5_cap_move; of a fixed place, one entry. */
K5_MUST_CHECK k5_error k5_cap_delete(k5_slot slot);

/* Empties every slot, in whatever task, that was derived from this one, at any depth; the slot
 * itself stays. When it returns, none is left. Calls that wait outside a server through one of them
 * return K5_ERR_REVOKED; calls that were taken are answered. K5_ERR_SLOT: it is an empty free slot.
 * Cost: see k5_cap_move. */
K5_MUST_CHECK k5_error k5_cap_revoke(k5_slot slot);

/* What stands in a slot. */
struct k5_cap_info {
    uint8_t type;    /* K5_CAP_*; K5_CAP_NONE: empty, and the rest is 0 */
    uint8_t rights;  /* K5_RIGHT_* */
    uint8_t depth;   /* 0: from app.toml; more for what was derived */
    bool fixed;      /* a place that only app.toml fills */
    uint32_t badge;  /* of an endpoint: who calls; of a notification: the bits */
    uint32_t object; /* equal numbers of one type are one object */
};

/* Fills *info. K5_ERR_SLOT: this task has no such slot; *info is unchanged. Does not block. */
K5_MUST_CHECK k5_error k5_cap_info(k5_slot slot, struct k5_cap_info *info);

/* All slots of this task in order: fills at most `most` entries of `list`, returns how many slots
 * there are. One kernel entry a slot and one more. Does not block. */
uint32_t k5_cap_list(struct k5_cap_info *list, uint32_t most);

/* ---- movable regions ----------------------------------------------------------------------- */

/* Memory that one task has at a time ([region.frame] owner = "camera"; FRAME in camera's app.h).
 * There is one capability to it, which is never copied: K5_CAP_OUT(FRAME) gives it away, and from
 * then on this task has it mapped no more. Who gets it may map it, give it on, or delete it: then
 * it is back in its owner's FRAME, as when that task begins anew or stops for good. Its owner
 * cannot take it back. */

/* Maps it into this task's memory until k5_unmap, or until it is given away or deleted: all of it,
 * to be read, or read and written (rights: K5_MEM_READ, maybe with K5_MEM_WRITE); never to be
 * executed. Takes one of the places of app.toml's `maps`. *base and *size (bytes) say where it is,
 * the same in every task. It is no place for message buffers, and cannot be lent.
 * K5_ERR_SLOT: nothing is there, it was given away; K5_ERR_TYPE: no region; K5_ERR_ARG: rights;
 * K5_ERR_MAP: it is mapped already, or no place is free; then *base and *size are unchanged.
 * Does not block. What is in it is as its last holder left it. */
K5_MUST_CHECK k5_error k5_map(k5_region region, uint32_t rights, void **base, uint32_t *size);

/* Touching it is a fault from now on. K5_ERR_MAP: it is not mapped; K5_ERR_SLOT, K5_ERR_TYPE as
 * above. Does not block. */
K5_MUST_CHECK k5_error k5_unmap(k5_region region);

/* ---- the end -------------------------------------------------------------------------------- */

/* Ends this task with a reason of its own choice: a fault (K5_FAULT_PANIC) that its handler is told
 * of. K5_PANIC and K5_ASSERT of k5/log.h say it in words. */
_Noreturn void k5_panic(uint32_t reason);

/* Ends this task in order (K5_FAULT_EXIT); returning from main does it too. */
_Noreturn void k5_exit(uint32_t code);

/* ---- words for numbers ---------------------------------------------------------------------- */
const char *k5_error_name(k5_error error); /* "K5_ERR_PEER_DIED"; "?" if there is none such */
const char *k5_fault_name(uint32_t cause); /* "write not permitted"; no kernel entry */

#include "k5/log.h" /* K5_ERROR, K5_WARN, K5_INFO, K5_DEBUG, K5_ASSERT, K5_PANIC */

#endif
