#!/usr/bin/env python3
"""The register header of the STM32L5 boards against the list of its sources; their board files.

usage: run.py ROOT
"""

import pathlib
import re
import sys
import tomllib

BOARDS = {"stm32l562e-dk": ("USART1", 2, 1), "nucleo-l552ze-q": ("LPUART1", 1, 21)}
OPTIONS = {"TZEN": ("FLASH_OPTR", "FLASH_OPTR_TZEN", 1),
           "DBANK": ("FLASH_OPTR", "FLASH_OPTR_DBANK", 1),
           "SRAM2_RST": ("FLASH_OPTR", "FLASH_OPTR_SRAM2", 1),
           "SECWM1": ("FLASH_SECWM1R1", "FLASH_SECWM_MASK", 0x7F0000),
           "SECWM2": ("FLASH_SECWM2R1", "FLASH_SECWM_MASK", 0x7F)}
# Only board.toml has them; the board's code is compiled with what it says.
TOML_ONLY = {name for register, mask, _ in OPTIONS.values() for name in (register, mask)}
TOML_ONLY |= {uart for uart, _, _ in BOARDS.values()}

LINES = {"TIM2_LINE", "WWDG_LINE"}


def listed(path):
    """Name to (value, source); the value is computed from base, offset or bits."""
    values = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            name, base, offset, source = line.split()
            base = int(base, 0)
            values[name] = ((base + 0x10000000 if base else 0) + eval(offset), source)
    return values


def defined(path):
    """Name to (value, the sources its comment names) of each #define with a value."""
    pattern = r"#define (\w+)\s+(0x[0-9A-F]+u|\d+u)\s*/\* ([HDEM, ]+)"
    return {name: (int(value.rstrip("u"), 0), source)
            for name, value, source in re.findall(pattern, path.read_text())}


def differences(root):
    header = defined(root / "boards/stm32l5/regs.h")
    wanted = listed(root / "tests/boards/stm32l5.txt")
    text = (root / "boards/stm32l5/regs.h").read_text()
    named = set(re.findall(r"#define (\w+)[ ]", text))
    for name in sorted(named | set(wanted) - LINES):  # the lines stand in the board files
        if name in TOML_ONLY and name not in named:
            continue
        if name not in header:
            yield f"regs.h: {name} has no value with a source"
        elif name not in wanted:
            yield f"stm32l5.txt: {name} is missing"
        elif header[name][0] != wanted[name][0]:
            yield f"{name}: 0x{header[name][0]:08X} is not 0x{wanted[name][0]:08X}"
        elif wanted[name][1] not in header[name][1]:
            yield f"{name}: its source is not {wanted[name][1]}"
    gpio, step = wanted["GPIO_BASE"][0], wanted["GPIO_STEP"][0]
    for board, (uart, word, bit) in BOARDS.items():
        yield from board_differences(root, board, wanted, (uart, word, bit, gpio, step))


def board_differences(root, board, wanted, places):
    uart, word, bit, gpio, step = places
    toml = tomllib.loads((root / "boards" / board / "board.toml").read_text())
    options = {name: (row["offset"], row["mask"], row["value"])
               for name, row in toml["flash"]["options"].items()}
    if options != {name: (wanted[register][0] - wanted["FLASH_BASE"][0], wanted[mask][0], value)
                   for name, (register, mask, value) in OPTIONS.items()}:
        yield f"{board}: option bytes {options}"
    if "never run on silicon" not in toml["verified"]:
        yield f"{board}: it claims more than was done"
    lines = {"alarm": wanted["TIM2_LINE"][0], "watchdog": wanted["WWDG_LINE"][0]}
    if toml["kernel-irq"] != lines:
        yield f"{board}: the kernel's lines are not {lines}"
    console = toml["device"]["uart0"]
    gate = {"nonsecure": wanted[f"TZSC_SECCFGR{word}"][0],
            "unprivileged": wanted[f"TZSC_PRIVCFGR{word}"][0], "bit": bit}
    if console["base"] + 0x10000000 != wanted[uart][0] or console["ppc"] != gate:
        yield f"{board}: uart0 is not {uart}"
    gate = {"nonsecure": wanted["TZSC_SECCFGR1"][0],
            "unprivileged": wanted["TZSC_PRIVCFGR1"][0], "bit": 6}
    if toml["device"]["watchdog0"]["base"] + 0x10000000 != wanted["WWDG_CR"][0] or \
            toml["device"]["watchdog0"]["ppc"] != gate:
        yield f"{board}: watchdog0 is not the WWDG"
    for name, device in toml["device"].items():
        if "pin" in device.get("facts", {}):
            secure = device["base"] + 0x10000000
            if (secure - gpio) % step or device["ppc"]["bit"] != device["facts"]["pin"] or \
                    device["ppc"]["nonsecure"] != secure + wanted["GPIO_SECCFGR"][0]:
                yield f"{board}: {name} opens another pin than it says"


def main():
    found = list(differences(pathlib.Path(sys.argv[1])))
    for line in found:
        print(line)
    print("1 passed, 0 failed" if not found else f"0 passed, {len(found)} failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
