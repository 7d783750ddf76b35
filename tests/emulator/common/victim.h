/* The victims: a server and its client that know nothing of attacks. Every answer is checked
 * against a counter and a checksum over the server's memory, so that a damaged victim shows.
 */
#ifndef VICTIM_H
#define VICTIM_H

#define VICTIM_ADD   1 /* w[0] = n; answer: w[0] = n + 1, w[1] = requests served, w[2] = checksum */
#define VICTIM_WHERE 2 /* answer: w[0] = address of its data, w[1] = of its code */

#define VICTIM_OK      0
#define VICTIM_REFUSED 1 /* no such request */

#define VICTIM_CHECKSUM 2016u /* 0 + 1 + .. + 63, what the server's memory holds */

#endif
