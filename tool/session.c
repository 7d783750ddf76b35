/*
 * session.c - emulator and decoder together; see session.h.
 *
 * The guest's clock is what the last frame said. A guest that has nothing to say cannot be asked,
 * so its time is also over when ours (emulator_clock) is: what was left of it at its last word, and
 * a grace. Of one that hangs until it is reset, over and over, the clock tells little: PATIENCE
 * ends that.
 */
#include "session.h"

#include <poll.h>
#include <string.h>

#define GRACE_S   2.0  /* for a guest that is slower than we are */
#define SILENCE_S 20.0 /* until the first frame */
#define PATIENCE  4.0  /* times its time, and GRACE_S, for a guest that resets */
#define PANIC_S   1.0  /* after a panic, for the rest of its report, or for a boot after it */

/* An image of another build has its functions elsewhere: no breakpoint would be in its place. */
static bool image_known(const struct app *app, const struct emulator_options *options)
{
    struct text ours = {0};
    struct text other = {0};
    bool same = options->image == NULL ||
                (file_read(app->image, &ours) && file_read(options->image, &other) &&
                 ours.length == other.length && memcmp(ours.data, other.data, ours.length) == 0);
    text_free(&ours);
    text_free(&other);
    return same;
}

static void probe_attach(struct session *session, const struct emulator_options *options)
{
    struct emulator_options without = *options;
    session->probe.sites = session->decoder.sites;
    if (probe_start(&session->probe, session->app, &session->emulator)) {
        session->decoder.view = &session->probe.view;
        session->decoder.captured = &session->probe.queue;
    } else { /* it waits for somebody who does not come */
        without.halted = false;
        emulator_stop(&session->emulator);
        (void)emulator_start(session->app, &without, &session->emulator);
    }
}

int session_start(struct session *session, const struct app *app, uint64_t for_us,
                  const struct emulator_options *options)
{
    struct emulator_options wish = *options;
    *session = (struct session){
        .app = app, .for_us = for_us, .line.socket = -1, .probe.remote.socket = -1};
    wish.halted = options->halted || (options->probe && image_known(app, options));
    int code = emulator_start(app, &wish, &session->emulator);
    if (code == EXIT_OK) {
        decoder_open(&session->decoder, app);
        if (wish.halted && options->probe) {
            probe_attach(session, &wish);
        }
        session->heard_s = emulator_clock(&session->emulator);
        line_open(&session->line, app, session->emulator.line);
    }
    return code;
}

/* Waits until there are bytes, or the target stands at a breakpoint. A fault is read before the log
 * tells of it: the target cannot send that while it stands. */
static bool bytes_wait(struct session *session, double wait_s)
{
    int probe = session->probe.works ? session->probe.remote.socket : -1; /* -1: not looked at */
    struct pollfd ready[] = {{.fd = session->emulator.output, .events = POLLIN},
                             {.fd = probe, .events = POLLIN},
                             {.fd = session->line.socket, .events = POLLIN}};
    if (poll(ready, 3, (int)(wait_s * 1000)) <= 0) {
        return false;
    }
    if (ready[1].revents != 0) {
        probe_step(&session->probe);
    }
    return ready[0].revents != 0;
}

static void bytes_take(struct session *session, double wait_s)
{
    uint8_t bytes[16384];
    if (!bytes_wait(session, wait_s)) {
        return;
    }
    size_t got = emulator_read(&session->emulator, bytes, sizeof bytes);
    if (got > 0) {
        uint64_t frames = session->decoder.frames;
        decoder_feed(&session->decoder, bytes, got);
        if (session->decoder.frames != frames) { /* noise is not a word */
            session->heard_s = emulator_clock(&session->emulator);
        }
    } else {
        clock_sleep(wait_s < 0.01 ? wait_s : 0.01); /* the pipe's end: poll() would not wait */
    }
}

static enum session_state session_judge(struct session *session)
{
    const struct decoder *decoder = &session->decoder;
    double spent = emulator_clock(&session->emulator);
    double quiet = spent - session->heard_s;
    if (session->for_us > 0 && decoder->us >= session->for_us) {
        return SESSION_TIME;
    }
    if (decoder->panicked) {
        return quiet >= PANIC_S ? SESSION_PANIC : SESSION_RUNS;
    }
    if (emulator_ended(&session->emulator) && quiet >= PANIC_S) {
        return SESSION_DIED;
    }
    if (decoder->frames == 0 && quiet >= SILENCE_S) {
        return SESSION_SILENT;
    }
    if (session->for_us > 0 && decoder->boots > 1 &&
        spent >= PATIENCE * (double)session->for_us / 1e6 + GRACE_S) {
        return SESSION_TIME;
    }
    if (session->for_us > 0 && decoder->frames > 0 &&
        quiet >= (double)(session->for_us - decoder->us) / 1e6 + GRACE_S) {
        return SESSION_TIME;
    }
    return SESSION_RUNS;
}

enum session_state session_step(struct session *session, double wait_s)
{
    line_step(&session->line);
    bytes_take(session, wait_s);
    line_step(&session->line);
    return session_judge(session);
}

void session_stop(struct session *session)
{
    line_end(&session->line);
    list_free(&session->line.lines);
    probe_stop(&session->probe);
    emulator_stop(&session->emulator);
    decoder_close(&session->decoder);
}
