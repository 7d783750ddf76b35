/*
 * job.c - prepares a proof (command line, content hash, changed copy of the sources) and judges
 * what came out of it.
 *
 * Invariant: a job is good only if CBMC said so about at least one condition with every function
 * known. A harness that does not compile, a time-out, or a call into a function without a body
 * (which CBMC would take as "returns anything, changes nothing") is never good, for a mutant
 * either.
 *
 *   .k5/proofs/NAME.log    all that was printed, with the trace of a failure
 *   .k5/proofs/NAME.good   hash of the content that was good, seconds, conditions
 *   .k5/mutants/PID/NAME/  copy of the sources with the one change
 */
#define _GNU_SOURCE
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CBMC_SUCCESSFUL 0
#define CBMC_FAILED     10
#define SHOWN_MAX       6u

/* What every run is checked for; a row's !FLAG takes one away. */
static const char *const default_flags[] = {
    "--signed-overflow-check", "--unsigned-overflow-check",
    "--conversion-check",      "--pointer-overflow-check",
    "--bounds-check",          "--pointer-check",
    "--div-by-zero-check",     "--undefined-shift-check",
    "--unwinding-assertions",  "--slice-formula",
    "--drop-unused-functions",
};

/* The parts of the project that a mutant's copy holds. */
static const char *const tree_parts[] = {
    "abi",
    "arch",
    "boards",
    "kernel",
    "lib",
    "proofs",
    "tests/unit",
    /* what the unit tests are made of, so that a mutant compiles one file and not all */
    ".k5/unit/.ninja_deps",
    ".k5/unit/.ninja_log",
    ".k5/unit/arch",
    ".k5/unit/kernel",
    ".k5/unit/kernel.a",
    ".k5/unit/tests",
};

static void cbmc_arguments(struct job *job, const struct prover *prover)
{
    const struct proof *proof = job->proof;
    struct list *argv = &job->argv;
    list_add(argv, prover->cbmc);
    for (size_t i = 0; i < proof->files.count; i++) {
        list_add(argv, proof->files.items[i]);
    }
    list_add(argv, "--function");
    list_add(argv, proof->function);
    for (size_t i = 0; i < sizeof default_flags / sizeof default_flags[0]; i++) {
        char *removal = string_format("!%s", default_flags[i]);
        if (!list_has(&proof->flags, removal)) {
            list_add(argv, default_flags[i]);
        }
        free(removal);
    }
    list_add(argv, "--verbosity"); /* to be told the number of conditions */
    list_add(argv, "8");
    list_add(argv, "--unwind");
    list_add(argv, proof->unwind);
    for (size_t i = 0; i < proof->flags.count; i++) {
        if (proof->flags.items[i][0] != '!') {
            list_add(argv, proof->flags.items[i]);
        }
    }
    list_add(argv, job->must_fail ? "--stop-on-fail" : "--trace");
}

/* Appends the lines of the log that contain the mark to the trouble; the number of them. */
static unsigned lines_find(struct job *job, const char *log, const char *mark)
{
    unsigned count = 0;
    for (const char *at = strstr(log, mark); at != NULL; at = strstr(at, mark)) {
        const char *start = at;
        while (start > log && start[-1] != '\n') {
            start--;
        }
        int length = (int)strcspn(start, "\n");
        if (count < SHOWN_MAX) {
            text_addf(&job->trouble, "%.*s\n", length, start);
        }
        count++;
        at = start + length;
    }
    return count;
}

