/* The contract between kernel, tasks and tool: each number that two of them share, once.
 *
 * Read by C, by assembler and by the k5 tool, so it holds only #define of plain integers.
 * docs/adr/0001-system-calls.md draws the register table; docs/manual/abi.md is its long form.
 */
#ifndef K5_ABI_H
#define K5_ABI_H

#define K5_ABI_VERSION 1 /* in the first frame of the log; the tool warns of another version */

/* ---- limits --------------------------------------------------------------------------------- */
#define K5_TASK_MAX     32   /* tasks in a system: a set of tasks is one 32-bit word */
#define K5_PRIORITY_MAX 31   /* larger = more urgent */
#define K5_SLOT_MAX     64   /* capability slots of a task */
#define K5_REGION_MAX   8    /* protection regions a task may have mapped at once */
#define K5_IRQ_MAX      32   /* interrupt lines that an app gives to tasks: a set is one word */
#define K5_STACK_MIN    64   /* bytes; room for the first exception frame */
#define K5_MSG_WORDS    4    /* message words that travel in registers */
#define K5_BUFFER_MAX   256  /* bytes of a message that the kernel copies from a buffer */
#define K5_GRAIN        32   /* lent memory begins and ends at its multiples */
#define K5_LOG_WORDS    4    /* log arguments that travel in registers */
#define K5_LOG_BYTES    64   /* longest packed argument block of a log call */
#define K5_NIL          0xFF /* "none" in every uint8_t index */

#ifndef K5_LINE_MAX
#define K5_LINE_MAX 112 /* interrupt lines are numbered below it; proofs take fewer */
#endif
#ifndef K5_REFILL_MAX
#define K5_REFILL_MAX 4 /* refills of a scheduling context; proofs that see heads only take 1 */
#endif

/* ---- system calls ---------------------------------------------------------------------------
 * Eight argument registers, A0..A7 (Arm: r4-r11):
 *   A0 in   bits 7:0 call number (with K5_OP_LONG), 15:8 slot, 31:16 label
 *   A0 out  bits 7:0 k5_error,    15:8 flags (K5_FLAG_*), 31:16 label
 *   A1      token, notification bits or mask, log id, page
 *   A2..A5  the four message words
 *   A6,A7   in: absolute deadline in ticks, low and high word (0,0 = none); out: badge, 0
 */
#define K5_SYS_SEND         1
#define K5_SYS_CALL         2
#define K5_SYS_RECV         3
#define K5_SYS_REPLY        4
#define K5_SYS_REPLY_RECV   5
#define K5_SYS_SIGNAL       6
#define K5_SYS_WAIT         7
#define K5_SYS_YIELD        8
#define K5_SYS_TIME         9
#define K5_SYS_IPC_SETUP    10
#define K5_SYS_TASK_INSPECT 11
#define K5_SYS_TASK_RESTART 12
#define K5_SYS_LOG          13
#define K5_SYS_PANIC        14
#define K5_SYS_EXIT         15
#define K5_SYS_TASK_STOP    16
#define K5_SYS_TASK_SUSPEND 17
#define K5_SYS_TASK_RESUME  18
#define K5_SYS_IRQ_ACK      19
#define K5_SYS_CAP_MINT     20
#define K5_SYS_CAP_MOVE     21
#define K5_SYS_CAP_DELETE   22
#define K5_SYS_CAP_REVOKE   23
#define K5_SYS_CAP_INFO     24
#define K5_SYS_CAP_SWEEP    25 /* a call of the four above goes on; the kernel's own: revoke.c */
#define K5_SYS_CAP_RESET    26 /* a restarted task begins with it; likewise */
#define K5_SYS_MAP          27
#define K5_SYS_UNMAP        28
#define K5_SYS_COUNT        29 /* 0 and everything from here up faults its caller */

/* Beside the number of send, call, reply or reply_recv: the message is long. Its last two words are
 * no words then but say where a buffer is, and how long (docs/adr/0014-long-messages.md). */
#define K5_OP_LONG 0x40

/* Index of each argument register. */
#define K5_A_OP     0
#define K5_A_AUX    1
#define K5_A_W0     2
#define K5_A_LEND   3 /* of a call that lends: the first byte, and K5_MEM_* in its low bits */
#define K5_A_BUFFER 4 /* of a long message: the sender's buffer; the receiver's, or 0: no copy */
#define K5_A_LONG   5 /* of a long message: its descriptor */
#define K5_A_X0     6
#define K5_A_X1     7
#define K5_A_COUNT  8

/* Fields of a descriptor. What is not named here must be 0. */
#define K5_LONG_LENGTH     0x1FF  /* bytes in the buffer: 0 (A4 is a word) .. K5_BUFFER_MAX */
#define K5_LONG_CAP        0x8000 /* a capability travels: a copy; a region itself */
#define K5_LONG_SLOT       0x7E00 /* its slot; without K5_LONG_CAP 0 */
#define K5_LONG_SLOT_SHIFT 9
#define K5_LONG_LEND_SHIFT 16 /* of a call, 31:16: how many K5_GRAIN are lent; 0: nothing */

