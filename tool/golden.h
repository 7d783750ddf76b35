/*
 * golden.h - a decoded log compared with what it is expected to be, line by line.
 *
 * What depends on the compiler's version is left out of the comparison: the time stamps, and
 * addresses and ids in hexadecimal (0x... becomes 0x*, "build 1a2b..." becomes "build *").
 */
#ifndef K5_TOOL_GOLDEN_H
#define K5_TOOL_GOLDEN_H

#include "util.h"

/* A decoded line as it is compared. Caller frees. */
char *golden_line(const char *plain);

#endif
