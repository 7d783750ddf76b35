"""Cases of `k5 debug` on a board, and of `k5 logs` of one that executes: QEMU behind the probe."""
import difflib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from bench import (K5, OUT, ROOT, SIM, Bench, Reader, has, k5, replace, same, tree_make,
                   without_openocd)

RUN_TREE, RUN_APP = os.path.join(OUT, 'runroot'), os.path.join(OUT, 'runapp')
IMAGE = os.path.join(RUN_APP, 'build', 'probe-runs', 'release', 'image.elf')
# Of those in which the core executes, these are for --full.
EXECUTE = ('debug_attach', 'debug_step_and_reset', 'debug_more_breakpoints_than_there_are',
           'debug_serves_and_resets', 'debug_interrupt', 'debug_gdb_is_killed', 'debug_wires_cut',
           'debug_probe_hangs', 'debug_pulled_while_halted')
EMULATED = os.path.join(ROOT, 'tests', 'tool', 'debug')   # the same session in the emulator


def make():
    tree_make(RUN_TREE, 'probe-runs', RUN_APP, 'running', '02_coldchain')
    code, said = k5('build', RUN_APP, environment=dict(os.environ, K5_ROOT=RUN_TREE))
    same(code, 0, said)


class Board(Bench):
    """A simulated board whose core runs the app."""

    def __init__(self, name, *options):
        super().__init__(name, '--image', IMAGE, *options)

    def environment(self):
        return dict(super().environment(), K5_ROOT=RUN_TREE)

    def debug(self, *arguments):
        return Reader(RUN_APP, *SIM, *arguments, environment=self.environment(), verb='debug',
                      root=RUN_TREE)

    def gdb(self, script, app=RUN_APP):
        """Runs these commands of gdb to their end."""
        path = self.record + '.gdb'
        with open(path, 'w') as file:
            file.write('set pagination off\nset width 0\n' + script)
        return self.k5('debug', app, *SIM, '--batch', path)

    def end(self):
        with open(self.flash, 'wb'):               # it has none
            pass
        return super().end()[0]


def simplified(said):
    """What tests/tool/debug.sh compares, without where this tree lies."""
    said = said.replace(ROOT + '/', '')
    part = re.search(r'(?ms)^threads in.*?^\[Inferior.*?$', said)
    assert part, said[-3000:]
    text = subprocess.run(['sed', '-f', os.path.join(EMULATED, 'simplify.sed')],
                          input=part.group() + '\n', stdout=subprocess.PIPE, text=True).stdout
    lines = text.splitlines()
    return [line for i, line in enumerate(lines) if i == 0 or line != lines[i - 1]]


def test_debug_as_in_the_emulator():
    """Halts, stacks, steps through system calls and faults: gdb sees what it sees of QEMU."""
    board = Board('session')
    code, said = board.k5('debug', RUN_APP, *SIM, '--reset', '--batch',
                          os.path.join(EMULATED, 'session.gdb'))
    record = board.end()
    same(code, 0, said[-3000:])
    with open(os.path.join(EMULATED, 'expected.txt')) as file:
        wanted = file.read().splitlines()
    got = simplified(said)
    assert got == wanted, '\n'.join(difflib.unified_diff(wanted, got, lineterm=''))
    has(said, 'INFO  kernel   boot:', 'WARN  super    sensor: write not permitted')
    same((record['resets'], record['halted']), (1, False))


def test_debug_attach():
    """A board that runs is halted where it is, looked at, changed, and runs on."""
    board = Board('attach')
    time.sleep(1)
    code, said = board.gdb('''
info threads
print sizeof(record)
break storage_serve_put
continue
print count
watch count
continue
print count
set var count = 1000
delete
tbreak storage_serve_put
continue
print count
print reading = 77
print reading
break kernel_syscall
continue
info threads
thread apply all backtrace 3
monitor echo monitored
info threads
''')
    record = board.end()
    same(code, 0, said)
    has(said, 'Thread 3 "super" (waiting for bits', 'hit Breakpoint 1, storage_serve_put',
        'Old value = ',
        '= 1000\n', '= 77\n', 'Thread 5 "kernel" (in a system call of',
        '(interrupted by the kernel)', 'monitored\n')
    old = int(re.search(r'Old value = (\d+)', said).group(1))
    has(said, 'New value = %d\n' % (old + 1))
    same(len(re.findall(r'Thread 1 "sensor"', said)) >= 4, True, said)
    same((record['resets'], record['halted'], record['own']['0xe0044008']), (0, False, 0x1801))


def enter_of(function):
    """The line of syscall.S in which this function enters the kernel."""
    with open(os.path.join(ROOT, 'lib', 'k5', 'syscall.S'), encoding='utf-8') as file:
        lines = [line.strip() for line in file]
    return lines.index('ENTER', lines.index('FUNCTION ' + function)) + 1


