/* The referee runs the attacks of a test, one after the other:
 *
 *   attacker --NEXT--> referee --number--> attacker --AIM--> referee, attack ...
 *        fault, RETURNED or nothing for a while --> judged --> the victims give two more beats
 *        --> "NAME: CAUSE; victims answer" --> restart of the attacker
 *
 * The victims must also answer while an attack goes on for ever, before the restart ends it.
 *
 * Each test app has one file attacks.c with the table below. Both the attacker and the referee are
 * linked with it, so an attack and what is expected of it stand side by side.
 */
#ifndef REFEREE_H
#define REFEREE_H

#include <stdbool.h>
#include <stdint.h>

#define REFEREE_NEXT     0x4E58 /* answer: w[0] = index of the attack, w[1] = repetition */
#define REFEREE_AIM      0x4149 /* w[0] = the address that the fault record must name */
#define REFEREE_RETURNED 0x5254 /* the attack came back; answer as for NEXT */

#define REFEREE_BEAT 0x01u /* notification bit: the victims finished a round */

/* What may come of an attack: a set of causes, or coming back, or not coming back at all. */
#define FAULTS(cause) (1u << K5_FAULT_##cause)
#define RETURNS       (1u << K5_FAULT_NONE)
#define HANGS         (1u << 30) /* goes on for the whole `limit` */
#define ANYTHING      0xFFFFFFFFu

struct places {
    uint32_t victim_data;
    uint32_t victim_code;
    uint32_t n; /* repetition, 0 .. times - 1 */
};

struct attack {
    const char *name;
    uint32_t expect;
    uint32_t (*aim)(const struct places *places); /* what address; NULL: none to check */
    void (*run)(uint32_t address, const struct places *places);
    uint16_t times; /* repetitions, judged each; 0 means 1 */
    bool starves;   /* while it goes on the victims get no time, by their priorities */
    uint32_t again; /* what may come instead if it is preempted in the middle: try once more */
};

/* Rows of the table: once; so many times; once, while the victims get no time. */
#define ATTACK(text, outcome, where, what)                                 \
    {                                                                      \
        .name = (text), .expect = (outcome), .aim = (where), .run = (what) \
    }
#define ATTACK_TIMES(text, outcome, what, count)                             \
    {                                                                        \
        .name = (text), .expect = (outcome), .run = (what), .times = (count) \
    }
#define ATTACK_STARVES(text, outcome, what)                                 \
    {                                                                       \
        .name = (text), .expect = (outcome), .run = (what), .starves = true \
    }

extern const struct attack attacks[];
extern const uint32_t attack_count;

#endif
