/* What the panel answers: a call's label; the answer is in word 0. */
#ifndef PANEL_H
#define PANEL_H

enum panel_label {
    PANEL_LED_OFF = 1,
    PANEL_LED_ON,
    PANEL_LED_TOGGLE, /* answer of all three: 1 if it is lit now */
    PANEL_BUTTON,     /* answer: 1 if it is pressed */
};

#endif
