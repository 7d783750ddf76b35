/* bits.h - the lamp's word. */
#define PRESSED  0x01u
#define RELEASED 0x02u
