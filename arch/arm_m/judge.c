/* Which K5_FAULT_* a fault is: a decision table over the status registers. Pure C.
 *
 * Order: what happened to the stack comes first (there may be other bits, of the access that the
 * hardware was about to report), then the security unit, then the instruction, then memory.
 */
#include "arch/arm_m/armv8m.h"
#include "arch/arm_m/fault.h"

/* One row: any of `bits` set means `cause`. The first row that matches counts. */
struct row {
    uint32_t bits;
    uint8_t cause;
};

static const struct row secure_rows[] = {
    {SFSR_INVEP | SFSR_INVTRAN, K5_FAULT_SECURE_ENTRY},
    {SFSR_INVIS | SFSR_INVER, K5_FAULT_RETURN},
    {SFSR_AUVIOL, K5_FAULT_SECURE},
};

static const struct row usage_rows[] = {
    {CFSR_STKOF, K5_FAULT_STACK},          {CFSR_NOCP, K5_FAULT_FP},
    {CFSR_UNDEFINSTR, K5_FAULT_UNDEFINED}, {CFSR_INVSTATE, K5_FAULT_STATE},
    {CFSR_INVPC, K5_FAULT_RETURN},         {CFSR_UNALIGNED, K5_FAULT_UNALIGNED},
    {CFSR_DIVBYZERO, K5_FAULT_DIVIDE},     {CFSR_IACCVIOL, K5_FAULT_EXECUTE},
    {CFSR_DACCVIOL, K5_FAULT_ACCESS},      {CFSR_IBUSERR | CFSR_PRECISERR, K5_FAULT_BUS},
    {CFSR_IMPRECISERR, K5_FAULT_BUS},
};

#define RETURN_VALUES 0xFE000000u

#define ROWS(table) ((uint32_t)(sizeof(table) / sizeof((table)[0])))

static uint8_t row_find(const struct row *rows, uint32_t count, uint32_t status)
{
    for (uint32_t i = 0; i < count; i++) {
        if ((rows[i].bits & status) != 0u) {
            return rows[i].cause;
        }
    }
    return K5_FAULT_NONE;
}

/* An address that only the hardware may branch to: EXC_RETURN or FNC_RETURN. In a task it is an
 * ordinary, and forbidden, place to fetch from. */
static bool is_return_value(uint32_t pc)
{
    return pc >= RETURN_VALUES;
}

/* A Secure address on the stack pointer gives a Secure fault that looks like a data access; then
 * the frame could not be written. */
static uint8_t cause_of(const struct fault_status *status, bool framed, const struct access *access,
                        uint32_t pc)
{
    uint8_t cause;

    if ((status->cfsr & CFSR_STACKING) != 0u || ((status->sfsr & SFSR_AUVIOL) != 0u && !framed)) {
        return K5_FAULT_STACK_POINTER;
    }
    cause = row_find(secure_rows, ROWS(secure_rows), status->sfsr);
    if (cause == K5_FAULT_NONE) {
        cause = row_find(usage_rows, ROWS(usage_rows), status->cfsr);
    }
    if (cause == K5_FAULT_NONE && ((status->hfsr & HFSR_DEBUGEVT) != 0u || access->breakpoint)) {
        cause = K5_FAULT_BREAKPOINT;
    }
    if (cause == K5_FAULT_NONE && (status->hfsr & HFSR_FORCED) != 0u) {
        cause = K5_FAULT_SVC; /* escalated without any other sign: masked by PRIMASK_NS */
    }
    if ((cause == K5_FAULT_SECURE_ENTRY || cause == K5_FAULT_EXECUTE) && is_return_value(pc)) {
        cause = K5_FAULT_RETURN;
    }
    return cause == K5_FAULT_NONE ? K5_FAULT_UNKNOWN : cause;
}

static struct fault with_address(uint8_t cause, bool valid, uint32_t address)
{
    return (struct fault){
        .cause = cause, .flags = valid ? K5_FAULT_HAS_ADDRESS : 0, .address = valid ? address : 0};
}

/* The hardware's address if it gave one, else the instruction's. */
static struct fault data_fault(uint8_t cause, bool valid, uint32_t address,
                               const struct access *access)
{
    return valid ? with_address(cause, true, address)
                 : with_address(cause, access->has_address, access->address);
}

static uint8_t direction_of(const struct access *access)
{
    if (!access->known) {
        return K5_FAULT_ACCESS;
    }
    return access->write ? K5_FAULT_WRITE : K5_FAULT_READ;
}

struct fault fault_judge(const struct fault_status *status, bool framed,
                         const struct access *access, const uint32_t reg[K5_REG_COUNT])
{
    uint8_t cause = cause_of(status, framed, access, reg[K5_REG_PC]);
    struct fault fault;

    switch (cause) {
    case K5_FAULT_ACCESS:
        fault = data_fault(direction_of(access), (status->cfsr & CFSR_MMARVALID) != 0u,
                           status->mmfar, access);
        break;
    case K5_FAULT_SECURE: fault = data_fault(cause, false, 0, access); break;
    case K5_FAULT_BUS:
        fault = data_fault(cause, (status->cfsr & CFSR_BFARVALID) != 0u, status->bfar, access);
        break;
    case K5_FAULT_EXECUTE:
    case K5_FAULT_SECURE_ENTRY:
    case K5_FAULT_STATE: fault = with_address(cause, framed, reg[K5_REG_PC]); break;
    case K5_FAULT_STACK:
    case K5_FAULT_STACK_POINTER: fault = with_address(cause, true, reg[K5_REG_SP]); break;
    default: fault = with_address(cause, false, 0); break;
    }
    fault.flags |= framed ? K5_FAULT_HAS_FRAME : 0;
    return fault;
}
