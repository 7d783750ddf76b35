/*
 * proxy.c - what gdb asks, answered for K5's threads or passed on; see proxy.h.
 *
 * Halts and steps. The machine has one thread; a step of thread T is made so that gdb sees T alone:
 *
 *   T runs          one instruction. Did it enter the veneer, or the kernel by a system call: run
 *                   until T is back. By a fault: T has halted, with SIGSEGV.
 *   T does not run  run until it is where it stands now, then as above
 *
 * "until" is a breakpoint of our own at the saved pc of T. Tasks share no code, so whoever comes
 * there is T. Whatever else halts the machine first ends the step.
 */
#include "proxy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS_NONE   SIZE_MAX
#define PACKET_OFFER   0x800 /* bytes of a packet that we say we take */
#define READ_MAX       (PACKET_OFFER / 2)
#define SIGNAL_TRAP    5
#define SIGNAL_SEGV    11
#define EXCEPTION_SVC  11
#define XPSR_EXCEPTION 0x1FFu

bool proxy_open(struct proxy *proxy, const struct app *app, struct remote *remote)
{
    memset(proxy, 0, sizeof *proxy);
    if (!target_open(&proxy->target, app, remote)) {
        return false;
    }
    proxy_greet(proxy);
    return true;
}

void proxy_greet(struct proxy *proxy)
{
    proxy->reader = (struct packet_reader){.length = 0};
    proxy->detached = false;
    proxy->general = THREADS_NONE;
    proxy->stepped = THREADS_NONE;
    proxy->point_count = 0;
}

void proxy_close(struct proxy *proxy)
{
    free(proxy->points);
    text_free(&proxy->console);
    text_free(&proxy->list);
    target_close(&proxy->target);
}

/* ---- threads ---- */

static size_t running(struct proxy *proxy)
{
    (void)target_refresh(&proxy->target);
    return proxy->target.threads.running;
}

static size_t count(const struct proxy *proxy)
{
    return proxy->target.threads.tasks + 1;
}

/* "0" and "-1" are any thread: the running one. False if there is no such thread. */
static bool thread_parse(struct proxy *proxy, const char **at, size_t *thread)
{
    uint32_t number = 0;
    if (string_starts(*at, "-1")) {
        *at += 2;
    } else if (!hex_number(at, &number) || number > count(proxy)) {
        return false;
    }
    *thread = number == 0 ? running(proxy) : number - 1;
    return true;
}

static size_t general(struct proxy *proxy)
{
    return proxy->general == THREADS_NONE ? running(proxy) : proxy->general;
}

static void escaped_add(struct text *out, const char *string)
{
    for (; *string != '\0'; string++) {
        switch (*string) {
        case '<': text_add(out, "&lt;"); break;
        case '>': text_add(out, "&gt;"); break;
        case '&': text_add(out, "&amp;"); break;
        case '"': text_add(out, "&quot;"); break;
        default: text_add_bytes(out, string, 1);
        }
    }
}

static void list_make(struct proxy *proxy)
{
    text_free(&proxy->list);
    text_add(&proxy->list, "<?xml version=\"1.0\"?>\n<threads>\n");
    (void)running(proxy);
    for (size_t i = 0; i < count(proxy); i++) {
        struct text state = {0};
        threads_state(&proxy->target.threads, i, &state);
        text_addf(&proxy->list, "<thread id=\"%zx\" name=\"%s\">", i + 1,
                  threads_name(&proxy->target.threads, i));
        escaped_add(&proxy->list, text_string(&state));
        text_add(&proxy->list, "</thread>\n");
        text_free(&state);
    }
    text_add(&proxy->list, "</threads>\n");
}

/* qXfer:threads:read::OFFSET,LENGTH. */
static void list_answer(struct proxy *proxy, const char *at, struct text *out)
{
    uint32_t offset = 0;
    uint32_t length = 0;
    if (!hex_number(&at, &offset) || *at++ != ',' || !hex_number(&at, &length)) {
        text_add(out, "E00");
        return;
    }
    if (offset == 0) {
        list_make(proxy);
    }
    size_t all = proxy->list.length;
    size_t part = offset < all ? all - offset : 0;
    length = length < READ_MAX ? length : READ_MAX;
    text_add(out, part > length ? "m" : "l");
    text_add_bytes(out, text_string(&proxy->list) + (offset < all ? offset : 0),
                   part > length ? length : part);
}

