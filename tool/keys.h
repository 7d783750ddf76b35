/*
 * keys.h - single keys from a terminal while something runs. Without a terminal there are none.
 */
#ifndef K5_TOOL_KEYS_H
#define K5_TOOL_KEYS_H

#include <stdbool.h>

/* Takes keys one by one and unseen, if stdin and stdout are a terminal and we are in its
 * foreground. The terminal is put back at the end of the process at the latest. */
bool keys_open(void);
/* The next key, or 0: none was pressed. Does not wait. */
char keys_get(void);
void keys_close(void);

#endif
