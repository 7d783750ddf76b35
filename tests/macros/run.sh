#!/bin/sh
# run.sh - log calls that must not compile, each with the words that gcc must say, and some that
# must.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make macros

# compiled STATEMENT: compiles it inside a function; what gcc says is in $out/output.
compiled() {
    cat >$out/case.c <<END
#include <k5/k5.h>
struct pair { int a, b; };
void function(int number, struct pair pair, long double real, const char *text);
void function(int number, struct pair pair, long double real, const char *text)
{
    (void)number, (void)pair, (void)real, (void)text;
    $1
}
END
    arm-none-eabi-gcc -mcpu=cortex-m33 -mthumb -mfloat-abi=soft -specs=picolibc.specs -std=gnu11 \
        -Os -Wall -Wextra -Wconversion -Werror -I. -Ilib \
        -c $out/case.c -o $out/case.o >$out/output 2>&1
}

refused() {
    if ! compiled "$1" && grep -q "$2" $out/output; then good; else bad "$1"; fi
}

accepted() {
    if compiled "$1"; then good; else bad "$1"; fi
}

count='number of {} in the format is not the number of arguments'
refused 'K5_INFO("one {}");' "$count"
refused 'K5_INFO("none", number);' "$count"
refused 'K5_WARN("two {} {}", number);' "$count"
refused 'K5_ERROR("nine {}{}{}{}{}{}{}{}{}", 1, 2, 3, 4, 5, 6, 7, 8);' "$count"
refused 'K5_DEBUG("escaped {{}", number);' "$count"
refused 'K5_PANIC("one {}");' "$count"
refused 'K5_INFO("{}", pair);' "argument.'s type cannot be logged"
refused 'K5_INFO("{}", real);' "argument.'s type cannot be logged"
refused 'K5_INFO("{}{}{}{}{}{}{}{}{}", 1, 2, 3, 4, 5, 6, 7, 8, 9);' 'too_many_arguments_at_most_8'
refused 'K5_INFO(text);' 'before .text.'
accepted 'K5_INFO("none");'
accepted 'K5_INFO("{} {} {} {} {} {} {} {}", 1, text, 3u, 4ll, 5.0f, 6.0, &pair, (char)number);'
accepted 'K5_INFO("{{}} {{ {}", number);'
accepted 'if (number) K5_INFO("a"); else K5_PANIC("b {}", text);'
accepted 'K5_ASSERT(number > (int){3});'

finish
