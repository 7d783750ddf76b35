"""Cases of which pages `k5 flash` writes, and through which of the flash's two addresses."""
import json
import os
import shutil
import subprocess

from bench import (APP, BOARD, FLASH, OUT, PAGE, SIM, Bench, has, image_read, replace, same,
                   tree_make)

HALF = 0x40000                                     # bytes: bank 2 begins here
KERNEL, TASKS, FLASH_NS = 0x0C000000, 0x08040000, 0x08000000


def pages_of(image):
    """Page number -> its bytes."""
    pages = {at // PAGE: bytearray(b'\xFF' * PAGE) for at in image}
    for at, byte in image.items():
        pages[at // PAGE][at % PAGE] = byte
    return pages


def openocd(bench, *commands):
    """Without k5, for what k5 does not do."""
    words = [word for command in ('init',) + commands + ('shutdown',) for word in ('-c', command)]
    done = subprocess.run(
        ['openocd', '-c', 'gdb_port disabled; telnet_port disabled; tcl_port disabled', '-f',
         SIM[1], '-f', os.path.join(BOARD, 'target.cfg'), *words], env=bench.environment(),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=60)
    same(done.returncode, 0, done.stdout)
    return done.stdout


def bytes_at(bench, address, count):
    path = bench.record + '.bytes'
    openocd(bench, 'dump_image {%s} 0x%08x %d' % (path, address, count))
    with open(path, 'rb') as file:
        return file.read()


def test_one_task_changed():
    """Only the pages that hold its code, and that of the build id; and the time that this saves."""
    app = os.path.join(OUT, 'one_task')
    shutil.copytree(APP, app, ignore=shutil.ignore_patterns('build'))
    bench = Bench('one_task.chip')
    code, said = bench.k5('flash', app, *SIM, '--json')
    same(code, 0, said)
    first, before = json.loads(said), pages_of(image_read(app))
    replace(os.path.join(app, 'tasks', 'pong', 'main.c'), r'\+ 1', '+ 2')
    code, said = bench.k5('flash', app, *SIM)
    same(code, 0, said)
    after = pages_of(image_read(app))
    changed = sorted(page for page in after if before.get(page) != after[page])
    record, flash = bench.end()
    same(sorted(record['erased']), sorted(list(before) + changed), said)
    same([page for page in after if flash[page * PAGE:(page + 1) * PAGE] != after[page]], [])
    same(len([page for page in changed if page * PAGE < HALF]), 1, said)    # it has the build id
    assert 2 <= len(changed) < len(after) / 2, changed
    has(said, 'wrote %d of %d pages' % (len(changed), len(after)), 'changed the kernel (code) 1, p',
        'that were right already: about', 's saved')
    seconds = float(said.split(' KiB) in ')[1].split(' s')[0])
    assert seconds * 1000 < first['write_ms'] * 0.75, (seconds, first)
    same(first['changed'][:17], 'the kernel (code)')
    print('one task changed: pages %s of %d, %.1f s instead of %.1f s' % (
        ', '.join(hex(KERNEL + page * PAGE if page * PAGE < HALF else FLASH_NS + page * PAGE)
                  for page in changed), len(after), seconds, first['write_ms'] / 1000))


def test_nonsecure_bank():
    """Its pages are written through the Secure address, and are Non-secure again afterwards."""
    bench = Bench('bank2')
    code, said = bench.k5(*FLASH)
    same(code, 0, said)
    image = image_read()
    assert [at for at in image if at >= HALF] and [at for at in image if at < HALF]
    first = min(at for at in image if at >= HALF)
    seen = [bytes_at(bench, base + first, 8) for base in (FLASH_NS, KERNEL)]
    record, flash = bench.end()
    same(seen, [flash[first:first + 8], bytes(8)])  # the wrong address shows zeros
    same(flash[first:first + 8], bytes(image[first + i] for i in range(8)))
    same(record['aliases'], ['secure'])


def test_the_wrong_address():
    """A write through the Non-secure address of a Secure page: OpenOCD says that it was done, and
    nothing is there. k5 with a board file that makes this mistake says so."""
    bench = Bench('trap')
    path = bench.record + '.page'
    with open(path, 'wb') as file:
        file.write(bytes(range(256)) * 8)
    said = openocd(bench, 'reset halt', 'flash write_image {%s} 0x%08x bin' % (path, FLASH_NS))
    has(said, 'wrote 2048 bytes')
    same(bytes_at(bench, KERNEL, 8), b'\xFF' * 8)

    tree, app = os.path.join(OUT, 'traproot'), os.path.join(OUT, 'trapapp')
    tree_make(tree, 'probe-trap', app)
    board = os.path.join(tree, 'boards', 'probe-trap', 'board.toml')
    replace(board, '"probe-sim"', '"probe-trap"')
    replace(board, r'nonsecure = 0x08000000\nsecure    = 0x0C000000',
            'nonsecure = 0x0C000000\nsecure    = 0x08000000')
    replace(board, 'base = 0x0C0', 'base = 0x080')
    replace(board, '0x08040000', '0x0C040000')
    code, said = bench.k5('flash', app, *SIM, environment=dict(bench.environment(), K5_ROOT=tree))
    record, _ = bench.end()
    same(code, 4, said)
    has(said, 'the flash is not what was written: 0x08000000, the kernel (code), is 0x00',
        'hint: writing that page changed nothing', '[alias.flash]')
    same((record['written'], record['aliases']), (0, ['nonsecure']))
