#!/usr/bin/env python3
"""Mistakes that evidence.py must notice, one at a time, in the project's texts. Standard library.

Each case: what must be said, the file, a pattern in it and what stands there instead. The pattern
must be there, or the case tests nothing and fails.

usage: evidence_wrong.py ROOT
"""

import importlib.util
import pathlib
import re
import sys

LIST, ABI = "docs/evidence.txt", "docs/manual/abi.md"
SUITE, IPC, INSTRUCTION = ("proofs/suite.txt", "tests/unit/test_ipc.c",
                           "tests/emulator/hostile_instruction/app.toml")

CASES = (
    # ids
    ("K5-IPC-02 has evidence and is not stated", ABI, r"\*\*(K5-IPC-02)\*\*", r"\1"),
    ("K5-IPC-98 is stated in abi.md and not in", ABI, r"\*\*K5-IPC-02\*\*", "**K5-IPC-98**"),
    ("K5-IPC-02 is stated 2 times: abi.md, abi.md", ABI, r"\*\*K5-IPC-03\*\*", "**K5-IPC-02**"),
    ("K5-IPC-02 is stated 2 times: abi.md, concepts.md", "docs/manual/concepts.md", r"\Z",
     "\n**K5-IPC-02** Twice.\n"),
    ("test_ipc.c cites what there is not: K5-IPC-97", IPC, r"\A", "/* K5-IPC-97 */\n"),
    ("README.md cites what there is not: K5-NEW-01", "README.md", r"\Z", "K5-NEW-01\n"),
    # the list
    ("K5-CAP-02 has no proof and no test", LIST, r"^(K5-CAP-02)\n( .*\n)+", r"\1\n"),
    ("K5-CAP-12 has no proof and no test", LIST, r"^(K5-CAP-12)\n( .*\n)+",
     r"\1\n    mutant badge_lost\n    model overrun\n    doc README.md\n"),
    ("K5-OLD-20 is open, and has evidence", LIST, r"^K5-OLD-20$", "K5-OLD-20\n    open why"),
    ('"open" of what?', LIST, r"^K5-OLD-20$", "K5-OLD-20\n    open"),
    ('"K5-IPC-2" is no id', LIST, r"^K5-IPC-02$", "K5-IPC-2"),
    ("K5-IPC-01 is there already", LIST, r"^K5-IPC-02$", "K5-IPC-01"),
    ('"proofs" is no kind of evidence', LIST, r"^    proof ", "    proofs "),
    ("evidence before the first id", LIST, r"\A", "    app restart\n"),
    # what is named
    ("proof cap_check: is no row of", SUITE, r"^proof cap_check ", "proof cap_checks "),
    ("proof twin_chain: is a twin, which proves nothing", LIST, r"lend_chain", "twin_chain"),
    ("unit ipc:answer_comes_back: is no test", IPC, r"\banswer_comes_back\b", "answer_came_back"),
    ("unit ipc:answer_comes_back: is no test", IPC, r"cmocka.*\(answer_comes_back.*\n", ""),
    ("unit none:at_all: is no test", LIST, r"ipc:answer_comes_back", "none:at_all"),
    ("app boss: is no app with a [test]", "tests/emulator/boss/app.toml", r"^\[test\]", "[tests]"),
    ("app bosses: is no app with a [test]", LIST, r"\bboss\b", "bosses"),
    ("expect hostile_instruction raw SVC:: is not what", INSTRUCTION, r'"raw SVC:', '"an SVC:'),
    ("reject no_such: is no folder of", LIST, r"serves_twice", "no_such"),
    ("step soak: is no step of", "tool/check.c", r'{"soak"', '{"long_soak"'),
    ("mutant badge_gone: is no mutant", LIST, r"badge_lost", "badge_gone"),
    ("mutant model/badge_lost: is no mutant", LIST, r"badge_lost", "model/badge_lost"),
    ("model overruns: is nothing that the model", LIST, r"model   overrun ", "model overruns "),
    ("doc docs/no.md: is no file", LIST, r"docs/manual/time\.md", "docs/no.md"),
    # the costs
    ("in bench/record.txt 1; --accept writes that", "bench/record.txt",
     r"^signal +\d+", "signal 1"),
    ("signal is 0, in bench/record.txt", ABI, r"`signal` \| \d+ ", "`signal` | 0 "),
    ("signals is no row of bench/rows.txt", ABI, r"`signal` \|", "`signals` |"),
    ("abi.md has no table of costs", ABI, r"<!-- costs -->", ""),
)


def checker_load(root):
    spec = importlib.util.spec_from_file_location("evidence", root / "tests/docs/evidence.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def case_check(checker, tree, case):
    """What is wrong with this case, or None."""
    said, name, pattern, instead = case
    text = tree.text(name)
    tree.texts[name], count = re.subn(pattern, instead, text, flags=re.M)
    try:
        wrong = [message for good, message in checker.check_all(tree) if good is False]
    finally:
        tree.texts[name] = text
    if count == 0:
        return f"there is no {pattern} in {name}"
    return None if any(said in message for message in wrong) else f"said was {wrong[:5]}"


def accept_check(checker, tree):
    """--accept writes the record's counts, and nothing else."""
    text = tree.text(ABI)
    tree.texts[ABI] = re.sub(r"`signal` \| \d+ ", "`signal` | 0 ", text)
    accepted = checker.costs_accepted(tree)
    tree.texts[ABI] = text
    return None if accepted == checker.costs_accepted(tree) else "--accept left a wrong count"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    checker = checker_load(root)
    tree = checker.Tree(root)
    results = [(case[0], case_check(checker, tree, case)) for case in CASES]
    results.append(("--accept", accept_check(checker, tree)))
    failed = [(said, why) for said, why in results if why is not None]
    for said, why in failed:
        print(f"FAILED: \"{said}\" was not said: {why}")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 5 if failed else 0


sys.exit(main())
