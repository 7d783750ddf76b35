/*
 * run_time.c - times of the command line ("3s", "500 ms"); see run.h.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>

bool time_parse(const char *string, uint64_t *us)
{
    static const struct {
        const char *name;
        double us;
    } units[] = {{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"min", 60e6}, {"h", 3600e6}};
    char *end;
    double number = strtod(string, &end);
    end += strspn(end, " ");
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (end != string && strcmp(end, units[i].name) == 0) {
            *us = (uint64_t)(number * units[i].us);
            return number > 0 && number < 1e9 && *us > 0;
        }
    }
    return false;
}