def address_in(task, function):
    elf = os.path.join(RUN_APP, 'build', 'probe-runs', 'release', task + '.elf')
    lines = subprocess.run(['arm-none-eabi-nm', elf], stdout=subprocess.PIPE, text=True,
                           check=True).stdout
    return int(re.search(r'(\w+) T %s\n' % function, lines).group(1), 16) & ~1


def test_debug_step_and_reset():
    """gdb's breakpoint stands where ours would: the server refuses a second one there. Then gdb has
    OpenOCD reset the board."""
    board = Board('twice')
    code, said = board.gdb('''
tbreak k5_call
continue
break lib/k5/syscall.S:%d
stepi 40
info threads
delete
monitor reset halt
maintenance flush register-cache
info threads
thread 5
info symbol $pc
tbreak storage_serve_put
continue
monitor no_such_command
''' % enter_of('k5_call'))
    record = board.end()
    same(code, 1, said)                            # of the last command
    has(said, 'Breakpoint 2, k5_call ()', '* 1    Thread 1 "sensor" (running)',
        'the processor was reset\n', '"sensor" (not started)', '"kernel" (starting)',
        'reset_entry in section', '-- the board was reset\n',
        'hit Temporary breakpoint 3, storage_serve_put', 'invalid command name "no_such_command"')
    same((record['resets'], record['halted']), (1, False))


def test_debug_more_breakpoints_than_there_are():
    board = Board('many')
    start = address_in('storage', 'k5_ipc_setup')  # it ran when the task began, and never again
    code, said = board.gdb('break task_fault\nbreak storage_serve_put\n' + ''.join(
        'break *0x%x\n' % at for at in range(start, start + 32, 4)) + 'continue\n')
    record = board.end()
    same(code, 0, said)
    has(said, 'hit Breakpoint 2, storage_serve_put', 'warning: no breakpoint was left for 0x80000')
    same(record['halted'], False)


