/* Messages: a label, four words in registers, and of a long one a buffer that the kernel copies and
 * a capability.
 *
 *   sender    A4 = its buffer     A5 = descriptor: how long, which slot        docs/adr/0014, 0017
 *     | checked at the call, and again when it is taken from the queue
 *     v min(length, size of the receive buffer) bytes, in the entry that checks both buffers
 *   receiver  A4 = its buffer, 0 if nothing was copied           A5 = descriptor as it was sent
 *
 * Invariant: a receive buffer has at most K5_BUFFER_MAX bytes. That it lies in its task's memory
 * was true when it was set up and is asked again before each copy. The place for a capability is a
 * free slot of its task; that it is empty is asked when one comes.
 */
#include "arch/arch.h"
#include "kernel/contract.h"
#include "kernel/kernel.h"

static uint8_t buffer_check(task_t from)
{
    uint32_t length = arch_arg(from, K5_A_LONG) & K5_LONG_LENGTH;
    bool good = length == 0 || task_covers(from, arch_arg(from, K5_A_BUFFER), length, K5_MEM_READ);

    return good ? K5_OK : K5_ERR_BAD_BUFFER;
}

/* ---- a capability ---------------------------------------- */

static bool carries(task_t from)
{
    return (arch_arg(from, K5_A_LONG) & K5_LONG_CAP) != 0;
}

/* Its slot; meant only if it carries one. */
static uint32_t carried(task_t from)
{
    return (arch_arg(from, K5_A_LONG) & K5_LONG_SLOT) >> K5_LONG_SLOT_SHIFT;
}

/* May `to` have a copy of it, or a region itself? The right to serve, or to acknowledge an
 * interrupt, is one task's; a notification without a bit is nothing to derive. A right to call goes
 * to who is less urgent than the server, so that its ceiling holds. */
static bool travels(uint16_t slot, task_t to)
{
    uint8_t type = k.cap.type[slot];
    uint8_t rights = k.cap.rights[slot];
    uint32_t badge = k.cap.badge[slot];

    if (region_is(slot)) {
        return true;
    }
    if (type != K5_CAP_ENDPOINT) {
        return type != K5_CAP_IRQ && cap_weaker(type, rights, badge, rights, badge);
    }
    task_t server = cfg.server[k.cap.object[slot]];

    return (rights & K5_RIGHT_SERVE) == 0 && to < server &&
           (cfg.equals[server] & task_bit(to)) == 0;
}

static uint8_t carried_check(task_t from, task_t to)
{
    uint8_t error = cap_source_check(from, carried(from));

    if (error != K5_OK) {
        return error;
    }
    uint16_t slot = (uint16_t)(cfg.slot_first[from] + carried(from));

    return travels(slot, to) ? K5_OK : K5_ERR_RIGHTS;
}

/* The sender has checked it, but may have waited since. True: `to` has it, or a copy, now. */
static bool carry(task_t from, task_t to)
{
    uint16_t place = k.task.cap_place[to];

    if (place == SLOT_NONE || k.cap.type[place] != K5_CAP_NONE ||
        carried_check(from, to) != K5_OK) {
        return false;
    }
    uint16_t slot = (uint16_t)(cfg.slot_first[from] + carried(from));

    if (region_is(slot)) {
        region_move(from, slot, place);
    } else {
        cap_copy(slot, place);
    }
    return true;
}

/* ---- all of a long message ---------------------------------------- */

uint8_t message_check_taken(task_t from, task_t to)
{
    uint8_t error = map_wanted(from) ? map_check(from, to) : K5_OK;

    if (error == K5_OK && map_wanted(from) && !map_fits(from, to)) {
        error = K5_ERR_LEND;
    }
    return error != K5_OK ? error : buffer_check(from);
}

static uint8_t descriptor_check(task_t from)
{
    uint32_t length = arch_arg(from, K5_A_LONG) & K5_LONG_LENGTH;
    bool call = (arch_arg(from, K5_A_OP) & 0xFFu) == (K5_SYS_CALL | K5_OP_LONG);
    bool good = length <= K5_BUFFER_MAX && (call || !map_wanted(from)) &&
                (carries(from) || carried(from) == 0);

    return good ? K5_OK : K5_ERR_ARG;
}

uint8_t message_check_long(task_t from, task_t to, bool grants)
{
    uint8_t error = descriptor_check(from);

    if (error == K5_OK && carries(from) && to != K5_NIL) {
        error = grants ? carried_check(from, to) : K5_ERR_RIGHTS;
    }
    if (error == K5_OK && map_wanted(from)) {
        error = map_check(from, to);
    }
    return error != K5_OK ? error : buffer_check(from);
}

/* If the receiver's buffer is not its own any more, nothing is copied: no fault of the sender's. */
uint32_t message_rest(task_t from, task_t to, bool grants)
{
    uint32_t flags = K5_FLAG_LONG;
    uint32_t length = arch_arg(from, K5_A_LONG) & K5_LONG_LENGTH;
    uint32_t size = k.task.buffer_size[to];
    uint32_t target = k.task.buffer[to];
    uint32_t n = length < size ? length : size;

    if (n == 0 || !task_covers(to, target, size, K5_MEM_READ | K5_MEM_WRITE) ||
        !arch_copy(from, arch_arg(from, K5_A_BUFFER), to, target, n)) {
        target = 0;
    }
    if (length != 0) {
        arch_result(to, K5_A_BUFFER, target);
    }
    bool came = carries(from) && grants && carry(from, to);

    flags |= came ? K5_FLAG_CAP : 0u;
    arch_result(to, K5_A_OP, arch_arg(to, K5_A_OP) | flags << 8);
    return carries(from) && !came ? (uint32_t)K5_FLAG_CAP_KEPT << 8 : 0u;
}

/* ---- what a receiver has ready ---------------------------------------- */

/* A2, A3: the buffer. A4: the place, as in a descriptor. */
static uint8_t setup_check(uint32_t address, uint32_t size, uint32_t place)
{
    bool fields = (place & ~(uint32_t)(K5_LONG_SLOT | K5_LONG_CAP)) == 0 &&
                  ((place & K5_LONG_CAP) != 0 || place == 0);

    if (arch_arg(k.current, K5_A_LONG) != 0 || !fields || size > K5_BUFFER_MAX ||
        (size == 0 && address != 0)) {
        return K5_ERR_ARG;
    }
    if (place != 0 && !cap_is_place((place & K5_LONG_SLOT) >> K5_LONG_SLOT_SHIFT)) {
        return K5_ERR_SLOT;
    }
    bool good = size == 0 || task_covers(k.current, address, size, K5_MEM_READ | K5_MEM_WRITE);

    return good ? K5_OK : K5_ERR_BAD_BUFFER;
}

sched_t sys_ipc_setup(void)
{
    task_t me = k.current;
    uint32_t address = arch_arg(me, K5_A_W0);
    uint32_t size = arch_arg(me, K5_A_W0 + 1u);
    uint32_t place = arch_arg(me, K5_A_BUFFER);
    uint8_t error = setup_check(address, size, place);

    if (error == K5_OK) {
        k.task.setup_mask[me] = arch_arg(me, K5_A_AUX);
        k.task.buffer[me] = address;
        k.task.buffer_size[me] = (uint16_t)size;
        k.task.cap_place[me] =
            place == 0 ? SLOT_NONE : cap_slot((place & K5_LONG_SLOT) >> K5_LONG_SLOT_SHIFT);
    }
    arch_result(me, K5_A_OP, error);
    return SCHED_SAME;
}
