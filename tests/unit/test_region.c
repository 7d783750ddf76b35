/* Movable regions: docs/adr/0019-give.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

#define GAMMA_FREE  2u
#define SERVER_FREE 4u
#define OTHER_FREE  2u
#define HOME        3u /* GAMMA's place that has region 0 at boot */
#define SIGNAL      1u /* GAMMA's slot: bits 0xF0 of ALPHA */
#define ALPHA_HOME  5u /* ALPHA's that has region 1 */
#define FRAME       0u
#define BASE(r)     (0x28300000u + (r)*0x1000u)
#define SIZE        0x400u
#define READ        K5_MEM_READ
#define WRITE       (K5_MEM_READ | K5_MEM_WRITE)
#define TASK_SERVER 1u /* SUPER's slots */
#define TASK_ALPHA  2u
#define LONG(call)  (K5_SYS_##call | K5_OP_LONG)
#define CAP(slot)   (K5_LONG_CAP | (slot) << K5_LONG_SLOT_SHIFT)

#define AS_LONG(task, call, ...) ask_as((task), LONG(call), (struct ask){__VA_ARGS__})

static uint16_t slot(task_t task, uint32_t number)
{
    return (uint16_t)(cfg.slot_first[task] + number);
}

static void movable_fill(uint32_t r, task_t owner, uint32_t number)
{
    uint32_t s = slot(owner, number);

    cfg.movable_base[r] = BASE(r);
    cfg.movable_size[r] = SIZE;
    cfg.movable_home[r] = (uint16_t)s;
    cfg.cap_type[s] = K5_CAP_REGION;
    cfg.cap_rights[s] = K5_RIGHT_MAP;
    cfg.cap_object[s] = (uint8_t)r;
}

static void places_fill(task_t task, uint32_t lent, uint32_t own)
{
    cfg.lend_count[task] = (uint8_t)lent;
    cfg.map_count[task] = (uint8_t)(lent + own);
    for (uint32_t t = task + 1u; t < K5_TASKS; t++) {
        cfg.map_first[t] = (uint8_t)(cfg.map_first[task] + lent + own);
    }
}

/* GAMMA owns region 0 and runs; ALPHA owns region 1. GAMMA, SERVER and OTHER can map one each, and
 * SERVER takes a loan beside it. GAMMA may grant to SERVER, SERVER to OTHER; each has named its
 * first free slot. */
static int setup(void **state)
{
    (void)state;
    tables_fill();
    movable_fill(0, GAMMA, HOME);
    movable_fill(1, ALPHA, ALPHA_HOME);
    places_fill(GAMMA, 0, 1);
    places_fill(SERVER, 1, 1);
    places_fill(OTHER, 0, 1);
    boot_tables();
    cap_image(GAMMA, 0, (struct cap){K5_CAP_ENDPOINT, K5_RIGHT_CALL | K5_RIGHT_GRANT, 0, 0x30});
    cap_image(GAMMA, SIGNAL, (struct cap){K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL, ALPHA, 0xF0});
    cap_image(SERVER, 1, (struct cap){K5_CAP_ENDPOINT, K5_RIGHT_CALL | K5_RIGHT_GRANT, 1, 0x40});
    AS(SUPER, WAIT, .aux = 0xFFFF0000u);
    AS(OTHER, IPC_SETUP, .w2 = CAP(OTHER_FREE));
    AS(OTHER, RECV);
    AS(SERVER, IPC_SETUP, .w2 = CAP(SERVER_FREE));
    AS(SERVER, RECV);
    AS(GAMMA, IPC_SETUP, .w2 = CAP(GAMMA_FREE));
    return 0;
}

static void assert_mapped(task_t task, uint32_t place, uint32_t r, uint32_t rights)
{
    assert_int_equal(host.map_base[task][place], BASE(r));
    assert_int_equal(host.map_size[task][place], SIZE);
    assert_int_equal(host.map_rights[task][place], rights);
    assert_true((k.mapped & 1u << task) != 0);
}

static void assert_unmapped(task_t task, uint32_t place)
{
    assert_int_equal(host.map_size[task][place], 0);
    assert_int_equal(k.mapped & 1u << task, 0);
}