def test_debug_serves_and_resets():
    """Any gdb at a port; it leaves, the app runs on; the board's reset button; Ctrl-C."""
    board = Board('served')
    server = board.debug('--server', '--port', '3392')
    server.wait('Ctrl-C ends')
    has(server.said, 'the app is halted where it was', '-ex \'target remote 127.0.0.1:3392\'')
    script = re.search(r'-x (\S+) -ex', server.said).group(1)
    for _ in range(2):
        said = subprocess.run(
            ['gdb-multiarch', '-nx', '-q', '-batch', '-x', script, '-ex',
             'target remote 127.0.0.1:3392', '-ex', 'info threads'], text=True, timeout=60,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
        has(said, '"storage" (')
    server.wait('INFO  storage  record')
    board.sim.send_signal(signal.SIGUSR1)
    server.wait('-- the board was reset')
    server.wait('INFO  kernel   boot:', after='-- the board was reset')
    server.wait('record 3: ', after='INFO  kernel   boot:')
    server.process.send_signal(signal.SIGHUP)      # its terminal is closed
    code = server.end()
    record = board.end()
    same(code, 0, server.said)
    same((record['resets'], record['halted']), (1, False))


def test_debug_interrupt():
    """Ctrl-C on a terminal halts the board, and leaving lets it run on."""
    board = Board('interrupt')
    done = subprocess.run(
        [sys.executable, os.path.join(EMULATED, 'interrupt.py'), K5, RUN_APP, *SIM, '--reset'],
        env=board.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=90)
    record = board.end()
    same(done.returncode, 0, done.stdout)
    same(record['halted'], False)


def child_find(process, name):
    with open('/proc/%d/task/%d/children' % (process.pid, process.pid)) as file:
        for child in file.read().split():
            with open('/proc/%s/comm' % child) as comm:
                if comm.read().startswith(name):
                    return int(child)
    raise AssertionError('no %s is a child of k5' % name)


def test_debug_gdb_is_killed():
    """Its breakpoint is taken away by k5, else the board would halt there a moment later."""
    board = Board('killed')
    path = board.record + '.gdb'
    with open(path, 'w') as file:
        file.write('break storage_serve_put\nignore 1 1000\ncontinue\n')
    reader = board.debug('--batch', path)
    reader.wait('INFO  storage  record', times=3)
    os.kill(child_find(reader.process, 'gdb'), signal.SIGKILL)
    reader.process.wait(30)
    reader.end()
    time.sleep(1)                                  # ten calls of put
    record = board.end()
    same(reader.process.returncode, 1, reader.said)
    same(record['halted'], False)


def lost(name, what, *words):
    """While the app runs under gdb this happens; k5 says so and ends, also if gdb goes on."""
    board = Board(name)
    path = board.record + '.gdb'
    with open(path, 'w') as file:
        file.write('info threads\necho it runs\\n\ncontinue\ninfo threads\n')
    reader = board.debug('--batch', path)
    reader.wait('it runs')
    reader.wait('INFO  storage  record')
    board.sim.send_signal(what)
    started = time.monotonic()
    reader.wait('hint: check the cable and the board\'s power')
    reader.process.wait(40)
    assert time.monotonic() - started < 40
    reader.end()
    if what == signal.SIGSTOP:
        board.sim.send_signal(signal.SIGCONT)
    board.end()
    same(reader.process.returncode, 3, reader.said)
    has(reader.said, *words)
    has(reader.said, 'The program no longer exists')


def test_debug_cable_pulled():
    lost('pulled', signal.SIGUSR2, 'error: the connection to the board was lost while k5')


def test_debug_wires_cut():
    lost('cut', signal.SIGHUP, 'error: the connection to the board was lost while k5')


def test_debug_probe_hangs():
    lost('stuck', signal.SIGSTOP, 'error: OpenOCD had no answer for 10 s while k5')


def test_debug_pulled_while_halted():
    """gdb asks for what is gone: it gets errors, and k5 ends with the code for it."""
    board = Board('gone')
    path = board.record + '.gdb'
    with open(path, 'w') as file:
        file.write('echo it is halted\\n\nshell sleep 3\ninfo threads\nprint $pc\n')
    reader = board.debug('--batch', path)
    reader.wait('it is halted')
    board.sim.send_signal(signal.SIGUSR2)
    reader.wait('the connection to the board was lost')
    reader.process.wait(30)
    reader.end()
    board.end()
    same(reader.process.returncode, 3, reader.said)


def test_debug_wrong_board():
    """Another build, another chip: nothing is halted."""
    board = Board('build')
    other = os.path.join(OUT, 'runother')
    shutil.copytree(RUN_APP, other, ignore=shutil.ignore_patterns('build'))
    replace(os.path.join(other, 'app.toml'), r'FAULT_AT = 10', 'FAULT_AT = 11')
    code, said = board.gdb('info threads\n', app=other)
    record = board.end()
    same(code, 3, said)
    has(said, 'error: the board holds build ', '`k5 flash` writes the one that is here')
    same((record['resets'], record['halted']), (0, False))
    board = Board('foreign', '--fault', 'chip')
    code, said = board.gdb('info threads\n')
    record = board.end()
    same(code, 3, said)
    has(said, 'another chip: its id is 0x470', 'of board "probe-runs" is 0x472')
    same((record['resets'], record['halted']), (0, False))


def test_debug_command_line():
    environment = dict(os.environ, K5_ROOT=RUN_TREE, K5_SIM_PORT='1')
    for words, code, text in (
            (('--probe', 'stlinc'), 2, 'there is stlink, cmsis-dap, jlink'),
            (('--serial', ''), 2, 'is no serial number'),
            (SIM, 3, 'no debug probe is connected (board "probe-runs"'),
            (('--serial', '00AB-7', *SIM), 3, 'serial number 00AB-7')):
        got, said = k5('debug', RUN_APP, *words, environment=environment)
        same(got, code, said)
        has(said, text)
    got, said = k5('debug', os.path.join(ROOT, 'examples', '01_hello'), '--probe', 'stlink')
    same(got, 3, said)
    has(said, 'board "mps2-an505" has no debug probe')
    got, said = k5('debug', RUN_APP, environment=without_openocd('no_openocd', RUN_TREE))
    same(got, 3, said)
    has(said, 'openocd is not installed')


def test_logs_of_what_executes():
    """The log of a real image in order, over a reset, and nothing is halted."""
    board = Board('executes')
    reader = Reader(RUN_APP, *SIM, environment=board.environment(), root=RUN_TREE)
    reader.wait('INFO  storage  record', times=5)
    board.sim.send_signal(signal.SIGUSR1)
    again = '-- the board was reset'
    reader.wait(again)
    reader.wait('INFO  kernel   boot:', after=again)
    reader.wait('restarting sensor in 1 ms', after=again)   # it faults a second after the start
    reader.wait('record 12: ', after=again)
    code = reader.end()
    record = board.end()
    same(code, 0, reader.said)
    has(reader.said, '0 damaged, connection lost 0 times')
    parts = reader.said.split(again)
    for part in parts:
        numbers = [int(n) for n in re.findall(r'record (\d+):', part)]
        assert numbers, reader.said
        same(numbers, list(range(numbers[0], numbers[0] + len(numbers))), reader.said)
    same((len(parts), record['resets'], record['halted']), (2, 1, False))
