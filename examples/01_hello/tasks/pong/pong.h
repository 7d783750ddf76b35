/* What pong offers. */
#ifndef PONG_H
#define PONG_H

#define PONG_PING 1 /* w[0] = a number; answer: w[0] = the number plus one */

#endif
