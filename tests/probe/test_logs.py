"""Cases of `k5 logs`: through the probe, from a serial line, what breaks the connection."""
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import time

from bench import (APP, LOG, LOG_APP, LOG_TREE, OUT, RECORD, SIM, Bench, Reader, has, k5, replace,
                   same)


LAST = 'pong answered 300'


def log_lines(said):
    return [line for line in said.splitlines() if re.match(r' *\d+\.\d', line)]


def said_by_serial(*options, until=LAST, more=b''):
    """What `k5 logs` says of the recorded bytes, by way of a terminal."""
    ours, theirs = pty.openpty()
    reader = Reader(LOG_APP, '--serial-port', os.ttyname(theirs), *options)
    reader.wait('listening to')
    with open(LOG, 'rb') as file:
        log = file.read() + more
    for at in range(0, len(log), 1000):
        os.write(ours, log[at:at + 1000])
        time.sleep(0.02)
    reader.wait(until)
    time.sleep(0.5)
    code = reader.end()
    os.close(ours)
    os.close(theirs)
    same(code, 0, reader.said)
    return reader.said


def said_by_probe(name, until, *options):
    """The same through the probe, and what was done to the chip."""
    bench = Bench(name, *RECORD)
    reader = Reader(LOG_APP, *SIM, *options, environment=bench.environment())
    reader.wait(until)
    code = reader.end()
    record, _ = bench.end()
    same(code, 0, reader.said[-2000:])
    return reader, record


def symbol(name):
    image = os.path.join(LOG_APP, 'build', 'probe-log', 'release', 'image.elf')
    lines = subprocess.run(['arm-none-eabi-nm', image], stdout=subprocess.PIPE, text=True,
                           check=True).stdout
    return int(re.search(r'([0-9a-f]+) \w %s\n' % name, lines).group(1), 16)


def test_logs_both_ways():
    said = said_by_serial()
    has(said, '0 damaged, connection lost 0 times')
    wanted = log_lines(said)
    assert len(wanted) > 100, wanted
    reader, record = said_by_probe('logs', wanted[-1])
    same(len(log_lines(reader.said)), len(wanted))
    same(log_lines(reader.said)[-1], wanted[-1])
    assert log_lines(reader.said) == wanted
    assert 'warning' not in reader.said, reader.said
    same(record['resets'], 0)
    # No search: not a byte was read but the ring, where the ELF says it is, and the build id.
    ring, build = symbol('log_ring'), symbol('k5_build_id')
    same([hex(at) for at in record['looked']
          if at < 0xE0000000 and not (ring <= at < ring + 4096 or build <= at < build + 8)], [])
    same([at in record['looked'] for at in (ring, build, build + 4)], [True] * 3)


def test_logs_json():
    """One object a line, by both ways the same but for what is said of the connection."""
    line = [json.loads(line) for line in said_by_serial('--json').splitlines()]
    last = line[-2]['text']
    reader, _ = said_by_probe('json', '"%s"' % last, '--json')
    probe = [json.loads(line) for line in reader.said.splitlines()]
    same((probe[0]['type'], probe[0]['state']), ('link', 'open'))
    same((line[0]['type'], line[0]['state']), ('link', 'open'))
    same(probe[1:-1], line[1:-1])
    same(probe[1]['type'], 'boot')
    same({thing['type'] for thing in probe[2:-1]}, {'log'})
    assert all(thing['task'] and thing['level'] == 'INFO' for thing in probe[1:-1]), probe
    same([(thing['file'], thing['text']) for thing in probe if thing.get('text') == last],
         [('tasks/ping/main.c', last)])
    for summary in (probe[-1], line[-1]):
        same({key: summary[key] for key in ('type', 'dropped', 'damaged', 'connection_lost',
                                            'other_build', 'exit_code')},
             {'type': 'summary', 'dropped': 0, 'damaged': 0, 'connection_lost': 0,
              'other_build': False, 'exit_code': 0})
        same(summary['log_lines'], len(probe) - 3)


def test_logs_levels():
    with open(LOG, 'rb') as file:
        boot = file.read().split(b'\0')[1]
    damage = b'\x01\x02\x03\0' + boot + b'\0'    # it is told of, whatever the level
    for options, there in ((('--level', 'warn'), []),
                           (('--level', 'ping=info', '--level', 'error'), ['ping']),
                           (('--level', 'error', '--level', 'kernel=debug'), ['kernel'])):
        said = said_by_serial(*options, until='1 damaged frame here', more=damage)
        same(sorted({line.split()[3] for line in log_lines(said) if 'damaged' not in line}), there,
             said)
    code, said = k5('logs', LOG_APP, '--level', 'loud', environment=dict(os.environ,
                                                                        K5_ROOT=LOG_TREE))
    same(code, 2, said)
    has(said, '--level "loud" is no level', 'k5 help logs')
    code, said = k5('logs', LOG_APP, '--level', 'pnig=warn', environment=dict(os.environ,
                                                                             K5_ROOT=LOG_TREE))
    same(code, 2, said)
    has(said, 'did you mean "ping"?')


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


def test_logs_json_over_reset_and_cable():
    bench = Bench('jsonbreaks', *RECORD)
    reader = Reader(LOG_APP, *SIM, '--json', environment=bench.environment())
    reader.wait('"pong answered 1"')
    bench.sim.send_signal(signal.SIGUSR1)
    reader.wait('"state": "reset"')
    bench.sim.send_signal(signal.SIGUSR2)
    reader.wait('"state": "back"')
    code = reader.end()
    bench.end()
    same(code, 0, reader.said)
    things = [json.loads(line) for line in reader.said.splitlines()]
    same([thing['state'] for thing in things if thing['type'] == 'link' and
          thing['state'] != 'waits'], ['open', 'reset', 'lost', 'back'])
    same((things[-1]['type'], things[-1]['connection_lost']), ('summary', 1))


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
            (('--serial', '/dev/none'), 3, 'serial line /dev/none: No such file'),
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
