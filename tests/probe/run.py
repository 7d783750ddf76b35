#!/usr/bin/env python3
"""`k5 flash`, `k5 logs`, `k5 debug` with Debian's OpenOCD against probe and chips of this folder.

run.py [--full] [NAME...]: all cases, or these; --full: those too that only wait, or take long for
the simulated core to execute. Starts in the root
of the project; k5 is built already. Prints `N passed, N failed, N skipped`.
"""
import concurrent.futures
import shutil
import sys
import time
import traceback

import bench
import test_debug
import test_flash
import test_logs
import test_pages
import test_usb


def case_run(name, function):
    try:
        begun = time.monotonic()
        function()
        print('passed  %-44s %5.1f s' % (name, time.monotonic() - begun), flush=True)
        return True
    except Exception:                              # the next one shall have its turn
        print('FAILED: %s\n%s' % (name, traceback.format_exc()), flush=True)
        return False


def main():
    cases = {name[5:]: what for module in (test_flash, test_logs, test_pages, test_usb,
                                                 test_debug)
             for name, what in vars(module).items() if name.startswith('test_')}
    full = '--full' in sys.argv
    names = [name for name in sys.argv[1:] if name != '--full']
    late = test_flash.WAITS + test_debug.EXECUTE
    wanted = names or [name for name in cases if full or name not in late]
    wanted.sort(key=lambda name: name not in test_flash.WAITS + ('hang',))
    if not shutil.which('openocd'):
        print('openocd is not installed: sudo apt install openocd\n'
              '0 passed, 0 failed, %d skipped' % len(wanted))
        return 0
    shutil.rmtree(bench.OUT, ignore_errors=True)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for made in [pool.submit(make) for make in (bench.make, test_debug.make)]:
            made.result()
    alone = 'keys_of_the_board'                    # it changes what the others read
    results = []
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        results += pool.map(lambda name: case_run(name, cases[name]),
                            [name for name in wanted if name != alone])
    if alone in wanted:
        results.append(case_run(alone, cases[alone]))
    bench.clear()
    print('%d passed, %d failed, 0 skipped' % (results.count(True), results.count(False)))
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
