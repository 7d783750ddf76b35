/* Answers the calls of raw_client with register stubs (raw.S). */
#include "bench.h"
#include "k5/syscall.h"

_Noreturn void raw_serve(uint32_t op);

int main(void)
{
    raw_serve(k5_op(K5_SYS_REPLY_RECV, SERVE.slot, 1));
}
