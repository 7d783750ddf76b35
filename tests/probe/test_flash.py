"""Cases of `k5 flash`: what is written, and each thing that can go wrong."""
import json
import os
import pty
import signal
import subprocess
import time

from bench import (APP, BOARD, FLASH, K5, OUT, PAGE, PAGES, ROOT, TREE, Bench, has, image_read, k5,
                   replace, same, tool_false, without_openocd)

OPTR, MARK1, MARK2, BOOTADD = '0x40', '0x50', '0x60', '0x4c'
WAITS = ('interrupted', 'hang_at_start')           # long: for --full


def refused(name, fault, code, *words):
    """A board with this fault: k5 ends with the code and says these words."""
    bench = Bench(name, *(['--factory'] if fault == 'factory' else ['--fault', fault]))
    got, said = bench.k5(*FLASH)
    record, flash = bench.end()
    same(got, code, said)
    has(said, *words)
    return record, flash


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


def test_cable_pulled_and_put_back():
    """The next try writes what is missing, and no more."""
    bench = Bench('again', '--fault', 'unplug')
    code, said = bench.k5(*FLASH)
    same(code, 4, said)
    code, said = bench.k5(*FLASH)
    same(code, 0, said)
    has(said, 'that were right already')
    _, flash = bench.end()
    same([hex(at) for at, byte in image_read().items() if flash[at] != byte], [])


def test_cable_pulled_before_writing():
    # OpenOCD ends, or answers first that it could not write: either is said.
    record, _ = refused('early', 'early', 3, 'while k5 read', 'no page was written')
    same((record['written'], record['erased']), (0, []))


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


def test_options_that_stay():
    """A chip that takes no option bytes: k5 says so, and does not try for ever."""
    bench = Bench('fixed', '--factory', '--fault', 'fixed')
    code, said = bench.k5(*FLASH, '--provision', answer='yes\n')
    record, _ = bench.end()
    same(code, 4, said)
    has(said, 'the option bytes are not what the board needs; nothing was written')
    same((record['loads'], record['written']), (2, 0))


def test_cable_pulled_with_new_options():
    for fault, words in (('gone', 'the connection to the board was lost'),
                         ('leaves', 'board "probe-sim"')):       # while it connects again
        bench = Bench(fault, '--factory', '--fault', fault)
        code, said = bench.k5(*FLASH, '--provision', answer='yes\n')
        record, _ = bench.end()
        same(code, 4, said)
        has(said, 'error: ', words)
        same((record['loads'], record['written']), (1, 0))


def test_no_probe():
    environment = dict(os.environ, K5_ROOT=TREE, K5_SIM_PORT='1')
    code, said = k5(*FLASH, environment=environment)
    same(code, 3, said)
    has(said, 'no debug probe is connected', 'board "probe-sim"', '--serial NO')
    code, said = k5(*FLASH, '--json', environment=environment)
    same(code, 3, said)
    same(json.loads(said.strip().splitlines()[-1])['problem'], 'no probe')


def test_no_permission_says_openocd():
    environment = tool_false('access', 'echo "Error: libusb_open() failed with '
                                          'LIBUSB_ERROR_ACCESS" >&2; exit 1\n')
    code, said = k5('flash', APP, environment=environment)
    same(code, 3, said)
    has(said, 'no permission to use the debug probe', 'probe "stlink"', 'plugdev')


def test_arguments_of_openocd():
    environment = tool_false('words', 'echo "Error: $*" >&2; exit 1\n')
    code, said = k5('flash', APP, '--serial', '00AB-7', environment=environment)
    same(code, 3, said)
    has(said, 'interface/stlink-dap.cfg', 'dapdirect_swd', 'adapter serial {00AB-7}')
    code, said = k5('flash', APP, '--probe', 'jlink', environment=environment)
    has(said, 'interface/jlink.cfg', 'transport select swd')


def test_hang_at_start():
    environment = tool_false('asleep', 'trap "" TERM; sleep 60\n')
    code, said = k5('flash', APP, environment=environment)
    same(code, 3, said)
    has(said, 'OpenOCD did not start within 15 s; it was killed')


def test_openocd_is_missing():
    code, said = k5(*FLASH, environment=without_openocd('tools', TREE))
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
            (r'\[alias.flash\]', '[alias.other]', 'needs a table [alias.flash]'),
            (r'target = ', 'targett = ', 'targett'),
            (r'chip   = \{.*\}', 'chip = 5', 'chip is an integer, not a table'),
            (r'chip   = \{.*\}', 'freeze = 5', 'freeze is an integer, not a table'),
            (r'chip   = \{.*\}', 'freeze = { address = 8 }', 'freeze: "mask" is missing')):
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
