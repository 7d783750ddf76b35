"""Cases of what is looked up before OpenOCD is started: probes on USB, and who may open them."""
import ctypes
import json
import os
import subprocess

from bench import APP, K5, LOG_APP, LOG_TREE, OUT, TREE, has, same, tool_false

STLINK = ('0483', '374b', 'STM32 STLink')
DAP = ('0d28', '0204', 'BBC micro:bit CMSIS-DAP')
HIDDEN_DAP = ('1209', '0001', 'A board', 'A board CMSIS-DAP v2')
JLINK = ('1366', '1055', 'J-Link')
CAPABILITY_DROP, DAC_OVERRIDE, DAC_READ_SEARCH = 24, 1, 2


class Usb:
    """A folder with sys and dev, as Linux has them, and an OpenOCD that only says that it began."""

    def __init__(self, name):
        self.root = os.path.join(OUT, name)
        self.count = 0
        self.devices = os.path.join(self.root, 'sys', 'bus', 'usb', 'devices')
        os.makedirs(self.devices)
        self._file(os.path.join(self.devices, 'usb1'), 'product', 'a hub')
        self.environment = tool_false(name + '.openocd', 'echo "Error: it began" >&2; exit 1\n')
        self.environment['K5_USB_ROOT'] = self.root

    @staticmethod
    def _file(folder, name, text):
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(text.encode('latin-1') + b'\n')

    def plug(self, probe, serial, mode=0o660):
        """A device at port 1-N, device number 4 + N. Returns its file in dev."""
        self.count += 1
        folder = os.path.join(self.devices, '1-%d' % self.count)
        attributes = {'idVendor': probe[0], 'idProduct': probe[1], 'product': probe[2],
                      'busnum': '1', 'devnum': str(4 + self.count)}
        for name, text in attributes.items():
            self._file(folder, name, text)
        if serial is not None:
            self._file(folder, 'serial', serial)
        interface = '1-%d:1.0' % self.count
        self._file(os.path.join(folder, interface), 'interface', (probe + ('',))[3])
        # Linux lists the interfaces beside the devices.
        os.symlink(os.path.join(folder, interface), os.path.join(self.devices, interface))
        node = os.path.join(self.root, 'dev', 'bus', 'usb', '001', '%03d' % (4 + self.count))
        self._file(os.path.dirname(node), os.path.basename(node), '')
        os.chmod(node, mode)
        return node

    def hidraw(self, name, mode):
        """The other file of the device that was plugged last."""
        port = '1-%d' % self.count
        os.makedirs(os.path.join(self.devices, port, port + ':1.0', '0003:0D28:0204.0001',
                                 'hidraw', name))
        self._file(os.path.join(self.root, 'dev'), name, '')
        os.chmod(os.path.join(self.root, 'dev', name), mode)

    def k5(self, *options, verb='flash', app=APP):
        done = subprocess.run([K5, verb, app, *options], env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60, preexec_fn=mortal)
        return done.returncode, done.stdout

    def refused(self, *words, options=()):
        code, said = self.k5(*options)
        same(code, 3, said)
        has(said, *words)
        assert 'it began' not in said, said
        return said

    def begins(self, *options):
        code, said = self.k5(*options)
        same(code, 3, said)
        has(said, 'it began')


def mortal():
    """root opens everything; the tests are about people who are not."""
    for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(CAPABILITY_DROP, capability)


def test_usb_no_probe():
    usb = Usb('usb_none')
    said = usb.refused('error: no debug probe is connected: there is no ST-LINK on USB (board '
                       '"probe-sim")', 'hint: connect it')
    same(said.count('hint:'), 1, said)
    _, said = usb.k5('--json')
    same(json.loads(said.splitlines()[-1])['problem'], 'no probe', said)
    usb.environment['K5_ROOT'] = LOG_TREE
    code, said = usb.k5(verb='logs', app=LOG_APP)
    same(code, 3, said)
    has(said, 'there is no ST-LINK on USB (board "probe-log")')
    usb.environment['K5_ROOT'] = TREE
    usb.plug(JLINK, '000123')
    usb.refused('there is no ST-LINK on USB',
                'hint: --probe jlink is the J-Link (J-Link) at USB 1-1, serial number 000123')


