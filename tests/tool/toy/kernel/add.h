/* The kernel of a toy project on which the proof runner itself is tested. */
#define LIMIT 1000u

unsigned add_capped(unsigned a, unsigned b);

extern unsigned table[SIZE];
