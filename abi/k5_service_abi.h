/*
 * k5_service_abi.h - what the two sides of a service agree on, beside the interface file: the label
 * of an answer, and the errors that it becomes at the client. The kernel knows nothing of it.
 *
 *   label of the answer   0            results follow in the words
 *                         1 to 31      an error of the interface
 *                         0xFFFB       the server has no room for another session
 *                         0xFFFC       the caller has no session
 *                         0xFFFE       an argument is none of its type
 *                         0xFFFF       there is no such operation
 *   error at the client   0 to 255     of the kernel (k5_abi.h)
 *                         from 0x10000 of the service: K5_SERVICE_ERROR + the label
 *
 * Included by C and by generated headers.
 */
#ifndef K5_SERVICE_ABI_H
#define K5_SERVICE_ABI_H

#define K5_ANSWER_OK            0
#define K5_ANSWER_ERRORS        32     /* errors of an interface have labels below */
#define K5_ANSWER_SESSIONS_FULL 0xFFFB /* from here on of every interface */
#define K5_ANSWER_NO_SESSION    0xFFFC
#define K5_ANSWER_BAD           0xFFFD /* never sent on purpose: the server's own mistake */
#define K5_ANSWER_BAD_ARGUMENT  0xFFFE
#define K5_ANSWER_NO_OPERATION  0xFFFF

#define K5_SERVICE_ERROR 0x10000

/* The server keeps something for each of its clients: */
#define K5_ERR_SESSIONS_FULL 0x1FFFB /* and has no room for this one; nothing was done */
#define K5_ERR_NO_SESSION                                                    \
    0x1FFFC /* and nothing for this one: it was not begun, was ended, or the \
               server was restarted; nothing was done */

#define K5_ERR_BAD_ANSWER   0x1FFFD /* the answer is none that the interface file describes */
#define K5_ERR_BAD_ARGUMENT 0x1FFFE /* an argument is none of its type; nothing was done */
#define K5_ERR_NO_OPERATION 0x1FFFF /* the server has no such operation; nothing was done */

#endif