def test_usb_one():
    usb = Usb('usb_one')
    usb.plug(JLINK, '000123')
    usb.plug(STLINK, '066FFF')
    usb.begins()
    usb.begins('--serial', '066FFF')
    usb.begins('--probe', 'jlink')
    usb.refused('there is no CMSIS-DAP on USB', '--probe stlink is the ST-LINK (STM32 STLink)',
                options=('--probe', 'cmsis-dap'))
    usb.refused('no debug probe is connected that is the ST-LINK with serial number 066FF',
                '--serial 066FFF is the ST-LINK', options=('--serial', '066FF'))


def test_usb_no_permission():
    usb = Usb('usb_closed')
    node = usb.plug(STLINK, '066FFF', 0o440)
    usb.refused('error: no permission to use the ST-LINK (STM32 STLink) at USB 1-1, serial number '
                '066FFF: %s belongs to user root and group root, mode 0440' % node,
                '60-openocd.rules', 'udevadm trigger')
    _, said = usb.k5('--json')
    same(json.loads(said.splitlines()[-1])['problem'], 'no permission', said)
    os.unlink(node)
    usb.refused('no permission to use the ST-LINK', 'No such file', 'container')


def test_usb_no_permission_for_a_group():
    if os.geteuid() != 0:
        print('skipped: only root can give a file to a group')
        return
    usb = Usb('usb_group')
    node = usb.plug(STLINK, '066FFF', 0o060)
    os.chown(node, -1, 46)                         # plugdev, in Debian
    usb.refused('belongs to user root and group plugdev, mode 0060',
                'hint: `sudo usermod -aG plugdev root`, then log out and in again')


def test_usb_several():
    usb = Usb('usb_several')
    usb.plug(STLINK, '066AAA')
    usb.plug(DAP, 'dap')
    usb.plug(STLINK, '066BBB', 0o000)
    said = usb.refused('error: 2 ST-LINK probes are connected: choose one with --serial NO',
                       'hint: --serial 066AAA is the ST-LINK (STM32 STLink) at USB 1-1, serial '
                       'number 066AAA\n',
                       'hint: --serial 066BBB is the ST-LINK (STM32 STLink) at USB 1-3, serial '
                       'number 066BBB, without permission\n')
    assert 'CMSIS' not in said, said
    _, said = usb.k5('--json')
    same(json.loads(said.splitlines()[-1])['problem'], 'several probes', said)
    usb.begins('--serial', '066AAA')
    usb.refused('no permission to use the ST-LINK', '1-3', options=('--serial', '066BBB'))
    usb.plug(STLINK, '066AAA')
    usb.refused('2 ST-LINK probes have serial number 066AAA: unplug all but one',
                options=('--serial', '066AAA'))


def test_usb_cmsis_dap():
    """Its name is in the device or in an interface; one of two files is enough."""
    usb = Usb('usb_dap')
    usb.plug(HIDDEN_DAP, 'one', 0o000)
    usb.refused('no permission to use the CMSIS-DAP (A board)', options=('--probe', 'cmsis-dap'))
    usb.hidraw('hidraw0', 0o000)
    usb.refused('no permission to use the CMSIS-DAP', options=('--probe', 'cmsis-dap'))
    os.chmod(os.path.join(usb.root, 'dev', 'hidraw0'), 0o600)
    usb.begins('--probe', 'cmsis-dap')
    usb.plug(DAP, 'two')
    usb.refused('2 CMSIS-DAP probes', '--serial one', '--serial two',
                options=('--probe', 'cmsis-dap'))


def test_usb_odd():
    """What a device says of itself is not trusted; old ST-LINKs have serial numbers of noise."""
    usb = Usb('usb_odd')
    usb.plug(('0483', '3748', 'ST\x1b[31m' + 'x' * 300), '\x01\xff"')
    usb.plug(STLINK, None)
    said = usb.refused('2 ST-LINK probes', 'no --serial is the ST-LINK (ST.[31mxxx', '.."\n',
                       'no --serial is the ST-LINK (STM32 STLink) at USB 1-2, serial number none')
    assert '\x1b' not in said and 'x' * 200 not in said, said
    usb.begins('--serial', 'FF0122')               # may be the first
    usb.environment['K5_USB_ROOT'] = os.path.join(OUT, 'nowhere')
    usb.begins()                                   # nothing is known: OpenOCD shall look
