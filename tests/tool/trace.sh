#!/bin/sh
# trace.sh - `k5 trace`: what is refused; a run, its page in a headless browser, its CTF through
# babeltrace2; that a normal image has nothing of it.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make tracetest
app=examples/02_coldchain

expect 2 'is no time' trace $app --for soon
expect 2 'unknown option' trace $app --nonsense
expect 2 'one app at a time' trace $app $app
expect 2 'app.toml' trace "$out"
expect 2 'Not a directory' trace $app --for 10ms --ctf /dev/null/there -o "$out/no.html"
expect 2 'No such file' trace $app --for 10ms -o "$out/nowhere/no.html"

# A fault and its restart are in the first 1.2 s.
expect 0 ' · 0 lost' trace $app --for 1200ms -o "$out/page.html" --ctf "$out/ctf"
cp "$out/output" "$out/said"
events=$(sed -n 's/.* s · \([0-9]*\) events .*/\1/p' "$out/said")
arrows=$(sed -n 's/.* · \([0-9]*\) messages and .*/\1/p' "$out/said")
check "as many events as there must be" [ "${events:-0}" -gt 500 ]
check "11 calls and answers, one to ask where, 2 signals" [ "${arrows:-0}" -ge 25 ]
check "the page needs no network" [ "$(grep -c 'src=\|href=\|http' "$out/page.html")" = 0 ]

# ---- CTF ----
if command -v babeltrace2 >/dev/null; then
    check "babeltrace2 reads it" sh -c "babeltrace2 '$out/ctf' >'$out/events' 2>'$out/output'"
    check "each event is there" [ "$(wc -l <"$out/events")" = "${events:-none}" ]
    count() {
        grep -cE -- "$1" "$out/events" || true
    }
    calls=$(count ' call: { from = \( "sensor" : .*to = \( "storage" ')
    check "$calls calls" [ "$calls" -ge 11 ]
    check "as many answers" [ "$(count ' reply: .*"storage".*"sensor"')" = "$calls" ]
    check "one fault" [ "$(count ' fault: { task = \( "sensor" .*cause = 2, ')" = 1 ]
    check "one restart" [ "$(count ' restart: { task = \( "sensor" .*by = \( "super" ')" = 1 ]
    check "the supervisor is told" [ "$(count ' signal: .*"sensor".*"super"')" = 1 ]
    check "nothing lost is said" [ "$(grep -c discarded "$out/output" || true)" = 0 ]
else
    skip 8 "babeltrace2 is not here"
fi

# ---- the page ----
browser() { # ARGUMENT...
    timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$out/browser" "$@" \
        2>"$out/browser.log"
}
dom_read() {
    browser --dump-dom "file://$out/page.html" >"$out/dom"
}
data() { # NAME: what the page says of itself
    sed -n "s/.*<body [^>]*data-$1=\"\([^\"]*\)\".*/\1/p" "$out/dom"
}
if command -v chromium >/dev/null; then
    check "a browser opens it" dom_read
    check "no error in it: $(data error)" [ -z "$(data error)" ]
    check "its title" grep -q '<title>k5 trace: coldchain</title>' "$out/dom"
    check "it was painted" [ "$(data painted)" -ge 1 ]
    check "a lane for each task, and idle" [ "$(data lanes)" = 5 ]
    check "$(data events) events" [ "$(data events)" = "${events:-none}" ]
    check "$(data arrows) arrows" [ "$(data arrows)" = "${arrows:-none}" ]
    check "$(data spans) spans" [ "$(data spans)" -gt 300 ]
    check "start, fault, restart: $(data marks) marks" [ "$(data marks)" = 3 ]
    check "$(data logs) log lines" [ "$(data logs)" -ge 15 ]
    # The same page with a user: zooms at a fifth of the width, goes to the fault, points at it.
    cat "$out/page.html" - >"$out/used.html" <<'END'
<script>
const view = document.getElementById('view'), box = view.getBoundingClientRect();
const note = (name, text) => { document.body.dataset[name] = text.replace(/["\n]/g, ' '); };
const key = name => dispatchEvent(new KeyboardEvent('keydown', { key: name }));
const at = part => ({ clientX: box.left + 150 + (box.width - 150) * part, cancelable: true,
  clientY: box.top + 34 + 3.5 * 46 });
view.dispatchEvent(new WheelEvent('wheel', { ...at(0.2), deltaY: -1000 }));
note('zoomed', document.body.dataset.view);
key('n');
note('mark', document.getElementById('detail').textContent);
note('moved', document.body.dataset.view);
view.dispatchEvent(new PointerEvent('pointermove', at(0.5)));
note('tip', document.getElementById('tip').textContent);
key('0');
note('whole', document.body.dataset.view);
</script>
END
    browser --window-size=1400,600 --dump-dom "file://$out/used.html" >"$out/dom" ||
        bad "chromium with a user"
    check "no error with a user: $(data error)" [ -z "$(data error)" ]
    # exp(-2) of 1.2 s is shown, and what was under the pointer, at about 0.24 s, stays there
    check "zoomed: $(data zoomed)" sh -c "echo '$(data zoomed)' | grep -q '^0.2[0-9]* 0.162'"
    check "n goes to the fault: $(data mark)" \
        sh -c "echo '$(data mark)' | grep -q 'sensor: fault: write not permitted, 0x'"
    check "2 ms around it: $(data moved)" sh -c "echo '$(data moved)' | grep -q ' 0.002000$'"
    check "pointed at: $(data tip)" \
        sh -c "echo '$(data tip)' | grep -q 'fault: write .* running for'"
    check "all again: $(data whole)" sh -c "echo '$(data whole)' | grep -q ' 1.[12][0-9]*$'"
else
    skip 16 "chromium is not here"
fi

# ---- the kernel that does not trace ----
normal=$app/build/mps2-an505/release/image.elf
traced=$app/build/mps2-an505/release-trace/image.elf
expect 0 "$app" build $app
check "the traced kernel has the ring" [ "$(arm-none-eabi-nm $traced | grep -c trace_ring)" = 1 ]
check "the normal one has nothing of it" [ "$(arm-none-eabi-nm $normal | grep -c trace_)" = 0 ]

finish
