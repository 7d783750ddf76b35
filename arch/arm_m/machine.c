/* The machine: reset, protection, priorities, start and end.
 *
 * Everything static is written here once from arch_cfg and never again: SAU, MPU_S, exception
 * priorities; MPC and PPC by the board, whose parts differ in them. What changes later is MPU_NS
 * and the stack pointers (entry.S) alone.
 *
 *   priority  0x20  MemManage, Bus, Usage, Secure fault     all below 0x80: PRIMASK_NS with PRIS
 * raises 0x40  SVC, alarm, every other interrupt       the priority to 0x80, and what is not more
 *                                                           urgent than that would escalate
 */
#include "arch/arm_m/machine.h"

#include "abi/k5_panic.h"
#include "arch/arch.h"
#include "arch/arm_m/armv8m.h"
#include "arch/arm_m/protection.h"
#include "boards/board.h"

_Static_assert(K5_GRAIN == ARCH_GRAIN, "lent memory is on the grain of the MPU");

#define PRIORITY_FAULT  0x20202020u
#define PRIORITY_KERNEL 0x40404040u
#define EXCEPTION_LINE0 16u /* exception number of interrupt line 0 */

extern uint32_t arch_data_start[], arch_data_end[];
extern const uint32_t arch_data_load[];
extern uint32_t arch_bss_start[], arch_bss_end[];

/* ---- protection, all static -------------------------------------------------------------- */

static void machine_require(void)
{
    uint32_t secure = machine_read(MPU_TYPE) >> 8;
    uint32_t nonsecure = machine_read(MPU_TYPE + SCS_NS) >> 8;

    if (secure < K5_REGION_MAX || nonsecure < K5_REGION_MAX) {
        kernel_panic(K5_PANIC_MPU, secure < nonsecure ? secure : nonsecure);
    }
    if (machine_read(SAU_TYPE) < arch_cfg.sau_count) {
        kernel_panic(K5_PANIC_SAU, machine_read(SAU_TYPE));
    }
    if (arch_cfg.fp_tasks != 0u && machine_read(FP_MVFR0) == 0u) {
        kernel_panic(K5_PANIC_FPU, arch_cfg.fp_tasks);
    }
    if (!arch_protection_valid()) {
        kernel_panic(K5_PANIC_IMAGE, arch_protection_broken());
    }
}

static void sau_load(void)
{
    for (uint32_t i = 0; i < ARCH_SAU_MAX; i++) {
        if (i < arch_cfg.sau_count) {
            machine_write(SAU_RNR, i);
            machine_write(SAU_RBAR, arch_cfg.sau[i].rbar);
            machine_write(SAU_RLAR, arch_cfg.sau[i].rlar);
        }
    }
    machine_write(SAU_CTRL, 1);
}

