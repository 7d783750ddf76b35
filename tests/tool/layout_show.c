/* layout_show ELF VARIABLE PATH... - prints what tool/layout.c says of each member, one a line:
 * PATH ADDRESS SIZE COUNT, or PATH - if it is not found. For tests/tool/stats.sh. */
#include "layout.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct layout layout;
    struct layout_member member;
    if (argc < 3 || !layout_open(argv[1], &layout)) {
        return 1;
    }
    for (int i = 3; i < argc; i++) {
        if (layout_find(&layout, argv[2], argv[i], &member)) {
            printf("%s %08x %u %u\n", argv[i], (unsigned)member.address, (unsigned)member.size,
                   (unsigned)member.count);
        } else {
            printf("%s -\n", argv[i]);
        }
    }
    layout_close(&layout);
    return 0;
}
