/* frame.h - what lies in the region, and whose turn it is: the camera writes until it says FULL,
 * the viewer reads until it says FREE. */
#include <stdint.h>

#define FULL 0x01u /* of the viewer's word */
#define FREE 0x01u /* of the camera's word */

struct frame {
    uint32_t number;
    uint8_t pixels[512];
};
