/* What the client asks of who has the region. */
#ifndef GIVE_H
#define GIVE_H

#define GIVE_TAKE    1 /* a region comes with it, and is mapped with rights w[0] */
#define GIVE_FILL    2 /* every byte is w[0] from now on */
#define GIVE_SUM     3
#define GIVE_TOUCH   4 /* reads the word at w[0] */
#define GIVE_WRITE   5
#define GIVE_RUN     6
#define GIVE_RETURN  7 /* the region comes with the answer */
#define GIVE_DELETE  8
#define GIVE_WORK    9  /* is preempted meanwhile; how often it read what it had not written */
#define GIVE_ON      10 /* gives it to the next, w[0] ... */
#define GIVE_OF_NEXT 11 /* asks the next w[0], with w[1] */
#define GIVE_UNMAP   12
#define GIVE_MAP     13

#endif
