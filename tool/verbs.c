/*
 * verbs.c - the table of verbs: the only place that knows them all.
 *
 * Help, man page, completion, the pages in docs/manual/verbs, "did you mean" and the dispatch in
 * main.c are made from it (verbs.h says how a row is written).
 */
#include "verbs.h"

#include <string.h>

#define OPTION_APP "APP", NULL, "folder with an app.toml (default: the current folder)"
#define OPTION_LEVEL                                                                         \
    "--level", "[TASK=]LEVEL",                                                               \
        "show log lines up to error, warn, info or debug (default: all), of one task or of " \
        "`kernel` if named; may be given more than once"
#define OPTION_VERBOSE "-v, --verbose", NULL, "show every command of the build"

static const struct verb_option new_options[] = {
    {"DIR", NULL, "the folder to make; it must not be there yet, or be empty"},
    {"-n, --name", "NAME", "the name of the app (default: that of the folder)"},
    {0},
};

static const struct verb_option build_options[] = {
    {OPTION_APP},
    {"--profile", "release|debug",
     "release (default), or debug: the kernel checks itself on every entry"},
    {"--board", "NAME", "for this board instead of the one in app.toml (`k5 boards` lists them)"},
    {"--json", NULL, "print the report as JSON: sizes, places, files, what was made anew"},
    {OPTION_VERBOSE},
    {0},
};

static const struct verb_option run_options[] = {
    {OPTION_APP},
    {"--for", "TIME", "stop after this much time of the board: 3s, 500ms, 2min"},
    {OPTION_LEVEL},
    {"--input", "FILE",
     "type this into the board's second serial line; `-`: what comes on our input, as it comes"},
    {"--json", NULL,
     "one object a line: log, fault with its backtrace, drops, restart, summary and others "
     "(docs/manual/faults.md)"},
    {"--profile", "release|debug", "release (default) or debug: with the kernel's own checks"},
    {"--shift", "N", "an instruction takes 2^N ns of the board's time: 1 to 10 (default: 5)"},
    {"--image", "FILE", "run this image; the log is decoded with the ELFs that are built here"},
    {"-v, --verbose", NULL, "show every command of the build, and its report"},
    {0},
};

static const struct verb_option flash_options[] = {
    {OPTION_APP},
    {"--probe", "TYPE",
     "stlink, cmsis-dap or jlink, or a file NAME.cfg of OpenOCD (default: the board's)"},
    {"--serial", "NO", "the probe with this serial number, if there are several"},
    {"--provision", NULL, "change the chip's option bytes to what the board needs, if you say yes"},
    {"--json", NULL, "print the result as JSON"},
    {"--profile", "release|debug", "release (default) or debug: with the kernel's own checks"},
    {OPTION_VERBOSE},
    {0},
};

static const struct verb_option logs_options[] = {
    {OPTION_APP},
    {"--for", "TIME", "stop after this time: 3s, 500ms, 2min (default: Ctrl-C ends it)"},
    {OPTION_LEVEL},
    {"--json", NULL,
     "one object a line: those of `k5 run --json`, and `link` for what happens to the connection "
     "(docs/manual/flash.md)"},
    {"--probe", "TYPE",
     "stlink, cmsis-dap or jlink, or a file NAME.cfg of OpenOCD (default: the board's)"},
    {"--serial", "NO", "the probe with this serial number, if there are several"},
    {"--serial-port", "DEVICE",
     "no probe: from this serial line, at 115200 baud; --serial /dev/... is the same"},
    {"--profile", "release|debug", "the build that is on the board: release (default) or debug"},
    {0},
};

static const struct verb_option inspect_options[] = {
    {OPTION_APP},
    {"--dump", "FILE", "the file (default: the newest in APP/build/BOARD/PROFILE/dumps)"},
    {"--at", "TIME", "run the app for this long, halt it, and look at that: 500ms, 3s"},
    {"--json", NULL, "one object instead of text"},
    {"--profile", "release|debug", "release (default) or debug"},
    {0},
};

