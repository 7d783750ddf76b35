/*
 * verbs.c - the table of verbs: the only place that knows them all.
 *
 * `k5 --help`, `k5 help VERB`, "did you mean" and the dispatch in main.c are made from it.
 */
#include "verbs.h"

#include <string.h>

const struct verb verb_table[] = {
    {"build", verb_build, "[APP] [--profile NAME] [-v]",
     "build an app: compile, place, link, report",
     "  APP                folder with an app.toml (default: the current folder)\n"
     "  --profile NAME     release (default), or debug: the kernel checks itself on every entry\n"
     "  -v, --verbose      show every command\n"
     "\n"
     "Writes APP/build/BOARD/PROFILE/: image.elf (kernel and all tasks), TASK.elf, the generated\n"
     "tables in gen/, compile_commands.json. Exit code 1 if it does not build, 2 if app.toml is\n"
     "wrong; docs/manual/app-toml.md is the list of its keys.\n"},
    {"run", verb_run, "[APP] [--for TIME] [--profile NAME] [--shift N]",
     "build an app and run it in the emulator",
     "  APP                folder with an app.toml (default: the current folder)\n"
     "  --for TIME         stop after this much time of the board: 3s, 500ms, 2min\n"
     "  --profile NAME     release (default) or debug: with the kernel's own checks\n"
     "  --shift N          an instruction takes 2^N ns of the board's time: 1 to 10 (default: 5)\n"
     "  -v, --verbose      show every command of the build\n"
     "\n"
     "Prints the decoded log: time, level, task, text, file:line; a fault with its cause, the "
     "owner\n"
     "of the address, and where the program stood. Ctrl-C ends it.\n"
     "Then a table says of each task, by the kernel's own count: time on its own account and on\n"
     "time lent by callers, calls it made that were taken, budgets it overran, faults, restarts,\n"
     "log frames dropped. It reaches a little beyond TIME, to where the emulator was halted.\n"
     "Exit code: 0; 134 if the kernel stopped, or a task that nobody supervises; 124 if nothing\n"
     "came from the board. A fault that a supervisor handles is no failure.\n"},
    {"demo", verb_demo, "[--for TIME]",
     "run the demo: isolated tasks talk, one crashes, comes back",
     "  --for TIME         stop after this time, for example 3s\n"
     "\n"
     "It is `k5 run examples/02_coldchain`; its README says what to look for.\n"},
    {"test", verb_test,
     "[FOLDER...] [--filter TEXT] [-j N] [--junit FILE] [--profile NAME] [--list] [--golden]",
     "run test apps in the emulator and compare what they log",
     "  FOLDER             apps to test, or folders above some (default: all that are here or "
     "below)\n"
     "  --filter TEXT      only tests whose path contains TEXT\n"
     "  -j, --jobs N       N tests side by side (default: one a core)\n"
     "  --junit FILE       write the results as JUnit's XML too\n"
     "  --profile NAME     debug (default: with the kernel's own checks) or release\n"
     "  --list             name the tests and stop\n"
     "  --golden           write expected.txt of the tests anew from what they log\n"
     "\n"
     "A test is an app whose app.toml has [test]: `for` (time of the board), `expect` (parts of\n"
     "log lines, in this order), `forbid`. If expected.txt is there, the log is compared with it\n"
     "line by line, without times and addresses. A failed test shows the log from the last line\n"
     "that was right on (marked >). Ends with `N passed, N failed`; exit code 5 if one failed, 3\n"
     "if a tool is missing, 2 if there is no such test.\n"},
    {"bench", verb_bench, "[--check | --record | --json | --profile ROW] [--against FILE]",
     "count the instructions of the kernel's operations",
     "  --check            fail if a count is more than 2 percent above the record\n"
     "  --record           write the counts of today into the record\n"
     "  --json             print the rows as JSON\n"
     "  --profile ROW      which functions executed the instructions of this row\n"
     "  --against FILE     another record than bench/record.txt\n"
     "  -v, --verbose      show every command\n"
     "\n"
     "Builds bench/app and bench/floor, runs them in the emulator with a counting plugin, and\n"
     "prints for each row of bench/rows.txt what was executed: the median, its loads and stores,\n"
     "the least and the most, the record, the change, the target; then the floor and what other\n"
     "systems need. Counts are not cycles: docs/manual/performance.md. --check ends with\n"
     "`N passed, N failed`; it skips if the compiler is not that of the record. Exit code 5 if a\n"
     "row failed, 2 if a file of rows or records is wrong, 1 if something did not build or the\n"
     "run did not come to its end, 3 without an emulator or a compiler.\n"},
    {"check", verb_check, "[--full] [--filter TEXT] [--list]",
     "run everything: style, unit tests, emulator tests, proofs",
     "  --full             the long proofs and the long soak too (up to 2 hours on two cores)\n"
     "  --filter TEXT      only steps whose name contains TEXT\n"
     "  --list             name the steps and stop\n"
     "\n"
     "A progress line for each step; goes on after a failure and shows the end of what failed\n"
     "printed. Ends with exactly one line `N passed, N failed`; exit code 5 if one failed.\n"},
    {"prove", verb_prove, "[NAME...] [--full] [--list] [--no-cache]",
     "prove the kernel with CBMC, and check that the proofs can fail",
     "  NAME               only proofs and mutants whose name starts with NAME\n"
     "  --full             the long lane too\n"
     "  --proofs           proofs and vacuity twins only\n"
     "  --mutants          mutants only\n"
     "  --list             name them with their sizes and stop\n"
     "  --no-cache         prove again what was proved before with the same content\n"
     "\n"
     "The table is proofs/suite.txt, the mutants are proofs/mutants/*.mutant; both say how they\n"
     "are written. Logs and traces of failures are in .k5/proofs/. Exit code 5 if one failed,\n"
     "3 if there is no CBMC 6.\n"},
    {"doctor", verb_doctor, "", "check that every tool and library needed is there",
     "Prints each with the version found, or how to get it. Exit code 3 if one is missing.\n"},
    {"help", verb_help, "[VERB]", "say how to use the tool or a verb",
     "  VERB               the verb to explain (default: list them all)\n"},
};

const size_t verb_count = sizeof verb_table / sizeof verb_table[0];

const struct verb *verb_find(const char *name)
{
    for (size_t i = 0; i < verb_count; i++) {
        if (strcmp(verb_table[i].name, name) == 0) {
            return &verb_table[i];
        }
    }
    return NULL;
}
