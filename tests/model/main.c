/* Runs lives: each is a random system (from its seed) and a random walk through it, in a process of
 * its own, so that a kernel that stops is one failure and not the end. Usage:
 *
 *   model STEPS SEED STRIDE         lives of SEED, SEED + STRIDE, ... until STEPS steps were done
 *   model STEPS SEED STRIDE first   the same up to the first failure
 *   model life SEED                 one life; if it fails, made short and printed
 *   model bytes FILE                the same, of bytes that the fuzzer made
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

#define FAILURES_SHOWN 3u
#define EXIT_FAILED    5
#define BYTES_MAX      0x10000u

struct shared *shared;

/* A life in a process of its own; steps NULL: a new one, recorded in shared. */
bool life_fails(const struct step *steps, unsigned count, bool verbose)
{
    int status = 0;

    shared->finished = false;
    shared->difference[0] = '\0';
    fflush(stdout);
    pid_t child = fork();

    if (child == 0) {
        alarm(20);
        run.verbose = verbose;
        setvbuf(stdout, NULL, _IOLBF, 0);
        if (!verbose && freopen("/dev/null", "w", stderr) == NULL) {
            exit(1);
        }
        if (steps == NULL) {
            life_new();
        } else {
            life_again(steps, count);
        }
        shared->finished = true;
        fflush(stdout);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("fork");
        exit(1);
    }
    if (!shared->finished) {
        snprintf(shared->difference, sizeof shared->difference, "the kernel stopped (status 0x%x)",
                 (unsigned)status);
        if (verbose) {
            printf("  DIFFERENCE %s\n", shared->difference);
        }
    }
    return shared->difference[0] != '\0';
}

static bool life(bool show)
{
    static struct step steps[STEPS_A_LIFE];

    shared->count = 0;
    if (!life_fails(NULL, 0, false)) {
        return true;
    }
    printf("  seed %u, step %u: %s\n", source.seed, shared->count, shared->difference);
    if (show) {
        unsigned count = shared->count;

        memcpy(steps, shared->steps, sizeof steps);
        shrink_and_print(steps, count);
    }
    return false;
}

/* Prints what was reached and the tally; first: nothing is made short, the first failure is the
 * end. */
static int lives(unsigned long wanted, uint32_t seed, uint32_t stride, bool first)
{
    unsigned long steps = 0;
    unsigned passed = 0;
    unsigned failed = 0;

    for (; steps < wanted && !(first && failed > 0); seed += stride) {
        source.seed = seed;
        bool ok = life(!first && failed < FAILURES_SHOWN);

        passed += ok ? 1u : 0u;
        failed += ok ? 0u : 1u;
        steps += shared->count;
    }
    cover_print(shared->cover);
    printf("  %d tasks: %lu steps, %lu kernel entries\n", K5_TASKS, steps, shared->entries);
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 ? 0 : EXIT_FAILED;
}

static uint32_t number(const char *text)
{
    return (uint32_t)strtoul(text, NULL, 0);
}

/* The bytes stay where they are to the end. False if they cannot be read. */
static bool bytes_read(const char *file)
{
    static uint8_t bytes[BYTES_MAX];
    FILE *f = fopen(file, "rb");

    if (f == NULL) {
        perror(file);
        return false;
    }
    source =
        (struct source){.bytes = bytes, .size = fread(bytes, 1, sizeof bytes, f), .file = file};
    fclose(f);
    return true;
}

int main(int argc, char **argv)
{
    bool one = argc == 3 && strcmp(argv[1], "life") == 0;
    bool bytes = argc == 3 && strcmp(argv[1], "bytes") == 0;
    bool first = argc == 5 && strcmp(argv[4], "first") == 0;

    if (!one && !bytes && !first && argc != 4) {
        fprintf(stderr, "usage: model STEPS SEED STRIDE [first] | model life SEED | "
                        "model bytes FILE\n");
        return 1;
    }
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    if (!one && !bytes) {
        return lives(strtoul(argv[1], NULL, 0), number(argv[2]), number(argv[3]), first);
    }
    if (bytes && !bytes_read(argv[2])) {
        return 1;
    }
    source.seed = one ? number(argv[2]) : 0;
    bool ok = life(true);

    printf("%d passed, %d failed\n", ok ? 1 : 0, ok ? 0 : 1);
    return ok ? 0 : EXIT_FAILED;
}