static const struct verb_option debug_options[] = {
    {OPTION_APP},
    {"--profile", "release|debug", "release (default) or debug: with the kernel's own checks"},
    {"--batch", "FILE", "run gdb's commands in FILE and end"},
    {"--server", NULL, "start no gdb; say how one connects, until Ctrl-C"},
    {"--port", "N", "listen on this TCP port of this machine (--server: 3333 if not given)"},
    {"--reset", NULL, "a board: reset it, and begin at its first instruction, not where it is"},
    {"--probe", "TYPE",
     "stlink, cmsis-dap or jlink, or a file NAME.cfg of OpenOCD (default: the board's)"},
    {"--serial", "NO", "the probe with this serial number, if there are several"},
    {OPTION_VERBOSE},
    {"--", "ARGS", "what follows goes to gdb: k5 debug -- -tui"},
    {0},
};

static const struct verb_option trace_options[] = {
    {OPTION_APP},
    {"--for", "TIME", "trace this much time of the board: 3s, 500ms (default: 2s)"},
    {"-o, --output", "FILE", "the page (default: trace.html beside the image)"},
    {"--ctf", "DIR", "also in the Common Trace Format, for babeltrace2 and its like"},
    {"--profile", "release|debug", "release (default) or debug: with the kernel's own checks"},
    {OPTION_VERBOSE},
    {0},
};

static const struct verb_option demo_options[] = {
    {"--for", "TIME", "stop after this time, for example 3s"},
    {0},
};

static const struct verb_option test_options[] = {
    {"FOLDER", NULL, "apps to test, or folders above some (default: all that are here or below)"},
    {"--filter", "TEXT", "only tests whose path contains TEXT"},
    {"-j, --jobs", "N", "N tests side by side (default: one a core)"},
    {"--junit", "FILE", "write the results as JUnit's XML too"},
    {"--profile", "release|debug", "debug (default: with the kernel's own checks) or release"},
    {"--list", NULL, "name the tests and stop"},
    {"--full", NULL, "those with slow = true, too; without folder or filter they are left out"},
    {"--golden", NULL, "write expected.txt of the tests anew from what they log"},
    {0},
};

static const struct verb_option bench_options[] = {
    {"--check", NULL, "fail if a count is more than 2 percent above the record"},
    {"--record", NULL, "write the counts of today into the record"},
    {"--json", NULL, "print the rows as JSON"},
    {"--profile", "ROW", "which functions executed the instructions of this row"},
    {"--against", "FILE", "another record than bench/record.txt"},
    {OPTION_VERBOSE},
    {0},
};

static const struct verb_option check_options[] = {
    {"--full", NULL, "the long proofs and the long soak too (up to 2 hours on two cores)"},
    {"--filter", "TEXT", "only steps whose name contains TEXT; of a single one all that it prints"},
    {"--list", NULL, "name the steps and stop"},
    {"--fuzz", "TIME", "instead: fuzz the kernel against its model for so long (30s, 10m, 1h)"},
    {0},
};

static const struct verb_option prove_options[] = {
    {"NAME", NULL, "only proofs and mutants whose name starts with NAME"},
    {"--full", NULL, "the long lane too"},
    {"--proofs", NULL, "proofs and vacuity twins only"},
    {"--mutants", NULL, "mutants only"},
    {"--list", NULL, "name them with their sizes and stop"},
    {"--no-cache", NULL, "prove again what was proved before with the same content"},
    {0},
};

static const struct verb_option size_options[] = {
    {OPTION_APP},
    {"--profile", "release|debug", "release (default) or debug"},
    {"--measure", "TIME", "run it in the emulator this long, and say how deep each stack was"},
    {"--diff", "REV", "what changed since this revision of the app's git repository"},
    {"--json", NULL, "print it as JSON"},
    {OPTION_VERBOSE},
    {0},
};

static const struct verb_option graph_options[] = {
    {OPTION_APP},
    {"-o, --output", "FILE", "FILE.svg, or FILE.dot (default: APP/build/graph.svg)"},
    {0},
};

static const struct verb_option audit_options[] = {
    {OPTION_APP},
    {"--policy", "FILE", "check these rules, not those of the app"},
    {"--json", NULL, "print it as JSON"},
    {0},
};

static const struct verb_option boards_options[] = {
    {"--json", NULL, "print them as JSON"},
    {0},
};

