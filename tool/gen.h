/*
 * gen.h - the files the tool generates from an app: readable, with names, "from app.toml:LINE".
 *
 *   before compiling   gen/TASK/app.h       handles, device addresses        gen_task_headers
 *                      gen/TASK/measure.ld  link to measure its size
 *                      gen/interface/X.h    typed calls and servers          gen_interfaces
 *                      gen/k5_sizes.h, arch_config.c                         gen_sizes, gen_arch
 *                      gen/board_facts.h    for the board's own code                   gen_board
 *                      gen/memory.ld, tasks.ld                                        gen_memory
 *   after placing      gen/TASK/task.ld     link at its address              gen_task_scripts
 *                      gen/config.c, arch_images.c                   gen_tables, gen_arch_images
 *                      gen/images.S, build_id.c                                        gen_image
 *
 * The kernel is compiled and optimized with what is there before compiling, so that a change of a
 * task leaves it as it is.
 *
 * Invariant: a file whose content would be the same is not written again, so ninja has nothing to
 * do.
 */
#ifndef K5_TOOL_GEN_H
#define K5_TOOL_GEN_H

#include "app.h"

void gen_task_headers(const struct app *app);
void gen_interfaces(const struct app *app);
void gen_task_scripts(const struct app *app);
void gen_sizes(const struct app *app);
void gen_arch(const struct app *app);
void gen_board(const struct app *app);
void gen_memory(const struct app *app);
void gen_tables(const struct app *app);
void gen_arch_images(const struct app *app);
void gen_image(const struct app *app);

/* The id of a build: a hash over all that the image is made from. After all tables,
 * while `elf` of each task still is its measured ELF. */
uint64_t gen_build_id(const struct app *app);

/* Writes BUILD_DIR/relative if its content changes. Ends the tool if that fails. */
void gen_write(const struct app *app, const char *relative, const struct text *content);
/* The comment that opens a generated file. */
void gen_head(struct text *out, const struct app *app, const char *what);

#endif
