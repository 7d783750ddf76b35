/*
 * bench.c - `k5 bench`: counts what the kernel's operations cost and compares with the record.
 *
 *   build bench/app -> plugin, run, floors (bench_run.c) -> table, JSON or check (bench_print.c)
 */
#define _GNU_SOURCE
#include "bench.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#define RECORD_FILE "bench/record.txt"

struct bench_options {
    bool json;
    bool record;
    bool check;
    const char *against; /* NULL: RECORD_FILE */
    const char *profile; /* a row, or NULL */
    bool verbose;
};

static int options_read(int argc, char **argv, struct bench_options *options)
{
    static const struct option known[] = {{"json", no_argument, NULL, 'j'},
                                          {"record", no_argument, NULL, 'r'},
                                          {"check", no_argument, NULL, 'c'},
                                          {"against", required_argument, NULL, 'a'},
                                          {"profile", required_argument, NULL, 'p'},
                                          {"verbose", no_argument, NULL, 'v'},
                                          {0}};
    opterr = 0;
    for (int c = getopt_long(argc, argv, "v", known, NULL); c != -1;
         c = getopt_long(argc, argv, "v", known, NULL)) {
        switch (c) {
        case 'j': options->json = true; break;
        case 'r': options->record = true; break;
        case 'c': options->check = true; break;
        case 'a': options->against = optarg; break;
        case 'p': options->profile = optarg; break;
        case 'v': options->verbose = true; break;
        default:
            return usage_error(argv[0], "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
    }
    if (optind < argc) {
        return usage_error(argv[0], "unexpected \"%s\"", argv[optind]);
    }
    if (options->json + options->record + options->check + (options->profile != NULL) > 1) {
        return usage_error(argv[0], "--json, --record, --check, --profile: one of them");
    }
    return EXIT_OK;
}

/* Makes .k5/bench and holds its lock to the end of the process: two runs wait for each other. */
static int folder_open(struct bench *bench)
{
    bench->folder = root_join(".k5/bench");
    char *path = path_join(bench->folder, "lock");
    int lock = dir_make(bench->folder) ? open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0666) : -1;
    bool good = lock >= 0 && flock(lock, LOCK_EX) == 0;
    if (!good) {
        error_print("%s: %s", path, strerror(errno));
    }
    free(path);
    return good ? EXIT_OK : EXIT_ENVIRONMENT;
}

/* The rows, the record, and the row to profile: everything that can be wrong before anything is
 * built. */
static int files_read(struct bench *bench, const struct bench_options *options, const char *record)
{
    if (!bench_read(bench)) {
        return EXIT_USAGE;
    }
    if (options->profile != NULL) {
        const struct bench_row *row = bench_find(bench, options->profile);
        if (row == NULL || row->kind == BENCH_FLOOR) {
            return usage_error("bench", "no row \"%s\" to profile", options->profile);
        }
    }
    bool wanted = options->against != NULL || options->check || file_exists(record);
    return options->record || !wanted || bench_record_read(bench, record) ? EXIT_OK : EXIT_USAGE;
}

static int outcome_print(struct bench *bench, const struct bench_options *options,
                         const struct app *app, const char *record)
{
    if (options->profile != NULL) {
        return bench_profile(bench, app, bench_find(bench, options->profile));
    }
    if (options->json) {
        bench_json_print(bench);
        return EXIT_OK;
    }
    bench_table_print(bench);
    if (options->record && !bench_record_write(bench, record)) {
        return EXIT_ENVIRONMENT;
    }
    if (options->record) {
        printf("\n  recorded in %s\n", record);
    }
    return options->check ? bench_check_print(bench) : EXIT_OK;
}

/* Another compiler makes other code: there is nothing to compare with. */
static bool check_skipped(const struct bench *bench, const struct bench_options *options)
{
    if (!options->check || strcmp(bench->compiler, bench->record_compiler) == 0) {
        return false;
    }
    printf("the record was made with gcc %s; this is %s\n", bench->record_compiler,
           bench->compiler);
    printf("0 passed, 0 failed, %zu skipped\n", bench->row_count);
    return true;
}

int verb_bench(int argc, char **argv)
{
    struct bench bench = {0};
    struct bench_options options = {0};
    struct app app = {.quiet = true};
    int code = options_read(argc, argv, &options);
    if (code != EXIT_OK) {
        return code;
    }
    bench.verbose = app.verbose = options.verbose;
    char *record = options.against != NULL ? string_copy(options.against) : root_join(RECORD_FILE);
    char *dir = root_join("bench/app");
    code = files_read(&bench, &options, record);
    bench.compiler = code == EXIT_OK ? bench_compiler() : NULL;
    code = code == EXIT_OK && bench.compiler == NULL ? EXIT_ENVIRONMENT : code;
    if (code == EXIT_OK && check_skipped(&bench, &options)) {
        return EXIT_OK;
    }
    code = code == EXIT_OK ? folder_open(&bench) : code;
    code = code == EXIT_OK ? app_build(dir, "release", &app) : code;
    code = code == EXIT_OK ? bench_measure(&bench, &app) : code;
    code = code == EXIT_OK ? outcome_print(&bench, &options, &app, record) : code;
    free(dir);
    free(record);
    return code;
}
