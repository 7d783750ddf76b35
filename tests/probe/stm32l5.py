"""The parts of an STM32L562 that a flash programmer touches: flash, its controller, RAM, ids.

Offsets and bits are those of ST's device header. Rules: a page is erased before it is written,
double words only, in order, with PG set and the lock open; a page is Secure by the watermark
(option bytes) or by the block bits; each alias reads and writes only pages of its own state.
Faults: see FAULTS.
"""
from jtag import BusError

FLASH_NS, FLASH_S, SIZE, PAGE, PAGES = 0x08000000, 0x0C000000, 512 * 1024, 2048, 128
CONTROLLER, ALIAS = 0x40022000, 0x10000000
IDCODE, FLASH_KB, OTP = 0xE0044000, 0x0BFA05E0, 0x0BFA0000
RAM, RAM_SIZE = 0x20000000, 256 * 1024
NSKEYR, SECKEYR, OPTKEYR, NSSR, SECSR, NSCR, SECCR, OPTR, BOOTADD = (
    0x08, 0x0C, 0x10, 0x20, 0x24, 0x28, 0x2C, 0x40, 0x4C)
MARK1, MARK2, BLOCKS1, BLOCKS2 = 0x50, 0x60, 0x80, 0xA0
PG, PER, MER1, BKER, MER2, STRT, OPTSTRT, LAUNCH, OPTLOCK, LOCK = (
    1, 2, 4, 1 << 11, 1 << 15, 1 << 16, 1 << 17, 1 << 27, 1 << 30, 1 << 31)
PROGERR, WRPERR, SIZERR, PGSERR = 8, 16, 64, 128
TZEN = 1 << 31
KEYS, OPTION_KEYS = [0x45670123, 0xCDEF89AB], [0x08192A3B, 0x4C5D6E7F]
OPTIONS = range(0x40, 0x70, 4)
ALL, NONE = 0x007F0000, 0x0000007F                 # watermarks: last << 16 | first
FAULTS = ('bit', 'lock', 'chip', 'rdp', 'unplug', 'hang', 'early', 'fixed', 'gone',
          'leaves')


