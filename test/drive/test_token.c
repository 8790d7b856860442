#include "test.h"

#include "drive/stage.h"

static const char one[] = "https://one.example/cb", other[] = "https://other.example/cb";

/* What is asked of the writer, and what comes of it. A refusal that stands is kept, as contract/ keeps it. */
struct act {
    enum fault (*run)(struct cx *cx, struct act *act);
    struct place     *place;
    str               text, uri;
    id                user, app;
    struct token_want want;
    struct token_pair pair;
    struct token      was;
    struct code_want  code;
    enum fault        fault;
};

static enum fault kept(struct cx *cx, void *arg)
{
    struct act *act = arg;
    cx->refusal_stands = false;
    act->fault = act->run(cx, act);
    return cx->refusal_stands ? OK : act->fault;
}

static enum fault act(struct act *a, enum fault (*run)(struct cx *cx, struct act *act))
{
    a->run = run;
    a->fault = OK;
    const enum fault fault = place_change(a->place, kept, a);
    return a->fault ? a->fault : fault;
}

static enum fault grant(struct cx *cx, struct act *a) { return token_pair_grant(cx, &a->want, ID_NONE, &a->pair); }
static enum fault renew(struct cx *cx, struct act *a)
{
    return token_pair_renew(cx, a->text, a->app, 7200, &a->pair, &a->was);
}
static enum fault issue_code(struct cx *cx, struct act *a)
{
    const struct code_want want = { .user = a->user, .app = a->app, .redirect_uri = a->uri, .scopes = S("FILE.GET"),
                                    .state = S("line\nend") };
    return code_issue(cx, &want, &a->text);
}
static enum fault redeem(struct cx *cx, struct act *a)
{
    return code_redeem(cx, a->text, a->app, a->uri, 7200, &a->pair, &a->code);
}
static enum fault revoke(struct cx *cx, struct act *a) { return token_family_revoke(cx, a->text); }

static bool opens(struct place *p, str token)
{
    struct cx      cx = p->cx;
    struct caller *caller;
    return caller_by_scoped_token(&cx, token, &caller) == OK;
}

static struct act begin(struct place *p)
{
    place_open(p);
    place_act_as(p, "ann");
    struct act a = { .place = p, .user = p->cx.caller->user, .app = { 77 } };
    a.want = (struct token_want){ .user = a.user, .app = a.app, .ttl_s = 7200 };
    return a;
}

TEST(token, a_pair_is_renewed_and_the_old_one_ends)
{
    struct place p;
    struct act   a = begin(&p);
    a.want.scopes = S("FILE.GET DRIVE.GET");
    CHECK(act(&a, grant) == OK && opens(&p, a.pair.access) && !opens(&p, a.pair.refresh));
    const struct token_pair old = a.pair;
    a.text = old.refresh;
    CHECK(act(&a, renew) == OK && a.was.user.v == a.user.v && str_eq(a.was.scopes, S("FILE.GET DRIVE.GET")));
    CHECK(opens(&p, a.pair.access) && !opens(&p, old.access) && !str_eq(a.pair.refresh, old.refresh));
    struct caller *caller;
    CHECK(caller_by_scoped_token(&p.cx, a.pair.access, &caller) == OK && str_eq(caller->scopes, S("FILE.GET DRIVE.GET")));
    CHECK(caller_by_token(&p.cx, a.pair.access, &caller) == FAULT_UNAUTHENTICATED);
    place_close(&p);
}

TEST(token, a_refresh_token_that_comes_twice_ends_its_family_only)
{
    struct place p;
    struct act   a = begin(&p);
    CHECK(act(&a, grant) == OK);
    const struct token_pair bystander = a.pair;
    CHECK(act(&a, grant) == OK);
    a.text = a.pair.refresh;
    CHECK(act(&a, renew) == OK);
    const struct token_pair last = a.pair;
    CHECK(act(&a, renew) == FAULT_UNAUTHENTICATED && p.cx.why.how == HOW_REPLAYED);
    CHECK(!opens(&p, last.access) && opens(&p, bystander.access));
    a.text = last.refresh;
    CHECK(act(&a, renew) == FAULT_UNAUTHENTICATED && p.cx.why.how == HOW_UNKNOWN);
    place_close(&p);
}

TEST(token, another_apps_refresh_token_stays_as_it_is)
{
    struct place p;
    struct act   a = begin(&p);
    CHECK(act(&a, grant) == OK);
    a.text = a.pair.refresh;
    const str access = a.pair.access;
    a.app = (id){ 78 };
    CHECK(act(&a, renew) == FAULT_UNAUTHENTICATED && opens(&p, access));
    a.app = (id){ 77 };
    CHECK(act(&a, renew) == OK);
    a.app = (id){ 78 }; /* nor does its second coming end what is another app's */
    const str renewed = a.pair.access;
    CHECK(act(&a, renew) == FAULT_UNAUTHENTICATED && opens(&p, renewed));
    place_close(&p);
}

TEST(token, a_refresh_token_lasts_30_days_and_an_access_token_as_long_as_was_said)
{
    struct place  p;
    struct act    a = begin(&p);
    const int64_t day_ms = INT64_C(24) * 3600 * 1000;
    CHECK(act(&a, grant) == OK);
    p.cx.now.ms += 7200 * 1000 - 1;
    CHECK(opens(&p, a.pair.access));
    p.cx.now.ms += 1;
    CHECK(!opens(&p, a.pair.access));
    a.text = a.pair.refresh;
    p.cx.now.ms += 30 * day_ms - 7200 * 1000;
    CHECK(act(&a, renew) == FAULT_UNAUTHENTICATED && p.cx.why.how == HOW_EXPIRED);
    p.cx.now.ms -= 1;
    CHECK(act(&a, renew) == OK);
    place_close(&p);
}

