/* Floods by the most urgent task of all: everything that a task can do to others without waiting
 * long for them. What each costs is the flooder's, as long as it has time, and then it is over.
 */
#include <k5/k5.h>

#include "../common/share.h"
#include "app.h"

#ifdef SINK_SIGNAL /* an attacker: the judge has the table for the names alone */
static void flood_signal_server(void)
{
    for (;;) {
        (void)!k5_signal(SINK_SIGNAL, 1); /* wakes it each time */
    }
}

static void flood_signal_victim(void)
{
    for (;;) {
        (void)!k5_signal(FIRST_SIGNAL, 1);
    }
}

static void flood_log(void)
{
    for (uint32_t n = 0;; n++) {
        K5_INFO("flood {}", n);
    }
}

static void flood_yield(void)
{
    for (;;) {
        k5_yield();
    }
}

static void flood_send(void)
{
    struct k5_msg m = {.label = 1};
    for (;;) {
        (void)!k5_send(SINK, &m, K5_FOREVER); /* waits for a less urgent server */
    }
}

static void flood_send_poll(void)
{
    struct k5_msg m = {.label = 1};
    for (;;) {
        (void)!k5_send(SINK, &m, K5_POLL);
    }
}

static void flood_call(void)
{
    struct k5_msg m = {.label = 1};
    for (;;) {
        (void)!k5_call(PASSIVE, &m, K5_FOREVER);
    }
}

static void flood_deadline(void)
{
    uint32_t bits = 0;
    for (;;) {
        (void)!k5_wait(1, k5_time() + 1, &bits); /* an alarm for each */
    }
}
#else
#define flood_signal_server NULL
#define flood_signal_victim NULL
#define flood_log           NULL
#define flood_yield         NULL
#define flood_send          NULL
#define flood_send_poll     NULL
#define flood_call          NULL
#define flood_deadline      NULL
#endif

const struct flood floods[] = {
    {"signals that wake a server", flood_signal_server},
    {"signals to a victim", flood_signal_victim},
    {"logs", flood_log},
    {"yields", flood_yield},
    {"sends", flood_send},
    {"sends that do not wait", flood_send_poll},
    {"calls of a passive server", flood_call},
    {"deadlines of one tick", flood_deadline},
};
const uint32_t flood_count = sizeof floods / sizeof floods[0];