static void extra_answer(struct proxy *proxy, const char *at, struct text *out)
{
    size_t thread;
    struct text info = {0};
    if (!thread_parse(proxy, &at, &thread)) {
        text_add(out, "E01");
        return;
    }
    (void)running(proxy);
    text_addf(&info, "%s: ", threads_name(&proxy->target.threads, thread));
    threads_state(&proxy->target.threads, thread, &info);
    hex_add(out, info.data, info.length < READ_MAX ? info.length : READ_MAX);
    text_free(&info);
}

/* ---- registers ---- */

static bool pass(struct proxy *proxy, const char *body, struct text *out)
{
    struct remote *remote = proxy->target.remote;
    bool good = remote_command(remote, body);
    if (remote->socket < 0) {
        text_add(out, "E01");
    } else {
        text_add_bytes(out, remote->reader.body, remote->reader.length);
    }
    return good;
}

static void registers_answer(struct proxy *proxy, struct text *out)
{
    size_t thread = general(proxy);
    struct thread_registers registers;
    struct text all = {0};
    if (thread == running(proxy)) {
        (void)pass(proxy, "g", out);
        return;
    }
    if (!threads_registers(&proxy->target.threads, thread, &registers) || !pass(proxy, "g", &all)) {
        text_add(out, "E01");
    } else {
        size_t own = 0;
        for (uint32_t i = 0; i < THREAD_CORE; i++) {
            (void)target_register_add(&proxy->target, &registers, i == 16 ? 25 : i, out);
            own += 8;
        }
        for (; own < all.length; own++) { /* what else the server has there is the machine's */
            text_add(out, "x");
        }
    }
    text_free(&all);
}

static void register_answer(struct proxy *proxy, const char *body, struct text *out)
{
    const char *at = body + 1;
    size_t thread = general(proxy);
    uint32_t number;
    struct thread_registers registers;
    if (!hex_number(&at, &number)) {
        text_add(out, "E00");
    } else if (thread == running(proxy)) {
        (void)pass(proxy, body, out);
    } else if (!threads_registers(&proxy->target.threads, thread, &registers)) {
        text_add(out, "E01");
    } else if (!target_register_add(&proxy->target, &registers, number, out)) {
        (void)pass(proxy, body, out);
    }
}

/* Only what is in the machine can be written: a saved context belongs to the kernel. */
static void write_answer(struct proxy *proxy, const char *body, struct text *out)
{
    if (general(proxy) != running(proxy)) {
        text_add(out, "E01");
        return;
    }
    (void)pass(proxy, body, out);
    target_forget(&proxy->target);
}

/* ---- memory ---- */

/* "ADDRESS,LENGTH". */
static bool range_parse(const char **at, uint32_t *address, uint32_t *length)
{
    if (!hex_number(at, address) || **at != ',') {
        return false;
    }
    (*at)++;
    return hex_number(at, length) && *length <= READ_MAX;
}

static void memory_answer(struct proxy *proxy, const char *at, struct text *out)
{
    uint8_t bytes[READ_MAX];
    uint32_t address;
    uint32_t length;
    if (!range_parse(&at, &address, &length)) {
        text_add(out, "E00");
    } else if (!target_read(&proxy->target, address, bytes, length)) {
        text_add(out, "E01");
    } else {
        hex_add(out, bytes, length);
    }
}

static void memory_write(struct proxy *proxy, const char *at, struct text *out)
{
    uint8_t bytes[READ_MAX];
    uint32_t address;
    uint32_t length;
    if (!range_parse(&at, &address, &length) || *at++ != ':' || strlen(at) != 2u * length ||
        !hex_bytes(at, bytes, length)) {
        text_add(out, "E00");
    } else {
        text_add(out, target_write(&proxy->target, address, bytes, length) ? "OK" : "E01");
    }
}

/* ---- breakpoints ---- */

