#!/usr/bin/env python3
"""A debug probe and a chip without hardware: sim.py [options], then OpenOCD with sim.cfg.

Prints the port. At SIGTERM it writes what was done (JSON) and the flash, where asked to.
"""
import argparse
import json
import signal
import socket
import sys
import time

import stm32l5
from core import Core
from jtag import AccessPort, Chain, DebugPort, Tap

LATE = 4096                                        # bytes written until the cable is pulled


def serve(connection, chip, chain):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while data := connection.recv(65536):
        if chip.written >= LATE and chip.fault == 'unplug':
            return
        while chip.written >= LATE and chip.fault == 'hang':
            time.sleep(1)
        out, stays = chain.feed(data)
        if out:
            connection.sendall(out)
        if not stays:
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--factory', action='store_true', help='option bytes as delivered')
    parser.add_argument('--fault', choices=stm32l5.FAULTS)
    parser.add_argument('--flash', metavar='FILE', help='what is in the flash; written at the end')
    parser.add_argument('--record', metavar='FILE', help='what was done, as JSON')
    options = parser.parse_args()

    chip = stm32l5.Stm32l5(options.factory, options.fault)
    if options.flash:
        with open(options.flash, 'ab+') as file:
            file.seek(0)
            content = file.read()
        chip.flash[:len(content)] = content
    core = Core(chip)
    chain = Chain([DebugPort(0x0BA04477, AccessPort(core)), Tap(5, 0x06472041, 1)], core.pin)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = socket.create_server(('127.0.0.1', 0))
    print(server.getsockname()[1], flush=True)
    try:
        while True:
            connection, _ = server.accept()
            try:
                serve(connection, chip, chain)
            except ConnectionError:
                pass
            connection.close()
    finally:
        if options.flash:
            with open(options.flash, 'wb') as file:
                file.write(chip.flash)
        if options.record:
            with open(options.record, 'w') as file:
                json.dump({'erased': chip.erased, 'written': chip.written, 'loads': chip.loads,
                           'resets': core.resets, 'halted': core.halted,
                           'options': {hex(k): v for k, v in chip.options.items()}}, file)


if __name__ == '__main__':
    main()
