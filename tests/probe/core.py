"""The debug registers of a Cortex-M33 that executes nothing: it halts, resets, holds registers.

Enough for who programs flash through the probe. Memory belongs to the chip (stm32l5.py).
"""

CPUID, AIRCR, DFSR = 0xE000ED00, 0xE000ED0C, 0xE000ED30
DHCSR, DCRSR, DCRDR, DEMCR, DSCSR = 0xE000EDF0, 0xE000EDF4, 0xE000EDF8, 0xE000EDFC, 0xE000EE08
FP_CTRL = 0xE0002000
PPB, PPB_END = 0xE0000000, 0xE0040000
DEBUG_ON, HALT = 1, 2                              # DHCSR, written
READY, HALTED, RETIRED, WAS_RESET = 1 << 16, 1 << 17, 1 << 24, 1 << 25   # DHCSR, read
CATCH_RESET = 1                                    # DEMCR


class Core:
    def __init__(self, chip):
        self.chip = chip
        self.halted = self.was_reset = self.held = False
        self.control = self.data = self.catch = self.reason = 0
        self.resets = self.breakpoints_on = 0
        self.registers = {}

    # ---- the bus of the access port
    def moved(self):
        """The next access is not where the last one was."""

    def read(self, address, size):
        if PPB <= address < PPB_END:
            return self._system_read(address & ~3) >> 8 * (address & 3)
        return self.chip.read(address, size)

    def write(self, address, size, value):
        if PPB <= address < PPB_END:
            self._system_write(address, value)
        else:
            self.chip.write(address, size, value)

    def _system_read(self, address):
        if address == DHCSR:
            value = self.control | READY | (HALTED if self.halted else RETIRED)
            value |= WAS_RESET if self.was_reset else 0
            self.was_reset = self.held
            return value
        return {CPUID: 0x410FD213, DCRDR: self.data, DEMCR: self.catch, DFSR: self.reason,
                DSCSR: 1 << 16, FP_CTRL: 0x10000080 | self.breakpoints_on}.get(address, 0)

    def _system_write(self, address, value):
        if address == DHCSR and value >> 16 == 0xA05F:
            self.control = value & 15
            halted = value & (DEBUG_ON | HALT) == DEBUG_ON | HALT
            self.reason |= 1 if halted and not self.halted else 0
            self.halted = halted
        elif address == DCRSR:
            if value >> 16 & 1:
                self.registers[value & 0x7F] = self.data
            else:
                self.data = self.registers.get(value & 0x7F, 0)
        elif address == DCRDR:
            self.data = value
        elif address == DEMCR:
            self.catch = value
        elif address == DFSR:
            self.reason &= ~value
        elif address == FP_CTRL and value & 2:
            self.breakpoints_on = value & 1
        elif address == AIRCR and value >> 16 == 0x05FA and value & 4:
            self.reset()

    def reset(self):
        self.resets += 1
        self.chip.reset()
        self.was_reset = True
        self.halted = bool(self.catch & CATCH_RESET and self.control & DEBUG_ON)
        self.reason |= 8 if self.halted else 0
        self.control = self.control & ~HALT | (HALT if self.halted else 0)

    def is_halted(self):
        return self.halted

    def pin(self, held):
        """The reset line of the cable."""
        if held and not self.held:
            self.reset()
        self.held = held
