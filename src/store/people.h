/* store/people.h: rows of domains, users, apps, tokens. Groups are in store/groups.h. */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "base/cx.h"
#include "store/records.h"

/* Reads give NOT_FOUND without a note; inserts EXISTS without a note when a unique column is taken. */

MUST_USE enum fault store_domain_any(struct cx *cx, struct domain *out); /* the first */
MUST_USE enum fault store_domain_add(struct cx *cx, const struct domain *domain);
MUST_USE enum fault store_domain_by_id(struct cx *cx, id domain, struct domain *out);
/* Title, description and settings; not what is counted. */
MUST_USE enum fault store_domain_update(struct cx *cx, const struct domain *domain);
/* One user more or less; OK with *fits = false, and nothing changed, when that is more than the domain may have. */
MUST_USE enum fault store_domain_count_user(struct cx *cx, id domain, int by, bool *fits);
MUST_USE enum fault store_domain_set_staff(struct cx *cx, id domain, id drive, id group);

MUST_USE enum fault store_user_add(struct cx *cx, const struct user *user);
MUST_USE enum fault store_user(struct cx *cx, id user, struct user *out);
MUST_USE enum fault store_user_by_public_id(struct cx *cx, id domain, str public_id, struct user *out);
MUST_USE enum fault store_user_by_login(struct cx *cx, id domain, str login, struct user *out);
MUST_USE enum fault store_user_by_phone(struct cx *cx, id domain, str phone, struct user *out);
MUST_USE enum fault store_user_by_email(struct cx *cx, id domain, str email, struct user *out);
MUST_USE enum fault store_users(struct cx *cx, id domain, id after, int limit, struct list *out);
MUST_USE enum fault store_user_set_password(struct cx *cx, id user, str password);
MUST_USE enum fault store_user_set_status(struct cx *cx, id user, int status);
MUST_USE enum fault store_user_set_default_drive(struct cx *cx, id user, id drive);
/* Phone, email, description and role. */
MUST_USE enum fault store_user_update(struct cx *cx, const struct user *user);
MUST_USE enum fault store_user_remove(struct cx *cx, id user);
MUST_USE enum fault store_superadmins(struct cx *cx, id domain, int64_t *count);

MUST_USE enum fault store_app_add(struct cx *cx, const struct app *app);
MUST_USE enum fault store_app(struct cx *cx, id app, struct app *out);
MUST_USE enum fault store_app_by_key(struct cx *cx, str key, struct app *out);
MUST_USE enum fault store_app_by_name(struct cx *cx, id domain, str name, struct app *out);
MUST_USE enum fault store_apps(struct cx *cx, id domain, struct list *out);
MUST_USE enum fault store_app_remove(struct cx *cx, id app);

MUST_USE enum fault store_token_add(struct cx *cx, str hash, const struct token *token);
MUST_USE enum fault store_token(struct cx *cx, str hash, struct token *out);
MUST_USE enum fault store_token_of_app(struct cx *cx, id app, int kind, instant alive_at, struct token *out);
MUST_USE enum fault store_token_extend(struct cx *cx, id token, instant expires);
MUST_USE enum fault store_token_remove(struct cx *cx, id token);
/* Good no more; remembered until then. */
MUST_USE enum fault store_token_spend(struct cx *cx, id token, instant remembered);
MUST_USE enum fault store_tokens_remove_of_family(struct cx *cx, id family);
MUST_USE enum fault store_tokens_remove_of_user(struct cx *cx, id user);
MUST_USE enum fault store_tokens_remove_of_app(struct cx *cx, id app);
MUST_USE enum fault store_tokens_remove_expired(struct cx *cx, instant before);

/* Notes that the user has signed in; whether it was for the first time. Thread writer. */
MUST_USE enum fault store_sign_in(struct cx *cx, id user, instant at, bool *first);

#endif
