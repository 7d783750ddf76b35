/* bank.h - what the bank understands. */
#define BANK_DEPOSIT 1 /* w0: how much -> w0: in all, w1: number of deposits */
