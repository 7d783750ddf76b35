#!/usr/bin/env python3
"""Images with one mistake each: image_check must refuse each with its message. Standard library.

The mistake is made in the bytes of a right image.elf of an STM32L5 board: a word of a table or of
the vectors, or a field of a segment. Each must stand there once to be changed, or the test fails.

usage: wrong.py FOLDER-OF-THE-BUILD SCRATCH-FILE
"""

import pathlib
import struct
import subprocess
import sys

SEG_VADDR, SEG_PADDR, SEG_FLAGS = 8, 12, 24


class Image:
    def __init__(self, data):
        self.data = bytearray(data)
        self.phoff, shoff = struct.unpack_from("<II", data, 28)
        self.phnum, _, shnum = struct.unpack_from("<HHH", data, 44)
        heads = [struct.unpack_from("<10I", data, shoff + 40 * i) for i in range(shnum)]
        self.symbols = {}
        for head in heads:
            if head[1] == 2:  # SHT_SYMTAB
                names = heads[head[6]][4]
                for at in range(head[4], head[4] + head[5], 16):
                    name, value, size = struct.unpack_from("<III", data, at)
                    end = data.index(b"\0", names + name)
                    self.symbols[data[names + name:end].decode()] = (value, size, at)

    def segment(self, address):
        """Offset of the header of the segment loaded to this address."""
        for i in range(self.phnum):
            at = self.phoff + 32 * i
            _, _, vaddr, _, size = struct.unpack_from("<5I", self.data, at)
            if vaddr <= address < vaddr + size:
                return at
        raise LookupError(hex(address))

    def offset(self, address):
        at = self.segment(address)
        _, offset, vaddr = struct.unpack_from("<3I", self.data, at)
        return offset + address - vaddr

    def word(self, name, old, new, which=0):
        """The which-th place in a table that holds the word `old` gets `new`."""
        value, size, _ = self.symbols[name]
        start = self.offset(value)
        places = [at for at in range(start, start + size, 4)
                  if struct.unpack_from("<I", self.data, at)[0] == old]
        struct.pack_into("<I", self.data, places[which], new)

    def vector(self, index, new):
        struct.pack_into("<I", self.data, self.offset(0x0C000000) + 4 * index, new)

    def field(self, address, field, new):
        struct.pack_into("<I", self.data, self.segment(address) + field, new)

    def truncate(self):
        del self.data[0x100:]

    def machine(self):
        struct.pack_into("<H", self.data, 18, 62)

    def table_size(self):
        struct.pack_into("<I", self.data, self.symbols["arch_cfg"][2] + 8, 8)

    def vectors_move(self):
        struct.pack_into("<I", self.data, self.symbols["arch_vectors"][2] + 4, 0x0C000080)


def table(name, old, new, which=0):
    return lambda image: image.word(name, old, new, which)


KERNEL, CODE, RAM = 0x0C000000, 0x08040000, 0x20000000
REACHED = "memory of the kernel is reachable"
WRONG = (
    ("cut off", Image.truncate, "it ends too early"),
    ("another machine", Image.machine, "it is no program for Arm"),
    ("table of another size", Image.table_size, "table arch_cfg has 8 bytes"),
    ("vectors elsewhere", Image.vectors_move, "the vector table is at 0x0C000080"),
    ("stack pointer", lambda i: i.vector(0, 0x20001000), "the first stack pointer is 0x20001000"),
    ("stack misaligned", lambda i: i.vector(0, 0x30030404), "the first stack pointer is"),
    ("reset vector", lambda i: i.vector(1, 0x0C000201), "the reset vector is not"),
    ("vector not Thumb", lambda i: i.vector(11, 0x0C000300), "vector 11 is 0x0C000300"),
    ("vector into a task", lambda i: i.vector(20, 0x08040001), "vector 20 is 0x08040001"),
    ("kernel by the other alias", lambda i: i.field(KERNEL, SEG_PADDR, 0x08000000),
     "is loaded to 0x08000000: neither"),
    ("task code in bank 1", lambda i: i.field(CODE, SEG_PADDR, 0x08020000),
     "is loaded to 0x08020000: neither"),
    ("task code, Secure alias", lambda i: i.field(CODE, SEG_PADDR, 0x0C040000),
     "is loaded to 0x0C040000: neither"),
    ("writable code", lambda i: i.field(KERNEL, SEG_FLAGS, 7), "writable and executable"),
    ("code that is not where it runs", lambda i: i.field(CODE, SEG_VADDR, 0x08041000),
     "lies in no memory of its kind"),
    ("SAU less than MPC", table("arch_cfg", 0x0807FFE0 | 1, 0x0806FFE0 | 1),
     "0x08070000 is Secure for the SAU and Non-secure for its MPC|0x0807FFFF is Secure for"),
    ("SAU more than MPC", table("arch_cfg", 0x2002FFE0 | 1, 0x2002FFE0 + 0x20 | 1),
     REACHED),
    ("MPC opens the kernel's bank", table("arch_cfg", 0x40000, 0), REACHED),
    ("alias of flash as of RAM", table("arch_cfg", 0x0C000000, 0x18000000), REACHED),
    ("veneer longer", table("arch_cfg", 0x0C010000 | 3, 0x0C010020 | 3), "callable range"),
    ("MPU_S lets tasks read", table("arch_cfg", 0x0C000000 | 4, 0x0C000000 | 6), "MPU_S is not"),
    ("a task's map", table("arch_images", 0x08040000 | 6, 0x08040000 | 2), "does not grant"),
    ("SAU opens more RAM than its MPC, aside", table("arch_cfg", 0x08040000, 0x08038000),
     "0x08038000 is Non-secure for the SAU and Secure for its MPC"),
)


def main():
    folder, scratch = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    right = (folder / "image.elf").read_bytes()
    failed = 0
    for name, change, message in (("right", lambda image: None, ""),) + WRONG:
        image = Image(right)
        change(image)
        scratch.write_bytes(image.data)
        run = subprocess.run([folder / "image_check", scratch], capture_output=True, text=True,
                             timeout=10, check=False)
        good = run.returncode == (1 if message else 0) and \
            any(part in run.stderr for part in message.split("|"))
        if not good:
            failed += 1
            print(f"FAILED {name}: exit code {run.returncode}: {run.stderr.strip()}")
    print(f"{1 + len(WRONG) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
