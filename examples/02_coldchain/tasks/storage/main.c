/* storage, a server: keeps the last readings and checks that nobody else wrote among them. */
#include <k5/k5.h>

#include "app.h" /* generated: STORAGE_SERVE, storage_serve() */

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

void storage_serve_put(uint32_t badge, int32_t reading, uint32_t *total)
{
    record[count % RECORDS].value = reading;
    record[count % RECORDS].check = ~(uint32_t)reading;
    count++;
    records_check();
    K5_INFO("record {}: {.1} C, from badge {}", count, reading, badge);
    *total = count;
}

void storage_serve_where(uint32_t *address)
{
    *address = (uint32_t)(uintptr_t)record;
}

int main(void)
{
    K5_INFO("ready, room for {} records", RECORDS);
    storage_serve(STORAGE_SERVE);
}