/* Flags in A0 of a result. */
#define K5_FLAG_MESSAGE      0x01 /* recv: a message; A1 = token (0: a send, nothing to answer) */
#define K5_FLAG_BITS         0x02 /* recv, wait: own notification bits; A1 = the bits */
#define K5_FLAG_REPLY_FAILED 0x04 /* reply_recv: the token answered nobody; what came is good */
#define K5_FLAG_LONG         0x08 /* a long message, or answer: K5_A_BUFFER and K5_A_LONG */
#define K5_FLAG_CAP          0x10 /* a capability came with it, into the slot of ipc_setup */
#define K5_FLAG_CAP_KEPT     0x20 /* to the sender: the capability did not go; the rest did */
#define K5_FLAG_LEND         0x40 /* memory of the caller is mapped until the answer: K5_A_LEND */

/* ---- errors --------------------------------------------------------------------------------- */
#define K5_OK            0
#define K5_TIMEOUT       1 /* the deadline passed; everything the call began is undone */
#define K5_ERR_SLOT      2 /* no such slot, or the slot is empty */
#define K5_ERR_TYPE      3 /* the capability is of another type */
#define K5_ERR_RIGHTS    4 /* the capability lacks the right, or names bits it may not set */
#define K5_ERR_ARG       5 /* an argument is out of its range */
#define K5_ERR_TOKEN     6 /* the token names no call that waits for this task's answer */
#define K5_ERR_PEER_DIED 7 /* the server died after it took the call */
#define K5_ERR_PEER_GONE 8 /* the other task stopped for good */
#define K5_ERR_BAD_BUFFER                                                                       \
    9                      /* the buffer is not in one mapped RAM region with the rights needed \
                            */
#define K5_ERR_FULL     10 /* log: no room, the frame was dropped and counted */
#define K5_ERR_BUDGET   11 /* the caller's whole budget is smaller than the server's wcet */
#define K5_ERR_OCCUPIED 12 /* the slot that was to take a capability has one */
#define K5_ERR_DEPTH    13 /* it would be derived through more than K5_DEPTH_MAX capabilities */
#define K5_ERR_REVOKED  14 /* the capability was revoked while its call waited to be taken */
#define K5_ERR_LEND     15 /* the server cannot map it: takes none, has no place, has part of it */
#define K5_ERR_MAP      16 /* map: mapped already, or no place for it; unmap: it is not mapped */
#define K5_ERR_COUNT    17

/* ---- capabilities --------------------------------------------------------------------------- */
#define K5_CAP_NONE         0
#define K5_CAP_ENDPOINT     1
#define K5_CAP_NOTIFICATION 2 /* object: the task that owns it; badge: the bits it may set */
#define K5_CAP_TASK         3
#define K5_CAP_IRQ          4 /* object: the irq; good in the hands of its driver alone */
#define K5_CAP_REGION       5 /* object: memory that can be given away; one capability each */
#define K5_CAP_TYPES        6

#ifndef K5_SWEEP_SLOTS
#define K5_SWEEP_SLOTS 24 /* slots that one entry of a revocation looks at */
#endif

/* How far a capability may be from the one of the image that it derives from. */
#ifndef K5_DEPTH_MAX
#define K5_DEPTH_MAX 7
#endif

#define K5_RIGHT_SERVE   0x01 /* endpoint; the server's alone, never derived */
#define K5_RIGHT_CALL    0x02 /* endpoint: send and call */
#define K5_RIGHT_GRANT   0x04 /* endpoint: capabilities may travel in its messages */
#define K5_RIGHT_SIGNAL  0x01 /* notification */
#define K5_RIGHT_INSPECT 0x01 /* task */
#define K5_RIGHT_RESTART 0x02 /* task: restart and stop */
#define K5_RIGHT_SUSPEND 0x04 /* task: suspend and resume */
#define K5_RIGHT_ACK     0x01 /* irq */
#define K5_RIGHT_MAP     0x01 /* region */

/* ---- memory rights -------------------------------------------------------------------------- */
#define K5_MEM_READ    0x01
#define K5_MEM_WRITE   0x02
#define K5_MEM_EXECUTE 0x04
#define K5_MEM_DEVICE  0x08 /* device attributes; never a message buffer */

/* ---- task states (task_inspect, page 0) ------------------------------------------------------ */
#define K5_TASK_READY     0 /* runs or could run */
#define K5_TASK_SENDING   1 /* queued at an endpoint with a send */
#define K5_TASK_CALLING   2 /* queued at an endpoint with a call */
#define K5_TASK_AWAITING  3 /* its call was taken; waits for the answer */
#define K5_TASK_RECEIVING 4 /* waits in recv or reply_recv */
#define K5_TASK_WAITING   5 /* waits for own notification bits, or sleeps */
#define K5_TASK_FAULTED   6 /* stopped by a fault; its handler may restart it */
#define K5_TASK_STOPPED   7 /* stopped for good: by its handler, or a fault that nobody handles */
#define K5_TASK_STATES    8

