#!/usr/bin/env python3
"""A debug probe and a chip without hardware: sim.py [options], then OpenOCD with sim.cfg.

Prints the port. At SIGTERM it writes what was done (JSON) and the flash, where asked to. SIGUSR1
presses the board's reset button, SIGUSR2 pulls the cable and puts it back, SIGHUP cuts the wires
between probe and chip for good.
"""
import argparse
import json
import signal
import socket
import sys
import time

import stm32l5
from core import Core
from firmware import Firmware
from jtag import AccessPort, Chain, DebugPort, Tap
from machine import Machine
from running import RunningCore

LATE = 4096                                        # bytes written until the cable is pulled


ASKED = []                                         # what signals ask for


def serve(connection, core, chain):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    chip, cut = core.chip, False
    while data := connection.recv(65536):
        what = ASKED.pop() if ASKED else None
        if what == 'reset':
            core.reset()
        elif what == 'unplug':
            return
        cut = cut or what == 'cut'
        if chip.away and chip.fault == 'gone':
            return
        if chip.fault == 'early' and chip.seen >= LATE or \
                chip.fault == 'unplug' and chip.written >= LATE:
            chip.fault = None                      # once
            return
        while chip.written >= LATE and chip.fault == 'hang':
            time.sleep(1)
        out, stays = chain.feed(data)
        if out:
            connection.sendall(b'1' * len(out) if cut else out)
        if not stays:
            return


def core_make(options):
    if options.image:
        return RunningCore(Machine(options.image, options.fault))
    chip = stm32l5.Stm32l5(options.factory, options.fault)
    if options.flash:
        with open(options.flash, 'ab+') as file:
            file.seek(0)
            content = file.read()
        chip.flash[:len(content)] = content
    if options.log:
        with open(options.log, 'rb') as file:
            chip.firmware = Firmware(file.read(), options.ring, options.id, not options.no_logger)
    return Core(chip)


def end(core, options):
    record = {'halted': core.is_halted(), 'resets': core.resets, **core.chip.record()}
    if options.image:
        core.machine.close()
    elif options.flash:
        with open(options.flash, 'wb') as file:
            file.write(core.chip.flash)
    if options.record:
        with open(options.record, 'w') as file:
            json.dump(record, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--factory', action='store_true', help='option bytes as delivered')
    parser.add_argument('--fault', choices=stm32l5.FAULTS)
    parser.add_argument('--flash', metavar='FILE', help='what is in the flash; written at the end')
    parser.add_argument('--log', metavar='FILE', help='a program runs that logs these bytes')
    parser.add_argument('--image', metavar='FILE', help='QEMU executes this (mps2-an505)')
    parser.add_argument('--ring', type=lambda s: int(s, 0), help='where its ring lies')
    parser.add_argument('--id', type=lambda s: int(s, 0), nargs=2, help='address and its build')
    parser.add_argument('--no-logger', action='store_true', help='no task drains the ring')
    parser.add_argument('--record', metavar='FILE', help='what was done, as JSON')
    options = parser.parse_args()

    core = core_make(options)
    chain = Chain([DebugPort(0x0BA04477, AccessPort(core)), Tap(5, 0x06472041, 1)], core.pin)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGUSR1, lambda *_: ASKED.append('reset'))
    signal.signal(signal.SIGHUP, lambda *_: ASKED.append('cut'))
    signal.signal(signal.SIGUSR2, lambda *_: ASKED.append('unplug'))
    server = socket.create_server(('127.0.0.1', 0))
    print(server.getsockname()[1], flush=True)
    try:
        while True:
            connection, _ = server.accept()
            try:
                if core.chip.away:
                    raise ConnectionError
                serve(connection, core, chain)
            except ConnectionError:
                pass
            connection.close()
    finally:
        end(core, options)


if __name__ == '__main__':
    main()