class Stm32l5:
    def __init__(self, factory=False, fault=None):
        """factory: TrustZone is off, as delivered; otherwise as K5 wants it."""
        self.flash, self.ram = bytearray(b'\xFF' * SIZE), bytearray(RAM_SIZE)
        self.fault, self.firmware = fault, None
        self.regs = {OPTR: 0x7FEFF8AA | (0 if factory else TZEN), NSCR: LOCK | OPTLOCK,
                     SECCR: LOCK, MARK1: ALL, MARK2: ALL if factory else NONE, BOOTADD: 0x0C00007C}
        if fault == 'rdp':
            self.regs[OPTR] = self.regs[OPTR] & ~0xFF | 0x55
        self.options = {r: self.regs.get(r, 0) for r in OPTIONS}
        self.keys = {NSKEYR: [], SECKEYR: [], OPTKEYR: []}
        self.halves = {}
        self.erased, self.written, self.loads, self.looked = [], 0, 0, set()
        self.seen, self.aliases, self.away = 0, set(), False

    def reset(self):
        if self.firmware:
            self.firmware.reset()
        self.regs.update(self.options)
        self.regs.update({NSCR: LOCK | OPTLOCK, SECCR: LOCK, NSSR: 0, SECSR: 0})
        for base in (BLOCKS1, BLOCKS2):
            self.regs.update({r: 0 for r in range(base, base + 16, 4)})

    def record(self):
        return {'erased': self.erased, 'written': self.written, 'loads': self.loads,
                'read': self.firmware and self.firmware.taken(),
                'looked': sorted(self.looked), 'aliases': sorted(self.aliases),
                'options': {hex(k): v for k, v in self.options.items()}}

    @property
    def trustzone(self):
        return bool(self.options[OPTR] & TZEN)

    def is_secure(self, offset):
        if not self.trustzone:
            return False
        page, second = offset // PAGE % PAGES, offset >= SIZE // 2
        mark = self.options[MARK2 if second else MARK1]
        bits = self.regs.get((BLOCKS2 if second else BLOCKS1) + page // 32 * 4, 0)
        return mark & 0x7F <= page <= mark >> 16 & 0x7F or bool(bits >> page % 32 & 1)

    # ---- bus
    @staticmethod
    def _flash_offset(address):
        for base in (FLASH_NS, FLASH_S):
            if base <= address < base + SIZE:
                return address - base
        return None

    def read(self, address, size):
        self.looked.add(address & ~3)
        if self.firmware and self.firmware.has(address):
            return self.firmware.read(address, size)
        offset = self._flash_offset(address)
        if offset is not None:
            self.seen += size
            if self.is_secure(offset) != (address >= FLASH_S):
                return 0                           # the wrong alias reads as zero
            return int.from_bytes(self.flash[offset:offset + size], 'little')
        if address & ~(ALIAS | 0x3FF) == CONTROLLER:
            return self._register(address & 0x3FC, bool(address & ALIAS)) >> 8 * (address & 3)
        if RAM <= address & ~ALIAS < RAM + RAM_SIZE:
            offset = (address & ~ALIAS) - RAM
            return int.from_bytes(self.ram[offset:offset + size], 'little')
        if OTP <= address < OTP + 0x800:
            return SIZE // 1024 if address == FLASH_KB else 0xFFFFFFFF
        if address == IDCODE:
            return 0x20016470 if self.fault == 'chip' else 0x20016472
        return 0

    def write(self, address, size, value):
        if self.firmware and self.firmware.has(address):
            return self.firmware.write(address, size, value)
        offset = self._flash_offset(address)
        if offset is not None:
            self._program(offset, size, value, address >= FLASH_S)
        elif address & ~(ALIAS | 0x3FF) == CONTROLLER:
            self._control(address & 0x3FC, value, bool(address & ALIAS))
        elif RAM <= address & ~ALIAS < RAM + RAM_SIZE:
            offset = (address & ~ALIAS) - RAM
            self.ram[offset:offset + size] = value.to_bytes(size, 'little')
        return None

    # ---- controller
    def _register(self, reg, secure):
        if reg in (SECCR, SECSR) and not secure and self.trustzone:
            return 0
        return self.regs.get(reg, 0)

    def _control(self, reg, value, secure):
        if reg in self.keys:
            self._key(reg, value)
        elif reg in (NSSR, SECSR):                 # write one to clear
            self.regs[reg] = self.regs.get(reg, 0) & ~value
        elif reg == NSCR or (reg == SECCR and secure):
            self._command(reg, value)
        elif reg in OPTIONS:
            marks = reg in (MARK1, MARK2)          # there are none without TrustZone
            if not self.regs[NSCR] & OPTLOCK and (self.trustzone or not marks):
                self.regs[reg] = value
        elif reg not in (NSCR, SECCR):
            self.regs[reg] = value

    def _key(self, reg, value):
        seen, wanted = self.keys[reg], OPTION_KEYS if reg == OPTKEYR else KEYS
        seen.append(value)
        if seen != wanted[:len(seen)]:
            raise BusError('wrong key')            # locked until the next reset
        if seen == wanted:
            seen.clear()
            control, bit = {NSKEYR: (NSCR, LOCK), SECKEYR: (SECCR, LOCK),
                            OPTKEYR: (NSCR, OPTLOCK)}[reg]
            if self.fault != 'lock':
                self.regs[control] &= ~bit

    def _command(self, reg, value):
        old = self.regs[reg]
        if old & LOCK:
            return
        kept = value & ~(STRT | OPTSTRT | LAUNCH | OPTLOCK)
        self.regs[reg] = kept | (old | value) & OPTLOCK
        if value & STRT:
            self._erase(reg, value)
        if value & LAUNCH and not old & OPTLOCK:
            self._load()

    def _load(self):
        """New option bytes count. TrustZone that was just switched on makes all flash Secure."""
        before = self.trustzone
        if self.fault != 'fixed':
            self.options = {r: self.regs.get(r, 0) for r in OPTIONS}
        self.away = self.fault in ('gone', 'leaves')
        if self.trustzone and not before:
            self.options.update({MARK1: ALL, MARK2: ALL})
        self.loads += 1
        self.reset()

    def _error(self, secure, bits):
        status = SECSR if secure else NSSR
        self.regs[status] = self.regs.get(status, 0) | bits

    def _erase(self, reg, value):
        secure = reg == SECCR
        if value & (MER1 | MER2):
            pages = [p for p in range(2 * PAGES) if value & (MER1 if p < PAGES else MER2)]
        else:
            pages = [(value >> 3 & 0x7F) + (PAGES if value & BKER else 0)]
        for page in pages:
            if self.trustzone and self.is_secure(page * PAGE) != secure:
                self._error(secure, WRPERR)
                continue
            self.flash[page * PAGE:(page + 1) * PAGE] = b'\xFF' * PAGE
            self.erased.append(page)

    def _program(self, offset, size, value, alias):
        self.aliases.add('secure' if alias else 'nonsecure')
        secure = alias and self.trustzone
        control = self.regs[SECCR if secure else NSCR]
        if not control & PG or control & LOCK:
            return self._error(secure, PGSERR)
        if size != 4:
            return self._error(secure, SIZERR)
        if self.trustzone and self.is_secure(offset) != secure:
            return self._error(secure, WRPERR)
        self.halves[offset & 4] = value
        if offset & 4 and len(self.halves) == 2:
            data = self.halves[0] | self.halves[4] << 32
            if self.fault == 'bit' and offset == 0x104:
                data ^= 1 << 40
            at = offset & ~7
            if data and self.flash[at:at + 8] != b'\xFF' * 8:
                self._error(secure, PROGERR)
            else:
                self.flash[at:at + 8] = data.to_bytes(8, 'little')
                self.written += 8
            self.halves = {}
        return None
