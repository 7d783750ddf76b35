"""Cases of `k5 logs`: through the probe, from a serial line, what breaks the connection."""
import os
import pty
import re
import shutil
import signal
import time

from bench import (APP, LOG, LOG_APP, LOG_TREE, OUT, RECORD, SIM, Bench, Reader, has, k5, replace,
                   same)


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