static size_t point_find(const struct proxy *proxy, uint32_t address)
{
    size_t i = 0;
    while (i < proxy->point_count && proxy->points[i] != address) {
        i++;
    }
    return i;
}

static void point_note(struct proxy *proxy, uint32_t address, bool set)
{
    size_t i = point_find(proxy, address);
    if (set && i == proxy->point_count) {
        proxy->points = memory_resize(proxy->points, (i + 1) * sizeof proxy->points[0]);
        proxy->points[proxy->point_count++] = address;
    } else if (!set && i < proxy->point_count) {
        proxy->points[i] = proxy->points[--proxy->point_count];
    }
}

/* Z or z: KIND,ADDRESS,LENGTH. 0 and 1 are breakpoints, the others watchpoints. */
static void point_answer(struct proxy *proxy, const char *body, struct text *out)
{
    const char *at = body + 1;
    uint32_t kind = 0;
    uint32_t address = 0;
    bool parsed = hex_number(&at, &kind) && *at++ == ',' && hex_number(&at, &address);
    bool good = pass(proxy, body, out);
    if (good && parsed && kind <= 1 && strcmp(proxy->target.remote->reader.body, "OK") == 0) {
        point_note(proxy, address, body[0] == 'Z');
    }
    if (!good && parsed && kind <= 1 && body[0] == 'Z' && proxy->target.remote->socket >= 0) {
        proxy->refused = true;
        proxy->refused_at = address;
    }
}

/* ---- running ---- */

static void stop_add(struct proxy *proxy, unsigned signal, size_t thread, struct text *out)
{
    char why[sizeof proxy->target.remote->stop];
    proxy->runs = false;
    proxy->stepped = THREADS_NONE;
    proxy->general = thread; /* gdb takes it for granted */
    text_addf(out, "T%02xthread:%zx;", signal, thread + 1);
    memcpy(why, proxy->target.remote->stop, sizeof why);
    for (char *part = strtok(why, ";"); part != NULL; part = strtok(NULL, ";")) {
        if (part[0] == 'T' && strlen(part) > 3) {
            part += 3; /* the first has the signal before it */
        }
        if (strstr(part, "watch:") != NULL) { /* of watch, rwatch, awatch: the address */
            text_addf(out, "%s;", part);
        }
    }
}

static unsigned stop_signal(const struct proxy *proxy)
{
    const char *stop = proxy->target.remote->stop;
    unsigned high = stop[0] == '\0' ? 16 : hex_digit(stop[1]);
    unsigned low = high > 15 ? 16 : hex_digit(stop[2]);
    return low > 15 ? SIGNAL_TRAP : high << 4 | low;
}

static void until_remove(struct proxy *proxy)
{
    if (proxy->until_set && !proxy->until_shared) {
        (void)remote_breakpoint(proxy->target.remote, proxy->until, false);
    }
    proxy->until_set = false;
}

static bool go(struct proxy *proxy)
{
    target_forget(&proxy->target);
    proxy->runs = remote_continue(proxy->target.remote);
    return proxy->runs;
}

/* Runs until the thread comes to `address`. */
static bool until_go(struct proxy *proxy, size_t thread, uint32_t address, bool landed)
{
    proxy->until = address;
    proxy->until_shared = point_find(proxy, address) < proxy->point_count;
    proxy->until_set =
        proxy->until_shared || remote_breakpoint(proxy->target.remote, address, true);
    proxy->stepped = thread;
    proxy->landed = landed;
    return proxy->until_set && go(proxy);
}

/* Runs until the thread, which does not run now, is where it stands. False: it never will. */
static bool waited_go(struct proxy *proxy, size_t thread, bool landed)
{
    struct thread_registers registers;
    struct threads *threads = &proxy->target.threads;
    uint64_t state = thread < threads->tasks && threads->known
                         ? threads->value[THREADS_STATE][thread]
                         : K5_TASK_READY;
    if (state == K5_TASK_FAULTED || state == K5_TASK_STOPPED ||
        !threads_registers(threads, thread, &registers)) {
        return false;
    }
    return until_go(proxy, thread, registers.core[15], landed);
}