/* The one capability of region r is in this slot, and is not in its home if that is another. */
static void assert_at(uint32_t r, task_t task, uint32_t number)
{
    uint16_t s = slot(task, number);
    uint16_t home = cfg.movable_home[r];

    assert_int_equal(k.movable_at[r], s);
    assert_int_equal(k.cap.type[s], K5_CAP_REGION);
    assert_int_equal(k.cap.object[s], r);
    assert_int_equal(k.cap.rights[s], K5_RIGHT_MAP);
    assert_true(s == home || k.cap.type[home] == K5_CAP_NONE);
}

static void map_as(task_t task, uint32_t number, uint32_t rights, uint32_t error)
{
    AS(task, MAP, .slot = number, .aux = rights, .w0 = 1, .w1 = 2);
    assert_int_equal(error_of(task), error);
}

/* GAMMA's region is SERVER's now, which runs and has a call to answer. */
static uint32_t given(void)
{
    AS_LONG(GAMMA, CALL, .w3 = CAP(HOME));
    assert_int_equal(k.current, SERVER);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG | K5_FLAG_CAP);
    assert_at(FRAME, SERVER, SERVER_FREE);
    return aux_of(SERVER);
}

/* ---- map and unmap ---------------------------------------- */

static void its_holder_maps_it(void **state)
{
    (void)state;
    map_as(GAMMA, HOME, WRITE, K5_OK);
    assert_int_equal(word_of(GAMMA, 0), BASE(FRAME));
    assert_int_equal(word_of(GAMMA, 1), SIZE);
    assert_mapped(GAMMA, 0, FRAME, WRITE);
    AS(GAMMA, UNMAP, .slot = HOME);
    assert_int_equal(error_of(GAMMA), K5_OK);
    assert_unmapped(GAMMA, 0);
    map_as(GAMMA, HOME, READ, K5_OK);
    assert_mapped(GAMMA, 0, FRAME, READ);
}

static void what_it_says_must_be_right(void **state)
{
    (void)state;
    map_as(GAMMA, 0, READ, K5_ERR_TYPE);
    map_as(GAMMA, GAMMA_FREE, READ, K5_ERR_SLOT);
    map_as(GAMMA, 0xFF, READ, K5_ERR_SLOT);
    map_as(GAMMA, HOME, 0, K5_ERR_ARG);
    map_as(GAMMA, HOME, K5_MEM_WRITE, K5_ERR_ARG);
    map_as(GAMMA, HOME, READ | K5_MEM_EXECUTE, K5_ERR_ARG);
    map_as(GAMMA, HOME, WRITE | K5_MEM_DEVICE, K5_ERR_ARG);
    map_as(GAMMA, HOME, 0x100u | READ, K5_ERR_ARG);
    assert_int_equal(word_of(GAMMA, 0), 1); /* a refused call changes no word */
    AS(GAMMA, UNMAP, .slot = HOME);
    assert_int_equal(error_of(GAMMA), K5_ERR_MAP);
    AS(GAMMA, UNMAP, .slot = 0);
    assert_int_equal(error_of(GAMMA), K5_ERR_TYPE);
    assert_unmapped(GAMMA, 0);
}

static void it_is_mapped_once(void **state)
{
    (void)state;
    map_as(GAMMA, HOME, READ, K5_OK);
    map_as(GAMMA, HOME, WRITE, K5_ERR_MAP);
    assert_mapped(GAMMA, 0, FRAME, READ);
}

static void without_a_place_it_is_not_mapped(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, WAIT, .aux = 1);
    map_as(ALPHA, ALPHA_HOME, READ, K5_ERR_MAP);
    assert_unmapped(ALPHA, 0);
}

/* The places of loans are no places of its own, and the other way round. */
static void a_loan_has_a_place_of_its_own(void **state)
{
    (void)state;
    (void)given();
    map_as(SERVER, SERVER_FREE, WRITE, K5_OK);
    assert_mapped(SERVER, 1, FRAME, WRITE);
    AS(SERVER, RECV);
    AS(BETA, CALL, .w0 = 0);
    AS(SERVER, RECV);
    AS_LONG(ALPHA, CALL, .w1 = 0x28200000u | READ, .w3 = 1u << K5_LONG_LEND_SHIFT);
    assert_int_equal(k.map.lender[cfg.map_first[SERVER]], ALPHA);
    AS(SERVER, REPLY, .aux = aux_of(SERVER));
    assert_int_equal(host.map_size[SERVER][0], 0);
    assert_mapped(SERVER, 1, FRAME, WRITE);
}

