/*
 * suite.h - what there is to prove: the rows of proofs/suite.txt and the files of proofs/mutants/.
 */
#ifndef K5_TOOL_SUITE_H
#define K5_TOOL_SUITE_H

#include "util.h"

/* One run of the model checker. All paths are relative to the project's root. */
struct proof {
    char *name;
    char *function;    /* the harness */
    bool must_fail;    /* a vacuity twin: it is good when CBMC finds a failure */
    bool full;         /* only with --full */
    double seconds;    /* allowed */
    char *unwind;      /* the --unwind bound */
    struct list files; /* C files, wildcards resolved */
    struct list flags; /* for CBMC: those of every row, then its own */
    struct list sizes; /* its own -D flags without the -D, to be shown */
};

/* A wrong line put into a copy of the sources, that something must notice. */
struct mutant {
    char *name;            /* of the file, without .mutant */
    char *about;           /* what it breaks, in words */
    char *file;            /* the source */
    char *find;            /* text that is in the file exactly once */
    char *replace;         /* what stands there instead */
    struct list caught_by; /* "proof NAME" or "unit NAME" */
    bool full;             /* for the lane `full` only */
};

struct suite {
    struct proof *proofs;
    size_t proof_count;
    struct mutant *mutants;
    size_t mutant_count;
};

/* Reads it all. False if something is wrong; each mistake was printed as FILE:LINE: error. */
bool suite_read(struct suite *suite);
const struct proof *suite_proof(const struct suite *suite, const char *name);

#endif
