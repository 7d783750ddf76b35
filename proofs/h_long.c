/* Long messages: each byte that is copied is one of the sender's message, at its place in the
 * receiver's buffer; no other byte of memory is written; both buffers were asked for in the very
 * step. `witness` (prove.h) is one byte of all memory, so what is proved of it holds for each.
 *
 * The tables are any, so a buffer that was good at the call may be bad now: what a later map and
 * unmap will bring is proved today.
 */
#include "prove.h"

static uint32_t op(task_t t)
{
    return old.host.arg[t][K5_A_OP];
}

static uint32_t length_of(task_t t)
{
    return old.host.arg[t][K5_A_LONG];
}

static bool is_long(task_t t)
{
    return (op(t) & K5_OP_LONG) != 0;
}

/* No message carries a capability or lends: those are h_cap.c and h_map.c. What is queued was
 * checked at its call. */
static void any_plain_state(void)
{
    any_call_state();
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        uint32_t most = t == k.current ? K5_LONG_LENGTH : K5_BUFFER_MAX;

        ASSUME(!is_long((task_t)t) || length_of((task_t)t) <= most);
    }
}

/* A task's message may be sent: what message_check() promises, from its text. */
static bool good(task_t t)
{
    return !is_long(t) || length_of(t) == 0 ||
           (length_of(t) <= K5_BUFFER_MAX &&
            task_covers(t, old.host.arg[t][K5_A_BUFFER], length_of(t), K5_MEM_READ));
}

static bool has_room(task_t t)
{
    return task_covers(t, old.k.task.buffer[t], old.k.task.buffer_size[t],
                       K5_MEM_READ | K5_MEM_WRITE);
}

/* Where the witness lies in the receiver's buffer; UINT32_MAX: before it. */
static uint32_t place(task_t to)
{
    return witness.address >= old.k.task.buffer[to] ? witness.address - old.k.task.buffer[to]
                                                    : UINT32_MAX;
}

/* `from` was heard by `to`, in this step. */
static void prove_heard(task_t from, task_t to)
{
    uint32_t length = length_of(from);
    uint32_t size = old.k.task.buffer_size[to];
    bool copies = is_long(from) && length != 0 && has_room(to);
    bool in = copies && place(to) < length && place(to) < size;

    PROVE(good(from));
    PROVE(witness.written == (in ? 1u : 0u));
    if (in) {
        uint64_t source = (uint64_t)old.host.arg[from][K5_A_BUFFER] + place(to);

        PROVE(witness.from == from && witness.to == to);
        PROVE(witness.source == (uint32_t)(source & UINT32_MAX));
    }
    PROVE(((host.arg[to][K5_A_OP] & (uint32_t)K5_FLAG_LONG << 8) != 0) == is_long(from));
    PROVE(host.arg[to][K5_A_LONG] == length); /* the true one */
    PROVE(host.arg[to][K5_A_BUFFER] == (!is_long(from) || length == 0
                                            ? old.host.arg[from][K5_A_BUFFER]
                                        : copies && !machine_refuses ? old.k.task.buffer[to]
                                                                     : 0));
}

/* In the words of the receiver's A0 before: no flag of an earlier message is left (ADR 1). */
static void waits_for_its_first(task_t server)
{
    uint32_t flags = host.arg[server][K5_A_OP];

    ASSUME(flags == 0 || flags == (uint32_t)K5_FLAG_REPLY_FAILED << 8);
}

static task_t server_called(void)
{
    uint32_t slot = (host.arg[k.current][K5_A_OP] >> 8) & 0xFFu;

    ASSUME(cap_check(slot, K5_CAP_ENDPOINT, K5_RIGHT_CALL) == K5_OK);
    task_t server = cfg.server[k.cap.object[cap_slot(slot)]];

    waits_for_its_first(server);
    return server;
}

/* Nothing of a message that may not be sent, and then only A0 of its sender, has changed. */
static void prove_refused(task_t me)
{
    task_t t = any_task();
    uint32_t i = nondet_u32();

    ASSUME(i < K5_A_COUNT);
    PROVE(witness.written == 0);
    PROVE(same_ipc(t));
    PROVE(host.arg[t][i] == old.host.arg[t][i] || (t == me && i == K5_A_OP));
    PROVE((host.arg[me][K5_A_OP] & 0xFFu) != K5_OK);
}

static void after_send(task_t me, task_t server)
{
    if (!good(me)) {
        prove_refused(me);
    } else if (old.k.task.state[server] == K5_TASK_RECEIVING &&
               k.task.state[server] == K5_TASK_READY && k.task.state[me] != K5_TASK_CALLING) {
        prove_heard(me, server);
    } else {
        PROVE(witness.written == 0);
    }
}

