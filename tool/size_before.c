/*
 * size_before.c - the sizes of an app as it was in another revision of its repository (size.h).
 *
 *   git worktree add FOLDER REVISION --> app_build(FOLDER/the app) --> sizes --> worktree removed
 *
 * Kernel, libk5 and ready-made tasks are those of today, unless they lie in the app's repository
 * and the app names their sources: what is compared is what the app itself changed.
 */
#define _GNU_SOURCE
#include "size.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Runs git in a folder; its output without the last line end. NULL if it fails: *said says why. */
static char *git(const char *dir, const char *const *arguments, char **said)
{
    struct list argv = {0};
    struct text output = {0};
    struct process process = {.capture = &output, .timeout_s = 60};
    list_add(&argv, "git");
    list_add(&argv, "-C");
    list_add(&argv, dir);
    for (size_t i = 0; arguments[i] != NULL; i++) {
        list_add(&argv, arguments[i]);
    }
    bool good = process_run(&process, argv.items) == 0;
    char *line = string_copy(text_string(&output));
    line[strcspn(line, "\n")] = '\0';
    list_free(&argv);
    text_free(&output);
    *said = good ? NULL : line;
    return good ? line : NULL;
}

/* Where the app lies in its repository: "examples/02_coldchain/", "" at its top. */
static char *prefix_find(const char *dir)
{
    char *said = NULL;
    char *prefix = process_have("git")
                       ? git(dir, (const char *const[]){"rev-parse", "--show-prefix", NULL}, &said)
                       : NULL;
    if (!process_have("git")) {
        error_print("git is not installed");
        hint_print("`k5 doctor` says what is missing and how to get it");
    } else if (prefix == NULL) {
        error_print("%s is in no git repository", dir);
        hint_print("--diff compares with a revision of the app's own repository");
    }
    return prefix;
}

static int worktree_build(const struct app *app, const char *folder, const char *prefix,
                          struct sizes *before)
{
    struct app old = {.quiet = true, .verbose = app->verbose};
    char *joined = path_join(folder, prefix);
    char *toml = path_join(joined, "app.toml");
    int code = EXIT_USAGE;
    if (file_exists(toml)) {
        code = app_build(joined, app->profile, &old);
    } else {
        error_print("there was no app in this folder then");
    }
    if (code == EXIT_OK && !sizes_find(&old, before)) {
        code = EXIT_BUILD;
    }
    free(toml);
    free(joined);
    return code;
}

int sizes_before(const struct app *app, const char *revision, struct sizes *before, char **commit)
{
    char folder[] = "/tmp/k5-size-XXXXXX";
    char *said = NULL;
    char *wanted = string_format("%s^{commit}", revision);
    char *prefix = prefix_find(app->dir);
    int code = EXIT_ENVIRONMENT;
    if (prefix == NULL) {
        return process_have("git") ? EXIT_USAGE : EXIT_ENVIRONMENT;
    }
    *commit = git(
        app->dir,
        (const char *const[]){"rev-parse", "--verify", "--short", "--end-of-options", wanted, NULL},
        &said);
    if (*commit == NULL) {
        error_print("there is no revision \"%s\" in the app's repository", revision);
        hint_print("a branch, a tag or a commit: `git log --oneline` lists them");
        return EXIT_USAGE;
    }
    if (mkdtemp(folder) == NULL) {
        error_print("%s: %s", folder, strerror(errno));
        return EXIT_ENVIRONMENT;
    }
    char *tree = path_join(folder, "app");
    if (git(app->dir,
            (const char *const[]){"worktree", "add", "--detach", "--quiet", tree, *commit, NULL},
            &said) != NULL) {
        code = worktree_build(app, tree, prefix, before);
    } else {
        error_print("git worktree: %s", said);
    }
    (void)git(app->dir, (const char *const[]){"worktree", "remove", "--force", tree, NULL}, &said);
    (void)rmdir(folder);
    free(tree);
    free(wanted);
    return code;
}
