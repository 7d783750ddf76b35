/*
 * usb.h - is a debug probe of the wanted kind plugged in, and may this user open it?
 *
 *   /sys/bus/usb/devices/1-2/{idVendor,idProduct,product,serial,busnum,devnum}  what is there
 *   /dev/bus/usb/001/005                                                        who may open it
 *
 * OpenOCD opens the first probe that it finds and calls everything else "open failed", so this is
 * looked up before it is started. What a device says of itself is not trusted: only printable ASCII
 * of it is shown.
 */
#ifndef K5_TOOL_USB_H
#define K5_TOOL_USB_H

#include "util.h"

/* NULL: OpenOCD may be started. Otherwise what is wrong, one word or two for programs ("no probe",
 * "no permission", "several probes"); unless quiet, a message says what to do. kind: "stlink",
 * "cmsis-dap" or "jlink"; of any other, and on a machine that shows no USB, nothing is known: NULL.
 * serial: of the wanted probe, or NULL. $K5_USB_ROOT, for tests: the folder that has sys and dev.
 */
const char *usb_check(const char *kind, const char *serial, const char *board, bool quiet);

#endif