/* ---- it is given ---------------------------------------- */

static void who_gave_it_has_it_no_more(void **state)
{
    (void)state;
    map_as(GAMMA, HOME, WRITE, K5_OK);
    (void)given();
    assert_unmapped(GAMMA, 0);
    AS(SERVER, RECV);
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, WAIT, .aux = 1);
    assert_int_equal(k.current, K5_IDLE); /* GAMMA waits for its answer */
}

static void an_answer_gives_it_back(void **state)
{
    (void)state;
    uint32_t token = given();

    map_as(SERVER, SERVER_FREE, READ, K5_OK);
    AS_LONG(SERVER, REPLY_RECV, .aux = token, .w3 = CAP(SERVER_FREE));
    assert_int_equal(host.map_size[SERVER][1], 0);
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(flags_of(GAMMA), K5_FLAG_LONG | K5_FLAG_CAP);
    assert_at(FRAME, GAMMA, GAMMA_FREE);
    map_as(GAMMA, HOME, READ, K5_ERR_SLOT);
    map_as(GAMMA, GAMMA_FREE, READ, K5_OK);
    AS(GAMMA, CAP_DELETE, .slot = GAMMA_FREE); /* it goes home */
    assert_int_equal(error_of(GAMMA), K5_OK);
    assert_unmapped(GAMMA, 0);
    assert_at(FRAME, GAMMA, HOME);
}

static void it_is_given_on(void **state)
{
    (void)state;
    (void)given();
    AS_LONG(SERVER, SEND, .slot = 1, .w3 = CAP(SERVER_FREE));
    assert_at(FRAME, OTHER, OTHER_FREE);
    assert_int_equal(k.cap.type[slot(SERVER, SERVER_FREE)], K5_CAP_NONE);
}

static void deleted_it_goes_home(void **state)
{
    (void)state;
    uint32_t token = given();

    map_as(SERVER, SERVER_FREE, WRITE, K5_OK);
    AS(SERVER, CAP_DELETE, .slot = SERVER_FREE);
    assert_unmapped(SERVER, 1);
    assert_at(FRAME, GAMMA, HOME);
    AS(SERVER, REPLY_RECV, .aux = token);
    map_as(GAMMA, HOME, WRITE, K5_OK);
}

static void without_room_it_stays(void **state)
{
    (void)state;
    map_as(GAMMA, HOME, WRITE, K5_OK);
    AS_LONG(GAMMA, SEND, .w3 = CAP(SIGNAL)); /* fills the place */
    AS(SERVER, RECV);
    AS_LONG(GAMMA, SEND, .w3 = CAP(HOME));
    AS(SERVER, RECV);
    assert_int_equal(flags_of(GAMMA), K5_FLAG_CAP_KEPT);
    assert_at(FRAME, GAMMA, HOME);
    assert_mapped(GAMMA, 0, FRAME, WRITE);
}

static void without_the_right_it_stays(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, WAIT, .aux = 1);
    AS_LONG(ALPHA, CALL, .w3 = CAP(ALPHA_HOME));
    assert_int_equal(error_of(ALPHA), K5_ERR_RIGHTS);
    assert_at(1, ALPHA, ALPHA_HOME);
}

/* ---- it is the only one ---------------------------------------- */

static void nothing_derives_from_it(void **state)
{
    (void)state;
    AS(GAMMA, CAP_MINT, .slot = HOME, .label = GAMMA_FREE, .aux = 0xFFFFFFFFu);
    assert_int_equal(error_of(GAMMA), K5_ERR_RIGHTS);
    AS(GAMMA, CAP_MOVE, .slot = HOME, .label = GAMMA_FREE); /* a fixed place */
    assert_int_equal(error_of(GAMMA), K5_ERR_SLOT);
    (void)given();
    AS(SERVER, CAP_MINT, .slot = SERVER_FREE, .label = SERVER_FREE + 1u, .aux = 1);
    assert_int_equal(error_of(SERVER), K5_ERR_RIGHTS);
    map_as(SERVER, SERVER_FREE, READ, K5_OK);
    AS(SERVER, CAP_MOVE, .slot = SERVER_FREE, .label = SERVER_FREE + 1u);
    assert_int_equal(error_of(SERVER), K5_OK);
    assert_at(FRAME, SERVER, SERVER_FREE + 1u);
    assert_unmapped(SERVER, 1);
}

