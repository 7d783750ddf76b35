/* Where the kernel does otherwise than the text says, or where the text leaves it open. 1: the
 * model follows the kernel, or the driver leaves the case out, so that a run goes on; 0: by the
 * text. A line goes when the kernel, or the text, is put right.
 */
#ifndef FINDINGS_H
#define FINDINGS_H

/* A charge of no time on a context that is empty already counts as "used up" once more: it ends the
 * turn of its task again, and who runs is chosen again as if nobody had been chosen. */
#define FINDING_1 0

/* An alarm that is late on a limit: the tick taken early may come to wait for more than a period,
 * joined with what is left (rules 3 and 4), and kernel_valid() says no. Left out. */
#define FINDING_2 0

/* Bits that `wait` gave count as bits that `recv` gave, so the next recv prefers a message. */
#define FINDING_3 1

/* A nested call on lent time that is too long for the caller's own budget as well: the overrun is
 * done, the call refused, and the kernel goes on charging the lender. Left out. */
#define FINDING_4 0

/* A task that inspects itself does not see the time since it began to run. Left out. */
#define FINDING_5 0

/* A task on lent time that is queued with a call and restarted or stopped: its call is first
 * counted on its home context, which moves the head or starts a turn anew. */
#define FINDING_7 0

#endif
