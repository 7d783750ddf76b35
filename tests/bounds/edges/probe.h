/* What a probe is, between the list, the referee and the probers. */
#ifndef PROBE_H
#define PROBE_H

#include <stdint.h>

enum probe_access { PROBE_READ, PROBE_WRITE, PROBE_EXECUTE };

/* What must come of it. */
enum probe_outcome {
    PROBE_RETURNS, /* the prober goes on */
    PROBE_REFUSED, /* a fault at this very address */
    PROBE_RUNS_OUT /* it is executed, and the fault is somewhere behind it */
};

struct probe {
    uint32_t address;
    uint8_t prober; /* PROBER of app.toml, which is its place in K5_SUPERVISED_LIST too */
    uint8_t access;
    uint8_t outcome;
    uint8_t region; /* of the prober, for people */
};

/* As many as there is room for: the list has always the same size, so that it moves nothing. */
#define PROBES_MOST 512

extern const struct probe probes[PROBES_MOST];
extern const uint32_t probe_count;

#define NEXT_BEGIN  1 /* a life begins; w[0]: which prober */
#define NEXT_RETURN 2 /* the probe came back; w[0]: what was read */
#define NEXT_PROBE  3 /* the answer: w[0] = address, w[1] = access */

#endif
