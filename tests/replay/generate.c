/* The steps of the agents: the generator and the model of tests/model on the tables of a real app.
 *
 *   gen/config.c (made by the k5 tool of app/app.toml) -> step_make() -> the model -> steps_NAME.c
 *
 * A step is taken if nothing in it depends on the time or on memory, and if an agent runs after it;
 * else it is as if it had not been thought of. What has to be the same on the machine is then: who
 * runs next, whether it begins anew, and all of its registers.
 *
 * usage: generate SEED STEPS FOLDER
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/driver.h"
#include "tests/replay/app/replay.h"

#define LOGGER        0 /* the least urgent task, and no agent */
#define TRIES         100000u
#define TRIES_TO_WAKE 500u
#define IN_A_ROW      12u

/* By task number, which is by urgency; task 0 is the logger. */
static const char *const names[K5_TASKS] = {"logger", "low",   "client", "alpha",
                                            "beta",   "gamma", "boss"};
_Static_assert(K5_TASKS == REPLAY_AGENTS + 1, "agents, and the logger");

static FILE *files[K5_TASKS];
static uint32_t last[K5_TASKS][K5_A_COUNT];
static uint32_t begun[K5_TASKS]; /* `resets` of its life at its last step */

/* ---- which steps ---- */

/* Registers that only the machine knows: times, the frame of a fault, dropped lines. */
static bool told_by_machine(const struct step *step)
{
    return step->number == K5_SYS_TIME || step->number == K5_SYS_LOG ||
           (step->number == K5_SYS_TASK_INSPECT && step->aux > 0 && step->aux < K5_INSPECT_PAGES);
}

/* Some of the bottom of its own stack, which is nobody else's. */
static void lend_own(struct step *step)
{
    uint32_t rights = percent(50) ? K5_MEM_READ : K5_MEM_READ | K5_MEM_WRITE;

    step->is_long = true;
    step->words[1] = (cfg.stack_base[step->task] + 32u * any(8)) | rights;
    step->words[3] = (1u + any(4)) << 16;
}

/* No bytes are copied, no time is waited for. */
static bool plain(struct step *step)
{
    if (step->kind != STEP_CALL || told_by_machine(step)) {
        return false;
    }
    /* Most of them wait for messages rather than for bits that seldom come. */
    if (step->number == K5_SYS_WAIT) {
        step->aux = percent(90) ? UINT32_MAX : step->aux;
        if (percent(75)) {
            return false;
        }
    }
    /* What a task has deleted of its fixed places is gone until it is restarted. */
    if (step->number == K5_SYS_CAP_DELETE && percent(97) &&
        step->slot < cfg.slot_count[step->task] &&
        spec_fixed(cfg.slot_first[step->task] + (int)step->slot)) {
        return false;
    }
    step->deadline = step->deadline == TIME_AFTER ? TIME_NONE : step->deadline;
    if (step->number == K5_SYS_CALL && percent(40)) {
        lend_own(step);
    }
    if (step->is_long) {
        step->words[3] &= ~0x1FFu;
    }
    if (step->number == K5_SYS_IPC_SETUP && step->words[1] <= 256) {
        step->words[0] = 0;
        step->words[1] = 0;
    }
    return true;
}

static unsigned stopped(void)
{
    unsigned count = 0;

    for (int t = 0; t < K5_TASKS; t++) {
        count += m.task[t].state == K5_TASK_STOPPED;
    }
    return count;
}

/* The model does it, to the end of a call in several entries. False: somebody else would run in the
 * middle of that, or then nobody, or too few would be left. */
static bool done(unsigned stops)
{
    model_syscall(m.now + 1);
    for (int t = m.current; t != NOBODY && m.task[t].goes_on;) {
        model_syscall(m.now + 1);
        if (m.current != t) {
            return false;
        }
    }
    return m.current > LOGGER && m.wrong == NULL && stopped() <= stops;
}

/* What a port makes of it: after a panic, an exit or a bad number Armv8-M has the whole frame. */
static void inspect_as_machine(int t, const struct step *step)
{
    uint32_t *status = &m.task[t].reg[K5_A_W0];
    bool told = step->number == K5_SYS_TASK_INSPECT && step->aux == 0 && m.task[t].reg[0] == K5_OK;

    if (told && (*status >> 8 & 0xFF) != K5_FAULT_NONE) {
        *status |= K5_FAULT_HAS_FRAME << 16;
    }
}

/* ---- how they are written ---- */

static uint32_t differing(const uint32_t a[K5_A_COUNT], const uint32_t b[K5_A_COUNT])
{
    uint32_t mask = 0;

    for (unsigned i = 0; i < K5_A_COUNT; i++) {
        mask |= a[i] != b[i] ? 1u << i : 0u;
    }
    return mask;
}

static void words_write(FILE *file, const uint32_t a[K5_A_COUNT], uint32_t mask)
{
    for (unsigned i = 0; i < K5_A_COUNT; i++) {
        if ((mask >> i & 1u) != 0) {
            fprintf(file, " 0x%x,", a[i]);
        }
    }
}

