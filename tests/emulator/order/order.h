/* What the clients ask of the hub. */
#ifndef ORDER_H
#define ORDER_H

#define LOW        1
#define TWIN_A     2
#define TWIN_B     3
#define HIGH       4
#define CLIENTS    4
#define TWIN_CALLS 10

#define ORDER_HELLO   1      /* w[0] = who; answer: w[0] = 100 * who */
#define ORDER_AGAIN   2      /* the twins, TWIN_CALLS times each */
#define ORDER_GIVE_UP 3      /* with a deadline that passes before the answer */
#define ORDER_LAST    4      /* all four words and the label go and come */
#define ORDER_SENT    0xFFFF /* a plain send */

#endif
