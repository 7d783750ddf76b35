/* The six tasks of fixture.h as tables, and a hand for each of them. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define REGION_SIZE 0x1000u
#define ALL_RIGHTS  (K5_RIGHT_INSPECT | K5_RIGHT_RESTART | K5_RIGHT_SUSPEND)

static void task_fill(uint32_t t, word equals, uint8_t endpoint)
{
    cfg.equals[t] = equals;
    cfg.endpoint[t] = endpoint;
    cfg.handler[t] = t < OTHER ? SUPER : K5_NIL;
    cfg.handler_bits[t] = t < OTHER ? FAULT_OF(t) : 0;
    cfg.budget[t] = SLICE;
    cfg.period[t] = SLICE;
    cfg.region_first[t] = (uint16_t)(2u * t);
    cfg.region_count[t] = 2;
    cfg.region_base[2u * t] = 0x00200000u + t * REGION_SIZE;
    cfg.region_base[2u * t + 1u] = 0x28200000u + t * REGION_SIZE;
    cfg.region_size[2u * t] = REGION_SIZE;
    cfg.region_size[2u * t + 1u] = REGION_SIZE;
    cfg.region_rights[2u * t] = K5_MEM_READ | K5_MEM_EXECUTE;
    cfg.region_rights[2u * t + 1u] = K5_MEM_READ | K5_MEM_WRITE;
    cfg.entry[t] = cfg.region_base[2u * t];
    cfg.stack_base[t] = cfg.region_base[2u * t + 1u];
    cfg.stack_size[t] = 512;
    cfg.on_fault[t] = K5_ON_FAULT_STOP;
}

static void cap_fill(task_t task, uint8_t type, uint8_t rights, uint8_t object, uint32_t badge)
{
    uint32_t s = (uint32_t)cfg.slot_first[task] + cfg.slot_count[task];

    cfg.cap_type[s] = type;
    cfg.cap_rights[s] = rights;
    cfg.cap_object[s] = object;
    cfg.cap_badge[s] = badge;
    cfg.slot_count[task]++;
    for (uint32_t t = task + 1u; t < K5_TASKS; t++) {
        cfg.slot_first[t] = (uint16_t)(s + 1u);
    }
}

static void places_add(task_t task, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        cap_fill(task, K5_CAP_NONE, 0, 0, 0);
    }
}

static void irq_fill(uint32_t irq, uint16_t line, task_t driver)
{
    cfg.irq_line[irq] = line;
    cfg.irq_task[irq] = driver;
    cfg.irq_bits[irq] = BITS_OF(irq);
}

static void caps_fill(void)
{
    cap_fill(ALPHA, K5_CAP_ENDPOINT, K5_RIGHT_CALL, 0, 0x10);
    cap_fill(ALPHA, K5_CAP_ENDPOINT, K5_RIGHT_CALL, 1, 0x11);
    cap_fill(ALPHA, K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL, SERVER, 0xF);
    cap_fill(ALPHA, K5_CAP_IRQ, K5_RIGHT_ACK, 2, 0);
    places_add(ALPHA, 2);
    cap_fill(BETA, K5_CAP_ENDPOINT, K5_RIGHT_CALL, 0, 0x20);
    cap_fill(BETA, K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL, ALPHA, 0xFF00);
    places_add(BETA, 1);
    cap_fill(GAMMA, K5_CAP_ENDPOINT, K5_RIGHT_CALL, 0, 0x30);
    cap_fill(GAMMA, K5_CAP_ENDPOINT, K5_RIGHT_CALL, 1, 0x31);
    places_add(GAMMA, 2);
    cap_fill(SERVER, K5_CAP_ENDPOINT, K5_RIGHT_SERVE, 0, 0);
    cap_fill(SERVER, K5_CAP_ENDPOINT, K5_RIGHT_CALL, 1, 0x40);
    cap_fill(SERVER, K5_CAP_IRQ, K5_RIGHT_ACK, 0, 0);
    cap_fill(SERVER, K5_CAP_IRQ, K5_RIGHT_ACK, 1, 0);
    places_add(SERVER, 3);
    cap_fill(OTHER, K5_CAP_ENDPOINT, K5_RIGHT_SERVE, 1, 0);
    cap_fill(OTHER, K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL, SUPER, 0xF0);
    places_add(OTHER, 2);
    cap_fill(SUPER, K5_CAP_ENDPOINT, K5_RIGHT_SERVE, 2, 0);
    cap_fill(SUPER, K5_CAP_TASK, ALL_RIGHTS, SERVER, 0);
    cap_fill(SUPER, K5_CAP_TASK, ALL_RIGHTS, ALPHA, 0);
    cap_fill(SUPER, K5_CAP_TASK, K5_RIGHT_INSPECT, OTHER, 0);
}

void cap_image(task_t task, uint32_t number, struct cap cap)
{
    uint32_t s = cfg.slot_first[task] + number;

    k.cap.type[s] = cfg.cap_type[s] = cap.type;
    k.cap.rights[s] = cfg.cap_rights[s] = cap.rights;
    k.cap.object[s] = cfg.cap_object[s] = cap.object;
    k.cap.badge[s] = cfg.cap_badge[s] = cap.badge;
}

void tables_fill(void)
{
    memset(&cfg, 0, sizeof cfg);
    task_fill(ALPHA, 0x03, K5_NIL);
    task_fill(BETA, 0x03, K5_NIL);
    task_fill(GAMMA, 0x04, K5_NIL);
    task_fill(SERVER, 0x18, 0);
    task_fill(OTHER, 0x18, 1);
    task_fill(SUPER, 0x20, 2);
    cfg.on_assert = K5_ON_ASSERT_HALT;
    cfg.server[0] = SERVER;
    cfg.server[1] = OTHER;
    cfg.server[2] = SUPER;
    irq_fill(0, LINE_LEVEL, SERVER);
    irq_fill(1, LINE_EDGE, SERVER);
    irq_fill(2, LINE_ALPHA, ALPHA);
    cfg.irq_edges = 0x2;
    for (uint32_t r = 0; r < K5_MOVABLES; r++) {
        cfg.movable_home[r] = K5_SLOTS;
    }
    caps_fill();
}

void boot_tables(void)
{
    memset(&host, 0, sizeof host);
    host.counter = 1000;
    assert_true(config_valid());
    kernel_boot();
    assert_int_equal(k.current, SUPER);
}

void boot(void)
{
    tables_fill();
    boot_tables();
}

void boot_serving(void)
{
    boot();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(OTHER, RECV);
    AS(SERVER, RECV, .aux = 0x1);
    assert_int_equal(k.current, GAMMA);
}

void settle(void)
{
    while (k.current != K5_IDLE && host.again[k.current]) {
        host.again[k.current] = false;
        kernel_syscall();
    }
}

/* ---- interrupt lines, as an interrupt controller takes them ------------------------------------
 */

