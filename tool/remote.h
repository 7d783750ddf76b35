/*
 * remote.h - a client of GDB's remote protocol over a socket: halt a target, read it, run it.
 *
 * The server is QEMU's or OpenOCD's. Connecting halts the target; it stays halted until
 * remote_continue. Every exchange ends within twice remote->timeout_s, whatever the server does, or
 * within a minute while it prints: after the first failure that leaves the state of the connection
 * unknown, all later calls fail at once. Run-length encoding is not understood: neither uses it.
 */
#ifndef K5_TOOL_REMOTE_H
#define K5_TOOL_REMOTE_H

#include "packet.h"

/* The registers of `g`, as QEMU gives them for an M-profile core. */
enum remote_register {
    REMOTE_SP = 13,
    REMOTE_LR = 14,
    REMOTE_PC = 15,
    REMOTE_XPSR = 16,
    REMOTE_REGISTERS = 17
};

struct remote {
    double timeout_s;     /* of one exchange; the caller may change it */
    const char *problem;  /* why the last call failed, in words; NULL: none failed yet */
    bool stopped;         /* the target is halted */
    char stop[128];       /* the last stop reply, cut short if it was longer; "" : none yet */
    struct text *console; /* packets "O..." (what a server prints) are added here as they
                             came; NULL: they are passed over */
    struct packet_reader reader; /* its body: the last packet that came */
    int socket;                  /* to wait for bytes with poll(); -1: none, or given up */
    /* private */
    bool silent; /* no + and - for packets: OpenOCD would wait for each + while it can do no else */
    uint8_t input[PACKET_MAX];
    size_t input_at;
    size_t input_length;
};

/* Connects to an address of transport.h, which halts the target. False: see remote->problem (in all
 * functions below too). */
bool remote_connect(struct remote *remote, const char *address, double timeout_s);
/* Always allowed, also after a failure. The server may let the target run on. */
void remote_close(struct remote *remote);

/* One command and its answer, which is then in remote->reader.body. False also for an answer "Enn".
 */
bool remote_command(struct remote *remote, const char *command);

/* Memory as the processor sees it in the state in which it was halted (security, privilege, MPU);
 * after remote_physical, as the emulator's bus sees it. */
bool remote_read(struct remote *remote, uint32_t address, void *bytes, size_t size);
/* QEMU's own command: read past the processor, with Secure rights, by addresses of the bus. */
bool remote_physical(struct remote *remote, bool on);
bool remote_registers(struct remote *remote, uint32_t reg[REMOTE_REGISTERS]);

/* Sets or takes away a hardware breakpoint at an even address. */
bool remote_breakpoint(struct remote *remote, uint32_t address, bool set);
/* Lets the target run; it is running when this returns. */
bool remote_continue(struct remote *remote);
/* Waits until it halts by itself. False without a problem if it still runs after `seconds`. */
bool remote_wait(struct remote *remote, double seconds);
/* Halts a running target; nothing to do for one that is halted. */
bool remote_halt(struct remote *remote);
/* One instruction, without interrupts and with time standing still (QEMU's way). */
bool remote_step(struct remote *remote);

#endif
