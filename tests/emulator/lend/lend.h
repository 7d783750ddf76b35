/* What the client asks the server to do with the memory that it lends. */
#ifndef LEND_H
#define LEND_H

#include <k5/k5.h>

enum {
    LEND_FILL = 1, /* write w[0] into each byte; answer: their sum */
    LEND_SUM,      /* answer: the sum of the bytes */
    LEND_TOUCH,    /* read the word at address w[0] */
    LEND_WRITE,    /* write to the word at address w[0] */
    LEND_RUN,      /* jump to address w[0] */
    LEND_KEEP,     /* answer first, then read the word at address w[0] */
    LEND_SURVIVED, /* answer: has it done that? */
    LEND_LATER,    /* remember the address; answer; LEND_THEN reads there */
    LEND_THEN,
    LEND_WORK, /* write and read it again for 20 ms */
    LEND_GET,  /* w[2] bytes from w[0] of it by k5_loan_read; answer: done?, the sum of the copy */
    LEND_PUT,  /* 1, 2, 3, ... to there by k5_loan_write; answer: done? */
};

#define LEND_UNIT(size) ((size) / K5_GRAIN << K5_LONG_LEND_SHIFT)

#endif
