/* What the sensor answers to. */
#ifndef SENSOR_H
#define SENSOR_H

#define SENSOR_READ 1 /* answer: w[0] = a reading, 0 to 999 */

#endif
