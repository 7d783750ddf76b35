#!/usr/bin/env python3
"""`k5 flash` and `k5 logs` with Debian's OpenOCD against the simulated probe and chip of this folder.

run.py [NAME...]: all cases, or these. Starts in the root of the project; k5 is built already.
Prints `N passed, N failed, N skipped`.
"""
import concurrent.futures
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback

ROOT = os.getcwd()
HERE = os.path.join(ROOT, 'tests', 'probe')
OUT = os.path.join(ROOT, '.k5', 'probetest')
TREE = os.path.join(OUT, 'root')
APP = os.path.join(OUT, 'app')
K5 = os.path.join(ROOT, '.k5', 'bin', 'k5')
LOG_TREE, LOG_APP = os.path.join(OUT, 'logroot'), os.path.join(OUT, 'logapp')
LOG = os.path.join(OUT, 'log')
BOARD = os.path.join(TREE, 'boards', 'probe-sim')
PAGE, PAGES, OPTR, MARK1, MARK2, BOOTADD = 2048, 256, '0x40', '0x50', '0x60', '0x4c'


RECORD = []                                        # options of a chip whose program logs


# ---- what the cases stand on ----

def tree_make(tree, board, app, alias):
    """This project with one more board, and an app for it."""
    folder = os.path.join(tree, 'boards', board)
    os.makedirs(folder)
    for name in ('abi', 'docs', 'examples', 'kernel', 'lib', 'tasks', 'tool'):
        os.symlink(os.path.join(ROOT, name), os.path.join(tree, name))
    for name in os.listdir(os.path.join(ROOT, 'boards')):
        os.symlink(os.path.join(ROOT, 'boards', name), os.path.join(tree, 'boards', name))
    for name in os.listdir(os.path.join(HERE, 'board')):
        shutil.copy(os.path.join(HERE, 'board', name), folder)
    shutil.copy(os.path.join(ROOT, 'boards', 'mps2-an505', 'board.c'), folder)
    shutil.copytree(os.path.join(ROOT, 'arch'), os.path.join(tree, 'arch'))
    replace(os.path.join(tree, 'arch', 'arm_m', 'arch_config.h'),
            r'(define ARCH_ALIAS +)0x[0-9a-fA-F]+u', r'\g<1>' + alias)
    shutil.copytree(os.path.join(ROOT, 'examples', '01_hello'), app,
                    ignore=shutil.ignore_patterns('build'))
    replace(os.path.join(app, 'app.toml'), 'mps2-an505', board)


def log_tree_make():
    """An app that the emulator runs, on a board with a probe: what it logs is recorded."""
    tree_make(LOG_TREE, 'probe-log', LOG_APP, '0x10000000u')
    path = os.path.join(LOG_TREE, 'boards', 'probe-log', 'board.toml')
    with open(path) as file:
        probe = file.read().split('[probe]')[1].split('[mpc')[0]
    with open(os.path.join(ROOT, 'boards', 'mps2-an505', 'board.toml')) as file:
        board = file.read().replace('"mps2-an505"', '"probe-log"', 1)
    with open(path, 'w') as file:
        file.write(board + '\n[probe]' + probe)


