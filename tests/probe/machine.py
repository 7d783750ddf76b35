"""A chip that executes: QEMU's mps2-an505 with a K5 image, as a probe's bus sees it.

Run control and registers go by QEMU's GDB server, memory by its test channel (qtest), which reads
and writes while the processor runs, as a probe does. Both are socket pairs: nobody else is there.

That channel does not get past a protection controller that has opened memory to Non-secure code, so
the board of running/ has what tasks own in the PSRAM, which has none.
"""
import ctypes
import re
import select
import signal
import socket
import subprocess

from jtag import BusError

ALIAS = 0x10000000                                 # makes an address Secure; the bus lacks it
OWN, OWN_END = 0xE0040000, 0xE0100000
MEMORIES = ((0x10000000, 0x10400000), (0x38000000, 0x38200000), (0x80000000, 0x81000000))
AHEAD = 256                                        # bytes
IDCODE, IDCODE_VALUE = 0xE0044000, 0x20016472
DIES_WITH_PARENT = 1                               # PR_SET_PDEATHSIG
STEP_ALL, STEP_ONLY = 0x1, 0x7                     # sstep: with interrupts and timers, without


class Machine:
    written = 0                                    # its flash is not modelled
    away = False                                   # nor that it leaves by itself

    def __init__(self, image, fault=None):
        self.fault = fault
        ours, theirs = zip(socket.socketpair(), socket.socketpair())
        self.process = subprocess.Popen(
            ['qemu-system-arm', '-M', 'mps2-an505', '-display', 'none', '-monitor', 'none',
             '-serial', 'null', '-icount', 'shift=5', '-S', '-kernel', image,
             '-chardev', 'socket,id=gdb,fd=%d' % theirs[0].fileno(), '-gdb', 'chardev:gdb',
             '-chardev', 'socket,id=qtest,fd=%d' % theirs[1].fileno(),
             '-qtest', 'chardev:qtest', '-qtest-log', '/dev/null'],
            pass_fds=[end.fileno() for end in theirs], stdin=subprocess.DEVNULL,
            preexec_fn=lambda: ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL))
        for end in theirs:
            end.close()
        self.gdb, self.qtest = ours
        self.lines, self.received = self.qtest.makefile('rb'), b''
        # of the chip outside of the core: DBGMCU
        self.own = {IDCODE: IDCODE_VALUE - (2 if fault == 'chip' else 0)}
        self.runs, self.masks, self.points = False, None, set()
        self.watched = None                        # the address of a watchpoint that was hit
        self.seen = {}                             # registers since the last halt
        self.ahead, self.ahead_at = b'', 0         # memory that was read before it was asked for
        self.numbers = self._numbers()

    def close(self):
        self.process.kill()
        self.process.wait()

    def record(self):
        return {'own': {hex(at): value for at, value in self.own.items()}}

    # ---- QEMU's GDB server
    def _send(self, text):
        body = text.encode()
        self.gdb.sendall(b'$%s#%02x' % (body, sum(body) & 0xFF))

    def _packet(self, wait=True):
        """The next one; None: there is none yet."""
        while not (found := re.search(rb'\$([^#]*)#..', self.received, re.S)):
            if not wait and not select.select([self.gdb], [], [], 0)[0]:
                return None
            data = self.gdb.recv(65536)
            if not data:
                raise EOFError('QEMU has ended')
            self.received += data
        self.received = self.received[found.end():]
        self.gdb.sendall(b'+')
        return found.group(1).decode('latin1')

    def _ask(self, text):
        self._send(text)
        return self._packet()

    def _numbers(self):
        """Of the registers, by name, out of the description that QEMU gives."""
        numbers, number, files = {}, 0, ['target.xml']
        for file in files:
            text, part = '', 'm'
            while part[0] == 'm':
                part = self._ask('qXfer:features:read:%s:%x,800' % (file, len(text)))
                text += part[1:]
            files += re.findall(r'xi:include href="([^"]+)"', text)
            for register in re.findall(r'<reg [^>]*>', text):
                told = re.search(r'regnum="(\d+)"', register)
                number = int(told.group(1)) if told else number
                numbers[re.search(r'name="([^"]+)"', register).group(1)] = number
                number += 1
        return numbers

    # ---- registers, of the halted processor
    def register(self, name):
        if not self.seen:                          # all of them: who wants one wants more
            for number in self.numbers.values():
                self._send('p%x' % number)
            self.seen = {each: int.from_bytes(bytes.fromhex(self._packet()), 'little')
                         for each in self.numbers}
        return self.seen[name]

    def register_set(self, name, value, size=4):
        self.seen = {}
        self._ask('P%x=%s' % (self.numbers[name], value.to_bytes(size, 'little').hex()))

    def secure(self):
        return bool(self.register('pc') & ALIAS)

    def handler(self):
        return bool(self.register('xpsr') & 0x1FF)

    # ---- run control
    def resume(self):
        self.seen, self.ahead = {}, b''
        self._send('c')
        self.runs = True

    def _stopped(self, packet):
        hit = re.search('watch:([0-9a-f]+)', packet)
        self.watched = int(hit.group(1), 16) if hit else None
        self.runs = False

    def came_to_halt(self):
        """By itself, just now?"""
        packet = self._packet(wait=False) if self.runs else None
        if packet:
            self._stopped(packet)
        return bool(packet)

    def halt(self):
        """True if a breakpoint was faster."""
        if not self.runs:
            return False
        self.gdb.sendall(b'\x03')
        packet = self._packet()
        self._stopped(packet)
        return packet.startswith('T05')

    def step(self, masked):
        if masked != self.masks:
            self._ask('Qqemu.sstep=%x' % (STEP_ONLY if masked else STEP_ALL))
            self.masks = masked
        self.seen, self.ahead = {}, b''
        self._ask('s')

    def points_set(self, wanted):
        """Breakpoints and watchpoints: (kind, address, length) of the protocol."""
        for sign, points in (('z', self.points - wanted), ('Z', wanted - self.points)):
            for point in points:
                self._ask('%s%x,%x,%x' % (sign, *point))
        self.points = wanted

    def reset(self):
        self.halt()
        self.seen, self.ahead = {}, b''
        self._send('qRcmd,' + b'system_reset'.hex())
        while self._packet() not in ('OK', ''):
            pass

    def word(self, address):
        """A system register as the halted processor sees it."""
        answer = self._ask('m%x,4' % address)
        return int.from_bytes(bytes.fromhex(answer), 'little') if len(answer) == 8 else 0

    def word_set(self, address, value):
        self._ask('M%x,4:%s' % (address, value.to_bytes(4, 'little').hex()))

    # ---- memory
    def _command(self, text):
        self.qtest.sendall(text.encode() + b'\n')
        while True:
            line = self.lines.readline().split()
            if not line:
                raise EOFError('QEMU has ended')
            if line[0] == b'OK':
                return line[1] if len(line) > 1 else b''

    def block_read(self, address, size):
        text = self._command('read 0x%x 0x%x' % (address & ~ALIAS, size))
        return bytes.fromhex(text[2:].decode())

    def block_write(self, address, data):
        self._command('write 0x%x 0x%x 0x%s' % (address & ~ALIAS, len(data), data.hex()))

    def read(self, address, size, secure):
        if OWN <= address < OWN_END:
            return self.own.get(address, 0)
        if address & ALIAS and not secure:
            raise BusError('a Non-secure access to Secure memory')
        if not any(begin <= address < end - AHEAD for begin, end in MEMORIES):
            return int.from_bytes(self.block_read(address, size), 'little')
        at = address - self.ahead_at
        if not 0 <= at <= len(self.ahead) - size:
            self.ahead, self.ahead_at, at = self.block_read(address, AHEAD), address, 0
        return int.from_bytes(self.ahead[at:at + size], 'little')

    def write(self, address, size, value, secure):
        self.ahead = b''
        if OWN <= address < OWN_END:
            self.own[address] = value
        elif address & ALIAS and not secure:
            raise BusError('a Non-secure access to Secure memory')
        else:
            self.block_write(address, (value & (1 << 8 * size) - 1).to_bytes(size, 'little'))