/* One instruction of the running thread. */
static void step(struct proxy *proxy, size_t thread, struct text *out)
{
    target_forget(&proxy->target);
    if (!remote_step(proxy->target.remote)) {
        text_add(out, "E01");
        return;
    }
    size_t now = running(proxy);
    uint32_t exception = proxy->target.threads.live.core[16] & XPSR_EXCEPTION;
    if (now == thread && threads_in_veneer(&proxy->target.threads)) {
        uint32_t back = proxy->target.threads.live.core[14] & ~1u;
        if (!until_go(proxy, thread, back, true)) {
            stop_add(proxy, SIGNAL_TRAP, now, out);
        }
    } else if (now == thread || thread == proxy->target.threads.tasks || exception == 0) {
        stop_add(proxy, SIGNAL_TRAP, now, out);
    } else if (exception != EXCEPTION_SVC) {
        stop_add(proxy, SIGNAL_SEGV, thread, out);
    } else if (!waited_go(proxy, thread, true)) {
        stop_add(proxy, SIGNAL_TRAP, now, out);
    }
}

static void step_begin(struct proxy *proxy, size_t thread, struct text *out)
{
    if (thread == running(proxy)) {
        step(proxy, thread, out);
    } else if (!waited_go(proxy, thread, false)) {
        until_remove(proxy);
        text_add(out, "E01"); /* it has faulted: it does not go on from there */
    }
}

/* vCont;ACTION[:THREAD];... : the first step there is; else all go on. */
static void resume_answer(struct proxy *proxy, const char *at, struct text *out)
{
    for (; at != NULL; at = strchr(at + 1, ';')) {
        char action = at[0] == ';' ? at[1] : '\0';
        const char *colon = at + 1 + strcspn(at + 1, ":;");
        size_t thread = general(proxy);
        if (action == 's' || action == 'S') {
            if (*colon == ':' && (colon++, !thread_parse(proxy, &colon, &thread))) {
                text_add(out, "E01");
                return;
            }
            step_begin(proxy, thread, out);
            return;
        }
        if (action != 'c' && action != 'C') {
            text_add(out, "E00");
            return;
        }
    }
    proxy->stepped = THREADS_NONE;
    if (!go(proxy)) {
        text_add(out, "E01");
    }
}

/* The machine has halted while gdb waits. */
static void halted(struct proxy *proxy, struct text *out)
{
    size_t stepped = proxy->stepped;
    size_t now = running(proxy);
    bool there = stepped != THREADS_NONE && now == stepped && proxy->until_set &&
                 proxy->target.threads.live.core[15] == proxy->until;
    until_remove(proxy);
    if (there && !proxy->landed) {
        proxy->runs = false;
        step(proxy, stepped, out);
    } else {
        stop_add(proxy, stop_signal(proxy), now, out);
    }
}

/* What is in `answer` goes out as a packet; while the target runs the answer is still to come. */
static void answer_add(struct proxy *proxy, struct text *answer, bool wanted, struct text *out)
{
    if (wanted && !(proxy->runs && answer->length == 0)) {
        packet_add(out, text_string(answer), answer->length);
    }
    text_free(answer);
}

void proxy_poll(struct proxy *proxy, struct text *out)
{
    struct text answer = {0};
    struct remote *remote = proxy->target.remote;
    if (!proxy->runs) {
        return;
    }
    if (remote_wait(remote, 0)) {
        halted(proxy, &answer);
    } else if (remote->socket < 0) {
        proxy->runs = false;
        text_add(&answer, "X09"); /* the target is gone */
    }
    answer_add(proxy, &answer, answer.length > 0, out);
}

static void interrupt(struct proxy *proxy, struct text *out)
{
    if (proxy->runs) {
        (void)remote_halt(proxy->target.remote);
        proxy_poll(proxy, out);
    }
}

/* ---- queries ---- */

/* gdb's `monitor`: what the server prints goes to gdb before the answer. */
static void monitor_answer(struct proxy *proxy, const char *body, struct text *out)
{
    proxy->target.remote->console = &proxy->console;
    (void)pass(proxy, body, out);
    proxy->target.remote->console = NULL;
    target_forget(&proxy->target);
}

