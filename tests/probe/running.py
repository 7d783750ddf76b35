"""The debug registers of a core that executes (machine.py): halt, step, registers, breakpoints.

DHCSR, DCRSR and DCRDR, DEMCR, DFSR, AIRCR; eight comparators of the FPB (revision 2), four of the
DWT as Armv8-M has them. Time stands still while the core is halted.
"""
from core import (AIRCR, CATCH_RESET, DCRDR, DCRSR, DEBUG_ON, DEMCR, DFSR, DHCSR, DSCSR, FP_CTRL,
                  HALT, HALTED, PPB, READY, RETIRED, WAS_RESET, Core)

STEP, MASK = 4, 8                                  # DHCSR, written
BY_HALT, BY_BREAKPOINT, BY_WATCHPOINT, BY_RESET = 1, 2, 4, 8   # DFSR
FP_COMP, FP_COUNT = 0xE0002008, 8
DWT_CTRL, DWT_COMP, DWT_COUNT, DWT_ARCH = 0xE0001000, 0xE0001020, 4, 0xE0001FBC
COMPARE, FUNCTION, MATCHED = 0, 8, 1 << 24         # of 16 bytes a comparator
WATCHES = {4: 4, 5: 2, 6: 3}                       # MATCH of FUNCTION -> Z packet
FEATURES = {0xE000EF40: 0x10110021, 0xE000EF44: 0x11000011, DWT_ARCH: 0x47701A02}
SCS, SCS_END = 0xE000E000, 0xE000F000
NAMES = {**{n: 'r%d' % n for n in range(13)}, 13: 'sp', 14: 'lr', 15: 'pc', 16: 'xpsr',
         33: 'fpscr'}


class RunningCore(Core):
    def __init__(self, machine):
        super().__init__(machine)
        self.machine, self.secure, self.points = machine, True, {}
        self.watches = {}
        machine.resume()                           # the board has power

    # ---- the bus of the access port
    def moved(self):
        self.machine.ahead = b''

    def read(self, address, size):
        if PPB <= address < PPB + 0x40000:
            return super().read(address, size)
        return self.machine.read(address, size, self.secure)

    def write(self, address, size, value):
        if PPB <= address < PPB + 0x40000:
            self._system_write(address, value)
        else:
            self.machine.write(address, size, value, self.secure)

    def _system_read(self, address):
        if address == DHCSR:
            self._look()
        elif address == DSCSR:
            return 1 << 16 if self.halted and self.machine.secure() else 0
        elif address == FP_CTRL:
            return 0x10000000 | FP_COUNT << 4 | self.breakpoints_on
        elif address == DWT_CTRL:
            return DWT_COUNT << 28
        elif address in FEATURES:
            return FEATURES[address]
        elif address in self.points:
            return self.points[address]
        elif DWT_COMP <= address < DWT_COMP + 16 * DWT_COUNT:
            return self._watch_read(address)
        elif SCS <= address < SCS_END and self.halted and not super()._system_read(address):
            return self.machine.word(address)
        return super()._system_read(address)

    def _system_write(self, address, value):
        if address == DHCSR:
            if value >> 16 == 0xA05F:
                self._control(value & 15)
        elif address == DCRSR:
            if self.halted:
                self._transfer(value & 0x7F, value >> 16 & 1)
        elif FP_COMP <= address < FP_COMP + 4 * FP_COUNT:
            self.points[address] = value
        elif DWT_COMP <= address < DWT_COMP + 16 * DWT_COUNT:
            self.watches[address] = value
        elif address == AIRCR or address in (DCRDR, DEMCR, DFSR, FP_CTRL):
            super()._system_write(address, value)
        elif SCS <= address < SCS_END and self.halted:
            self.machine.word_set(address, value)

    # ---- run control
    def _look(self):
        if self.machine.came_to_halt():
            self._halted_by_point()

    def is_halted(self):
        self._look()
        return self.halted

    def _halted_by_point(self):
        self.halted = True
        self.control |= HALT
        self.reason |= BY_WATCHPOINT if self.machine.watched else BY_BREAKPOINT

    def _control(self, value):
        self._look()
        stop = value & (DEBUG_ON | HALT) == DEBUG_ON | HALT
        self.control = value
        if stop and not self.halted:
            if self.machine.halt():
                self._halted_by_point()
            else:
                self.reason |= BY_HALT
            self.halted = True
        elif not stop and self.halted and not self.held:
            self._go(value)

    def _go(self, value):
        self.machine.points_set(self._wanted())
        if value & DEBUG_ON and value & STEP:
            self.machine.step(bool(value & MASK))
            self.control |= HALT
            self.reason |= BY_HALT
            return
        self.halted = False
        self.machine.resume()

    def reset(self):
        super().reset()
        if not self.halted:
            self._go(0)

    # ---- breakpoints and watchpoints
    def _wanted(self):
        wanted = set()
        if self.breakpoints_on:
            wanted |= {(1, at & ~1, 2) for at in self.points.values() if at & 1}
        for at in range(DWT_COMP, DWT_COMP + 16 * DWT_COUNT, 16):
            function = self.watches.get(at + FUNCTION, 0)
            if function & 15 in WATCHES:
                wanted.add((WATCHES[function & 15], self.watches.get(at + COMPARE, 0),
                            1 << (function >> 10 & 3)))
        return wanted

    def _watch_read(self, address):
        value = self.watches.get(address, 0)
        if address & 15 == FUNCTION and self.machine.watched is not None:
            at = self.watches.get(address - FUNCTION + COMPARE, 0)
            size = 1 << (value >> 10 & 3)
            if value & 15 in WATCHES and at <= self.machine.watched < at + size:
                self.machine.watched = None        # read and gone
                return value | MATCHED
        return value

    # ---- registers
    def _transfer(self, selector, write):
        machine, name = self.machine, NAMES.get(selector)
        if 64 <= selector < 96:                    # s0-s31 are halves of d0-d15
            name, shift = 'd%d' % (selector - 64 >> 1), 32 * (selector & 1)
            value = machine.register(name)
            if write:
                machine.register_set(name, value & ~(0xFFFFFFFF << shift) | self.data << shift, 8)
            else:
                self.data = value >> shift & 0xFFFFFFFF
        elif write:
            if name:
                machine.register_set(name, self.data)
        else:
            self.data = machine.register(name) if name else self._special(selector)

    def _special(self, selector):
        """QEMU tells of the stack pointers only the one in use: MSP in the kernel, else PSP."""
        used = 17 if self.machine.handler() else 18
        return self.machine.register('sp') if selector == used else 0