TEST(token, revoking_one_ends_its_family)
{
    struct place p;
    struct act   a = begin(&p);
    CHECK(act(&a, grant) == OK);
    a.text = a.pair.refresh;
    CHECK(act(&a, renew) == OK);
    const struct token_pair last = a.pair;
    a.text = last.access;
    CHECK(act(&a, revoke) == OK && !opens(&p, last.access));
    CHECK(act(&a, revoke) == FAULT_NOT_FOUND);
    a.text = last.refresh;
    CHECK(act(&a, renew) == FAULT_UNAUTHENTICATED);
    place_close(&p);
}

TEST(code, is_good_once_for_its_app_and_its_uri)
{
    struct place p;
    struct act   a = begin(&p);
    a.uri = str_of(one);
    CHECK(act(&a, issue_code) == OK && !opens(&p, a.text));
    a.uri = str_of(other);
    CHECK(act(&a, redeem) == FAULT_INVALID && strcmp(p.cx.why.field, "redirect_uri") == 0);
    a.uri = str_of(one);
    a.app = (id){ 78 };
    CHECK(act(&a, redeem) == FAULT_UNAUTHENTICATED);
    a.app = (id){ 77 };
    CHECK(act(&a, redeem) == OK && a.code.user.v == a.user.v && str_eq(a.code.state, S("line\nend")));
    const struct token_pair pair = a.pair;
    struct caller *caller;
    CHECK(caller_by_scoped_token(&p.cx, pair.access, &caller) == OK && str_eq(caller->scopes, S("FILE.GET")));
    a.app = (id){ 78 };
    CHECK(act(&a, redeem) == FAULT_UNAUTHENTICATED && opens(&p, pair.access)); /* a stranger ends nothing */
    a.app = (id){ 77 };
    CHECK(act(&a, redeem) == FAULT_UNAUTHENTICATED && p.cx.why.how == HOW_REPLAYED && !opens(&p, pair.access));
    place_close(&p);
}

TEST(code, ends_after_5_minutes_and_with_its_user)
{
    struct place p;
    struct act   a = begin(&p);
    a.uri = str_of(one);
    CHECK(act(&a, issue_code) == OK);
    p.cx.now.ms += CODE_TTL_S * 1000;
    CHECK(act(&a, redeem) == FAULT_UNAUTHENTICATED && p.cx.why.how == HOW_EXPIRED);
    p.cx.now.ms -= 1;
    CHECK(act(&a, redeem) == OK);
    CHECK(act(&a, issue_code) == OK);
    a.user = ID_NONE; /* nobody: what was issued for a user who is gone */
    const str code = a.text;
    CHECK(act(&a, issue_code) == OK && act(&a, redeem) == FAULT_UNAUTHENTICATED);
    a.text = code;
    CHECK(act(&a, redeem) == OK);
    place_close(&p);
}

TEST(code, and_refresh_token_do_not_stand_for_each_other)
{
    struct place p;
    struct act   a = begin(&p);
    a.uri = str_of(one);
    CHECK(act(&a, issue_code) == OK);
    CHECK(act(&a, renew) == FAULT_UNAUTHENTICATED);
    CHECK(act(&a, redeem) == OK);
    CHECK(act(&a, renew) == FAULT_UNAUTHENTICATED && opens(&p, a.pair.access)); /* spent, but no refresh token */
    a.text = a.pair.refresh;
    CHECK(act(&a, redeem) == FAULT_UNAUTHENTICATED && opens(&p, a.pair.access));
    place_close(&p);
}

TEST(redirect_uri, is_absolute_and_nothing_a_browser_would_run)
{
    static const struct {
        const char *uri;
        bool        sound;
    } cases[] = {
        { "https://a.example/", true }, { "https://a.example:8443/cb?x=1&y=%20", true }, { "http://127.0.0.1:5000", true },
        { "http://[::1]:80/x", true }, { "com.example.app:/cb", true }, { "myapp://cb", true }, { "", false }, { "x", false },
        { "/cb", false }, { "//a.example/", false }, { "https:", false }, { "https:/a.example", false },
        { "https://", false }, { "https:///cb", false }, { "https://?x", false }, { "https://:80/", false },
        { "https://user@a.example/", false }, { "https://a.example\\@b.example/", false }, { "https://a.example/#f", false },
        { "https://a.example/ x", false }, { "https://a.example/\n", false }, { "https://a.example/<", false },
        { "https://\xE5\xAE\xB6.example/", false }, { "javascript:alert(1)", false }, { "JAVASCRIPT:x", false },
        { "data:text/html,x", false }, { "file:///etc/passwd", false }, { "vbscript:x", false }, { "1a:/x", false },
        { "a b:/x", false }, { "app:", false }, { ":x", false },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_CASE(cases[i].uri, redirect_uri_sound(str_of(cases[i].uri)) == cases[i].sound);
}

TEST(redirect_uri, is_one_of_the_apps_letter_by_letter)
{
    const struct app app = { .redirects = S("https://a.example/ com.example:/cb") }, none = { 0 };
    CHECK(app_redirects_to(&app, S("https://a.example/")) && app_redirects_to(&app, S("com.example:/cb")));
    CHECK(!app_redirects_to(&app, S("https://a.example")) && !app_redirects_to(&app, S("https://a.example/x")));
    CHECK(!app_redirects_to(&app, S("https://a.example/ com.example:/cb")) && !app_redirects_to(&app, S("")));
    CHECK(!app_redirects_to(&none, S("https://a.example/")) && !app_redirects_to(&none, S("")));
}

TEST_MAIN
