/* admin/demo.c: `polydrive serve`, and `polydrive demo`: the same on data that is made now and deleted at
 * the end. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "admin/commands.h"
#include "admin/place.h"
#include "admin/seed.h"
#include "drive/site.h"
#include "store/store.h"

int serve_command(struct run *run)
{
    return run->lent->serve(run, NULL);
}

static enum fault seed(struct cx *cx, void *arg)
{
    (void)arg;
    return seed_demo(cx);
}

static enum fault seed_store(void *self, struct cx *cx)
{
    (void)self;
    return store_change_now(cx->site->store, cx, seed, NULL);
}

/* At most ten lines. */
static void welcome(void *self, const char *url)
{
    const struct run *run = self;
    printf("listening on %s\n", url);
    printf("A demo with the users " SEED_ANN " and " SEED_BOB ", a team, a shared folder and files, in %.*s\n",
           STR_ARG(run->settings.data));
    printf("In another terminal, as one of them:\n");
    for (const struct vendor *v = run->lent->vendors; v->dialect; v++)
        printf("  eval \"$(%s env %s --user " SEED_ANN ")\"\n", program_invocation_name, v->dialect->name);
    printf("Ctrl-C ends it and deletes its data.\n");
}

int demo_command(struct run *run)
{
    const struct serve_hooks hooks = { .self = run, .seed = seed_store, .listening = welcome, .any_port = true,
                                       .quiet_start = true };
    if (run->settings.data_was_given || run->settings.db.p || run->settings.content.p || run->settings.key_file.p)
        return command_fails(run, EXIT_USAGE, "a demo has its own data, deleted at the end; to keep data: polydrive serve");
    const str folder = place_make_demo(run->arena);
    if (!folder.p)
        return command_fails(run, EXIT_FAILED, "cannot make a temporary folder: %s", strerror(errno));
    run->settings.data = folder;
    const int code = run->lent->serve(run, &hooks);
    place_remove_tree(folder.p);
    printf("deleted %s\n", folder.p);
    return code;
}
