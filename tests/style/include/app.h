/* Stands in for the generated header of the same name where sources are only looked at. */
#ifndef APP_H
#define APP_H

#define K5_TICK_HZ    25000000
#define K5_TASK_NAME  "task"
#define K5_VENEER     0x10010001
#define LOG_RING_BASE 0x28200000
#define LOG_RING_SIZE 4096

#endif
