/* Words for the numbers of abi/k5_abi.h, for log lines. At most 48 bytes: a log string's limit. */
#include "abi/k5_service_abi.h"
#include "abi/k5_shared_abi.h"
#include "k5/k5.h"

#define NAME(constant) [constant] = #constant

static const char *const error_names[] = {
    NAME(K5_OK),
    NAME(K5_TIMEOUT),
    NAME(K5_ERR_SLOT),
    NAME(K5_ERR_TYPE),
    NAME(K5_ERR_RIGHTS),
    NAME(K5_ERR_ARG),
    NAME(K5_ERR_TOKEN),
    NAME(K5_ERR_PEER_DIED),
    NAME(K5_ERR_PEER_GONE),
    NAME(K5_ERR_BAD_BUFFER),
    NAME(K5_ERR_FULL),
    NAME(K5_ERR_BUDGET),
    NAME(K5_ERR_OCCUPIED),
    NAME(K5_ERR_DEPTH),
    NAME(K5_ERR_REVOKED),
    NAME(K5_ERR_LEND),
    NAME(K5_ERR_MAP),
};
_Static_assert(sizeof error_names / sizeof error_names[0] == K5_ERR_COUNT, "a name for each");

static const char *const fault_names[] = {
    [K5_FAULT_NONE] = "no fault",
    [K5_FAULT_READ] = "read not permitted",
    [K5_FAULT_WRITE] = "write not permitted",
    [K5_FAULT_ACCESS] = "access not permitted",
    [K5_FAULT_EXECUTE] = "execution not permitted",
    [K5_FAULT_SECURE] = "access to Secure memory",
    [K5_FAULT_SECURE_ENTRY] = "jump into Secure code",
    [K5_FAULT_STACK] = "stack overflow",
    [K5_FAULT_STACK_POINTER] = "bad stack pointer",
    [K5_FAULT_UNDEFINED] = "undefined instruction",
    [K5_FAULT_FP] = "floating point not permitted",
    [K5_FAULT_UNALIGNED] = "unaligned access",
    [K5_FAULT_DIVIDE] = "division by zero",
    [K5_FAULT_STATE] = "branch to an even address",
    [K5_FAULT_RETURN] = "forged return",
    [K5_FAULT_SVC] = "SVC outside the veneer",
    [K5_FAULT_BREAKPOINT] = "breakpoint",
    [K5_FAULT_BUS] = "bus error",
    [K5_FAULT_SYSCALL] = "bad system call number",
    [K5_FAULT_PANIC] = "panic",
    [K5_FAULT_EXIT] = "exit",
    [K5_FAULT_UNKNOWN] = "unknown fault",
};
_Static_assert(sizeof fault_names / sizeof fault_names[0] == K5_FAULT_CAUSES, "a name for each");

const char *k5_error_name(k5_error error)
{
    switch (error) {
    case K5_ERR_RESET: return "K5_ERR_RESET";
    case K5_ERR_BROKEN: return "K5_ERR_BROKEN";
    case K5_ERR_OWNER_DIED: return "K5_ERR_OWNER_DIED";
    case K5_ERR_SESSIONS_FULL: return "K5_ERR_SESSIONS_FULL";
    case K5_ERR_NO_SESSION: return "K5_ERR_NO_SESSION";
    case K5_ERR_BAD_ANSWER: return "K5_ERR_BAD_ANSWER";
    case K5_ERR_BAD_ARGUMENT: return "K5_ERR_BAD_ARGUMENT";
    case K5_ERR_NO_OPERATION: return "K5_ERR_NO_OPERATION";
    default: return error < K5_ERR_COUNT ? error_names[error] : "?";
    }
}

const char *k5_fault_name(uint32_t cause)
{
    return cause < K5_FAULT_CAUSES ? fault_names[cause] : "?";
}
