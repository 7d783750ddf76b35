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

#define GRACE_S   2.0  /* for a guest that is slower than we are */
#define SILENCE_S 20.0 /* until the first frame */
#define PATIENCE  4.0  /* times its time, and GRACE_S, for a guest that resets */
#define PANIC_S   1.0  /* after a panic, for the rest of its report, or for a boot after it */

int session_start(struct session *session, const struct app *app, uint64_t for_us,
                  const struct emulator_options *options)
{
    *session = (struct session){.app = app, .for_us = for_us};
    int code = emulator_start(app, options, &session->emulator);
    if (code == EXIT_OK) {
        decoder_open(&session->decoder, app);
        session->heard_s = emulator_clock(&session->emulator);
    }
    return code;
}

static void bytes_take(struct session *session, double wait_s)
{
    uint8_t bytes[16384];
    struct pollfd ready = {.fd = session->emulator.output, .events = POLLIN};
    if (poll(&ready, 1, (int)(wait_s * 1000)) <= 0) {
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
    bytes_take(session, wait_s);
    return session_judge(session);
}

void session_stop(struct session *session)
{
    emulator_stop(&session->emulator);
    decoder_close(&session->decoder);
}
