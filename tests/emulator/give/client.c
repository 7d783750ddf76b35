/* Owns two regions, maps them, gives one away, and looks at what became of it. Of its own faults it
 * dies, and goes on in the next life. */
#include "../common/check.h"
#include "app.h"
#include "give.h"

#define READ  K5_MEM_READ
#define WRITE (K5_MEM_READ | K5_MEM_WRITE)
#define BYTES 1024u

K5_MSG_SLOT(INBOX_SLOT);

/* Outlives a restart; 0 at power-on. */
struct board {
    uint32_t life;
    uint32_t done;
    uint32_t failed;
    uint32_t survived; /* came after an access that should have ended it */
};
#define BOARD ((volatile struct board *)BOARD_BASE)

static volatile uint32_t *base; /* of `frame`, the same in every task */

static uint32_t ask(uint32_t label, uint32_t a, uint32_t b)
{
    struct k5_msg m = {.label = (uint16_t)label, .w = {a, b}};

    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_OK);
    return m.w[0];
}

static void map_frame(uint32_t rights, k5_error expected)
{
    void *where = NULL;
    uint32_t size = 0;

    CHECK_ERROR(k5_map(FRAME, rights, &where, &size), expected);
    if (expected == K5_OK) {
        CHECK(size == BYTES);
        base = where;
    } else {
        CHECK(where == NULL && size == 0);
    }
}

/* The desk has it mapped, to be read or written. */
static void give(uint32_t rights)
{
    struct k5_msg m = {.label = GIVE_TAKE, .w = {rights}, .out_cap = K5_CAP_OUT(FRAME)};

    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_OK);
    CHECK((m.flags & K5_FLAG_CAP_KEPT) == 0);
    CHECK(m.w[0] == K5_OK);
}

/* This life ends here, by an access that it must not have. */
static void last(void)
{
    BOARD->done += checks_done;
    BOARD->failed += checks_failed;
    BOARD->life++;
    __asm__ volatile("dsb" ::: "memory");
}

static void fatal_read(const volatile uint32_t *address)
{
    last();
    (void)*address;
    BOARD->survived++;
}

static void fatal_write(volatile uint32_t *address)
{
    last();
    *address = 0xBADu;
    BOARD->survived++;
}

/* Its server dies of it. */
static void kills(uint32_t label, const volatile uint32_t *address)
{
    struct k5_msg m = {.label = (uint16_t)label, .w = {(uint32_t)address}};

    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_ERR_PEER_DIED);
}

/* ---- lives ---------------------------------------- */

static void life_0(void)
{
    void *where;
    uint32_t size;

    map_frame(WRITE, K5_OK);
    base[0] = 1;
    base[BYTES / 4 - 1] = 2;
    map_frame(READ, K5_ERR_MAP);
    CHECK_ERROR(k5_map(SPARE, READ, &where, &size), K5_ERR_MAP); /* one place, taken */
    CHECK_ERROR(k5_unmap(FRAME), K5_OK);
    CHECK_ERROR(k5_unmap(FRAME), K5_ERR_MAP);
    CHECK_ERROR(k5_map(SPARE, WRITE, &where, &size), K5_OK);
    CHECK(size == 64 && where != base);
    CHECK_ERROR(k5_unmap(SPARE), K5_OK);
    CHECK_ERROR(k5_map(FRAME, WRITE | K5_MEM_EXECUTE, &where, &size), K5_ERR_ARG);
    CHECK_ERROR(k5_map(K5_REGION(DESK), READ, &where, &size), K5_ERR_TYPE);
    CHECK_ERROR(k5_cap_copy(K5_SLOT(FRAME), INBOX_SLOT), K5_ERR_RIGHTS);
    fatal_read(base); /* unmapped */
}

static void life_1(void)
{
    map_frame(READ, K5_OK);
    CHECK(base[0] == 1 && base[BYTES / 4 - 1] == 2); /* memory is as it was left */
    fatal_write(base);
}

static void life_2(void)
{
    map_frame(WRITE, K5_OK);
    CHECK(base[0] == 1);
    fatal_read(base + BYTES / 4);
}

