/* store.h - what the store can be asked. */
#define STORE_SAVE 1 /* keeps the bytes of the message */
#define STORE_READ 2 /* answers with them */

#define STORE_OK    0
#define STORE_LARGE 1 /* more bytes than the store has room for; nothing was kept */
