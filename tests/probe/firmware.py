"""A program on the chip, as far as a log reader sees it: a ring that fills, a build id.

It makes progress whenever somebody looks at the write offset, so it does not depend on a clock.
"""
RING, DATA, BUFFER, SIZE, WRITE, READ = 4096, 64, 28, 32, 36, 40
STEP = 300                                         # bytes of log between two looks


class Firmware:
    def __init__(self, log, ring, build, drained):
        self.log, self.ring, self.drained = log, ring, drained
        self.build_at, self.build = build[0], build[1].to_bytes(8, 'little')
        self.reset()

    def reset(self):
        self.memory, self.at = bytearray(RING), 0
        self.memory[:10] = b'SEGGER RTT'
        self._put(BUFFER, self.ring + DATA)
        self._put(SIZE, RING - DATA)

    def _put(self, at, value):
        self.memory[at:at + 4] = value.to_bytes(4, 'little')

    def _get(self, at):
        return int.from_bytes(self.memory[at:at + 4], 'little')

    def taken(self):
        return self._get(READ)

    def has(self, address):
        return self.ring <= address < self.ring + RING or \
            self.build_at <= address < self.build_at + 8

    def _advance(self):
        write, size = self._get(WRITE), RING - DATA
        if self.drained:                           # its logger has sent what was there before
            self._put(READ, write)
        room = (self._get(READ) - write - 1) % size
        for byte in self.log[self.at:self.at + min(STEP, room)]:
            self.memory[DATA + write] = byte
            write, self.at = (write + 1) % size, self.at + 1
        self._put(WRITE, write)

    def read(self, address, size):
        if not self.ring <= address < self.ring + RING:
            at = address - self.build_at
            return int.from_bytes(self.build[at:at + size], 'little')
        at = address - self.ring
        value = int.from_bytes(self.memory[at:at + size], 'little')
        if at == READ:                             # after the header was read
            self._advance()
        return value

    def write(self, address, size, value):
        if self.ring <= address < self.ring + RING:
            at = address - self.ring
            self.memory[at:at + size] = (value & (1 << 8 * size) - 1).to_bytes(size, 'little')