static void life_3(void)
{
    map_frame(WRITE, K5_OK);
    base[0] = 0x4770u; /* bx lr */
    last();
    ((void (*)(void))((uint32_t)base | 1u))();
    BOARD->survived++;
}

/* It comes back with an answer, and may be given again from where it came. */
static void life_4(void)
{
    struct k5_msg m = {.label = GIVE_RETURN};
    void *where;
    uint32_t size;

    map_frame(WRITE, K5_OK);
    give(WRITE);
    CHECK(ask(GIVE_FILL, 3, 0) == 3 && ask(GIVE_SUM, 0, 0) == 3 * BYTES);
    CHECK(ask(GIVE_WORK, 0, 0) == 0);
    CHECK(ask(GIVE_FILL, 5, 0) == 5);
    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_OK);
    CHECK((m.flags & K5_FLAG_CAP) != 0);
    CHECK(ask(GIVE_UNMAP, 0, 0) == K5_ERR_SLOT);
    CHECK_ERROR(k5_map(K5_REGION(INBOX_SLOT), READ, &where, &size), K5_OK);
    CHECK(where == base && base[7] == 0x05050505u);
    CHECK_ERROR(k5_cap_delete(INBOX_SLOT), K5_OK); /* home */
    map_frame(READ, K5_OK);
    CHECK(base[7] == 0x05050505u);
    give(READ);
    fatal_read(base); /* the desk has it */
}

/* A crash of its owner takes nothing away, and gives nothing back. */
static void life_5(void)
{
    map_frame(READ, K5_ERR_SLOT);
    CHECK(ask(GIVE_SUM, 0, 0) == 5 * BYTES);
    CHECK_ERROR(k5_cap_revoke(K5_SLOT(FRAME)), K5_OK);
    CHECK(ask(GIVE_SUM, 0, 0) == 5 * BYTES);
    CHECK_ERROR(k5_cap_delete(K5_SLOT(FRAME)), K5_ERR_SLOT);
    kills(GIVE_WRITE, base); /* it was mapped to be read; and with that life it came home */
    map_frame(READ, K5_OK);
    CHECK(base[0] == 0x05050505u);
    give(WRITE);
    kills(GIVE_TOUCH, base + BYTES / 4);
    give(WRITE);
    kills(GIVE_RUN, base);
    give(WRITE);
    CHECK(ask(GIVE_UNMAP, 0, 0) == K5_OK);
    kills(GIVE_TOUCH, base);
    give(WRITE);
    CHECK(ask(GIVE_DELETE, 0, 0) == K5_OK);
    kills(GIVE_TOUCH, base);
    map_frame(READ, K5_OK);
}

/* Given on, it comes home from there. */
static void given_on(void)
{
    give(WRITE);
    CHECK(ask(GIVE_ON, WRITE, 0) == K5_OK);
    CHECK(ask(GIVE_OF_NEXT, GIVE_FILL, 9) == 9);
    CHECK(ask(GIVE_MAP, READ, 0) == K5_ERR_SLOT);
    kills(GIVE_TOUCH, base); /* the desk's death changes nothing for the store */
    CHECK(ask(GIVE_OF_NEXT, GIVE_SUM, 0) == 9 * BYTES);
    map_frame(READ, K5_ERR_SLOT);
    CHECK(ask(GIVE_OF_NEXT, GIVE_TOUCH, 4) == K5_ERR_PEER_DIED);
    map_frame(READ, K5_OK);
    CHECK(base[1] == 0x09090909u);
}

int main(void)
{
    switch (BOARD->life) {
    case 0: life_0(); break;
    case 1: life_1(); break;
    case 2: life_2(); break;
    case 3: life_3(); break;
    case 4: life_4(); break;
    default:
        life_5();
        given_on();
        break;
    }
    CHECK(BOARD->survived == 0 && BOARD->life == 5);
    checks_done += BOARD->done;
    checks_failed += BOARD->failed;
    CHECK_END("client");
}