static const struct verb_option completion_options[] = {
    {"bash|zsh|fish", NULL, "the shell"},
    {0},
};

static const struct verb_option man_options[] = {
    {"-o, --output", "FILE", "write the page into FILE instead of printing it"},
    {0},
};

static const struct verb_option help_options[] = {
    {"VERB", NULL, "the verb to explain (default: list them all)"},
    {"--markdown", NULL, "its page for docs/manual/verbs; without VERB, the list of all pages"},
    {0},
};

const struct verb verb_table[] = {
    {"new", verb_new, "DIR [--name NAME]",
     "make a project of your own that builds against this one",
     "Makes app.toml, a client, a server, a test, a README, .gitignore, and a script ./k5 that "
     "starts this repository's k5, so that `./k5 build`, `./k5 run` and `./k5 test` work in that "
     "folder. If the repository moves, K5_ROOT says where it is. Ready-made tasks (`use = ...`) "
     "work from there as they do here. Nothing is written over; exit code 2 if the name or the "
     "folder will not do.",
     new_options},
    {"build", verb_build, "[APP] [--profile NAME] [--board NAME] [--json] [-v]",
     "build an app: compile, place, link, report",
     "Writes APP/build/BOARD/PROFILE/: image.elf (kernel and all tasks), image.hex, the same as "
     "plain bytes, TASK.elf, the generated tables in gen/, compile_commands.json. Plain bytes are "
     "image.bin, or one image.MEMORY.bin for each memory of the board; the line \"load\" of the "
     "report says to which address each goes. The same sources give the same bytes, wherever and "
     "whenever they are built.\n\n"
     "Exit code 1 if it does not build, 2 if app.toml is "
     "wrong; docs/manual/app-toml.md is the list of its keys.",
     build_options},
    {"run", verb_run,
     "[APP] [--for TIME] [--level [TASK=]LEVEL] [--input FILE] [--json] [--profile NAME]",
     "build an app and run it in the emulator",
     "Prints the decoded log: time, level, task, text, file:line; a fault with its cause, the "
     "owner "
     "of the address, the calls that led there with their source lines, stack, budget, and who "
     "waits. Each fault and each kernel panic leaves a file that `k5 inspect` reads.\n\n"
     "Keys, on a terminal: q quits, r resets the board, l changes the log level, f shows the log "
     "of one task alone, t shows all tasks as they are now. Ctrl-C ends it.\n\n"
     "What the app says on the board's second serial line stands below what it logged until then, "
     "as LINE; --input types into that line (docs/manual/drivers.md).\n\n"
     "Then a table says of each task, by the kernel's own count: time on its own account and on "
     "time lent by callers, calls it made that were taken, budgets it overran, faults, restarts, "
     "log frames dropped. It reaches a little beyond TIME, to where the emulator was halted.\n\n"
     "Exit code: 0; 134 if the kernel stopped, or a task that nobody supervises; 124 if nothing "
     "came from the board. A fault that a supervisor handles is no failure.",
     run_options},
    {"flash", verb_flash, "[APP] [--probe TYPE] [--serial NO] [--provision] [--json] [-v]",
     "build an app and write it into a board's flash",
     "Works through OpenOCD 0.12 and a debug probe. Reads the chip's option bytes first and says "
     "what differs from what the board needs; only --provision changes them, after a question. "
     "Writes the pages of flash that differ, reads all of them back, and starts the app by a "
     "reset. It never changes the read protection (RDP) nor BOOT_LOCK.\n\n"
     "It was tested with a simulated probe and chip, never with a real board: "
     "docs/manual/flash.md. Exit code: 0; 3 if OpenOCD, the probe, the permission to use it or "
     "the right chip is missing; 4 if the flash was not written, or is not what was written.",
     flash_options},
    {"logs", verb_logs,
     "[APP] [--for TIME] [--level [TASK=]LEVEL] [--json] [--probe TYPE] "
     "[--serial NO] [--serial-port DEVICE]",
     "show the log of an app that runs on a board",
     "Reads the log's ring in the board's memory through OpenOCD and a debug probe, while the app "
     "runs; nothing is halted or reset. Says if the board runs another build than the one here, if "
     "it was reset, how many frames it dropped. A lost connection is made again.\n\n"
     "It was tested with a simulated probe and chip, never with a real board: "
     "docs/manual/flash.md. Exit code: 0; 3 without OpenOCD, probe, permission or line; 124 if "
     "nothing came within TIME.",
     logs_options},
    {"inspect", verb_inspect, "[APP] [--dump FILE | --at TIME] [--json] [--profile NAME]",
     "look into a fault's post-mortem file, or into a halted system",
     "Shows of each task: what it does or waits for, by name; the calls that it stands in, with "
     "source lines; stack, budget and refills, whose time it is on, who waits for it, what its "
     "capabilities let it do; of a fault the record. `k5 run` writes the files; a file is of use "
     "with the very build that wrote it, of another build its text is shown.\n\n"
     "Exit code: 0; 2 if the file is damaged or of another build (what can be shown is shown); 3 "
     "if the system could not be halted, 124 if it does not get to that time.",
     inspect_options},
    {"demo", verb_demo, "[--for TIME]",
     "run the demo: isolated tasks talk, one crashes, comes back",
     "It is `k5 run examples/02_coldchain`; its README says what to look for.", demo_options},
    {"debug", verb_debug,
     "[APP] [--profile NAME] [--batch FILE] [--server] [--port N] [--reset] [--probe TYPE] "
     "[--serial NO] [-- ARGS]",
     "debug an app with gdb: every task is a thread",
     "Builds the app and starts it in the emulator, halted at its first instruction. `info "
     "threads` lists the tasks and what each waits for; all of gdb's commands work on each. Log "
     "lines are printed while the app runs. docs/manual/debug.md has a session. If the app's board "
     "has a probe, the app that runs on it is halted where it is instead, through OpenOCD, after a "
     "look whether it is this build; at the end it runs on. That was tested with a simulated "
     "probe, "
     "never with a real board. Exit code: gdb's; 3 without gdb-multiarch, emulator, OpenOCD, "
     "probe, "
     "the permission to use it or a board that runs this build, if the connection to the board is "
     "lost, or if the port is taken; 134 if the emulator ended by itself.",
     debug_options},
    {"trace", verb_trace, "[APP] [--for TIME] [-o FILE] [--ctf DIR] [--profile NAME]",
     "show who ran when, who called whom, as a page to look at",
     "Builds the app with a kernel that records its events, in a folder of its own, runs it in the "
     "emulator, and writes one page without need of a network: a lane for each task, in the "
     "colour of whose time pays; calls, replies, signals; faults, restarts, missed deadlines; log "
     "lines. Says how many events were lost. Ctrl-C ends it early. docs/manual/trace.md explains "
     "the page and the events. Exit code: 0; 2 if a file cannot be written; 134 if the kernel "
     "stopped; 124 if there was no event; 3 without emulator.",
     trace_options},
    {"test", verb_test,
     "[FOLDER...] [--filter TEXT] [-j N] [--junit FILE] [--profile NAME] [--list] [--golden]",
     "run test apps in the emulator and compare what they log",
     "A test is an app whose app.toml has [test]: `for` (time of the board), `expect` (parts of "
     "log "
     "lines, in this order), `forbid`. If expected.txt is there, the log is compared with it line "
     "by line, without times and addresses. A failed test shows the log from the last line that "
     "was right on (marked >). Ends with `N passed, N failed`; exit code 5 if one failed, 3 if a "
     "tool is missing, 2 if there is no such test.",
     test_options},
    {"bench", verb_bench, "[--check | --record | --json | --profile ROW] [--against FILE]",
     "count the instructions of the kernel's operations",
     "Builds bench/app and bench/floor, runs them in the emulator with a counting plugin, and "
     "prints for each row of bench/rows.txt what was executed: the median, its loads and stores, "
     "the least and the most, the record, the change, the target; then the floor and what other "
     "systems need. Counts are not cycles: docs/manual/performance.md. --check ends with "
     "`N passed, N failed`; it skips if the compiler is not that of the record. Exit code 5 if a "
     "row failed, 2 if a file of rows or records is wrong, 1 if something did not build or the "
     "run did not come to its end, 3 without an emulator or a compiler.",
     bench_options},
    {"check", verb_check, "[--full] [--filter TEXT] [--list] | --fuzz TIME",
     "run everything: style, unit tests, emulator tests, proofs",
     "A progress line for each step; goes on after a failure and shows the end of what failed "
     "printed. Ends with exactly one line `N passed, N failed`; exit code 5 if one failed.",
     check_options},
    {"prove", verb_prove, "[NAME...] [--full] [--list] [--no-cache]",
     "prove the kernel with CBMC, and check that the proofs can fail",
     "The table is proofs/suite.txt, the mutants are proofs/mutants/*.mutant; both say how they "
     "are written. Logs and traces of failures are in .k5/proofs/. Exit code 5 if one failed, "
     "3 if there is no CBMC 6.",
     prove_options},
    {"size", verb_size, "[APP] [--measure TIME] [--diff REV] [--json]",
     "say what flash, RAM and stack each task and the kernel take",
     "need is a bound of the stack that a task can use, from its machine code and the compiler's "
     "notes on frames, with the frame of an interrupt on top. It is shown as >= where it is none: "
     "for recursion, a frame of variable size, or a pointer that could go anywhere; the list of "
     "deepest calls says why. There, >> is a call through a pointer to the deepest function that "
     "it could be given. `k5 build` refuses a task that needs more than its `stack`.\n\n"
     "measured is the deepest byte that a run wrote to. A run sees what it happens to do; the "
     "bound "
     "holds always.\n\n"
     "--diff builds the app of that revision in a folder of its own, with the kernel, the library "
     "and the ready-made tasks of today.",
     size_options},
    {"graph", verb_graph, "[APP] [-o FILE]", "draw who may call, signal and supervise whom",
     "Boxes are tasks with their priority and time: blue, green if passive, red if they supervise. "
     "Solid arrows are calls, with the priority that the server works at and what a call may take "
     "(orange if the server is less urgent than its client); dashed ones signals, dotted ones "
     "supervision. Lines without a head are devices, barrels shared memory.\n\n"
     "Writes graph.dot beside graph.svg; exit code 3, and only the .dot file, without graphviz.",
     graph_options},
    {"audit", verb_audit, "[APP] [--policy FILE] [--json]",
     "say who can reach what, also through others, and check the policy",
     "For each task: the tasks, endpoints, devices and regions that it can reach, with the steps "
     "and their lines in app.toml. A step is a call, a signal, a write into a region that another "
     "reads, the use of a device, supervision (as the last step). Answers to calls and news of "
     "faults are no steps.\n\n"
     "A policy is a file of lines `never TASK -> NAME`, and comments after #. It is `policy` of "
     "[app], or policy.txt beside app.toml, and `k5 build` checks it too: a rule that is broken "
     "is an error with the path that breaks it. A name that is that of several things stands for "
     "all of them; `never task a -> device b` says which is meant. Exit code 2 if a rule is "
     "broken or wrong.",
     audit_options},
    {"boards", verb_boards, "[--json]", "list the boards: chip, memories, devices, how each is run",
     "From boards/*/board.toml. `verified` says what was tried on it. Exit code 2 if one of the "
     "files is wrong; the others are listed.",
     boards_options},
    {"doctor", verb_doctor, "", "check that every tool and library needed is there",
     "Prints each with the version found, or what it is for and the command that gets it. Exit "
     "code 3 if one is missing.",
     NULL},
    {"completion", verb_completion, "bash|zsh|fish", "print a script that completes k5's words",
     "Try it with\n\n"
     "  eval \"$(./k5 completion bash)\"\n"
     "  source <(./k5 completion zsh)\n"
     "  ./k5 completion fish | source\n\n"
     "To keep it, put that line where your shell starts. It knows verbs, options and their words, "
     "and offers folders where an app belongs.",
     completion_options},
    {"man", verb_man, "[-o FILE]", "print the man page of k5",
     "Read it with\n\n"
     "  ./k5 man | man -l -\n\n"
     "or keep it: `k5 man -o ~/.local/share/man/man1/k5.1`. It is made from the same table as "
     "`k5 help`.",
     man_options},
    {"help", verb_help, "[VERB] [--markdown]", "say how to use the tool or a verb",
     "`k5 VERB --help` does the same.", help_options},
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
