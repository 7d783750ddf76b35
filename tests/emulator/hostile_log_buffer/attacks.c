/* Log calls whose buffer is not the attacker's, or not quite: each is refused with
 * K5_ERR_BAD_BUFFER or K5_ERR_ARG, and the attacker goes on. */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "../common/places.h"
#include "../common/referee.h"

extern uint32_t k5_bss_end[]; /* linker script */
extern uint32_t k5_stack_base[];

#define SITE (K5_LOG_ID_END - K5_LOG_SITE_SIZE) /* an id that may be one, but is none here */

static uint8_t own[K5_LOG_BYTES];

static uint32_t own_end(void)
{
    return ((uint32_t)(uintptr_t)k5_bss_end + 31u) & ~31u;
}

/* Logs `length` bytes at `address` and says so if the answer is another than expected. */
static void try(uint32_t address, uint32_t length, k5_error expected)
{
    const uint32_t w[K5_MSG_WORDS] = {address, length};
    k5_error error = k5_sys_log(K5_SYS_LOG | K5_LOG_BUFFER << 16, SITE, w);
    if (error != expected && !(expected == K5_OK && error == K5_ERR_FULL)) {
        K5_ERROR("WRONG: {} bytes at {#x}: {}", length, address, k5_error_name(error));
    }
}

#define TRY(name, address, length, expected)                  \
    static void name(uint32_t unused, const struct places *p) \
    {                                                         \
        (void)unused;                                         \
        (void)p;                                              \
        try((address), (length), (expected));                 \
    }
#define OWN ((uint32_t)(uintptr_t)own)
TRY(all_own, OWN, K5_LOG_BYTES, K5_OK)
TRY(last_bytes, own_end() - 8, 8, K5_OK)
TRY(past_end, own_end() - 8, 9, K5_ERR_BAD_BUFFER)
TRY(before_start, (uint32_t)(uintptr_t)k5_stack_base - 4, 8, K5_ERR_BAD_BUFFER)
TRY(victim, p->victim_data, 16, K5_ERR_BAD_BUFFER)
TRY(victim_code, p->victim_code, 16, K5_ERR_BAD_BUFFER)
TRY(kernel, KERNEL_RAM, 16, K5_ERR_BAD_BUFFER)
TRY(kernel_alias, KERNEL_RAM_NS, 16, K5_ERR_BAD_BUFFER)
TRY(own_secure_alias, OWN + ALIAS_BIT, 16, K5_ERR_BAD_BUFFER)
TRY(device, UART1_NS, 16, K5_ERR_BAD_BUFFER)
TRY(null, 0, 16, K5_ERR_BAD_BUFFER)
TRY(wrap, 0xFFFFFFF0u, 32, K5_ERR_BAD_BUFFER)
TRY(wrap_to_own, 0u - 1u, 64, K5_ERR_BAD_BUFFER)

/* Lengths that no region could hold; the kernel may refuse the length or the buffer. */
static void lengths(uint32_t unused, const struct places *p)
{
    static const uint32_t length[] = {0, K5_LOG_BYTES + 1, 0x1000, 0x80000000u, UINT32_MAX};
    (void)unused;
    (void)p;
    for (uint32_t i = 0; i < sizeof length / sizeof length[0]; i++) {
        const uint32_t w[K5_MSG_WORDS] = {OWN, length[i]};
        k5_error error = k5_sys_log(K5_SYS_LOG | K5_LOG_BUFFER << 16, SITE, w);
        if (error != K5_ERR_ARG && error != K5_ERR_BAD_BUFFER) {
            K5_ERROR("WRONG: length {#x}: {}", length[i], k5_error_name(error));
        }
    }
}

/* More words than there are registers, and ids that name nothing: refused, or a frame of nothing.
 */
static void words(uint32_t unused, const struct places *p)
{
    const uint32_t w[K5_MSG_WORDS] = {1, 2, 3, 4};
    (void)unused;
    (void)p;
    for (uint32_t count = K5_LOG_WORDS + 1; count < K5_LOG_BUFFER; count++) {
        if (k5_sys_log(K5_SYS_LOG | count << 16, SITE, w) != K5_ERR_ARG) {
            K5_ERROR("WRONG: {} words", count);
        }
    }
    if (k5_sys_log(K5_SYS_LOG | 0xFFFF0000u, SITE, w) != K5_ERR_ARG) {
        K5_ERROR("WRONG: label of all ones");
    }
    k5_error error = k5_sys_log(K5_SYS_LOG, UINT32_MAX, w);
    if (error != K5_ERR_ARG) {
        K5_ERROR("WRONG: id of all ones: {}", k5_error_name(error));
    }
}

const struct attack attacks[] = {
    ATTACK("whole own buffer", RETURNS, NULL, all_own),
    ATTACK("last own bytes", RETURNS, NULL, last_bytes),
    ATTACK("past the end", RETURNS, NULL, past_end),
    ATTACK("before the start", RETURNS, NULL, before_start),
    ATTACK("a victim's data", RETURNS, NULL, victim),
    ATTACK("a victim's code", RETURNS, NULL, victim_code),
    ATTACK("the kernel's data", RETURNS, NULL, kernel),
    ATTACK("the kernel's data, other alias", RETURNS, NULL, kernel_alias),
    ATTACK("own data, Secure alias", RETURNS, NULL, own_secure_alias),
    ATTACK("a device", RETURNS, NULL, device),
    ATTACK("address 0", RETURNS, NULL, null),
    ATTACK("around the end of memory", RETURNS, NULL, wrap),
    ATTACK("from the last byte", RETURNS, NULL, wrap_to_own),
    ATTACK("lengths", RETURNS, NULL, lengths),
    ATTACK("words and ids", RETURNS, NULL, words),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
