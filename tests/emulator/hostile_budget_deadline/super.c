/* Suspends and resumes the client when the server says so: see race.h. */
#include <k5/k5.h>

#include "app.h" /* CLIENT_TASK */
#include "race.h"

int main(void)
{
    for (;;) {
        uint32_t bits = 0;
        k5_error error = k5_wait(RACE_BIT_SUSPEND | RACE_BIT_RESUME, K5_FOREVER, &bits);
        K5_ASSERT(error == K5_OK);
        if (bits & RACE_BIT_SUSPEND) {
            error = k5_task_suspend(CLIENT_TASK);
            K5_ASSERT(error == K5_OK);
        }
        if (bits & RACE_BIT_RESUME) {
            error = k5_task_resume(CLIENT_TASK);
            K5_ASSERT(error == K5_OK);
        }
    }
}
