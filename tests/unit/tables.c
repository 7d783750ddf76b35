/* The image's tables, for tests to fill by hand: what the tool generates for a real app. */
#include "kernel/config.h"

struct config cfg;

extern const uint32_t k5_build_id[2];
const uint32_t k5_build_id[2] = {0x12345678, 0x9abcdef0};
