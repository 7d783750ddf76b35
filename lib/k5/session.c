/* Sessions by badge. A place that is free has badge 0 and a state of which nothing is read. */
#include "k5/session.h"

#include <string.h>

static void *state_at(const struct k5_sessions *sessions, uint32_t place)
{
    return &sessions->state[place * sessions->size];
}

/* The place of the session with this badge, if `*found`; else the free one that is next to where it
 * would be looked for first, or `most`: there is none. All places are looked at before that is
 * said: what was ended leaves holes. */
static uint32_t place_of(const struct k5_sessions *sessions, uint32_t badge, bool *found)
{
    uint32_t place = badge % sessions->most;
    uint32_t free = sessions->most;

    *found = false;
    for (uint32_t i = 0; i < sessions->most && badge != 0; i++) {
        if (sessions->badge[place] == badge) {
            *found = true;
            return place;
        }
        if (sessions->badge[place] == 0 && free == sessions->most) {
            free = place;
        }
        place = place + 1 < sessions->most ? place + 1 : 0;
    }
    return free;
}

static void *state_new(const struct k5_sessions *sessions, uint32_t place, uint32_t badge)
{
    sessions->badge[place] = badge;
    return memset(state_at(sessions, place), 0, sessions->size);
}

void *k5_session_use(const struct k5_sessions *sessions, uint32_t badge)
{
    bool found;
    uint32_t place = place_of(sessions, badge, &found);

    if (found) {
        return state_at(sessions, place);
    }
    return place < sessions->most ? state_new(sessions, place, badge) : NULL;
}

void *k5_session_seek(const struct k5_sessions *sessions, uint32_t badge)
{
    bool found;
    uint32_t place = place_of(sessions, badge, &found);

    return found ? state_at(sessions, place) : NULL;
}

void *k5_session_renew(const struct k5_sessions *sessions, uint32_t badge)
{
    bool found;
    uint32_t place = place_of(sessions, badge, &found);

    return place < sessions->most ? state_new(sessions, place, badge) : NULL;
}

void *k5_session_place(const struct k5_sessions *sessions, uint32_t index, uint32_t *badge)
{
    if (index >= sessions->most || sessions->badge[index] == 0) {
        return NULL;
    }
    *badge = sessions->badge[index];
    return state_at(sessions, index);
}

void k5_session_drop(const struct k5_sessions *sessions, uint32_t badge)
{
    bool found;
    uint32_t place = place_of(sessions, badge, &found);

    if (found) {
        sessions->badge[place] = 0;
    }
}
