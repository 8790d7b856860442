#include "test.h"

#include <stdio.h>

#include "drive/account.h"
#include "drive/stage.h"

static enum fault add(struct cx *cx, void *arg)
{
    return account_link_add(cx, arg);
}

static enum fault drop(struct cx *cx, void *arg)
{
    const struct account *a = arg;
    return account_link_remove(cx, a->user, a->kind, a->identity, a->extra);
}

static enum fault link_to(struct place *p, id user, int kind, const char *identity, const char *extra)
{
    struct account want = { .user = user, .kind = kind, .identity = str_of(identity), .extra = str_of(extra) };
    return place_change(p, add, &want);
}

TEST(account, an_identity_stands_for_one_user)
{
    struct place   p;
    struct account found;
    struct list    links;
    place_open(&p);
    place_act_as(&p, "ann");
    const id ann = p.cx.caller->user;
    place_act_as(&p, "ben");
    const id ben = p.cx.caller->user;
    CHECK(account_link_find(&p.cx, ACCOUNT_EMAIL, S("a@b"), S0, &found) == FAULT_NOT_FOUND);
    CHECK(link_to(&p, ann, ACCOUNT_EMAIL, "a@b", NULL) == OK);
    CHECK(link_to(&p, ben, ACCOUNT_EMAIL, "a@b", NULL) == FAULT_EXISTS && p.cx.why.other == ann.v);
    CHECK(link_to(&p, ben, ACCOUNT_LDAP, "a@b", NULL) == OK);
    CHECK(account_link_find(&p.cx, ACCOUNT_EMAIL, S("a@b"), S(""), &found) == OK && found.user.v == ann.v);
    CHECK(account_links(&p.cx, ann, &links) == OK && links.count == 1);
    place_close(&p);
}

TEST(account, a_phone_number_has_a_country_code_86_unless_said)
{
    struct place   p;
    struct account found;
    place_open(&p);
    place_act_as(&p, "ann");
    const id ann = p.cx.caller->user;
    CHECK(link_to(&p, ann, ACCOUNT_PHONE, "13800000000", NULL) == OK);
    CHECK(link_to(&p, ann, ACCOUNT_PHONE, "13800000000", "86") == FAULT_EXISTS);
    CHECK(link_to(&p, ann, ACCOUNT_PHONE, "13800000000", "49") == OK);
    CHECK(account_link_find(&p.cx, ACCOUNT_PHONE, S("13800000000"), S0, &found) == OK && str_eq(found.extra, S("86")));
    place_close(&p);
}

TEST(account, only_ones_own_link_ends)
{
    struct place p;
    place_open(&p);
    place_act_as(&p, "ann");
    struct account a = { .user = p.cx.caller->user, .kind = ACCOUNT_CUSTOM, .identity = S("x") };
    CHECK(place_change(&p, add, &a) == OK);
    place_act_as(&p, "ben");
    struct account b = a;
    b.user = p.cx.caller->user;
    CHECK(place_change(&p, drop, &b) == FAULT_NOT_FOUND);
    CHECK(place_change(&p, drop, &a) == OK);
    CHECK(place_change(&p, drop, &a) == FAULT_NOT_FOUND);
    place_close(&p);
}

TEST(account, bounds)
{
    struct place p;
    char         name[32], longest[ACCOUNT_IDENTITY_MAX + 2] = "";
    place_open(&p);
    place_act_as(&p, "ann");
    const id ann = p.cx.caller->user;
    memset(longest, 'x', ACCOUNT_IDENTITY_MAX + 1);
    CHECK(link_to(&p, ann, ACCOUNT_EMAIL, "", NULL) == FAULT_INVALID && p.cx.why.how == HOW_EMPTY);
    CHECK(link_to(&p, ann, ACCOUNT_EMAIL, "a\nb", NULL) == FAULT_INVALID);
    CHECK(link_to(&p, ann, ACCOUNT_EMAIL, longest, NULL) == FAULT_INVALID && p.cx.why.how == HOW_TOO_LARGE);
    CHECK(link_to(&p, ann, ACCOUNT_EMAIL, longest + 1, NULL) == OK);
    for (int i = 1; i < ACCOUNT_LINKS_MAX; i++) {
        snprintf(name, sizeof name, "id %d", i);
        CHECK(link_to(&p, ann, ACCOUNT_CUSTOM, name, NULL) == OK);
    }
    CHECK(link_to(&p, ann, ACCOUNT_CUSTOM, "one more", NULL) == FAULT_CONFLICT);
    place_close(&p);
}

TEST_MAIN
