/*
 * new.c - `k5 new DIR`: a project outside of this repository that builds against it.
 *
 *   examples/starter --copied, "starter" becomes the project's name--> DIR
 *   and made here: DIR/k5, a script that starts the k5 of this repository, and DIR/.gitignore
 *
 * The copied example is a test app like the others, so what a new project begins with works.
 * Invariant: nothing that was there is written to or changed.
 */
#define _GNU_SOURCE
#include "util.h"
#include "verbs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STARTER         "starter" /* the name to be replaced, as a whole word */
#define NAME_MAX_LENGTH 32u

/* What is wrong with the name of a project; NULL: nothing. */
static const char *name_problem(const char *name)
{
    if (name[0] == '\0') {
        return "it is empty";
    }
    if (strlen(name) > NAME_MAX_LENGTH) {
        return "it is longer than 32 characters";
    }
    if (!isalpha((unsigned char)name[0])) {
        return "it does not begin with a letter";
    }
    for (size_t i = 0; name[i] != '\0'; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c >= 0x80 || !(isalnum(c) || c == '_' || c == '-')) {
            return "only letters, digits, _ and - may be in it";
        }
    }
    return NULL;
}

/* What speaks against making the project there; NULL: nothing. */
static const char *dir_problem(const char *dir)
{
    struct stat status;
    if (lstat(dir, &status) != 0) {
        char *copy = string_copy(dir);
        char *slash = strrchr(copy, '/');
        if (slash != NULL && slash != copy) {
            *slash = '\0';
        }
        bool parent = slash == NULL || slash == copy || dir_exists(copy);
        free(copy);
        return errno != ENOENT ? strerror(errno)
               : parent        ? NULL
                               : "the folder that it would be in does not exist";
    }
    if (!S_ISDIR(status.st_mode)) {
        return "it is there already, and is no folder";
    }
    size_t entries = 0;
    DIR *handle = opendir(dir);
    if (handle == NULL) {
        return strerror(errno);
    }
    while (readdir(handle) != NULL) {
        entries++;
    }
    closedir(handle);
    return entries > 2 ? "it is there already, and is not empty" : NULL; /* "." and ".." */
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The text with every whole word STARTER replaced. */
static void renamed(const struct text *from, const char *name, struct text *to)
{
    const char *all = text_string(from);
    const char *at = all;
    for (const char *hit = strstr(at, STARTER); hit != NULL; hit = strstr(at, STARTER)) {
        const char *end = hit + strlen(STARTER);
        bool whole = (hit == all || !is_word(hit[-1])) && !is_word(*end);
        text_add_bytes(to, at, (size_t)(hit - at));
        text_add(to, whole ? name : STARTER);
        at = end;
    }
    text_add(to, at);
}

/* Writes a file that is not there yet. */
static bool file_make(const char *path, const struct text *content, bool program)
{
    FILE *file = fopen(path, "wx");
    bool ok =
        file != NULL && fwrite(text_string(content), 1, content->length, file) == content->length;
    ok = file != NULL && fclose(file) == 0 && ok;
    ok = ok && (!program || chmod(path, 0755) == 0);
    if (!ok) {
        error_print("%s: %s", path, strerror(errno));
    } else {
        printf("  %s\n", path);
    }
    return ok;
}

/* Copies the folders of the example one after the other; a list of them instead of recursion. */
static bool starter_copy(const char *dir, const char *name)
{
    struct list folders = {0};
    bool ok = true;
    char *root = root_join("examples/" STARTER);
    list_add(&folders, root);
    for (size_t f = 0; f < folders.count && ok; f++) {
        struct list entries = {0};
        char *target = string_format("%s%s", dir, folders.items[f] + strlen(root));
        ok = dir_make(target);
        dir_list(folders.items[f], "", &entries);
        for (size_t i = 0; i < entries.count && ok; i++) {
            struct text content = {0};
            struct text copy = {0};
            if (dir_exists(entries.items[i]) && strcmp(path_base(entries.items[i]), "build") != 0) {
                list_add(&folders, entries.items[i]);
            } else if (!dir_exists(entries.items[i])) {
                ok = file_read(entries.items[i], &content);
                char *path = path_join(target, path_base(entries.items[i]));
                renamed(&content, name, &copy);
                ok = ok && file_make(path, &copy, false);
                free(path);
            }
            text_free(&content);
            text_free(&copy);
        }
        list_free(&entries);
        free(target);
    }
    ok = ok && folders.count > 1;
    list_free(&folders);
    free(root);
    return ok;
}

/* The script: where the repository is, unless K5_ROOT says otherwise. */
static bool script_make(const char *dir)
{
    struct text out = {0};
    struct text root = {0};
    char *path = path_join(dir, "k5");
    for (const char *c = root_path(); *c != '\0'; c++) {
        text_add(&root, *c == '\'' ? "'\\'" : "");
        text_add_bytes(&root, c, 1);
    }
    text_addf(&out,
              "#!/bin/sh\n"
              "# k5 - starts the k5 of the K5 repository that this project builds against.\n"
              "made_with='%s'\n"
              "root=${K5_ROOT:-$made_with}\n"
              "if [ ! -x \"$root/k5\" ]; then\n"
              "    echo \"k5: there is no K5 repository in $root\" >&2\n"
              "    echo \"hint: K5_ROOT=/path/to/it ./k5 ..., or change made_with in $0\" >&2\n"
              "    exit 3\n"
              "fi\n"
              "exec \"$root/k5\" \"$@\"\n",
              text_string(&root));
    bool ok = file_make(path, &out, true);
    text_free(&out);
    text_free(&root);
    free(path);
    return ok;
}

static bool ignore_make(const char *dir)
{
    struct text out = {0};
    char *path = path_join(dir, ".gitignore");
    text_add(&out, "build/\n");
    bool ok = file_make(path, &out, false);
    text_free(&out);
    free(path);
    return ok;
}

static int project_make(const char *dir, const char *name)
{
    const char *problem = name_problem(name);
    if (problem != NULL) {
        error_print("\"%s\" is no name for a project: %s", name, problem);
        hint_print("give it another: k5 new '%s' --name my_app", dir);
        return EXIT_USAGE;
    }
    problem = dir_problem(dir);
    if (problem != NULL) {
        error_print("%s: %s", dir, problem);
        hint_print("name a folder that is not there yet, in one that is: nothing is written over");
        return EXIT_USAGE;
    }
    if (!starter_copy(dir, name) || !script_make(dir) || !ignore_make(dir)) {
        error_print("the project in %s is not complete", dir);
        return EXIT_ENVIRONMENT;
    }
    printf("project \"%s\" builds against %s; next:\n  cd %s\n  ./k5 run --for 1s\n", name,
           root_path(), dir);
    return EXIT_OK;
}

int verb_new(int argc, char **argv)
{
    static const struct option known[] = {{"name", required_argument, NULL, 'n'}, {0}};
    const char *given = NULL;
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "n:", known, NULL)) != -1;) {
        if (letter != 'n') {
            return usage_error("new", "unknown option, or one without its value: %s",
                               argv[optind - 1]);
        }
        given = optarg;
    }
    if (argc - optind != 1 || argv[optind][0] == '\0') {
        return usage_error("new", "name one folder");
    }
    char *dir = string_copy(argv[optind]);
    for (size_t end = strlen(dir); end > 1 && dir[end - 1] == '/'; end--) {
        dir[end - 1] = '\0';
    }
    char *name = given != NULL ? string_copy(given) : path_name(dir);
    int code = project_make(dir, name);
    free(name);
    free(dir);
    return code;
}
