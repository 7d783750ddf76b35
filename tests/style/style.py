#!/usr/bin/env python3
"""Checks the sources against the rules of style that no other tool knows. Standard library only.

One rule is one function below: it gets the files and yields "path:line: what is wrong". Each rule
counts as one test. Exceptions are in EXCEPTIONS, by name and with the reason, and one that is no
longer needed is itself an error.

usage: style.py ROOT
"""

import pathlib
import re
import sys

CODE = (".c", ".h", ".cpp", ".S", ".ld", ".py", ".sh", ".ninja", ".toml")
C_CODE = (".c", ".h", ".cpp")
FOLDERS = ("abi", "arch", "bench", "boards", "examples", "kernel", "lib", "proofs", "tasks",
           "tests", "tool")
SKIPPED = ("build", ".k5", "__pycache__")
COLUMNS, FILE_LINES, FUNCTION_LINES, PARAMETERS = 100, 600, 60, 5
KERNEL_LINES = 2600
# Apart from what decides: what states rules (checks of tables, the invariant), and what tells.
KERNEL_STATES, STATES_LINES = ("config.c", "invariant.c", "invariant.h", "_valid.c"), 600
KERNEL_TELLS, TELLS_LINES = ("log.c", "log.h", "trace.c", "trace.h", "panic.c", "reset.c",
                             "reset.h"), 650
PORT_LINES = 1300

# (rule, path): reason
EXCEPTIONS = {
    ("rule_plain_text", "tests/reject/syntax_quote_odd/app.toml"): "the mistake that it is made of",
    ("rule_functions", "tests/emulator/interface/server.c"): "operations with each type",
    ("rule_functions", "tests/emulator/interface_memory/press.c"): "with bytes and memory",
    ("rule_functions", "tests/unit/test_interface.c"): "the same",
}


class Source:
    """A file: path from the root, its lines, and the same lines without comments and strings."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.kind = path.suffix
        self.text = path.read_text(encoding="utf-8", errors="replace")
        self.lines = self.text.split("\n")
        self.bare = blank(self.text).split("\n") if self.kind in C_CODE else self.lines

    def under(self, *folders):
        return self.path.startswith(tuple(f + "/" for f in folders))


def blank(text):
    """The text with comments, strings and characters made blank; the lines stay where they are."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


def functions(source):
    """(line, name, parameters, length) of each function: K&R, its braces in the first column."""
    start = None
    for number, line in enumerate(source.bare):
        if line.rstrip() == "{":
            start = number
        elif line.rstrip() == "}" and start is not None:
            head, first = "", start
            while first > 0 and not re.search(r"[;}]\s*$|^\s*$|^#", source.bare[first - 1]):
                first -= 1
                head = source.bare[first] + " " + head
            match = re.search(r"(\w+)\s*\((.*)\)", head)
            if match:
                text = match.group(2).strip()
                count = 0 if text in ("", "void") else text.count(",") + 1
                yield first + 1, match.group(1), count, number - start + 1
            start = None


def each(sources, wanted, pattern, message, bare=True):
    expression = re.compile(pattern)
    for source in filter(wanted, sources):
        for number, line in enumerate(source.bare if bare else source.lines, 1):
            match = expression.search(line)
            if match:
                yield f"{source.path}:{number}: {message}: {match.group().strip()}"


def is_c(source):
    return source.kind in C_CODE


def in_kernel(source):
    return source.under("kernel") and is_c(source)


def rule_columns(sources):
    """no line over 100 columns"""
    for source in sources:
        for number, line in enumerate(source.lines, 1):
            if len(line) > COLUMNS and source.kind != ".toml":
                yield f"{source.path}:{number}: {len(line)} columns"


def rule_whitespace(sources):
    """no tab, no space at the end of a line, one newline at the end of a file"""
    for source in sources:
        if source.under("tests/reject"):  # wrong on purpose
            continue
        for number, line in enumerate(source.lines, 1):
            if "\t" in line or line != line.rstrip():
                yield f"{source.path}:{number}: tab, or space at the end"
        if source.text and (source.lines[-1] != "" or source.lines[-2:] == ["", ""]):
            yield f"{source.path}:{len(source.lines)}: does not end with one newline"


def rule_file_length(sources):
    """no file over 600 lines"""
    for source in sources:
        if len(source.lines) - 1 > FILE_LINES:
            yield f"{source.path}:1: {len(source.lines) - 1} lines"


def rule_functions(sources):
    """no function over 60 lines or with more than 5 parameters"""
    for source in filter(is_c, sources):
        for line, name, parameters, length in functions(source):
            if length > FUNCTION_LINES:
                yield f"{source.path}:{line}: {name} has {length} lines"
            if parameters > PARAMETERS:
                yield f"{source.path}:{line}: {name} has {parameters} parameters"


