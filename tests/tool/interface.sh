#!/bin/sh
# interface.sh - what compiler and linker say of mistakes with a generated interface, and that its
# functions are what one would write by hand. An app of its own, a copy of 01_hello.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make interface
cp -r examples/01_hello "$out/app"
rm -rf "$out/app/build"
app=$out/app
ping=$app/tasks/ping/main.c
pong=$app/tasks/pong/main.c
file=$app/tasks/pong/pong.toml
gen=$app/build/mps2-an505/release/gen

# refused TEXT FILE SED: with the file changed the app does not build; TEXT is in what is said.
refused() {
    cp "$2" "$out/kept"
    sed -i "$3" "$2"
    check "$3 changes something" test "$(cksum <"$2")" != "$(cksum <"$out/kept")"
    expect "${4-1}" "$1" build "$app"
    cp "$out/kept" "$2"
}

expect 0 "ping -> call pong" build "$app"

refused "undefined reference to \`pong_serve_ping'" "$pong" 's/pong_serve_ping/pong_serve_pnig/'
refused "conflicting types for 'pong_serve_ping'" "$pong" 's/uint32_t number/uint64_t number/'
refused "ignoring return value of 'pong_ping'" "$ping" 's/k5_error error = pong_ping/pong_ping/'
refused "incompatible type for argument 1 of 'k5_call'" "$ping" \
    's/error = pong_ping.*/error = k5_call(PONG, 0, 1);/'
refused "too few arguments to function 'pong_ping'" "$ping" 's/number, &next/\&next/'
refused "'next' may be used uninitialized" "$ping" \
    's/next = 0/next/; s/if (error != K5_OK)/if (number == 77 \&\& error)/'

# Who changes the file builds the two sides anew.
printf '\n[op.peek]\nreply = { number = "u32" }\n' >>"$file"
expect 1 "undefined reference to \`pong_serve_peek'" build "$app"
cp examples/01_hello/tasks/pong/pong.toml "$file"

# Sessions: their type and number are the server's to say.
sed -i 's/^\[op.ping\]/[op.ping]\nsession = true/' "$file"
sed -i 's/pong_serve_ping(/pong_serve_ping(struct pong_session *session, /' "$pong"
sed -i 's/^void pong_serve/struct pong_session {\n    uint32_t count;\n};\n&/' "$pong"
sed -i 's/^void pong_serve/PONG_SESSIONS(1);\n\n&/' "$pong"
sed -i 's/    \*next = /    session->count++;\n&/' "$pong"
expect 0 "" build "$app"
refused "undefined reference to \`pong_sessions'" "$pong" 's/^PONG_SESSIONS.*//'
refused "incompatible pointer type 'struct pong_session *'" "$pong" \
    's/    session->count++/    int *m = k5_session(\&pong_sessions, 1);\n    ++*m;\n&/'
refused "1 to 1024 sessions" "$pong" 's/PONG_SESSIONS(1)/PONG_SESSIONS(2000)/'
cp examples/01_hello/tasks/pong/pong.toml "$file"
cp examples/01_hello/tasks/pong/main.c "$pong"

# Bytes and lent memory: an array that is too small, a right that is not given, a forgotten place.
cat >>"$file" <<'END'

[op.read]
args  = { page = { lend = "rw" } }
reply = { text = { buffer = 64 } }
END
sed -i 's/interface = "tasks.pong.pong.toml"/&, lends = 1/' "$app/app.toml"
cat >>"$pong" <<'END'

void pong_serve_read(const struct k5_loan *page, const void **text, uint32_t *text_size)
{
    *text = page->base;
    *text_size = page->size;
}
END
cat >>"$ping" <<'END'

k5_error reads(void);
k5_error reads(void)
{
    static uint8_t text[64];
    static K5_LENDABLE uint8_t page[32];
    uint32_t size = 0;
    return pong_read(PONG, page, sizeof page, text, &size, K5_FOREVER);
}
END
expect 0 "" build "$app"
refused "accessing 64 bytes in a region of size 32" "$ping" 's/text\[64\]/text[32]/'
refused "discards 'const' qualifier" "$ping" 's/K5_LENDABLE uint8_t/K5_LENDABLE const uint8_t/'
refused "makes pointer from integer" "$ping" 's/page, sizeof page/sizeof page, page/'
refused "is lent memory, and it takes none" "$app/app.toml" 's/, lends = 1//' 2
sed -i 's/, lends = 1//' "$app/app.toml"
cp examples/01_hello/tasks/pong/pong.toml "$file"
cp examples/01_hello/tasks/pong/main.c "$pong"
cp examples/01_hello/tasks/ping/main.c "$ping"