/* The text that CBMC will see: comments and layout do not count. False if it does not compile. */
static bool sources_hash(struct job *job)
{
    struct list argv = {0};
    struct text text = {0};
    list_add(&argv, "gcc");
    list_add(&argv, "-E");
    list_add(&argv, "-P");
    list_add(&argv, "-D__CPROVER");
    for (size_t i = 0; i < job->proof->flags.count; i++) {
        const char *flag = job->proof->flags.items[i];
        if (string_starts(flag, "-D") || string_starts(flag, "-I")) {
            list_add(&argv, flag);
        }
    }
    for (size_t i = 0; i < job->proof->files.count; i++) {
        list_add(&argv, job->proof->files.items[i]);
    }
    struct process process = {.directory = job->tree, .capture = &text, .timeout_s = 60};
    bool good = process_run(&process, argv.items) == 0;
    job->key = hash_bytes(job->key, text_string(&text), text.length);
    if (!good) {
        text_add(&job->trouble, "does not compile:\n");
        if (lines_find(job, text_string(&text), " error: ") == 0) {
            text_add(&job->trouble, text_string(&text));
        }
    }
    text_free(&text);
    list_free(&argv);
    return good;
}

/* Copies the sources to job->tree and makes the mutant's change there. */
static bool tree_make(struct job *job)
{
    struct list argv = {0};
    struct text text = {0};
    list_add(&argv, "sh");
    list_add(&argv, "-c");
    list_add(&argv, "rm -rf \"$0\" && mkdir -p \"$0\" && for part in \"$@\"; do"
                    " [ ! -e $part ] || cp -rp --parents $part \"$0\" || exit 1; done");
    list_add(&argv, job->tree);
    for (size_t i = 0; i < sizeof tree_parts / sizeof tree_parts[0]; i++) {
        list_add(&argv, tree_parts[i]);
    }
    struct process process = {.directory = root_path(), .capture = &text, .timeout_s = 60};
    bool good = process_run(&process, argv.items) == 0;
    if (!good) {
        text_addf(&job->trouble, "cannot copy the sources: %s", text_string(&text));
    }
    text_free(&text);
    list_free(&argv);
    return good;
}

static bool tree_change(struct job *job)
{
    const struct mutant *mutant = job->mutant;
    struct text old = {0};
    struct text new = {0};
    char *path = path_join(job->tree, mutant->file);
    bool good = file_read(path, &old);
    const char *at = good ? strstr(text_string(&old), mutant->find) : NULL;
    if (!good) {
        text_addf(&job->trouble, "no file %s\n", mutant->file);
    } else if (at == NULL || strstr(at + 1, mutant->find) != NULL) {
        text_addf(&job->trouble, "the text to find is in %s %s:\n%s\n", mutant->file,
                  at == NULL ? "not at all" : "more than once", mutant->find);
        good = false;
    } else {
        text_add_bytes(&new, old.data, (size_t)(at - old.data));
        text_add(&new, mutant->replace);
        text_add(&new, at + strlen(mutant->find));
        good = file_write(path, new.data, new.length);
    }
    text_free(&old);
    text_free(&new);
    free(path);
    return good;
}

/* NAME, or MUTANT.NAME: what the files of the job are called. */
static char *job_file(const struct job *job, const char *ending)
{
    const char *name = job->proof != NULL ? job->proof->name : job->unit;
    char *relative = string_format(".k5/proofs/%s%s%s%s", job->mutant ? job->mutant->name : "",
                                   job->mutant ? "." : "", name, ending);
    char *path = root_join(relative);
    free(relative);
    return path;
}

static bool cache_find(struct job *job)
{
    struct text text = {0};
    unsigned long long key = 0;
    bool found =
        file_read(job->stamp, &text) &&
        sscanf(text_string(&text), "%llx %lf %lu", &key, &job->seconds, &job->conditions) == 3 &&
        key == job->key;
    text_free(&text);
    return found;
}

char *job_trees(void)
{
    char *relative = string_format(".k5/mutants/%d", (int)getpid());
    char *path = root_join(relative);
    free(relative);
    return path;
}

