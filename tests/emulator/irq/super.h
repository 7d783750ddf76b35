/* What the driver asks of its supervisor. */
#ifndef SUPER_H
#define SUPER_H

#define SUPER_RESTART 0x1u
#define SUPER_SUSPEND 0x2u

#endif
