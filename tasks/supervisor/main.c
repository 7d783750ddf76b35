/* The ready-made supervisor: restarts the tasks that app.toml gives it in `supervises`.
 *
 *   fault --bits--> inspect, say why --back-off--> restart ... too many in a time: left stopped
 *   overrun --bits--> inspect, say how often
 *
 * The back-off doubles from FIRST to LONGEST with each fault and starts anew after a quiet time.
 * More than LIMIT faults within WINDOW mean that restarting does not help: the task stays stopped,
 * and a log line says so. Where a system without that task is worse than none,
 * SUPERVISOR_LAST_RESORT = 1 makes the supervisor end itself then: a supervisor that nobody
 * supervises takes the system with it. All times in milliseconds; set them with `define` in
 * app.toml.
 *
 * Invariant: due[i] != 0 exactly while task i waits for its restart; seen[i] holds the times of its
 * last SUPERVISOR_LIMIT faults, the oldest at next[i].
 */
#include <k5/k5.h>

#include "app.h"

#ifndef SUPERVISOR_FIRST_MS
#define SUPERVISOR_FIRST_MS 1
#endif
#ifndef SUPERVISOR_LONGEST_MS
#define SUPERVISOR_LONGEST_MS 1000
#endif
#ifndef SUPERVISOR_QUIET_MS /* this long without a fault: the back-off starts anew */
#define SUPERVISOR_QUIET_MS 10000
#endif
#ifndef SUPERVISOR_LIMIT /* restarts within the window */
#define SUPERVISOR_LIMIT 5
#endif
#ifndef SUPERVISOR_WINDOW_MS
#define SUPERVISOR_WINDOW_MS 10000
#endif
#ifndef SUPERVISOR_LAST_RESORT /* 1: a task over the limit is the end of the supervisor too */
#define SUPERVISOR_LAST_RESORT 0
#endif
_Static_assert(SUPERVISOR_LIMIT >= 1, "a limit of 0 would be no supervisor");
_Static_assert(SUPERVISOR_FIRST_MS >= 1, "a back-off of 0 would never wait");

static const struct k5_supervised supervised[K5_SUPERVISED_COUNT] = {K5_SUPERVISED_LIST};

static k5_ticks due[K5_SUPERVISED_COUNT];  /* when to restart; 0: not waiting for it */
static uint32_t wait[K5_SUPERVISED_COUNT]; /* last back-off, ms; 0: none yet */
static k5_ticks last[K5_SUPERVISED_COUNT]; /* of the last fault */
static k5_ticks seen[K5_SUPERVISED_COUNT][SUPERVISOR_LIMIT]; /* 0: none */
static uint8_t next[K5_SUPERVISED_COUNT];
static uint32_t overruns[K5_SUPERVISED_COUNT]; /* as last told of */

/* Notes a fault now; how many there were within the window, this one included. */
static uint32_t fault_count(uint32_t i, k5_ticks now)
{
    uint32_t count = 1;
    for (uint32_t n = 0; n < SUPERVISOR_LIMIT; n++) {
        if (seen[i][n] != 0 && now - seen[i][n] < K5_MS(SUPERVISOR_WINDOW_MS)) {
            count++;
        }
    }
    seen[i][next[i]] = now;
    next[i] = (uint8_t)((next[i] + 1u) % SUPERVISOR_LIMIT);
    return count;
}

static uint32_t backoff_next(uint32_t i, k5_ticks now)
{
    if (wait[i] == 0 || now - last[i] >= K5_MS(SUPERVISOR_QUIET_MS)) {
        wait[i] = SUPERVISOR_FIRST_MS;
    } else if (wait[i] < SUPERVISOR_LONGEST_MS) {
        wait[i] = 2 * wait[i] < SUPERVISOR_LONGEST_MS ? 2 * wait[i] : SUPERVISOR_LONGEST_MS;
    }
    last[i] = now;
    return wait[i];
}

