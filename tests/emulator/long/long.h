/* What the caller asks of its two servers. */
#ifndef LONG_H
#define LONG_H

#define ECHO_BYTES 1 /* the bytes that came, back; w[0], w[1] = how many came, were sent */
#define ECHO_SHORT 2 /* a short answer to whatever came; w = in_size, in_sent, in != NULL, 7 */
#define ECHO_BAD   3 /* tries to answer with bytes that are not the server's: its error, then OK */
#define ECHO_INBOX 4 /* w[0] = address, w[1] = size: its receive buffer from now on */
#define ECHO_SIZE  200u

#endif
