/*
 * k5_shared_abi.h - what goes wrong between tasks that share a region: k5_errors of libk5's queue.h
 * and lock.h, between those of the kernel (0 to 255) and those of services (from 0x10000). The
 * kernel knows nothing of them.
 */
#ifndef K5_SHARED_ABI_H
#define K5_SHARED_ABI_H

#define K5_ERR_RESET      0x100 /* the other side of a queue began anew; what was in it is gone */
#define K5_ERR_BROKEN     0x101 /* in the memory stands what nobody can have put there in order */
#define K5_ERR_OWNER_DIED 0x102 /* the lock is taken; who had it last did not give it back */

#endif
