/*
 * prove.c - `k5 prove`: runs the table of proofs and the mutants, two at a time.
 *
 *   suite (suite.c) -> jobs in the order of the table -> slots[2] -> one line each -> summary
 *
 * A mutant becomes one job for each proof or unit test that has to catch it.
 */
#include "cbmc.h"
#include "job.h"
#include "suite.h"
#include "util.h"
#include "verbs.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 2u

struct options {
    bool full;
    bool list;
    bool proofs;  /* these only; both or neither: all */
    bool mutants; /* these only */
    bool no_cache;
    char **names;
    size_t name_count;
    bool *name_used;
};

struct run {
    struct job *jobs;
    size_t count;
    unsigned passed;
    unsigned failed;
};

static bool cbmc_good(const char *path, struct text *version)
{
    char *argv[] = {string_copy(path), string_copy("--version"), NULL};
    struct text output = {0};
    struct process process = {.capture = &output, .timeout_s = 20};
    bool good = process_run(&process, argv) == 0 &&
                strtol(text_string(&output), NULL, 10) >= CBMC_VERSION_MIN;
    if (good) {
        text_addf(version, "%.*s", (int)strcspn(output.data, " \n"), output.data);
    }
    text_free(&output);
    free(argv[0]);
    free(argv[1]);
    return good;
}

char *cbmc_find(struct text *version)
{
    char *own = root_join(".k5/cbmc/cbmc");
    if (process_have("cbmc") && cbmc_good("cbmc", version)) {
        free(own);
        return string_copy("cbmc");
    }
    if (process_have(own) && cbmc_good(own, version)) {
        return own;
    }
    free(own);
    return NULL;
}

/* True if the user asked for this name, or for none. */
static bool name_wanted(const struct options *options, const char *name)
{
    bool wanted = options->name_count == 0;
    for (size_t i = 0; i < options->name_count; i++) {
        if (string_starts(name, options->names[i])) {
            options->name_used[i] = true;
            wanted = true;
        }
    }
    return wanted;
}

static bool lane_wanted(const struct options *options, const struct proof *proof)
{
    return options->full || !proof->full || options->name_count > 0;
}

static struct job *job_add(struct run *run)
{
    run->jobs = memory_resize(run->jobs, (run->count + 1) * sizeof run->jobs[0]);
    run->jobs[run->count] = (struct job){0};
    return &run->jobs[run->count++];
}

/* A unit test notices it in a second; a proof that does, too, is for the long lane. */
static bool unit_notices(const struct mutant *mutant)
{
    bool notices = false;
    for (size_t i = 0; i < mutant->caught_by.count; i++) {
        notices = notices || string_starts(mutant->caught_by.items[i], "unit ");
    }
    return notices;
}

static void mutant_add(struct run *run, const struct options *options, const struct suite *suite,
                       const struct mutant *mutant)
{
    bool make_tree = true;
    if (mutant->full && !options->full && options->name_count == 0) {
        return;
    }
    bool proofs = options->full || options->name_count > 0 || !unit_notices(mutant);
    for (size_t i = 0; i < mutant->caught_by.count; i++) {
        const char *catcher = mutant->caught_by.items[i];
        const struct proof *proof =
            string_starts(catcher, "proof ") ? suite_proof(suite, catcher + 6) : NULL;
        if (proof != NULL && (!proofs || !lane_wanted(options, proof))) {
            continue;
        }
        struct job *job = job_add(run);
        job->proof = proof;
        job->unit = proof == NULL ? catcher + strlen("unit ") : NULL;
        job->mutant = mutant;
        job->must_fail = true;
        job->make_tree = make_tree;
        make_tree = false;
    }
}

static void jobs_select(struct run *run, const struct options *options, const struct suite *suite)
{
    bool all = options->proofs == options->mutants;
    for (size_t i = 0; i < suite->proof_count && (all || options->proofs); i++) {
        const struct proof *proof = &suite->proofs[i];
        if (name_wanted(options, proof->name) && lane_wanted(options, proof)) {
            struct job *job = job_add(run);
            job->proof = proof;
            job->must_fail = proof->must_fail;
        }
    }
    for (size_t i = 0; i < suite->mutant_count && (all || options->mutants); i++) {
        if (name_wanted(options, suite->mutants[i].name)) {
            mutant_add(run, options, suite, &suite->mutants[i]);
        }
    }
}

static const char *job_name(const struct job *job)
{
    if (job->mutant != NULL) {
        return job->mutant->name;
    }
    return job->proof != NULL ? job->proof->name : job->unit;
}

static const char *job_kind(const struct job *job)
{
    if (job->mutant != NULL) {
        return "mutant";
    }
    return job->must_fail ? "twin" : "prove";
}

/* "sizes", or for a mutant who caught it */
static char *job_note(const struct job *job)
{
    if (job->mutant != NULL) {
        return string_format("by %s", job->proof != NULL ? job->proof->name : job->unit);
    }
    struct text text = {0};
    for (size_t i = 0; job->proof != NULL && i < job->proof->sizes.count; i++) {
        text_addf(&text, "%s%s", i > 0 ? " " : "", job->proof->sizes.items[i]);
    }
    if (job->conditions > 0) {
        text_addf(&text, "%s%lu checks", text.length > 0 ? ", " : "", job->conditions);
    }
    char *note = string_format("%s", text_string(&text));
    text_free(&text);
    return note;
}

static const char *job_verdict(const struct job *job)
{
    if (!job->good) {
        return job->process.timed_out ? "TIME-OUT" : "FAILED";
    }
    if (job->mutant != NULL) {
        return "caught";
    }
    return job->must_fail ? "fails, as it must" : "proved";
}

