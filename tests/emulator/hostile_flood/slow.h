/* The slow server and its patient client. */
#ifndef SLOW_H
#define SLOW_H

#define SLOW_ASK    0x51 /* w[0] = n; answer: SLOW_ANSWER, w[0] = ~n */
#define SLOW_ANSWER 0x52

#endif