/* ---- fault causes --------------------------------------------------------------------------- */
#define K5_FAULT_NONE          0
#define K5_FAULT_READ          1  /* data read not permitted; address valid */
#define K5_FAULT_WRITE         2  /* data write not permitted; address valid */
#define K5_FAULT_ACCESS        3  /* data access not permitted, direction unknown; address valid */
#define K5_FAULT_EXECUTE       4  /* instruction fetch not permitted; address = pc */
#define K5_FAULT_SECURE        5  /* Non-secure code touched Secure memory (SAU) */
#define K5_FAULT_SECURE_ENTRY  6  /* jump into Secure code that is no entry point */
#define K5_FAULT_STACK         7  /* stack pointer below its limit */
#define K5_FAULT_STACK_POINTER 8  /* an exception could not be stacked: bad stack pointer */
#define K5_FAULT_UNDEFINED     9  /* undefined instruction */
#define K5_FAULT_FP            10 /* floating point used by a task without fp */
#define K5_FAULT_UNALIGNED     11
#define K5_FAULT_DIVIDE        12
#define K5_FAULT_STATE         13 /* invalid EPSR state (branch to an even address) */
#define K5_FAULT_RETURN        14 /* forged EXC_RETURN or FNC_RETURN */
#define K5_FAULT_SVC           15 /* SVC that did not come through the veneer */
#define K5_FAULT_BREAKPOINT    16
#define K5_FAULT_BUS           17 /* bus error (MPC, PPC or nothing at the address) */
#define K5_FAULT_SYSCALL       18 /* bad system call number; address = the number */
#define K5_FAULT_PANIC         19 /* k5_panic; address = the reason */
#define K5_FAULT_EXIT          20 /* k5_exit or return from main; address = the code */
#define K5_FAULT_UNKNOWN       21
#define K5_FAULT_CAUSES        22

#define K5_FAULT_HAS_ADDRESS 0x01 /* flags of a fault record: the address is valid */
#define K5_FAULT_HAS_FRAME   0x02 /* all words of the record are valid, not only what was saved */

/* What the kernel does about the fault of a task that has no handler (app.toml: on-fault). */
#define K5_ON_FAULT_STOP    0 /* it is stopped for good */
#define K5_ON_FAULT_RESTART 1 /* it starts anew at once */
#define K5_ON_FAULT_RESET   2 /* the system resets */
#define K5_ON_FAULT_COUNT   3

/* What it does after an assertion of its own has failed (app.toml: on-assert). */
#define K5_ON_ASSERT_HALT  0
#define K5_ON_ASSERT_RESET 1
#define K5_ON_ASSERT_COUNT 2

/* Why the system was reset, as the kernel says after the next boot. */
#define K5_RESET_NONE       0
#define K5_RESET_SUPERVISOR 1 /* the supervisor was lost; task, cause, address: its fault */
#define K5_RESET_FAULT      2 /* a task with on-fault = "reset" faulted; likewise */
#define K5_RESET_ASSERT     3 /* the kernel's own; cause: K5_PANIC_*, value, running task */
#define K5_RESET_WATCHDOG   4 /* nobody fed it; task: the one that ran */
#define K5_RESET_OUTSIDE    5 /* not by the kernel: the watchdog's last stage, a pin, a debugger */
#define K5_RESET_REASONS    6

/* Words of a register record. sp, lr and pc stand at the same index on every port; the others are
 * the port's: Arm r0..r15, xPSR; RISC-V a0-a7, s0, s1, t0-t2, sp, ra, pc, mcause. */
#define K5_REG_COUNT 17
#define K5_REG_SP    13
#define K5_REG_LR    14
#define K5_REG_PC    15

/* Beside its state a task may be, in any combination: */
#define K5_CONDITION_SUSPENDED 0x01 /* it does not run and is not served */
#define K5_CONDITION_EMPTY     0x02 /* its home context waits for its next refill */
#define K5_CONDITION_LENT      0x04 /* it is on the time of a caller */

/* task_inspect pages: A2..A5 carry four words.
 *   0: state | cause << 8 | flags << 16 | K5_CONDITION_* << 24, fault address, restarts, faults
 *   1..5: registers 4(page-1) .. 4(page-1)+3 of the fault record (0 past K5_REG_COUNT)
 *   6: ticks used on its home context, low and high word; on lent time, low and high word
 *   7: calls of it that were taken (modulo 2^27 - 1), overruns, log frames dropped, 0 */
#define K5_INSPECT_TIME  6
#define K5_INSPECT_COUNT 7
#define K5_INSPECT_PAGES 8

/* ---- the log -------------------------------------------------------------------------------- */
#define K5_LOG_BUFFER  15   /* label of a log call: A2 = address, A3 = length of packed arguments */
#define K5_TASK_KERNEL 0x3F /* task number of the kernel's own frames */

#endif
