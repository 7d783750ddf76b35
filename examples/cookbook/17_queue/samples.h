/* samples.h - the queue that sensor and filter share: both ends must agree on it. */
#include <k5/queue.h>

struct sample {
    uint32_t number;
    int16_t value;
};

#define SAMPLES(partner)                                                                   \
    {                                                                                      \
        .memory = (void *)SAMPLES_BASE, .memory_size = SAMPLES_SIZE,                       \
        .element = sizeof(struct sample), .count = 8, .peer = (partner), .peer_bit = 0x01, \
        .own_bit = 0x01,                                                                   \
    }
