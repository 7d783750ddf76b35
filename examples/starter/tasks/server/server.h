/* What server offers. */
#ifndef SERVER_H
#define SERVER_H

#define SUM_ADD 1 /* w[0] = a number; answer: w[0] = the sum of all numbers so far */

#endif
