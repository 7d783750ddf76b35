"""The probe's side of a JTAG cable: OpenOCD's remote_bitbang protocol, a chain of TAPs, a debug
port (ADIv5) with one memory access port.

Protocol, one byte a step: '0'..'7' set TCK TMS TDI (4 2 1), 'R' asks for TDO, 'r'..'u' set TRST
and SRST (2 1), 'B' and 'b' switch a lamp, 'Q' ends the connection.
"""
import re

# The state machine of IEEE 1149.1: state -> (next with TMS 0, next with TMS 1).
RESET, IDLE, SHIFT_DR, SHIFT_IR = 'reset', 'idle', 'shift-dr', 'shift-ir'
STATES = {
    RESET: (IDLE, RESET), IDLE: (IDLE, 'select-dr'),
    'select-dr': ('capture-dr', 'select-ir'), 'select-ir': ('capture-ir', RESET),
}
for scan in ('dr', 'ir'):
    STATES.update({
        'capture-' + scan: ('shift-' + scan, 'exit1-' + scan),
        'shift-' + scan: ('shift-' + scan, 'exit1-' + scan),
        'exit1-' + scan: ('pause-' + scan, 'update-' + scan),
        'pause-' + scan: ('pause-' + scan, 'exit2-' + scan),
        'exit2-' + scan: ('shift-' + scan, 'update-' + scan),
        'update-' + scan: (IDLE, 'select-dr'),
    })


class BusError(Exception):
    """The bus refused an access."""


class AccessPort:
    """An AHB5-AP: transfers of 1, 2 or 4 bytes, data on their byte lanes, address increment."""
    IDR, NONSECURE = 0x14770015, 1 << 30
    CSW, TAR, DRW, BANKED, BASE, IDR_AT = 0x00, 0x04, 0x0C, 0x10, 0xF8, 0xFC

    def __init__(self, bus):
        self.bus, self.csw, self.tar = bus, 0x43000042, 0

    def access(self, register, value):
        """value: what is written, or None for a read."""
        if register == self.DRW:
            size = min(1 << (self.csw & 3), 4)
            result = self._memory(self.tar, size, value)
            if self.csw & 0x30:
                self.tar = self.tar + size & 0xFFFFFFFF
            return result
        if register & 0xF0 == self.BANKED:
            return self._memory(self.tar & ~15 | register & 12, 4, value)
        if value is None:
            return {self.CSW: self.csw, self.TAR: self.tar, self.BASE: 0xFFFFFFFF,
                    self.IDR_AT: self.IDR}.get(register, 0)
        if register == self.CSW:                   # packed transfers are not there
            self.csw = value & 0x7F000007 | (0x10 if value & 0x30 else 0) | 0x40
        elif register == self.TAR:
            self.tar = value
            self.bus.moved()
        return 0

    def _memory(self, address, size, value):
        lane, mask = 8 * (address & 3), (1 << 8 * size) - 1
        self.bus.secure = not self.csw & self.NONSECURE
        if value is None:
            return (self.bus.read(address, size) & mask) << lane & 0xFFFFFFFF
        self.bus.write(address, size, value >> lane & mask)
        return 0


class Tap:
    """A TAP that knows IDCODE and BYPASS: the boundary scan of the chip."""

    def __init__(self, ir_length, idcode, ir_idcode):
        self.ir_length, self.idcode, self.ir_idcode = ir_length, idcode, ir_idcode
        self.ir = ir_idcode

    def capture(self):
        """Length and value of the data register that IR selects."""
        return (32, self.idcode) if self.ir == self.ir_idcode else (1, 0)

    def update(self, value):
        pass