static void query_answer(struct proxy *proxy, const char *body, struct text *out)
{
    if (string_starts(body, "qSupported")) {
        text_addf(out, "PacketSize=%x;qXfer:features:read+;qXfer:threads:read+;vContSupported+",
                  PACKET_OFFER);
    } else if (strcmp(body, "qfThreadInfo") == 0) {
        for (size_t i = 0; i < count(proxy); i++) {
            text_addf(out, "%s%zx", i == 0 ? "m" : ",", i + 1);
        }
    } else if (strcmp(body, "qsThreadInfo") == 0) {
        text_add(out, "l");
    } else if (string_starts(body, "qThreadExtraInfo,")) {
        extra_answer(proxy, strchr(body, ',') + 1, out);
    } else if (string_starts(body, "qXfer:threads:read::")) {
        list_answer(proxy, body + strlen("qXfer:threads:read::"), out);
    } else if (strcmp(body, "qC") == 0) {
        text_addf(out, "QC%zx", running(proxy) + 1);
    } else if (strcmp(body, "qAttached") == 0) {
        text_add(out, "1"); /* so that gdb leaves by D, not by k */
    } else if (string_starts(body, "qXfer:features:read:")) {
        (void)pass(proxy, body, out);
    } else if (string_starts(body, "qRcmd,")) {
        monitor_answer(proxy, body, out);
    }
}

static void thread_answer(struct proxy *proxy, const char *body, struct text *out)
{
    const char *at = body + (body[0] == 'H' && body[1] != '\0' ? 2 : 1);
    size_t thread;
    if (!thread_parse(proxy, &at, &thread) || *at != '\0') {
        text_add(out, "E01");
        return;
    }
    if (body[0] == 'H') { /* what g, and what c and s without a thread, are about */
        proxy->general = thread;
    }
    text_add(out, "OK");
}

/* True if the packet wants an answer at all. */
static bool packet_answer(struct proxy *proxy, const char *body, struct text *out)
{
    switch (body[0]) {
    case '?': stop_add(proxy, stop_signal(proxy), running(proxy), out); break;
    case 'H':
    case 'T': thread_answer(proxy, body, out); break;
    case 'g': registers_answer(proxy, out); break;
    case 'p': register_answer(proxy, body, out); break;
    case 'G':
    case 'P': write_answer(proxy, body, out); break;
    case 'm': memory_answer(proxy, body + 1, out); break;
    case 'M': memory_write(proxy, body + 1, out); break;
    case 'Z':
    case 'z': point_answer(proxy, body, out); break;
    case 'q': query_answer(proxy, body, out); break;
    case 'c':
    case 'C': resume_answer(proxy, NULL, out); break;
    case 's':
    case 'S': step_begin(proxy, general(proxy), out); break;
    case 'v':
        if (string_starts(body, "vCont;")) {
            resume_answer(proxy, body + strlen("vCont"), out);
        } else if (strcmp(body, "vCont?") == 0) {
            text_add(out, "vCont;c;C;s;S");
        }
        break;
    case 'D':
        text_add(out, "OK");
        proxy->detached = true;
        break;
    case 'k': proxy->killed = true; return false;
    default: break; /* an empty answer: not known */
    }
    return true;
}

void proxy_feed(struct proxy *proxy, const uint8_t *bytes, size_t size, struct text *out)
{
    for (size_t i = 0; i < size && !proxy->killed && !proxy->detached; i++) {
        struct text answer = {0};
        switch (packet_feed(&proxy->reader, bytes[i])) {
        case PACKET_DAMAGED: text_add(out, "-"); break;
        case PACKET_INTERRUPT: interrupt(proxy, out); break;
        case PACKET_GOOD:
            text_add(out, "+");
            if (!proxy->runs) { /* a gdb that asks in the meantime asks again */
                bool wanted = packet_answer(proxy, proxy->reader.body, &answer);
                text_add(out, text_string(&proxy->console));
                text_free(&proxy->console);
                answer_add(proxy, &answer, wanted, out);
            }
            break;
        default: break;
        }
    }
}