static void line_take(uint32_t line, uint32_t irq)
{
    host.pending[line / 32u] &= ~(1u << (line % 32u));
    kernel_interrupt(irq);
    host.pending[line / 32u] |= host.level[line / 32u] & (1u << (line % 32u));
}

/* Each is masked by its entry, so this ends. */
static void lines_run(void)
{
    bool any = true;

    while (any) {
        any = false;
        for (uint32_t i = 0; i < K5_IRQS; i++) {
            uint32_t line = cfg.irq_line[i];

            if (line_in(host.open, line) && line_in(host.pending, line)) {
                line_take(line, i);
                any = true;
            }
        }
    }
}

void line_pulse(uint32_t line)
{
    host.pending[line / 32u] |= 1u << (line % 32u);
    lines_run();
}

void line_set(uint32_t line, bool stands)
{
    if (stands) {
        host.level[line / 32u] |= 1u << (line % 32u);
        line_pulse(line);
    } else {
        host.level[line / 32u] &= ~(1u << (line % 32u));
    }
}

/* ---- what a task does ------------------------------------------------------------------------ */

void ask_as(task_t task, uint32_t number, struct ask ask)
{
    uint32_t *arg = host.arg[task];

    settle();
    assert_int_equal(k.current, task);
    arg[K5_A_OP] = number | ask.slot << 8 | ask.label << 16;
    arg[K5_A_AUX] = ask.aux;
    arg[K5_A_W0] = ask.w0;
    arg[K5_A_W0 + 1] = ask.w1;
    arg[K5_A_W0 + 2] = ask.w2;
    arg[K5_A_W0 + 3] = ask.w3;
    arg[K5_A_X0] = (uint32_t)(ask.deadline & UINT32_MAX);
    arg[K5_A_X1] = (uint32_t)(ask.deadline >> 32);
    kernel_syscall();
    lines_run();
}

void tick_silently(uint32_t ticks)
{
    host.counter += ticks;
}

/* Like the hardware: the alarm comes when the counter gets there, by the distance in 32 bits. */
void tick(uint32_t ticks)
{
    do {
        uint32_t distance = host.alarm - host.counter;
        uint32_t step = distance < ticks ? distance : ticks;

        host.counter += step;
        ticks -= step;
        if (host.counter - host.alarm < 0x80000000u) {
            kernel_alarm();
            lines_run();
        }
    } while (ticks > 0);
}

void fault_as(task_t task, uint8_t cause, uint32_t address)
{
    uint32_t reg[K5_REG_COUNT];

    for (uint32_t i = 0; i < K5_REG_COUNT; i++) {
        reg[i] = 0x100u * task + i;
    }
    settle();
    assert_int_equal(k.current, task);
    kernel_fault(cause, K5_FAULT_HAS_ADDRESS | K5_FAULT_HAS_FRAME, address, reg);
}

uint32_t error_of(task_t task)
{
    return host.arg[task][K5_A_OP] & 0xFFu;
}

uint32_t flags_of(task_t task)
{
    return (host.arg[task][K5_A_OP] >> 8) & 0xFFu;
}

uint32_t label_of(task_t task)
{
    return host.arg[task][K5_A_OP] >> 16;
}

uint32_t aux_of(task_t task)
{
    return host.arg[task][K5_A_AUX];
}

uint32_t word_of(task_t task, uint32_t i)
{
    return host.arg[task][K5_A_W0 + i];
}

uint32_t badge_of(task_t task)
{
    return host.arg[task][K5_A_X0];
}