void h_long_send(void)
{
    any_plain_state();
    task_t server = server_called();

    step(sys_send());
    after_send(old.k.current, server);
}

/* To a server that is not passive: a passive one is woken by more than the call (h_message_call).
 */
void h_long_call(void)
{
    any_plain_state();
    task_t server = server_called();

    ASSUME(cfg.wcet[cfg.endpoint[server]] == 0);
    step(sys_call());
    after_send(old.k.current, server);
}

/* Whom the server takes from its queue is heard; one whose buffer is bad by now is told, and none
 * of its bytes was read. */
static void after_receive(task_t me, task_t from)
{
    bool told = k.task.state[from] == K5_TASK_READY && host.arg[from][K5_A_OP] == K5_ERR_BAD_BUFFER;

    if (k.task.state[from] == old.k.task.state[from]) {
        PROVE(witness.written == 0 || witness.from != from);
    } else if (good(from)) {
        prove_heard(from, me);
    } else {
        PROVE(told);
        PROVE(witness.written == 0 || witness.from != from);
        PROVE(k.task.calls[from] == old.k.task.calls[from]);
    }
}

static task_t queued_one(void)
{
    task_t from = any_task();

    ASSUME(old.k.task.state[from] == K5_TASK_SENDING || old.k.task.state[from] == K5_TASK_CALLING);
    return from;
}

void h_long_recv(void)
{
    any_plain_state();
    task_t from = queued_one();

    step(sys_recv());
    after_receive(old.k.current, from);
}

/* A server that receives is offered the next when somebody is resumed. */
void h_long_offer(void)
{
    any_plain_state();
    task_t from = queued_one();
    uint8_t endpoint = old.k.task.object[from];
    task_t server = cfg.server[endpoint];

    ASSUME(server != K5_NIL && server != from);
    waits_for_its_first(server);
    step(endpoint_offer(endpoint));
    after_receive(server, from);
    PROVE(same_ipc(k.current));
}

void h_long_reply(void)
{
    any_plain_state();
    task_t me = k.current;
    uint32_t token = host.arg[me][K5_A_AUX];
    task_t caller = (task_t)(token & 0x1Fu);

    ASSUME(reply_good(token, me));
    step(sys_reply());
    if (good(me)) {
        prove_heard(me, caller);
    } else {
        prove_refused(me);
        PROVE(reply_good(token, me));
    }
}

/* A reply_recv with a bad buffer has done nothing: the error is returned and the token is good. */
void h_long_reply_recv(void)
{
    any_plain_state();
    task_t me = k.current;

    ASSUME(!good(me));
    step(sys_reply_recv());
    prove_refused(me);
}

/* No memory of a task that neither sends nor receives is touched, whatever is called. No region
 * goes around the end of memory (config_memory_valid()). */
void h_long_bystander(void)
{
    any_plain_state();
    task_t me = k.current;

    for (uint32_t r = 0; r < K5_REGIONS; r++) {
        ASSUME(cfg.region_size[r] != 0);
        ASSUME(cfg.region_base[r] <= UINT32_MAX - (cfg.region_size[r] - 1u));
    }
    step(nondet_bool() ? sys_send() : sys_reply());
    PROVE(witness.written == 0 || witness.from == me);
    PROVE(witness.written == 0 ||
          task_covers(witness.to, witness.address, 1, K5_MEM_READ | K5_MEM_WRITE));
    PROVE(witness.written == 0 || task_covers(witness.from, witness.source, 1, K5_MEM_READ));
}

void h_long_setup(void)
{
    any_plain_state();
    task_t me = k.current;
    uint32_t address = host.arg[me][K5_A_W0];
    uint32_t size = host.arg[me][K5_A_W0 + 1];

    step(sys_ipc_setup());
    if (host.arg[me][K5_A_OP] == K5_OK) {
        PROVE(k.task.buffer[me] == address && k.task.buffer_size[me] == size);
        PROVE(size == 0 || task_covers(me, address, size, K5_MEM_READ | K5_MEM_WRITE));
        PROVE(k.task.setup_mask[me] == old.host.arg[me][K5_A_AUX]);
    } else {
        PROVE(same_ipc(me));
    }
}

/* ---- twins: bytes are copied, a sender is turned away ---- */

void twin_long_send(void)
{
    any_plain_state();
    step(sys_send());
    PROVE(witness.written == 0);
}

void twin_long_reply(void)
{
    any_plain_state();
    step(sys_reply());
    PROVE(witness.written == 0 || witness.source == witness.address);
}

void twin_long_recv(void)
{
    any_plain_state();
    task_t from = queued_one();

    step(sys_recv());
    PROVE(host.arg[from][K5_A_OP] != K5_ERR_BAD_BUFFER || k.task.state[from] != K5_TASK_READY);
}
