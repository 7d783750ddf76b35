/* When the driver is to be restarted. */
#ifndef SUPER_H
#define SUPER_H

#define SUPER_NOW   0x1u
#define SUPER_LATER 0x2u /* when the client waits for a line */

#endif