enum job_state job_prepare(struct job *job, const struct prover *prover)
{
    job->log = job_file(job, ".log");
    job->stamp = job_file(job, ".good");
    job->key = hash_string(HASH_START, text_string(&prover->version));
    char *trees = job_trees();
    job->work = string_format("%s.%d", job->log, (int)getpid());
    job->tree =
        job->mutant != NULL ? path_join(trees, job->mutant->name) : string_copy(root_path());
    free(trees);
    if (job->make_tree && (!tree_make(job) || !tree_change(job))) {
        return JOB_BROKEN;
    }
    job->process = (struct process){.directory = job->tree, .output_path = job->work};
    if (job->proof == NULL) {
        list_add(&job->argv, "sh");
        list_add(&job->argv, "tests/unit/run.sh");
        list_add(&job->argv, job->unit);
        list_add(&job->argv, "-w");
        list_add(&job->argv, job->mutant->file);
        job->process.timeout_s = 120;
        return JOB_READY; /* a unit test takes a moment: not worth a cache */
    }
    cbmc_arguments(job, prover);
    job->process.timeout_s = job->proof->seconds;
    for (size_t i = 1; i < job->argv.count; i++) {
        job->key = hash_string(job->key, job->argv.items[i]);
    }
    if (!sources_hash(job)) {
        return JOB_BROKEN;
    }
    if (prover->use_cache && cache_find(job)) {
        job->good = true;
        return JOB_CACHED;
    }
    remove(job->stamp);
    return JOB_READY;
}

/* From "Generated 123 VCC(s)": the conditions that the harness really reached, 123. */
static unsigned long conditions_read(const char *log)
{
    const char *at = strstr(log, "\nGenerated ");
    return at != NULL ? strtoul(at + strlen("\nGenerated "), NULL, 10) : 0;
}

/* True if a function without a body is called, which makes any verdict worthless. (A call that
 * cannot be reached is listed too, as a SUCCESS.) */
static bool body_missing(struct job *job, const char *log)
{
    static const char mark[] = "no body for callee ";
    for (const char *at = strstr(log, mark); at != NULL; at = strstr(at + 1, mark)) {
        int length = (int)strcspn(at, "\n");
        if (strncmp(at + length - strlen("SUCCESS"), "SUCCESS", strlen("SUCCESS")) != 0) {
            text_addf(&job->trouble, "%.*s\n", length, at);
            return true;
        }
    }
    return false;
}

static void log_end(struct job *job, const char *log)
{
    const char *at = log + strlen(log);
    for (unsigned lines = 0; at > log && lines < 4; at--) {
        lines += at[-1] == '\n' ? 1u : 0u;
    }
    text_add(&job->trouble, at);
}

static bool proof_good(struct job *job, int code, const char *log)
{
    if (body_missing(job, log)) {
        return false;
    }
    if (code != CBMC_SUCCESSFUL && code != CBMC_FAILED) {
        text_addf(&job->trouble, "CBMC stopped with code %d, no verdict\n", code);
        log_end(job, log);
        return false;
    }
    job->conditions = conditions_read(log);
    if (job->must_fail) {
        if (code == CBMC_SUCCESSFUL) {
            text_add(&job->trouble, job->mutant
                                        ? "not noticed: it was still proved\n"
                                        : "proved, but it must fail: the proof is vacuous\n");
        }
        return code == CBMC_FAILED;
    }
    if (code == CBMC_FAILED) {
        lines_find(job, log, ": FAILURE");
    } else if (job->conditions == 0) {
        text_add(&job->trouble, "the harness reached nothing to check\n");
    }
    return code == CBMC_SUCCESSFUL && job->conditions > 0;
}

void job_judge(struct job *job, int code)
{
    struct text log = {0};
    file_read(job->work, &log);
    rename(job->work, job->log);
    job->seconds = job->process.seconds;
    if (job->process.timed_out) {
        text_addf(&job->trouble, "not done after the %.0f s allowed\n", job->process.timeout_s);
    } else if (job->proof != NULL) {
        job->good = proof_good(job, code, text_string(&log));
    } else if (code != EXIT_TESTS) {
        text_addf(&job->trouble,
                  code == 0 ? "not noticed: the test still passes\n"
                            : "the test did not run, code %d\n",
                  code);
    } else {
        job->good = true;
    }
    if (job->good && job->proof != NULL) {
        char *line = string_format("%llx %.2f %lu\n", (unsigned long long)job->key, job->seconds,
                                   job->conditions);
        file_write(job->stamp, line, strlen(line));
        free(line);
    }
    text_free(&log);
}
