/* Gives each prober its probes, one at a time, and judges what came of it.
 *
 *   prober --BEGIN--> referee --PROBE--> prober: returns --RETURN--> judged
 *                                             or faults --bit------> judged, restart, BEGIN ...
 */
#include <k5/k5.h>

#include "app.h"
#include "probe.h"

static const struct k5_supervised probers[K5_SUPERVISED_COUNT] = {K5_SUPERVISED_LIST};
static uint32_t token[K5_SUPERVISED_COUNT]; /* of who waits for its next probe */
static uint32_t badge[K5_SUPERVISED_COUNT]; /* 0: not known yet */
static uint32_t wrong;
static uint32_t came[3]; /* outcomes */

/* One message or bit, and whose it is; -1: none came. */
static int event(struct k5_msg *m)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < K5_SUPERVISED_COUNT; i++) {
        all |= probers[i].bits;
    }
    if (k5_recv(REFEREE_SERVE, m, all, k5_after(K5_MS(200))) != K5_OK) {
        return -1;
    }
    if (m->label == NEXT_BEGIN && m->w[0] < K5_SUPERVISED_COUNT) {
        badge[m->w[0]] = m->badge;
    }
    for (int i = 0; i < K5_SUPERVISED_COUNT; i++) {
        if ((m->bits & probers[i].bits) != 0 || (m->token != 0 && m->badge == badge[i])) {
            token[i] = m->token;
            return i;
        }
    }
    return -1;
}

static const char *access_name(uint32_t access)
{
    return access == PROBE_READ ? "read" : access == PROBE_WRITE ? "write" : "execute";
}

/* What a fault says of the probe. */
static uint32_t fault_outcome(const struct probe *probe, const struct k5_task_info *info)
{
    uint32_t address = (info->flags & K5_FAULT_HAS_ADDRESS) != 0 ? info->address : info->reg[15];
    uint32_t cause = probe->access == PROBE_READ    ? K5_FAULT_READ
                     : probe->access == PROBE_WRITE ? K5_FAULT_WRITE
                                                    : K5_FAULT_EXECUTE;
    bool refused = info->cause == cause || info->cause == K5_FAULT_SECURE ||
                   info->cause == K5_FAULT_ACCESS || info->cause == K5_FAULT_SECURE_ENTRY;
    if (refused && address == probe->address) {
        return PROBE_REFUSED;
    }
    /* The code region ends with zeros, which are instructions that do nothing. The fault comes
     * where it ends; in the emulator only where the next branch leads, which it checks. */
    return probe->access == PROBE_EXECUTE && address != probe->address ? PROBE_RUNS_OUT : 99;
}

static void judge(uint32_t n, uint32_t outcome, const struct k5_task_info *info)
{
    const struct probe *probe = &probes[n];
    if (outcome == probe->outcome) {
        came[outcome]++;
        return;
    }
    wrong++;
    K5_ERROR("WRONG {}: {} of {#x}, region {}: {}", probers[probe->prober].name,
             access_name(probe->access), probe->address, probe->region,
             outcome == PROBE_RETURNS ? "comes back" : k5_fault_name(info->cause));
    K5_ERROR("WRONG: at {#x}, pc {#x}, wanted {}", info->address, info->reg[15], probe->outcome);
}

/* Gives a probe and waits for what comes of it; the prober waits for the next one then. */
static void probe_run(uint32_t n)
{
    const struct probe *probe = &probes[n];
    struct k5_task_info info = {0};
    struct k5_msg m = {
        .label = NEXT_PROBE, .token = token[probe->prober], .w = {probe->address, probe->access}};
    K5_ASSERT(k5_reply(&m) == K5_OK);
    K5_ASSERT(event(&m) == probe->prober);
    if (m.bits == 0) {
        /* the first function of its code region is main(), which begins anew */
        bool ran = probe->access == PROBE_EXECUTE && m.label == NEXT_BEGIN;
        judge(n, ran || m.label == NEXT_RETURN ? PROBE_RETURNS : 99, &info);
        return;
    }
    K5_ASSERT(k5_task_inspect(probers[probe->prober].task, &info) == K5_OK);
    judge(n, fault_outcome(probe, &info), &info);
    K5_ASSERT(k5_task_restart(probers[probe->prober].task) == K5_OK);
    K5_ASSERT(event(&m) == probe->prober && m.label == NEXT_BEGIN);
}

int main(void)
{
    struct k5_msg m;
    for (uint32_t i = 0; i < K5_SUPERVISED_COUNT; i++) {
        K5_ASSERT(event(&m) >= 0 && m.label == NEXT_BEGIN);
    }
    for (uint32_t n = 0; n < probe_count; n++) {
        probe_run(n);
    }
    K5_INFO("{} came back, {} refused, {} ran out", came[0], came[1], came[2]);
    K5_INFO("edges: {} probes, {} wrong", probe_count, wrong);
    for (;;) {
        k5_sleep(K5_S(10));
    }
}
