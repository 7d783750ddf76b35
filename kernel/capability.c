/* Capability tables: a task names what it may use by a slot number of its own table.
 *
 * Invariant: every live slot holds a capability of a known type whose object exists (cap_valid).
 * The tables are loaded from the image at boot and at each restart of their task.
 */
#include "kernel/kernel.h"

#include "kernel/contract.h"

uint16_t cap_slot(uint32_t number)
{
    return (uint16_t)(cfg.slot_first[k.current] + number);
}

uint8_t cap_check(uint32_t number, uint8_t type, uint8_t rights)
{
    if (number >= cfg.slot_count[k.current]) {
        return K5_ERR_SLOT;
    }
    uint16_t slot = cap_slot(number);

    if (k.cap.type[slot] == K5_CAP_NONE) {
        return K5_ERR_SLOT;
    }
    if (k.cap.type[slot] != type) {
        return K5_ERR_TYPE;
    }
    return (k.cap.rights[slot] & rights) == rights ? K5_OK : K5_ERR_RIGHTS;
}

void cap_load(task_t task)
{
    for (uint32_t n = 0; n < cfg.slot_count[task]; n++) {
        uint32_t s = cfg.slot_first[task] + n;

        k.cap.type[s] = cfg.cap_type[s];
        k.cap.rights[s] = cfg.cap_rights[s];
        k.cap.object[s] = cfg.cap_object[s];
        k.cap.badge[s] = cfg.cap_badge[s];
    }
}