class DebugPort(Tap):
    """JTAG-DP: scans of 35 bits; the result of a read comes with the next scan."""
    ABORT, DPACC, APACC, IDCODE = 8, 10, 11, 14
    STICKY, POWER = 1 << 5, 0x50000000

    def __init__(self, idcode, port):
        super().__init__(4, idcode, self.IDCODE)
        self.port, self.result, self.select, self.control = port, 0, 0, 0

    def capture(self):
        if self.ir in (self.DPACC, self.APACC):
            return 35, self.result << 3 | 2        # acknowledged: OK
        return (35, 0) if self.ir == self.ABORT else super().capture()

    def update(self, value):
        address, data = value << 1 & 12, None if value & 1 else value >> 3
        if self.ir == self.DPACC:
            self.result = self._own(address, data)
        elif self.ir == self.APACC:
            self.result = self._memory_port(address, data)

    def _own(self, address, data):
        if address == 4 and self.select & 15 == 0:
            if data is None:                       # power is up as soon as it is asked for
                return self.control | (self.control & self.POWER) << 1
            self.control = data & 0x50000F01 | self.control & self.STICKY & ~data
        elif address == 8 and data is not None:
            self.select = data
        elif address == 0 and data is None:
            return 0x0BE12477
        return 0

    def _memory_port(self, address, data):
        if self.select >> 24 or self.control & self.STICKY:
            return 0
        try:
            return self.port.access(self.select & 0xF0 | address, data)
        except BusError:
            self.control |= self.STICKY
            return 0


class Chain:
    """TAPs in a row, the first one nearest to TDO."""
    SHIFTS = re.compile(rb'(?:[01]R?[45])+')       # TMS low: the state stays
    IDLES = re.compile(rb'(?:[01][45])+')
    DIGITS = bytes.maketrans(b'45', b'01')

    def __init__(self, taps, on_reset):
        self.taps, self.on_reset = taps, on_reset
        self.state, self.register, self.length, self.clock = RESET, 0, 1, 0

    def _tap_reset(self):
        self.state = RESET
        for tap in self.taps:
            tap.ir = tap.ir_idcode

    def _capture(self, fields):
        self.register = self.length = 0
        for length, value in fields:
            self.register |= value << self.length
            self.length += length

    def _edge(self, tms, tdi):
        if self.state == 'capture-dr':
            self._capture([tap.capture() for tap in self.taps])
        elif self.state == 'capture-ir':
            self._capture([(tap.ir_length, 1) for tap in self.taps])
        elif self.state in (SHIFT_DR, SHIFT_IR):
            self.register = (tdi << self.length | self.register) >> 1
        self.state = STATES[self.state][tms]
        if self.state == 'update-dr':
            rest = self.register
            for tap in self.taps:
                length = tap.capture()[0]
                tap.update(rest & (1 << length) - 1)
                rest >>= length
        elif self.state == 'update-ir':
            rest = self.register
            for tap in self.taps:
                tap.ir = rest & (1 << tap.ir_length) - 1
                rest >>= tap.ir_length
        elif self.state == RESET:
            self._tap_reset()

    def _shift(self, run):
        """Many shifts at once, as one large number. Returns the samples of TDO."""
        bits = run.translate(self.DIGITS, b'01R')
        total = int(bits[::-1], 2) << self.length | self.register
        self.register = total >> len(bits)
        if b'R' not in run:
            return b''
        out = format(total & (1 << len(bits)) - 1, '0%db' % len(bits))[::-1].encode()
        if run.count(b'R') == len(bits):
            return out
        return bytes(bit for bit, step in zip(out, re.findall(rb'R?[45]', run)) if len(step) == 2)

    def feed(self, data):
        """Takes bytes from OpenOCD. Returns the samples of TDO, and whether it stays."""
        out, at = bytearray(), 0
        while at < len(data):
            if not self.clock and self.state in (SHIFT_DR, SHIFT_IR, IDLE):
                shifts = self.state != IDLE
                run = (self.SHIFTS if shifts else self.IDLES).match(data, at)
                if run:
                    out += self._shift(run.group()) if shifts else b''
                    at = run.end()
                    continue
            byte, at = data[at], at + 1
            if 0x30 <= byte <= 0x37:
                if byte & 4 and not self.clock:
                    self._edge(byte >> 1 & 1, byte & 1)
                self.clock = byte & 4
            elif byte == ord('R'):
                out.append(0x30 | self.register & 1)
            elif ord('r') <= byte <= ord('u'):
                if byte - ord('r') & 2:
                    self._tap_reset()
                self.on_reset(bool(byte - ord('r') & 1))
            elif byte == ord('Q'):
                return bytes(out), False
        return bytes(out), True
