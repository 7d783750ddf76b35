/*
 * cbmc.h - where the model checker is; for prove (which runs it) and doctor (which reports it).
 */
#ifndef K5_TOOL_CBMC_H
#define K5_TOOL_CBMC_H

#include "util.h"

#define CBMC_VERSION_MIN 6

/* The path of a CBMC of version CBMC_VERSION_MIN or later, on the heap: the one in PATH, else the
 * one in .k5/cbmc. Its version is appended. NULL if there is none. */
char *cbmc_find(struct text *version);

#endif
