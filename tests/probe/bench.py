"""What the cases of this folder stand on: a board on the table, k5 at work, trees to build in."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = os.getcwd()
HERE = os.path.join(ROOT, 'tests', 'probe')
OUT = os.path.join(ROOT, '.k5', 'probetest')
TREE = os.path.join(OUT, 'root')
APP = os.path.join(OUT, 'app')
K5 = os.path.join(ROOT, '.k5', 'bin', 'k5')
LOG_TREE, LOG_APP = os.path.join(OUT, 'logroot'), os.path.join(OUT, 'logapp')
LOG = os.path.join(OUT, 'log')
BOARD = os.path.join(TREE, 'boards', 'probe-sim')
PAGE, PAGES = 2048, 256


RECORD = []                                        # options of a chip whose program logs


# ---- what the cases stand on ----

def tree_make(tree, board, app, source='board', example='01_hello'):
    """This project with one more board, and an app for it."""
    folder = os.path.join(tree, 'boards', board)
    os.makedirs(folder)
    for name in ('abi', 'arch', 'docs', 'examples', 'kernel', 'lib', 'tasks', 'tool'):
        os.symlink(os.path.join(ROOT, name), os.path.join(tree, name))
    for name in os.listdir(os.path.join(ROOT, 'boards')):
        os.symlink(os.path.join(ROOT, 'boards', name), os.path.join(tree, 'boards', name))
    for name in os.listdir(os.path.join(HERE, 'board')):
        shutil.copy(os.path.join(HERE, 'board', name), folder)
    shutil.copy(os.path.join(HERE, source, 'board.toml'), folder)
    for name in ('board.c', 'security.c'):
        shutil.copy(os.path.join(ROOT, 'boards', 'mps2-an505', name), folder)
    shutil.copytree(os.path.join(ROOT, 'examples', example), app,
                    ignore=shutil.ignore_patterns('build'))
    replace(os.path.join(app, 'app.toml'), 'mps2-an505', board)


def log_tree_make():
    """An app that the emulator runs, on a board with a probe: what it logs is recorded."""
    tree_make(LOG_TREE, 'probe-log', LOG_APP)
    path = os.path.join(LOG_TREE, 'boards', 'probe-log', 'board.toml')
    with open(path) as file:
        probe = file.read().split('[probe]')[1].split('[mpc')[0]
    with open(os.path.join(ROOT, 'boards', 'mps2-an505', 'board.toml')) as file:
        board = file.read().replace('"mps2-an505"', '"probe-log"', 1)
    board = board.replace('[alias.code]', '[alias.flash]')
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
        text, times = re.subn(pattern, by, file.read())
    assert times > 0, '%s: no "%s"' % (path, pattern)
    with open(path, 'w') as file:
        file.write(text)


def image_read(app=APP, board='probe-sim'):
    """What image.hex says: offset in the flash -> byte."""
    found, base = {}, 0
    with open(os.path.join(app, 'build', board, 'release', 'image.hex')) as file:
        for line in file:
            record = bytes.fromhex(line[1:].strip())
            if record[3] == 4:
                base = int.from_bytes(record[4:6], 'big') << 16
            elif record[3] == 0:
                at = base + int.from_bytes(record[1:3], 'big')
                found.update({(at + i) % (PAGE * PAGES): b
                              for i, b in enumerate(record[4:4 + record[0]])})
    return found


CHILDREN = []                                      # that a failed case may leave behind


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
        CHILDREN.append(self.sim)
        self.port = self.sim.stdout.readline().strip()

    def environment(self):
        return dict(os.environ, K5_ROOT=TREE, K5_SIM_PORT=self.port)

    def k5(self, *arguments, answer='', environment=None):
        return k5(*arguments, environment=environment or self.environment(), answer=answer)

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
                          stderr=subprocess.STDOUT, timeout=240)
    return done.returncode, done.stdout


def tool_false(name, script):
    """The environment for a k5 whose openocd is this script; it knows nothing of USB."""
    folder = os.path.join(OUT, name)
    os.makedirs(folder)
    path = os.path.join(folder, 'openocd')
    with open(path, 'w') as file:
        file.write('#!/bin/sh\n' + script)
    os.chmod(path, 0o755)
    return dict(os.environ, K5_ROOT=TREE, PATH=folder + ':' + os.environ['PATH'],
                K5_USB_ROOT=os.path.join(OUT, 'nowhere'))


def without_openocd(name, tree):
    """An environment that has all programs but this one."""
    folder = os.path.join(OUT, name)
    os.makedirs(folder)
    for directory in os.environ['PATH'].split(':'):
        for program in os.listdir(directory) if os.path.isdir(directory) else []:
            if program != 'openocd' and not os.path.lexists(os.path.join(folder, program)):
                os.symlink(os.path.join(directory, program), os.path.join(folder, program))
    return dict(os.environ, K5_ROOT=tree, PATH=folder)


SIM = ('--probe', os.path.join(HERE, 'sim.cfg'))
FLASH = ('flash', APP, *SIM)


def same(got, wanted, said=''):
    assert got == wanted, '%r, not %r\n%s' % (got, wanted, said)


def has(text, *wanted):
    for words in wanted:
        assert words in text, 'no "%s" in:\n%s' % (words, text[-2000:])


class Reader:
    """`k5 logs`, or another verb, at work: what it has said so far."""

    def __init__(self, *arguments, environment=None, verb='logs', root=LOG_TREE):
        environment = dict(environment or os.environ, K5_ROOT=root)
        self.process = subprocess.Popen([K5, verb, *arguments], env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        CHILDREN.append(self.process)
        self.said = ''
        os.set_blocking(self.process.stdout.fileno(), False)

    def _take(self):
        try:
            self.said += os.read(self.process.stdout.fileno(), 65536).decode()
        except BlockingIOError:
            pass

    def wait(self, words, times=1, limit=90, after=''):
        """Until these words were said so often, since those were said."""
        end = time.monotonic() + limit
        while (self.said.rpartition(after)[2] if after else self.said).count(words) < times:
            assert time.monotonic() < end, 'no "%s" in:\n%s' % (words, self.said[-2000:])
            self._take()
            time.sleep(0.02)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        end = time.monotonic() + 20
        while self.process.poll() is None and time.monotonic() < end:
            self._take()                           # or it waits for room in the pipe
            time.sleep(0.02)
        self.process.wait(0)
        self._take()
        self.process.stdout.close()
        return self.process.returncode


def clear():
    for child in CHILDREN:
        if child.poll() is None:
            child.kill()


def make():
    """All that is built once. Of the flash's app only the bytes count, for it is never run."""
    tree_make(TREE, 'probe-sim', APP)
    log_tree_make()
    code, said = k5('build', APP)
    same(code, 0, said)
    RECORD.extend(record_make())