def record_make():
    """The bytes that the app sends, its ring and its build: what a chip needs to play it."""
    code, said = k5('build', LOG_APP, '--json', environment=dict(os.environ, K5_ROOT=LOG_TREE))
    same(code, 0, said)
    image = os.path.join(LOG_APP, 'build', 'probe-log', 'release', 'image.elf')
    symbols = subprocess.run(['arm-none-eabi-nm', image], stdout=subprocess.PIPE, text=True,
                             check=True).stdout
    build = int(re.search(r'([0-9a-f]+) \w k5_build_id', symbols).group(1), 16)
    emulator = subprocess.Popen(
        ['qemu-system-arm', '-M', 'mps2-an505', '-display', 'none', '-monitor', 'none', '-kernel',
         image, '-icount', 'shift=5,sleep=off', '-serial', 'file:' + LOG], stdin=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if os.path.exists(LOG) and os.path.getsize(LOG) > 9000:
            break
        time.sleep(0.05)
    emulator.kill()
    emulator.wait()
    with open(LOG, 'r+b') as file:
        whole = file.read(9000)
        file.truncate(whole.rindex(b'\0') + 1)
    return ['--log', LOG, '--ring', '0x28200000', '--id', hex(build),
            '0x' + json.loads(said)['build']]


def replace(path, pattern, by):
    with open(path) as file:
        text = re.sub(pattern, by, file.read())
    with open(path, 'w') as file:
        file.write(text)


def image_read():
    """What image.hex says: offset in the flash -> byte."""
    found, base = {}, 0
    with open(os.path.join(APP, 'build', 'probe-sim', 'release', 'image.hex')) as file:
        for line in file:
            record = bytes.fromhex(line[1:].strip())
            if record[3] == 4:
                base = int.from_bytes(record[4:6], 'big') << 16
            elif record[3] == 0:
                at = base + int.from_bytes(record[1:3], 'big')
                found.update({(at + i) % (PAGE * PAGES): b
                              for i, b in enumerate(record[4:4 + record[0]])})
    return found


class Bench:
    """One simulated board on the table."""

    def __init__(self, name, *options, content=None):
        self.flash, self.record = os.path.join(OUT, name + '.flash'), os.path.join(OUT, name)
        if content is not None:
            with open(self.flash, 'wb') as file:
                file.write(content)
        self.sim = subprocess.Popen(
            [sys.executable, os.path.join(HERE, 'sim.py'), '--flash', self.flash,
             '--record', self.record, *options], stdout=subprocess.PIPE, text=True)
        self.port = self.sim.stdout.readline().strip()

    def environment(self):
        return dict(os.environ, K5_ROOT=TREE, K5_SIM_PORT=self.port)

    def k5(self, *arguments, answer=''):
        return k5(*arguments, environment=self.environment(), answer=answer)

    def end(self):
        """Puts it away: what was done, and the flash."""
        self.sim.send_signal(signal.SIGTERM)
        self.sim.wait(10)
        self.sim.stdout.close()
        with open(self.record) as file:
            record = json.load(file)
        with open(self.flash, 'rb') as file:
            return record, file.read()


def k5(*arguments, environment=None, answer=''):
    done = subprocess.run([K5, *arguments], env=environment or dict(os.environ, K5_ROOT=TREE),
                          input=answer, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=90)
    return done.returncode, done.stdout


FLASH = ('flash', APP, '--probe', os.path.join(HERE, 'sim.cfg'))


def same(got, wanted, said=''):
    assert got == wanted, '%r, not %r\n%s' % (got, wanted, said)


def has(text, *wanted):
    for words in wanted:
        assert words in text, 'no "%s" in:\n%s' % (words, text[-2000:])


def refused(name, fault, code, *words):
    """A board with this fault: k5 ends with the code and says these words."""
    bench = Bench(name, *(['--factory'] if fault == 'factory' else ['--fault', fault]))
    got, said = bench.k5(*FLASH)
    record, flash = bench.end()
    same(got, code, said)
    has(said, *words)
    return record, flash


# ---- the cases ----

def test_write_and_write_again():
    other = b'\xAA' * PAGE
    bench = Bench('write', content=b'\x00' * 100 + b'\xFF' * (200 * PAGE - 100) + other)
    code, said = bench.k5(*FLASH)
    same(code, 0, said)
    has(said, 'pages', 'KiB/s', 'all pages read back and equal')
    code, again = bench.k5(*FLASH, '--json')
    same(code, 0, again)
    result = json.loads(again)
    same((result['ok'], result['problem'], result['written']), (True, None, 0), again)
    record, flash = bench.end()
    image = image_read()
    same([hex(at) for at, byte in image.items() if flash[at] != byte], [])
    same(flash[200 * PAGE:201 * PAGE], other)      # what is not the app's stays
    pages = sorted({at // PAGE for at in image})
    same(sorted(record['erased']), pages)          # each once: the second time there was nothing
    same((record['halted'], record['loads']), (False, 0))


def test_only_the_page_that_changed():
    image = image_read()
    content = bytearray(b'\xFF' * PAGE * PAGES)
    for at, byte in image.items():
        content[at] = byte
    content[128 * PAGE + 5] ^= 1
    bench = Bench('changed', content=content)
    code, said = bench.k5(*FLASH)
    record, flash = bench.end()
    same(code, 0, said)
    same(record['erased'], [128])
    same(flash[128 * PAGE + 5], image[128 * PAGE + 5])
    has(said, 'wrote 1 of', 'that were right already: about', 'saved')


def test_progress_on_a_terminal():
    bench = Bench('terminal')
    ours, theirs = pty.openpty()
    process = subprocess.Popen([K5, *FLASH], env=bench.environment(), stdin=subprocess.DEVNULL,
                               stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b''
    try:
        while data := os.read(ours, 4096):
            shown += data
    except OSError:                                # the other end was closed
        pass
    os.close(ours)
    code = process.wait(60)
    bench.end()
    said = shown.decode()
    same(code, 0, said)
    has(said, 'reading [', 'writing [', '100 %', 'KiB/s', '\r\x1b[K')


def test_wrong_bit():
    refused('bit', 'bit', 4,
            'the flash is not what was written: 0x0C000105, the kernel (code), is 0x')


def test_locked():
    record, _ = refused('lock', 'lock', 4, 'the flash stays locked', 'power off and on')
    same(record['written'], 0)


def test_cable_pulled():
    refused('unplug', 'unplug', 4, 'the connection to the board was lost while k5 wrote',
            'may hold a part of the app')


def test_hang():
    started = time.monotonic()
    refused('hang', 'hang', 4, 'OpenOCD had no answer for 10 s', 'it was killed')
    assert time.monotonic() - started < 40


def test_interrupted():
    bench = Bench('interrupted', '--fault', 'hang')
    process = subprocess.Popen([K5, *FLASH], env=bench.environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    time.sleep(3)
    process.send_signal(signal.SIGINT)             # in the middle of a command, which hangs
    said = process.communicate(timeout=60)[0]
    bench.end()
    assert process.returncode in (3, 4), said
    assert 'interrupted while' in said or 'had no answer' in said, said


def test_wrong_chip():
    record, _ = refused('chip', 'chip', 3, 'another chip: its id is 0x470',
                        'of board "probe-sim" is 0x472')
    same((record['written'], record['resets']), (0, 0))


def test_protected():
    record, _ = refused('rdp', 'rdp', 4, 'protected against reading: RDP is 0x55',
                        'k5 never changes RDP')
    same((record['written'], record['loads']), (0, 0))


def test_factory_is_told_of():
    record, _ = refused('factory', 'factory', 4,
                        'option byte TZEN is 0; board "probe-sim" needs 1: TrustZone is on',
                        'nothing was written', '--provision')
    same((record['written'], record['loads']), (0, 0))


def test_provision_needs_a_yes():
    for number, answer in enumerate(('', 'no\n', 'YES\n', 'yes please\n')):
        bench = Bench('no%d' % number, '--factory')
        code, said = bench.k5(*FLASH, '--provision', answer=answer)
        record, _ = bench.end()
        same(code, 4, said)
        has(said, 'Write yes to do it')
        same((record['written'], record['loads']), (0, 0))


def test_provision():
    bench = Bench('provision', '--factory')
    code, said = bench.k5(*FLASH, '--provision', answer='yes\n')
    record, _ = bench.end()
    same(code, 0, said)
    has(said, 'option byte TZEN is 0', 'options changed', 'all pages read back')
    options = record['options']
    same(options[OPTR] >> 31, 1)
    same((options[MARK1] & 0x7F007F, options[MARK2] & 0x7F007F), (0x7F0000, 0x7F))
    same((options[OPTR] & 0xFF, options[BOOTADD] & 1), (0xAA, 0))


def test_no_probe():
    environment = dict(os.environ, K5_ROOT=TREE, K5_SIM_PORT='1')
    code, said = k5(*FLASH, environment=environment)
    same(code, 3, said)
    has(said, 'no debug probe is connected', 'board "probe-sim"', '--serial NO')
    code, said = k5(*FLASH, '--json', environment=environment)
    same(code, 3, said)
    same(json.loads(said.strip().splitlines()[-1])['problem'], 'no connection')


def false_openocd(name, script):
    """A folder for PATH whose openocd is this script."""
    folder = os.path.join(OUT, name)
    os.makedirs(folder)
    path = os.path.join(folder, 'openocd')
    with open(path, 'w') as file:
        file.write('#!/bin/sh\n' + script)
    os.chmod(path, 0o755)
    return dict(os.environ, K5_ROOT=TREE, PATH=folder + ':' + os.environ['PATH'])


def test_no_permission():
    environment = false_openocd('access', 'echo "Error: libusb_open() failed with '
                                          'LIBUSB_ERROR_ACCESS" >&2; exit 1\n')
    code, said = k5('flash', APP, environment=environment)
    same(code, 3, said)
    has(said, 'no permission to use the debug probe', 'probe "stlink"', 'plugdev')


def test_arguments_of_openocd():
    environment = false_openocd('words', 'echo "Error: $*" >&2; exit 1\n')
    code, said = k5('flash', APP, '--serial', '00AB-7', environment=environment)
    same(code, 3, said)
    has(said, 'interface/stlink-dap.cfg', 'dapdirect_swd', 'adapter serial {00AB-7}')
    code, said = k5('flash', APP, '--probe', 'jlink', environment=environment)
    has(said, 'interface/jlink.cfg', 'transport select swd')


def test_nonsense_from_openocd():
    environment = false_openocd('nonsense', 'while read -r line; do printf "0 soup\\032"; done\n')
    code, said = k5('flash', APP, environment=environment)
    assert code in (3, 4) and 'error' in said, (code, said)


def test_openocd_is_missing():
    folder = os.path.join(OUT, 'tools')
    os.makedirs(folder)
    for directory in os.environ['PATH'].split(':'):
        for name in os.listdir(directory) if os.path.isdir(directory) else []:
            if name != 'openocd' and not os.path.lexists(os.path.join(folder, name)):
                os.symlink(os.path.join(directory, name), os.path.join(folder, name))
    code, said = k5('flash', APP, environment=dict(os.environ, K5_ROOT=TREE, PATH=folder))
    same(code, 3, said)
    has(said, 'openocd is not installed', 'sudo apt install openocd')


def test_command_line():
    for words, text in (
            (('--probe', 'stlinc'), 'there is stlink, cmsis-dap, jlink'),
            (('--probe', 'none.cfg'), 'there is no file none.cfg'),
            (('--serial', 'a} ; exit {'), 'is no serial number'),
            (('--serial', ''), 'is no serial number'),
            (('--provision', '--json'), 'takes no --json'),
            (('--speed', '7'), 'unknown option'),
            ((APP,), 'one app at a time')):
        code, said = k5('flash', APP, *words)
        same(code, 2, said)
        has(said, text)
    code, said = k5('flash', os.path.join(ROOT, 'examples', '01_hello'))
    same(code, 3, said)
    has(said, 'board "mps2-an505" has no debug probe', '`k5 run` runs the app')


def test_keys_of_the_board():
    """Mistakes in board.toml, each with its place; nothing that could close the chip gets in."""
    path = os.path.join(BOARD, 'board.toml')
    with open(path) as file:
        good = file.read()
    for pattern, by, text in (
            (r'mask = 0x80000000, value = 1,', 'mask = 0x800000FF, value = 0x800000CC,',
             'k5 does not change the read protection (RDP)'),
            (r'\[flash.options\]', '[flash.options]\nLOCK = { offset = 0x4C, mask = 1, value = 1, '
                                   'why = "closed" }', 'BOOT_LOCK can never be cleared again'),
            (r'value = 1,', 'value = 2,', 'the value is larger than its mask'),
            (r'mask = 0x80000000', 'mask = 0', 'the mask is 0'),
            (r'offset = 0x50', 'offset = 0x51', 'no multiple of 4'),
            (r'driver    = "stm32l4x"', 'driver = "nrf5"', 'does not know driver "nrf5"'),
            (r'page      = "2K"', 'page = "3000"', 'page is no power of two'),
            (r'registers = .*', '', '"registers" is missing'),
            (r'target = ', 'targett = ', 'targett'),
            (r'chip   = \{.*\}', 'chip = 5', 'chip is an integer, not a table')):
        replace(path, pattern, by)
        code, said = k5('flash', APP)
        with open(path, 'w') as file:
            file.write(good)
        same(code, 2, said)
        has(said, text, 'board.toml:')
    replace(path, r'size      = "512K"', 'size = "128K"')
    code, said = k5('flash', APP)
    with open(path, 'w') as file:
        file.write(good)
    same(code, 2, said)
    has(said, 'memory task-code (0x08040000', 'is not in [flash]')


# ---- the log ----

SIM = ('--probe', os.path.join(HERE, 'sim.cfg'))


class Reader:
    """`k5 logs` at work: what it has said so far."""

    def __init__(self, *arguments, environment=None):
        environment = dict(environment or os.environ, K5_ROOT=LOG_TREE)
        self.process = subprocess.Popen([K5, 'logs', *arguments], env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.said = ''
        os.set_blocking(self.process.stdout.fileno(), False)

    def _take(self):
        try:
            self.said += os.read(self.process.stdout.fileno(), 65536).decode()
        except BlockingIOError:
            pass

    def wait(self, words, times=1, limit=30):
        """Until these words were said so often."""
        end = time.monotonic() + limit
        while self.said.count(words) < times:
            assert time.monotonic() < end, 'no "%s" in:\n%s' % (words, self.said[-2000:])
            self._take()
            time.sleep(0.02)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        self._take()
        self.process.stdout.close()
        return self.process.returncode


def log_lines(said):
    return [line for line in said.splitlines() if re.match(r' *\d+\.\d', line)]


def lines_by_serial():
    """The lines that the recorded bytes make, by way of a terminal."""
    ours, theirs = pty.openpty()
    reader = Reader(LOG_APP, '--serial-port', os.ttyname(theirs))
    reader.wait('-- listening to')
    with open(LOG, 'rb') as file:
        log = file.read()
    for at in range(0, len(log), 1000):
        os.write(ours, log[at:at + 1000])
        time.sleep(0.02)
    reader.wait('pong answered 300')
    time.sleep(0.5)
    code = reader.end()
    os.close(ours)
    os.close(theirs)
    same(code, 0, reader.said)
    has(reader.said, '0 damaged, connection lost 0 times')
    return log_lines(reader.said)


def test_logs_both_ways():
    wanted = lines_by_serial()
    assert len(wanted) > 100, wanted
    bench = Bench('logs', *RECORD)
    reader = Reader(LOG_APP, *SIM, environment=bench.environment())
    reader.wait(wanted[-1])
    code = reader.end()
    record, _ = bench.end()
    same(code, 0, reader.said[-2000:])
    same(len(log_lines(reader.said)), len(wanted))
    same(log_lines(reader.said)[-1], wanted[-1])
    assert log_lines(reader.said) == wanted
    assert 'warning' not in reader.said, reader.said
    same(record['resets'], 0)


def test_logs_without_a_logger():
    """No task drains the ring, so the tool does; and the build is another one than that here."""
    app = os.path.join(OUT, 'alone')
    shutil.copytree(LOG_APP, app, ignore=shutil.ignore_patterns('build'))
    replace(os.path.join(app, 'app.toml'), r'(?s)\[task.logger\].*?\n\n', '')
    bench = Bench('alone.chip', *RECORD, '--no-logger')
    reader = Reader(app, *SIM, environment=bench.environment())
    reader.wait('pong answered 30')
    code = reader.end()
    record, _ = bench.end()
    same(code, 0, reader.said)
    has(reader.said, 'warning: the board runs build', '0 damaged')
    assert record['read'] > 0


def test_logs_over_reset_and_cable():
    bench = Bench('breaks', *RECORD)
    reader = Reader(LOG_APP, *SIM, environment=bench.environment())
    reader.wait('pong answered 1')
    bench.sim.send_signal(signal.SIGUSR1)
    reader.wait('-- the board was reset')
    reader.wait('pong answered 1 ', times=2)
    bench.sim.send_signal(signal.SIGUSR2)
    reader.wait('-- connection to the board lost')
    reader.wait('-- connected again')
    code = reader.end()
    bench.end()
    same(code, 0, reader.said)
    has(reader.said, 'connection lost 1 times')


def test_logs_of_an_empty_chip():
    bench = Bench('empty')
    code, said = k5('logs', LOG_APP, *SIM, '--for', '1s',
                    environment=dict(bench.environment(), K5_ROOT=LOG_TREE))
    bench.end()
    same(code, 124, said)
    has(said, 'no log in the board\'s memory yet', 'nothing came from the board')


def test_serial_line_comes_back():
    ours, theirs = pty.openpty()
    link = os.path.join(OUT, 'tty')
    os.symlink(os.ttyname(theirs), link)
    reader = Reader(LOG_APP, '--serial-port', link)
    reader.wait('-- listening to')
    os.close(theirs)
    os.unlink(link)
    os.close(ours)
    reader.wait('is gone; waiting for it')
    ours, theirs = pty.openpty()
    os.symlink(os.ttyname(theirs), link)
    reader.wait('is back')
    with open(LOG, 'rb') as file:
        os.write(ours, file.read(1000))
    reader.wait('pong answered 1')
    same(reader.end(), 0, reader.said)
    os.close(ours)
    os.close(theirs)


def test_logs_command_line():
    for words, code, text in (
            (('--serial-port', '/dev/none'), 3, 'serial line /dev/none: No such file'),
            (('--serial-port', '/dev/null', '--serial', '1'), 2, '--serial-port needs no probe'),
            (('--for', 'soon'), 2, '--for "soon" is no time'),
            (('--probe', 'x'), 2, 'there is stlink'),
            ((APP,), 2, 'one app at a time')):
        got, said = k5('logs', LOG_APP, *words, environment=dict(os.environ, K5_ROOT=LOG_TREE))
        same(got, code, said)
        has(said, text)
    got, said = k5('logs', LOG_APP, *SIM, environment=dict(os.environ, K5_ROOT=LOG_TREE,
                                                           K5_SIM_PORT='1'))
    same(got, 3, said)
    has(said, 'no debug probe is connected')


# ---- all of them ----

def case_run(name, function):
    try:
        function()
        return True
    except Exception:                              # the next one shall have its turn
        print('FAILED: %s\n%s' % (name, traceback.format_exc()), flush=True)
        return False


def main():
    cases = {name[5:]: what for name, what in globals().items() if name.startswith('test_')}
    wanted = sys.argv[1:] or list(cases)
    if not shutil.which('openocd'):
        print('openocd is not installed: sudo apt install openocd\n'
              '0 passed, 0 failed, %d skipped' % len(wanted))
        return 0
    shutil.rmtree(OUT, ignore_errors=True)
    # That image is never run: all that counts is that the rules see the alias of this flash.
    tree_make(TREE, 'probe-sim', APP, '0x04000000u')
    log_tree_make()
    code, said = k5('build', APP)
    same(code, 0, said)
    RECORD.extend(record_make())
    alone = 'keys_of_the_board'                    # it changes what the others read
    results = []
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results += pool.map(lambda name: case_run(name, cases[name]),
                            [name for name in wanted if name != alone])
    if alone in wanted:
        results.append(case_run(alone, cases[alone]))
    print('%d passed, %d failed, 0 skipped' % (results.count(True), results.count(False)))
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
