/* What the host program and the agents share: how a step is written.
 *
 *   step   = index | fresh << 15 | seen << 16 | in << 24, then as many words as seen and in have
 *            bits: first what the registers of seen hold now, then what those of in hold next
 *   seen   registers that differ from what the agent's last call had in them (of a fresh one: from
 * 0) in     registers of the next call that are not 0
 *
 * The steps of one agent are a stream of words; the last has the index REPLAY_END.
 */
#ifndef REPLAY_H
#define REPLAY_H

#define REPLAY_INDEX  0x7FFFu
#define REPLAY_END    0x7FFFu
#define REPLAY_FRESH  0x8000u /* the agent begins: all registers are 0 */
#define REPLAY_SEEN   16
#define REPLAY_IN     24
#define REPLAY_AGENTS 6

#endif
