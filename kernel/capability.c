/* A task names what it may use by a slot number of its own capability table. What the tables obey
 * and how they change: derive.c, revoke.c.
 */
#include "kernel/kernel.h"

#include "kernel/contract.h"

uint16_t cap_slot(uint32_t number)
{
    return (uint16_t)(cfg.slot_first[k.current] + number);
}

bool cap_live(uint32_t slot)
{
    return k.cap.type[slot] != K5_CAP_NONE && (k.cap.type[slot] & CAP_DYING) == 0;
}

uint8_t cap_check(uint32_t number, uint8_t type, uint8_t rights)
{
    if (number >= cfg.slot_count[k.current]) {
        return K5_ERR_SLOT;
    }
    uint16_t slot = cap_slot(number);

    if (k.cap.type[slot] != type) {
        return cap_live(slot) ? K5_ERR_TYPE : K5_ERR_SLOT;
    }
    return (k.cap.rights[slot] & rights) == rights ? K5_OK : K5_ERR_RIGHTS;
}
