/*
 * job.h - one thing that `k5 prove` runs: a proof, a vacuity twin, or one catcher of one mutant.
 *
 *   job_prepare -> JOB_READY  -> process_start ... process_poll -> job_judge -> good or not
 *               -> JOB_CACHED    (same content was good before)
 *               -> JOB_BROKEN    (cannot be run: job->trouble says why)
 */
#ifndef K5_TOOL_JOB_H
#define K5_TOOL_JOB_H

#include "suite.h"
#include "util.h"

enum job_state { JOB_READY, JOB_CACHED, JOB_BROKEN };

struct job {
    /* set by the caller */
    const struct proof *proof;   /* what CBMC runs, or NULL */
    const char *unit;            /* else: the unit test that runs */
    const struct mutant *mutant; /* the change it has to notice, or NULL */
    bool make_tree;              /* the first job of its mutant makes the changed copy */
    bool must_fail;              /* a mutant, or a vacuity twin */
    /* set here */
    char *tree; /* the folder with the sources, where it runs */
    char *log;  /* what it printed */
    char *work; /* the same while it runs, apart from other runs of `k5 prove` */
    char *stamp;
    uint64_t key;
    struct list argv;
    struct process process;
    /* after job_judge (or JOB_CACHED, JOB_BROKEN) */
    bool good;
    double seconds;
    unsigned long conditions; /* reached and checked by CBMC */
    struct text trouble;      /* why not, for people; several lines */
};

/* Where this run of `k5 prove` keeps the changed copies; on the heap. */
char *job_trees(void);

/* What all jobs share. */
struct prover {
    char *cbmc;
    struct text version; /* of CBMC: a new one proves everything again */
    bool use_cache;
};

enum job_state job_prepare(struct job *job, const struct prover *prover);
/* code: the exit code of the process */
void job_judge(struct job *job, int code);

#endif
