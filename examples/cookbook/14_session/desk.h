/* desk.h - what the desk can be asked. */
#define DESK_OPEN 1 /* brings a session, into the caller's K5_MSG_SLOT */
#define DESK_USE  2 /* through a session: w[0] = how often it was used */

#define DESK_OK      0
#define DESK_REFUSED 1
#define DESK_FULL    2