/* Revoking takes what derives from a capability, and nothing does; so its owner cannot take it from
 * under a task that uses it. */
static void it_is_not_taken_back(void **state)
{
    (void)state;
    uint32_t token = given();

    map_as(SERVER, SERVER_FREE, READ, K5_OK);
    AS(SERVER, REPLY_RECV, .aux = token);
    AS(GAMMA, CAP_REVOKE, .slot = HOME);
    settle();
    assert_int_equal(error_of(GAMMA), K5_OK);
    AS(GAMMA, CAP_REVOKE, .slot = 0);
    settle();
    AS(GAMMA, CAP_DELETE, .slot = HOME);
    assert_int_equal(error_of(GAMMA), K5_ERR_SLOT);
    assert_at(FRAME, SERVER, SERVER_FREE);
    assert_mapped(SERVER, 1, FRAME, READ);
}

static void deleted_at_home_it_is_gone_until_a_restart(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, CAP_DELETE, .slot = ALPHA_HOME);
    assert_int_equal(error_of(ALPHA), K5_OK);
    map_as(ALPHA, ALPHA_HOME, READ, K5_ERR_SLOT);
    AS(ALPHA, CAP_RESET);
    settle();
    assert_at(1, ALPHA, ALPHA_HOME);
}

/* ---- ends of tasks ---------------------------------------- */

static void super_restarts(uint32_t number)
{
    AS(SUPER, TASK_RESTART, .slot = number);
    assert_int_equal(error_of(SUPER), K5_OK);
    AS(SUPER, WAIT, .aux = 0xFFFF0000u);
    settle();
}

static void its_holder_begins_anew(void **state)
{
    (void)state;
    (void)given();
    map_as(SERVER, SERVER_FREE, WRITE, K5_OK);
    fault_as(SERVER, K5_FAULT_READ, 4);
    assert_at(FRAME, SERVER, SERVER_FREE); /* it may be restarted, or not */
    super_restarts(TASK_SERVER);
    assert_int_equal(k.current, SERVER);
    assert_unmapped(SERVER, 1);
    assert_at(FRAME, GAMMA, HOME);
}

static void its_holder_stops_for_good(void **state)
{
    (void)state;
    (void)given();
    AS_LONG(SERVER, SEND, .slot = 1, .w3 = CAP(SERVER_FREE));
    AS(SERVER, RECV);
    map_as(OTHER, OTHER_FREE, WRITE, K5_OK);
    fault_as(OTHER, K5_FAULT_READ, 4);
    assert_int_equal(k.task.state[OTHER], K5_TASK_STOPPED);
    assert_unmapped(OTHER, 0);
    assert_at(FRAME, GAMMA, HOME);
}

/* GAMMA has no supervisor's capability in this system: it restarts itself by its fault. */
static void its_owner_begins_anew(void **state)
{
    (void)state;
    cfg.handler[GAMMA] = K5_NIL;
    cfg.handler_bits[GAMMA] = 0;
    cfg.on_fault[GAMMA] = K5_ON_FAULT_RESTART;
    uint32_t token = given();

    map_as(SERVER, SERVER_FREE, WRITE, K5_OK);
    AS(SERVER, REPLY_RECV, .aux = token);
    fault_as(GAMMA, K5_FAULT_READ, 4);
    settle();
    assert_at(FRAME, SERVER, SERVER_FREE); /* a crash regains nothing, and takes nothing away */
    assert_mapped(SERVER, 1, FRAME, WRITE);
    map_as(GAMMA, HOME, READ, K5_ERR_SLOT);
    AS(GAMMA, CALL);
    AS(SERVER, CAP_DELETE, .slot = SERVER_FREE);
    assert_at(FRAME, GAMMA, HOME);
}

static void its_owner_begins_anew_with_it(void **state)
{
    (void)state;
    cfg.handler[GAMMA] = K5_NIL;
    cfg.handler_bits[GAMMA] = 0;
    cfg.on_fault[GAMMA] = K5_ON_FAULT_RESTART;
    map_as(GAMMA, HOME, WRITE, K5_OK);
    fault_as(GAMMA, K5_FAULT_READ, 4);
    settle();
    assert_unmapped(GAMMA, 0);
    assert_at(FRAME, GAMMA, HOME);
    map_as(GAMMA, HOME, WRITE, K5_OK);
}