static void give_up(uint32_t i, uint32_t count)
{
    if (SUPERVISOR_LAST_RESORT) {
        K5_PANIC("{}: {} faults in {} ms, the last resort", supervised[i].name, count,
                 SUPERVISOR_WINDOW_MS);
    }
    K5_ERROR("{} stays stopped: {} faults in {} ms", supervised[i].name, count,
             SUPERVISOR_WINDOW_MS);
    k5_error error = k5_task_stop(supervised[i].task);
    if (error != K5_OK) { /* it handles faults of others: it stays as it is, faulted */
        K5_ERROR("stop {}: {}", supervised[i].name, k5_error_name(error));
    }
    if (SUPERVISOR_LAST_RESORT) {
        K5_PANIC("last resort: not without {}", supervised[i].name);
    }
}

/* A server that takes longer than it promised harms its clients' budgets, yet not itself: it runs
 * on, and it is for a reader of the log to mend it or its wcet. */
static void overruns_log(uint32_t i, const struct k5_task_info *info)
{
    if (info->overruns != overruns[i]) {
        K5_WARN("{}: overran its wcet, {} times so far", supervised[i].name, info->overruns);
        overruns[i] = info->overruns;
    }
}

static void cause_log(uint32_t i, const struct k5_task_info *info)
{
    const char *what = k5_fault_name(info->cause);
    if (info->flags & K5_FAULT_HAS_FRAME) {
        K5_WARN("{}: {}, address {#x}, at {#x}", supervised[i].name, what, info->address,
                info->reg[K5_REG_PC]);
    } else {
        K5_WARN("{}: {}, address {#x}", supervised[i].name, what, info->address);
    }
}

/* A task's bits came, or this task just started: it may have faulted or overrun. */
static void task_look(uint32_t i)
{
    struct k5_task_info info;
    k5_error error = k5_task_inspect(supervised[i].task, &info);
    if (error != K5_OK) {
        K5_ERROR("inspect {}: {}", supervised[i].name, k5_error_name(error));
        return;
    }
    overruns_log(i, &info);
    if (info.state != K5_TASK_FAULTED) {
        return;
    }
    cause_log(i, &info);
    k5_ticks now = k5_time();
    uint32_t count = fault_count(i, now);
    if (count > SUPERVISOR_LIMIT) {
        give_up(i, count);
        return;
    }
    uint32_t pause = backoff_next(i, now);
    K5_INFO("restarting {} in {} ms, fault {} of {} allowed", supervised[i].name, pause, count,
            SUPERVISOR_LIMIT);
    due[i] = now + K5_MS(pause);
}

static void restart_due(uint32_t i)
{
    if (due[i] == 0 || k5_time() < due[i]) {
        return;
    }
    due[i] = 0;
    k5_error error = k5_task_restart(supervised[i].task);
    if (error != K5_OK) {
        K5_ERROR("restart {}: {}", supervised[i].name, k5_error_name(error));
    }
}

/* The earliest restart, or K5_FOREVER. */
static k5_ticks earliest(void)
{
    k5_ticks when = K5_FOREVER;
    for (uint32_t i = 0; i < K5_SUPERVISED_COUNT; i++) {
        if (due[i] != 0 && (when == K5_FOREVER || due[i] < when)) {
            when = due[i];
        }
    }
    return when;
}

int main(void)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < K5_SUPERVISED_COUNT; i++) {
        all |= supervised[i].bits;
    }
    uint32_t bits = all; /* look at each once: one may have faulted before this task ran */
    for (;;) {
        for (uint32_t i = 0; i < K5_SUPERVISED_COUNT; i++) {
            if (bits & supervised[i].bits) {
                task_look(i);
            }
            restart_due(i);
        }
        bits = 0;
        k5_error error = k5_wait(all, earliest(), &bits);
        if (error != K5_OK && error != K5_TIMEOUT) {
            k5_panic(error);
        }
    }
}