static void mpu_load(void)
{
    machine_write(MPU_MAIR0, ARCH_MAIR0);
    machine_write(MPU_MAIR0 + SCS_NS, ARCH_MAIR0);
    for (uint32_t i = 0; i < ARCH_MPU_S_MAX; i++) {
        machine_write(MPU_RNR, i);
        machine_write(MPU_RBAR, arch_cfg.mpu_s[i].rbar);
        machine_write(MPU_RLAR, arch_cfg.mpu_s[i].rlar);
    }
    machine_write(MPU_CTRL, MPU_CTRL_ENABLE | MPU_CTRL_HFNMIENA | MPU_CTRL_PRIVDEFENA);
    machine_write(MPU_CTRL + SCS_NS, MPU_CTRL_ENABLE); /* no background map for tasks */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

/* Lent memory has the entries behind those of app.toml: 0 in the images (rule_unused), so only what
 * is mapped is written at a switch (map_reload). */
static void mpu_ns_write(task_t task, uint32_t place, uint32_t rbar, uint32_t rlar)
{
    if (arch_port.mpu == task) {
        machine_write(MPU_RNR + SCS_NS, cfg.region_count[task] + place);
        machine_write(MPU_RBAR + SCS_NS, rbar);
        machine_write(MPU_RLAR + SCS_NS, rlar);
        __asm__ volatile("dsb\n\tisb" ::: "memory");
    }
}

void arch_map(task_t task, uint32_t place, uint32_t base, uint32_t size, uint8_t rights)
{
    uint32_t access = (rights & K5_MEM_WRITE) != 0u ? ARCH_MPU_AP_RW : ARCH_MPU_AP_RO;
    uint32_t last = (base + (size - 1u)) & ~(ARCH_GRAIN - 1u);

    mpu_ns_write(task, place, base | access | ARCH_MPU_XN, last | ARCH_MPU_NORMAL | ARCH_MPU_EN);
}

void arch_unmap(task_t task, uint32_t place)
{
    mpu_ns_write(task, place, 0, 0);
}

/* ---- exceptions -------------------------------------------------------------------------- */

/* Floating point: off in every register if no task has it, else NSACR alone decides, which entry.S
 * opens for as long as such a task runs. Its registers are stacked at once (LSPEN = 0), so that no
 * exception ever writes to a stack that belongs to a task before the running one. */
static void exceptions_set_up(void)
{
    uint32_t floating = arch_cfg.fp_tasks != 0u ? CPACR_FP : 0u;

    machine_write(SCB_VTOR, (uint32_t)arch_vectors);
    machine_write(SCB_AIRCR, AIRCR_SECURE);
    machine_write(SCB_CPACR, floating);
    machine_write(SCB_CPACR + SCS_NS, floating);
    machine_write(SCB_NSACR, 0);
    machine_write(SCB_FPCCR, FPCCR_ASPEN);
    machine_write(SCB_SCR, 0); /* idle sleeps lightly and returns to its loop */
    machine_write(SCB_SHPR1, PRIORITY_FAULT);
    machine_write(SCB_SHPR2, PRIORITY_KERNEL);
    machine_write(SCB_SHPR3, PRIORITY_KERNEL);
    machine_write(SCB_SHCSR, SHCSR_FAULTS);
    machine_write(SCB_SHCSR + SCS_NS, 0); /* no handlers there: faults escalate to the kernel */
    machine_write(SCB_CCR, machine_read(SCB_CCR) | CCR_DIV_0_TRP);
    machine_write(SCB_CCR + SCS_NS, machine_read(SCB_CCR + SCS_NS) | CCR_DIV_0_TRP);
}

/* Of lines that the part does not have, nothing is kept. */
static void interrupts_set_up(void)
{
    for (uint32_t i = 0; i < K5_LINE_MAX / 32u + 1u; i++) {
        machine_write(NVIC_ICER + 4u * i, UINT32_MAX);
        machine_write(NVIC_ICPR + 4u * i, UINT32_MAX);
        machine_write(NVIC_ITNS + 4u * i, 0); /* Secure */
    }
    for (uint32_t i = 0; i < K5_LINE_MAX / 4u; i++) {
        machine_write(NVIC_IPR + 4u * i, PRIORITY_KERNEL);
    }
}

static uint8_t line_irq[K5_LINE_MAX]; /* the irq + 1; 0: no task drives it */

void interrupt_take(void)
{
    uint32_t line = machine_exception() - EXCEPTION_LINE0;
    uint32_t irq = line < K5_LINE_MAX ? line_irq[line] : 0u; /* PendSV, SysTick */

    if (irq != 0u) {
        kernel_interrupt(irq - 1u);
        return;
    }
    if (line == K5_WATCHDOG_LINE) {
        kernel_watchdog();
    }
    if (line != K5_ALARM_LINE) {
        kernel_panic(K5_PANIC_INTERRUPT, line);
    }
    board_alarm_clear();
    kernel_alarm();
}

/* ---- the seam: interrupt lines ------------------------------------------------------------ */

static void line_write(uint32_t set, uint32_t line)
{
    machine_write(set + 4u * (line / 32u), 1u << (line % 32u));
}

/* The barrier: an exception that returns before the write has arrived would be entered again. */
void arch_line_mask(uint32_t line)
{
    line_write(NVIC_ICER, line);
    __asm__ volatile("dsb" ::: "memory");
}

void arch_line_unmask(uint32_t line)
{
    line_write(NVIC_ISER, line);
}

void arch_line_clear(uint32_t line)
{
    line_write(NVIC_ICPR, line);
}

/* ---- the seam: time ---------------------------------------------------------------------- */

uint32_t arch_now(void)
{
    return board_timer_now();
}

void arch_alarm(uint32_t at)
{
    board_alarm_set(at);
}

/* ---- the seam: start and end ------------------------------------------------------------- */

void arch_boot(void)
{
    exceptions_set_up();
    uint32_t step = board_start();

    if (step != 0u) {
        kernel_panic(K5_PANIC_BOARD, step);
    }
    machine_require();
    sau_load();
    board_open();
    mpu_load();
    interrupts_set_up();
    board_timer_start();
    context_idle_reset();
    arch_port =
        (struct port){.live = &arch_context[CONTEXT_NONE], .task = PORT_NOBODY, .mpu = PORT_NOBODY};
}

/* Handler mode is the only way to a thread; svc_entry calls machine_start and switches. */
_Noreturn void arch_start(void)
{
    __asm__ volatile("svc #0" ::: "memory");
    arch_halt();
}

/* FROM svc_entry: an SVC that the veneer did not make. Good once, from arch_start. */
void machine_start(uint32_t exc_return)
{
    if (exc_return != EXC_RETURN_BOOT || arch_port.task != PORT_NOBODY) {
        kernel_panic(K5_PANIC_EXCEPTION, exc_return);
    }
    for (uint32_t i = 0; i < K5_IRQS; i++) {
        if (cfg.irq_task[i] != K5_NIL) {
            line_irq[cfg.irq_line[i]] = (uint8_t)(i + 1u);
        }
    }
    arch_line_unmask(K5_ALARM_LINE);
    arch_line_unmask(K5_WATCHDOG_LINE);
    board_lock();
}

_Noreturn void arch_halt(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    for (;;) {
        __asm__ volatile("wfi");
    }
}

_Noreturn void arch_reset(void)
{
    __asm__ volatile("cpsid i\n\tdsb" ::: "memory");
    machine_write(SCB_AIRCR, AIRCR_SECURE | AIRCR_RESET);
    __asm__ volatile("dsb" ::: "memory");
    for (;;) { /* the request takes a few cycles */
    }
}

/* FROM reset_entry: C's promises first, then the kernel. */
_Noreturn void machine_boot(void)
{
    for (uint32_t i = 0; &arch_data_start[i] < arch_data_end; i++) {
        arch_data_start[i] = arch_data_load[i];
    }
    for (uint32_t i = 0; &arch_bss_start[i] < arch_bss_end; i++) {
        arch_bss_start[i] = 0;
    }
    arch_boot();
    kernel_boot();
    arch_start();
}
