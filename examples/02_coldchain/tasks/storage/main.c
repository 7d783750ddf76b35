/* storage, a server: keeps the last readings and checks that nobody else wrote among them. */
#include <k5/k5.h>

#include "app.h" /* generated: STORAGE_SERVE */
#include "storage.h"

#define RECORDS 32

static struct {
    int32_t value;
    uint32_t check; /* ~value: a foreign write would show */
} record[RECORDS];
static uint32_t count; /* records ever stored; the newest is at (count - 1) % RECORDS */

static void records_check(void)
{
    uint32_t used = count < RECORDS ? count : RECORDS;
    for (uint32_t i = 0; i < used; i++) {
        if (record[i].check != ~(uint32_t)record[i].value) {
            K5_ERROR("record {} was overwritten", i);
        }
    }
}

static void put(struct k5_msg *m)
{
    int32_t value = (int32_t)m->w[0];
    record[count % RECORDS].value = value;
    record[count % RECORDS].check = ~(uint32_t)value;
    count++;
    records_check();
    K5_INFO("record {}: {.1} C, from badge {}", count, value, m->badge);
    m->w[0] = count;
}

static void serve(struct k5_msg *m)
{
    switch (m->label) {
    case STORAGE_PUT:
        put(m);
        m->label = STORAGE_OK;
        break;
    case STORAGE_WHERE:
        m->w[0] = (uint32_t)(uintptr_t)record;
        m->label = STORAGE_OK;
        break;
    default: m->label = STORAGE_REFUSED; break;
    }
}

int main(void)
{
    K5_INFO("ready, room for {} records", RECORDS);
    k5_serve(STORAGE_SERVE, serve);
}