static void both_begin_anew(void **state)
{
    (void)state;
    cfg.handler[GAMMA] = K5_NIL;
    cfg.handler_bits[GAMMA] = 0;
    cfg.on_fault[GAMMA] = K5_ON_FAULT_RESTART;
    uint32_t token = given();

    AS(SERVER, REPLY_RECV, .aux = token);
    fault_as(GAMMA, K5_FAULT_READ, 4);
    settle();
    AS(GAMMA, CALL);
    fault_as(SERVER, K5_FAULT_READ, 4);
    super_restarts(TASK_SERVER);
    AS(SERVER, RECV);
    assert_at(FRAME, GAMMA, HOME);
    map_as(GAMMA, HOME, WRITE, K5_OK);
}

static void ones_own_reset_sends_it_home(void **state)
{
    (void)state;
    (void)given();
    map_as(SERVER, SERVER_FREE, WRITE, K5_OK);
    AS(SERVER, CAP_RESET);
    settle();
    assert_unmapped(SERVER, 1);
    assert_at(FRAME, GAMMA, HOME);
}

/* A switch to the holder tells the machine again what it has mapped. */
static void it_is_mapped_after_a_switch(void **state)
{
    (void)state;
    map_as(GAMMA, HOME, WRITE, K5_OK);
    host.map_size[GAMMA][0] = 0;
    map_reload(GAMMA);
    assert_mapped(GAMMA, 0, FRAME, WRITE);
}

/* ---- tables ---------------------------------------- */

static void tables_that_are_wrong(void **state)
{
    (void)state;
    struct config good = cfg;

    cfg.movable_base[0] += 4;
    assert_false(config_valid());
    cfg = good;
    cfg.movable_size[0] += 4;
    assert_false(config_valid());
    cfg = good;
    cfg.movable_size[0] = 0x1000u + 32u; /* reaches into region 1 */
    assert_false(config_valid());
    cfg = good;
    cfg.movable_base[0] = cfg.region_base[3];
    assert_false(config_valid());
    cfg = good;
    cfg.movable_home[0] = cfg.slot_first[GAMMA];
    assert_false(config_valid());
    cfg = good;
    cfg.cap_object[slot(GAMMA, HOME)] = 1; /* a second capability of region 1 */
    assert_false(config_valid());
    cfg = good;
    cfg.lend_count[SERVER] = 3;
    assert_false(config_valid());
    cfg = good;
    assert_true(config_valid());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(its_holder_maps_it, setup),
        cmocka_unit_test_setup(what_it_says_must_be_right, setup),
        cmocka_unit_test_setup(it_is_mapped_once, setup),
        cmocka_unit_test_setup(without_a_place_it_is_not_mapped, setup),
        cmocka_unit_test_setup(a_loan_has_a_place_of_its_own, setup),
        cmocka_unit_test_setup(who_gave_it_has_it_no_more, setup),
        cmocka_unit_test_setup(an_answer_gives_it_back, setup),
        cmocka_unit_test_setup(it_is_given_on, setup),
        cmocka_unit_test_setup(deleted_it_goes_home, setup),
        cmocka_unit_test_setup(without_room_it_stays, setup),
        cmocka_unit_test_setup(without_the_right_it_stays, setup),
        cmocka_unit_test_setup(nothing_derives_from_it, setup),
        cmocka_unit_test_setup(it_is_not_taken_back, setup),
        cmocka_unit_test_setup(deleted_at_home_it_is_gone_until_a_restart, setup),
        cmocka_unit_test_setup(its_holder_begins_anew, setup),
        cmocka_unit_test_setup(its_holder_stops_for_good, setup),
        cmocka_unit_test_setup(its_owner_begins_anew, setup),
        cmocka_unit_test_setup(its_owner_begins_anew_with_it, setup),
        cmocka_unit_test_setup(both_begin_anew, setup),
        cmocka_unit_test_setup(ones_own_reset_sends_it_home, setup),
        cmocka_unit_test_setup(it_is_mapped_after_a_switch, setup),
        cmocka_unit_test_setup(tables_that_are_wrong, setup),
    };
    return cmocka_run_group_tests_name("movable regions", tests, NULL, NULL);
}