static void step_write(int t, unsigned index, const uint32_t seen[K5_A_COUNT],
                       const uint32_t in[K5_A_COUNT])
{
    static const uint32_t zeros[K5_A_COUNT];
    bool fresh = begun[t] != m.task[t].resets;
    uint32_t seen_mask = differing(seen, fresh ? zeros : last[t]);
    uint32_t in_mask = differing(in, zeros);

    fprintf(files[t], "    0x%x,",
            index | (fresh ? REPLAY_FRESH : 0u) | seen_mask << REPLAY_SEEN | in_mask << REPLAY_IN);
    words_write(files[t], seen, seen_mask);
    words_write(files[t], in, in_mask);
    fprintf(files[t], "\n");
    memcpy(last[t], in, sizeof last[t]);
}

static void files_open(const char *folder)
{
    for (int t = LOGGER + 1; t < K5_TASKS; t++) {
        char path[500];

        snprintf(path, sizeof path, "%s/steps_%s.c", folder, names[t]);
        files[t] = fopen(path, "w");
        if (files[t] == NULL) {
            perror(path);
            exit(1);
        }
        fprintf(files[t],
                "#include <stdint.h>\n\nextern const uint32_t replay_steps[];\n"
                "extern const uint32_t replay_count;\n\nconst uint32_t replay_steps[] = {\n");
    }
}

static void files_close(unsigned count)
{
    for (int t = LOGGER + 1; t < K5_TASKS; t++) {
        fprintf(files[t], "    0x%x,\n};\nconst uint32_t replay_count = %u;\n", REPLAY_END, count);
        fclose(files[t]);
    }
}

/* ---- all ---- */

static unsigned long errors[K5_ERR_COUNT];
static unsigned of_task[K5_TASKS];
static unsigned in_a_row; /* steps that the running agent has made */

/* One more step of the agent that runs. */
static void step_next(unsigned index, unsigned stops)
{
    static struct model before;
    struct run run_before;

    /* Nobody goes on alone for long, and the least urgent one is to get somebody going. */
    bool wakes = in_a_row > IN_A_ROW || (m.current == LOGGER + 1 && percent(70));

    for (unsigned tries = 0; tries < TRIES; tries++) {
        before = m;
        run_before = run;
        int t = m.current;
        struct step step = step_make();

        if (!plain(&step)) {
            continue;
        }
        tokens_keep(t);
        call_load(&step);
        uint32_t in[K5_A_COUNT];

        memcpy(in, m.task[t].reg, sizeof in);
        if (done(stops) && (m.current != t || !wakes || tries > TRIES_TO_WAKE)) {
            uint32_t resets = m.task[t].resets;

            inspect_as_machine(t, &step);

            m.task[t].resets = before.task[t].resets;
            step_write(t, index, before.task[t].reg, in);
            m.task[t].resets = resets;
            begun[t] = before.task[t].resets;
            of_task[t]++;
            in_a_row = m.current == t ? in_a_row + 1 : 0;
            errors[m.task[t].state == K5_TASK_READY ? m.task[t].reg[0] & 0xF : 0]++;
            return;
        }
        m = before;
        run = run_before;
    }
    fprintf(stderr, "step %u: nothing that %s could do\n", index, names[m.current]);
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: generate SEED STEPS FOLDER\n");
        return 1;
    }
    unsigned count = (unsigned)strtoul(argv[2], NULL, 0);

    source.seed = (uint32_t)strtoul(argv[1], NULL, 0);
    chance_start();
    run.now = 1000;
    model_boot(run.now);
    files_open(argv[3]);
    for (int t = 0; t < K5_TASKS; t++) {
        begun[t] = UINT32_MAX;
    }
    for (unsigned i = 0; i < count; i++) {
        run.now = m.now;
        step_next(i, i < count * 9u / 10u ? 0 : 1);
    }
    files_close(count);
    printf("  %u steps", count);
    for (unsigned i = 0; i < K5_ERR_COUNT; i++) {
        printf("%s %lu", i == 0 ? ", calls that returned K5_OK:" : ",", errors[i]);
    }
    printf("\n  %lu capabilities came, %lu were kept, %lu derived; %lu loans, %lu ended otherwise "
           "than "
           "by the answer\n",
           m.seen[SEEN_CAP_MESSAGE] + m.seen[SEEN_CAP_ANSWER],
           m.seen[SEEN_CAP_NO_PLACE] + m.seen[SEEN_CAP_FULL], m.seen[SEEN_CAP_MINTED],
           m.seen[SEEN_LENT], m.seen[SEEN_LENT] - m.seen[SEEN_LOAN_ANSWER]);
    printf("  steps of:");
    for (int t = LOGGER + 1; t < K5_TASKS; t++) {
        printf(" %s %u, %u lives%s", names[t], of_task[t], m.task[t].resets + 1,
               t == K5_TASKS - 1 ? "\n" : ";");
    }
    return 0;
}