static void job_report(struct run *run, const struct job *job, bool cached)
{
    char *note = job_note(job);
    const char *name = job_name(job);
    printf("  %-6s %-32s %s%-9s%s %6.1f s  (%s)%s\n", job_kind(job), name,
           colour_start(1, job->good ? COLOUR_GREEN : COLOUR_RED), job_verdict(job),
           colour_start(1, COLOUR_NONE), job->seconds, note, cached ? "  cached" : "");
    free(note);
    run->passed += job->good ? 1u : 0u;
    run->failed += job->good ? 0u : 1u;
    if (!job->good) {
        struct list lines = {0};
        list_add_split(&lines, text_string(&job->trouble), "\n");
        for (size_t i = 0; i < lines.count; i++) {
            printf("         %s\n", lines.items[i]);
        }
        if (job->mutant != NULL) {
            printf("         the mutant: %s\n", job->mutant->about);
        }
        printf("         log and trace: %s\n", job->log);
        list_free(&lines);
    }
    fflush(stdout);
}

/* Prepares the next jobs until one really has to run; false when there is none left. */
static bool slot_fill(struct run *run, const struct prover *prover, size_t *next, struct job **slot)
{
    while (*next < run->count) {
        struct job *job = &run->jobs[(*next)++];
        enum job_state state = job_prepare(job, prover);
        if (state == JOB_READY && process_start(&job->process, job->argv.items)) {
            *slot = job;
            return true;
        }
        job_report(run, job, state == JOB_CACHED);
    }
    return false;
}

static void jobs_run(struct run *run, const struct prover *prover)
{
    struct job *slots[SLOTS] = {0};
    size_t next = 0;
    bool busy = true;
    while (busy) {
        busy = false;
        for (size_t i = 0; i < SLOTS; i++) {
            int code = 0;
            if (slots[i] != NULL && process_poll(&slots[i]->process, &code)) {
                job_judge(slots[i], code);
                job_report(run, slots[i], false);
                slots[i] = NULL;
            }
            busy |= slots[i] != NULL || slot_fill(run, prover, &next, &slots[i]);
        }
        clock_sleep(0.01);
    }
}

static void suite_list(const struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct job *job = &run->jobs[i];
        char *note = job_note(job);
        printf("  %-6s %-32s %s %s\n", job_kind(job), job_name(job),
               job->proof != NULL && job->proof->full ? "full " : "check", note);
        free(note);
    }
}

static bool options_read(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"full", no_argument, NULL, 'f'},     {"list", no_argument, NULL, 'l'},
        {"proofs", no_argument, NULL, 'p'},   {"mutants", no_argument, NULL, 'm'},
        {"no-cache", no_argument, NULL, 'n'}, {0},
    };
    for (int letter; (letter = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (letter) {
        case 'f': options->full = true; break;
        case 'l': options->list = true; break;
        case 'p': options->proofs = true; break;
        case 'm': options->mutants = true; break;
        case 'n': options->no_cache = true; break;
        default: return false;
        }
    }
    options->names = argv + optind;
    options->name_count = (size_t)(argc - optind);
    options->name_used = memory_new(options->name_count * sizeof options->name_used[0]);
    return true;
}

/* An argument that named nothing is a mistake, not an empty success. */
static bool names_all_used(const struct options *options, const struct suite *suite)
{
    bool good = true;
    struct list names = {0};
    for (size_t i = 0; i < suite->proof_count; i++) {
        list_add(&names, suite->proofs[i].name);
    }
    for (size_t i = 0; i < suite->mutant_count; i++) {
        list_add(&names, suite->mutants[i].name);
    }
    for (size_t i = 0; i < options->name_count; i++) {
        if (options->name_used[i]) {
            continue;
        }
        const char *near =
            nearest_word(options->names[i], (const char *const *)names.items, names.count);
        error_print("no proof or mutant begins with \"%s\"%s%s%s", options->names[i],
                    near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        good = false;
    }
    list_free(&names);
    return good;
}

static void trees_remove(void)
{
    char *trees = job_trees();
    char *argv[] = {string_copy("rm"), string_copy("-rf"), trees, NULL};
    struct process process = {.timeout_s = 60};
    process_run(&process, argv);
    free(argv[0]);
    free(argv[1]);
    free(trees);
}

int verb_prove(int argc, char **argv)
{
    struct options options = {0};
    struct suite suite = {0};
    struct run run = {0};
    if (!options_read(&options, argc, argv)) {
        return usage_error("prove", "unknown option");
    }
    if (!suite_read(&suite)) {
        return EXIT_USAGE;
    }
    jobs_select(&run, &options, &suite);
    if (!names_all_used(&options, &suite)) {
        return EXIT_USAGE;
    }
    if (options.list) {
        suite_list(&run);
        return EXIT_OK;
    }
    struct prover prover = {.use_cache = !options.no_cache};
    prover.cbmc = cbmc_find(&prover.version);
    if (prover.cbmc == NULL) {
        error_print("no CBMC %d or later: nothing can be proved", CBMC_VERSION_MIN);
        hint_print("./k5 gets it into .k5/cbmc on Debian (.k5/cbmc.log says why it did not);"
                   " or put a `cbmc` into PATH");
        return EXIT_ENVIRONMENT;
    }
    char *logs = root_join(".k5/proofs");
    if (!dir_make(logs)) {
        error_print("cannot make the folder %s", logs);
        return EXIT_ENVIRONMENT;
    }
    free(logs);
    jobs_run(&run, &prover);
    trees_remove();
    printf("%u passed, %u failed\n", run.passed, run.failed);
    return run.failed > 0 ? EXIT_TESTS : EXIT_OK;
}