def rule_opening(sources):
    """every C file opens with a comment that says what it does"""
    for source in filter(is_c, sources):
        if not re.match(r"/\*+\s*\S|/\*\n \* \S", source.text):
            yield f"{source.path}:1: does not open with a comment"


def rule_no_licence_tags(sources):
    """no licence tags in the files: LICENSE holds for all"""
    return each(sources, lambda s: True, "SP" + "DX-", "licence tag", bare=False)


def rule_plain_text(sources):
    """no typographic dashes and quotes, which no keyboard types"""
    return each(sources, lambda s: True, "[\u2010-\u201f\u2026]", "typographic mark", bare=False)


def rule_kernel_conditional(sources):
    """no #if in kernel/*.c: vary by choosing files or by a constant"""
    return each(sources, lambda s: in_kernel(s) and s.kind == ".c", r"^\s*#\s*(if|el|endif)\w*",
                "conditional compilation")


def rule_kernel_pointers_to_functions(sources):
    """no function pointer in the kernel"""
    return each(sources, in_kernel, r"\(\s*\*\s*(const\s+)?\w+\s*(\[\w*\]\s*)?\)\s*\(",
                "function pointer")


def rule_kernel_memory(sources):
    """no heap, no union, no goto, no setjmp in the kernel"""
    return each(sources, in_kernel, r"\b(malloc|calloc|realloc|free|alloca|union|goto|setjmp)\b",
                "not allowed in the kernel")


def rule_kernel_portable(sources):
    """no architecture's name and no assembler in kernel/"""
    names = r"(?i)\b(cortex\w*|arm_m|armv\w+|nvic|mpu\w*|sau|pmp\w*|riscv|psp|msp|asm|__asm\w*)\b"
    return each(sources, in_kernel, names, "belongs in arch/")


def rule_kernel_size(sources):
    """the portable kernel: 2600 lines decide, 600 state its rules, 650 tell (log, trace, reset)"""
    groups = {"decide": KERNEL_LINES, "state rules": STATES_LINES, "tell": TELLS_LINES}
    totals = dict.fromkeys(groups, 0)
    for s in filter(in_kernel, sources):
        group = ("state rules" if s.path.endswith(KERNEL_STATES) else
                 "tell" if s.path.rpartition("/")[2] in KERNEL_TELLS else "decide")
        totals[group] += sum(1 for line in s.bare if line.strip())
    for group, total in totals.items():
        if total > groups[group]:
            yield f"kernel/:1: {total} lines of code that {group}, {groups[group]} allowed"


def rule_port_size(sources):
    """a port has at most 1300 lines of code, its check of the images (protection.[ch]) apart"""
    totals = {}
    for s in sources:
        port, _, name = s.path.rpartition("/")
        if port.startswith("arch/") and name not in ("protection.c", "protection.h"):
            code = blank(s.text).split("\n")  # assembler and linker scripts too: C's comments
            lines = sum(1 for line in code if line.strip())
            totals[port] = totals.get(port, 0) + lines
    for port, total in totals.items():
        if total > PORT_LINES:
            yield f"{port}/:1: {total} lines of code"


def rule_user_code_in_abi(sources):
    """each constant of the ABI once: no K5_SYS_ or K5_ERR_ defined outside abi/"""
    return each(sources, lambda s: is_c(s) and not s.under("abi"),
                r"#\s*define\s+K5_(SYS|ERR)_\w+", "belongs in abi/")


def sources_find(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            parts = path.relative_to(root).parts
            if path.suffix in CODE and path.is_file() and not set(parts) & set(SKIPPED):
                yield Source(root, path)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    sources = list(sources_find(root))
    rules = {name: f for name, f in sorted(globals().items()) if name.startswith("rule_")}
    unused = set(EXCEPTIONS)
    passed = failed = 0
    for name, rule in rules.items():
        found = []
        for message in rule(sources):
            key = (name, message.split(":")[0])
            unused.discard(key)
            if key not in EXCEPTIONS:
                found.append(message)
        passed, failed = passed + (not found), failed + bool(found)
        if found:
            print(f"{name[5:]}: {rule.__doc__}")
            print("\n".join("  " + message for message in found))
    for rule, path in sorted(unused):
        print(f"exception no longer needed: {rule} in {path}")
    failed += bool(unused)
    lengths = sorted(f[3] for s in sources if s.under("kernel") for f in functions(s))
    if lengths:
        print(f"kernel functions: {len(lengths)}, median {lengths[len(lengths) // 2]} lines, "
              f"longest {lengths[-1]}; files looked at: {len(sources)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not sources else 0


sys.exit(main())
