/* The machine of the proofs: like arch/host, but what the outside decides is arbitrary.
 *
 * Arguments are whatever any_state() put into the contexts; the counter goes on by any amount
 * between two readings, as long as the alarm would have caused an entry within 2^32 ticks (k.now's
 * invariant) and the clock stays below TIME_LAST. A kernel_panic is a failed property, with one
 * exception: the loss of the supervisor, which is a decision of the configuration. So is a reset.
 */
#include "prove.h"

#include "abi/k5_panic.h"

struct host host;
ktime true_time;
struct witness witness;
bool machine_refuses;
uint32_t allowed_panic;

void arch_task_reset(task_t task)
{
    PROVE(task < K5_TASKS);
    for (uint32_t i = 0; i < K5_A_COUNT; i++) {
        host.arg[task][i] = 0;
    }
    host.resets[task] = 1;
}

void arch_again(task_t task)
{
    PROVE(task < K5_TASKS);
    host.again[task] = true;
}

uint32_t arch_arg(task_t task, uint32_t i)
{
    PROVE(task < K5_TASKS && i < K5_A_COUNT);
    return host.arg[task][i];
}

void arch_result(task_t task, uint32_t i, uint32_t value)
{
    PROVE(task < K5_TASKS && i < K5_A_COUNT);
    host.arg[task][i] = value;
}

void arch_msg_move(task_t from, task_t to)
{
    PROVE(from < K5_TASKS && to < K5_TASKS && from != to);
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        host.arg[to][K5_A_W0 + i] = host.arg[from][K5_A_W0 + i];
    }
}

uint8_t arch_registers(task_t task, uint32_t reg[K5_REG_COUNT])
{
    PROVE(task < K5_TASKS);
    for (uint32_t i = 0; i < K5_REG_COUNT; i++) {
        reg[i] = nondet_u32();
    }
    return nondet_u8();
}

/* The contract: of one address of all, whether it was written and from where (prove.h). */
bool arch_copy(task_t from, uint32_t source, task_t to, uint32_t target, uint32_t length)
{
    PROVE(from < K5_TASKS && to < K5_TASKS && from != to);
    PROVE(length >= 1u && length <= K5_BUFFER_MAX);
    PROVE(task_covers(from, source, length, K5_MEM_READ)); /* the kernel asked before */
    PROVE(task_covers(to, target, length, K5_MEM_READ | K5_MEM_WRITE));
    if (witness.address >= target && witness.address - target < length) {
        witness.written++;
        witness.from = from;
        witness.to = to;
        witness.source = (uint32_t)(((uint64_t)source + (witness.address - target)) & UINT32_MAX);
    }
    return !machine_refuses;
}

bool arch_copy_in(task_t task, void *to, uint32_t from, uint32_t length)
{
    PROVE(length >= 1u && length <= K5_LOG_BYTES);
    PROVE(task_covers(task, from, length, K5_MEM_READ)); /* the kernel asked before */
    for (uint32_t i = 0; i < K5_LOG_BYTES; i++) {
        if (i < length) {
            ((uint8_t *)to)[i] = nondet_u8();
        }
    }
    return nondet_bool();
}

void arch_map(task_t task, uint32_t place, uint32_t base, uint32_t size, uint8_t rights)
{
    PROVE(task < K5_TASKS && place < cfg.map_count[task] && place < K5_MAPS);
    host.map_base[task][place] = base;
    host.map_size[task][place] = size;
    host.map_rights[task][place] = rights;
}

void arch_unmap(task_t task, uint32_t place)
{
    PROVE(task < K5_TASKS && place < cfg.map_count[task] && place < K5_MAPS);
    host.map_size[task][place] = 0;
}

uint32_t arch_now(void)
{
    ktime later = any_time();

    ASSUME(later >= true_time && later <= TIME_LAST && later - k.now <= UINT32_MAX);
    true_time = later;
    return (uint32_t)(true_time & UINT32_MAX);
}

/* A time not more than 2^31 ticks ago fires at once; one further ahead than that would be taken for
 * the past. */
void arch_alarm(uint32_t at)
{
    host.alarm = at;
    host.alarms = 1;
}

/* Only a line that a task drives is ever touched. */
static void prove_line(uint32_t line)
{
    bool known = false;

    for (uint32_t i = 0; i < K5_IRQS; i++) {
        known = known || (cfg.irq_task[i] < K5_TASKS && cfg.irq_line[i] == line);
    }
    PROVE(known);
}

void arch_line_mask(uint32_t line)
{
    prove_line(line);
    host.open[0] &= ~((uint32_t)1 << (line % 32u));
}

void arch_line_unmask(uint32_t line)
{
    prove_line(line);
    host.open[0] |= (uint32_t)1 << (line % 32u);
}

void arch_line_clear(uint32_t line)
{
    prove_line(line);
    host.pending[0] &= ~((uint32_t)1 << (line % 32u));
}

_Noreturn void kernel_panic(uint32_t where, uint32_t value)
{
    (void)value;
    PROVE(where == K5_PANIC_SUPERVISOR || (allowed_panic != 0 && where == allowed_panic));
    ASSUME(false);
    __builtin_unreachable();
}

/* Only of a task whose configuration says so, and with its record as reason. */
_Noreturn void kernel_reset(task_t task)
{
    PROVE(task < K5_TASKS && cfg.handler[task] == K5_NIL);
    PROVE(cfg.on_fault[task] == K5_ON_FAULT_RESET && k.task.faults[task] != 0);
    ASSUME(false);
    __builtin_unreachable();
}