# A task between the two serves and calls one interface: no name is there twice.
cp "$app/app.toml" "$out/app.toml"
mkdir "$app/tasks/relay"
cat >"$app/tasks/relay/main.c" <<'END'
#include <k5/k5.h>

#include "app.h"

void pong_serve_ping(uint32_t number, uint32_t *next)
{
    k5_error error = pong_ping(PONG, number, next, K5_FOREVER);
    K5_ASSERT(error == K5_OK);
}

int main(void)
{
    pong_serve(RELAY_SERVE);
}
END
cat >>"$app/app.toml" <<'END'

[task.relay]
source   = ["tasks/relay/*.c"]
priority = 11
stack    = "1K"
serves   = { name = "relay", interface = "tasks/pong/pong.toml" }
calls    = ["pong"]
END
sed -i 's/^calls    = \["pong"\]/calls    = ["relay"]/;t' "$app/app.toml"
sed -i '$s/.*/calls    = ["pong"]/' "$app/app.toml"
sed -i 's/PONG, number/RELAY, number/' "$ping"
expect 0 "relay -> call pong" build "$app"
expect 0 "pong answered 3" run "$app" --for 500ms
cp "$out/app.toml" "$app/app.toml"
cp examples/01_hello/tasks/ping/main.c "$ping"

# A server that forgot its buffer says so at its start, not when the first bytes come.
cp -r examples/cookbook/13_buffer "$out/store"
rm -rf "$out/store/build"
sed -i '/^K5_MSG_BUFFER/d' "$out/store/store.c"
expect 134 "FAULT store" run "$out/store" --for 100ms
says "panic, reason 9"

# The hash: good as long as nothing but texts changes.
expect 0 "" build "$app"
hash=$(sed -n 's/.*PONG_HASH UINT64_C(0x\(.*\))/\1/p' "$gen/interface/pong.h")
check "the header has a hash" test ${#hash} = 16
printf '\n[interface]\nhash = "%s"\n' "$hash" >>"$file"
expect 0 "" build "$app"
sed -i 's/Adds one/Adds 1/; s/^\[op.ping\]/[op.ping]\nbadge = false/' "$file"
expect 0 "" build "$app"
check "the text is in the header" grep -q "Adds 1" "$gen/interface/pong_client.h"
refused "names, labels or types have changed" "$file" 's/number = "u32"/number = "u16"/' 2
refused "names, labels or types have changed" "$file" 's/number = /nmuber = /' 2
refused "names, labels or types have changed" "$file" 's/badge = false/label = 2/' 2

# Written by hand, with the same checks, it is no less code.
cat >"$out/hand.c" <<'END'
#include <k5/k5.h>

#include "ping/app.h"

#include "interface/pong_server.h"

k5_error call_generated(uint32_t number, uint32_t *next)
{
    return pong_ping(PONG, number, next, K5_FOREVER);
}

k5_error call_by_hand(uint32_t number, uint32_t *next)
{
    struct k5_msg m = {.label = 1, .w = {number}};
    k5_error error = k5_call(PONG.endpoint, &m, K5_FOREVER);
    if (error != K5_OK) {
        return error;
    }
    if (m.label != 0) {
        return k5_answer_error(m.label, 0);
    }
    *next = m.w[0];
    return K5_OK;
}

__attribute__((always_inline)) inline void pong_serve_ping(uint32_t number, uint32_t *next)
{
    *next = number + 1;
}

void answer_generated(struct k5_msg *m)
{
    pong_dispatch(m);
}

void answer_by_hand(struct k5_msg *m)
{
    if (m->label != 1) {
        if (m->flags & K5_FLAG_BITS) {
            k5_panic(K5_ERR_NO_OPERATION);
        }
        m->label = 0xFFFF;
    } else if (m->token != 0) {
        m->label = 0;
        m->w[0] += 1;
    }
}
END
arm-none-eabi-gcc -std=gnu11 -mcpu=cortex-m33 -mthumb -Os -Wall -Wextra -Werror \
    -specs=picolibc.specs -I"$gen" -I. -Ilib -c "$out/hand.c" -o "$out/hand.o"
size() {
    arm-none-eabi-nm -S "$out/hand.o" | awk -v name="$1" '$4 == name { print $2 }'
}
for side in call answer; do
    check "$side: generated $(size ${side}_generated), by hand $(size ${side}_by_hand) bytes" \
        test $((0x$(size ${side}_generated))) -le $((0x$(size ${side}_by_hand)))
done
finish
