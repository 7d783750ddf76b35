/* What storage offers to its clients. */
#ifndef STORAGE_H
#define STORAGE_H

#define STORAGE_PUT 1 /* w[0] = tenths of a degree; answer: w[0] = number of records so far */
#define STORAGE_WHERE \
    2 /* answer: w[0] = address of the records in storage's memory, for the demo */

#define STORAGE_OK      0 /* label of the answer */
#define STORAGE_REFUSED 1 /* no such request */

#endif
