#include "test.h"

#include "dialect/pds/inner.h"
#include "dialect/pds/pds.h"
#include "dialect/pds/scope.h"

TEST(pds_scope, a_word_covers_itself_and_ALL_its_object)
{
    CHECK(pds_scope_covers(S("FILE.GET"), "FILE.GET"));
    CHECK(pds_scope_covers(S("DRIVE.GET FILE.GET"), "FILE.GET"));
    CHECK(pds_scope_covers(S("FILE.ALL"), "FILE.GET") && pds_scope_covers(S("FILE.ALL"), "FILE.ALL"));
    CHECK(!pds_scope_covers(S("FILE.GET"), "FILE.ALL") && !pds_scope_covers(S("FILE.GET"), "FILE.LIST"));
    CHECK(!pds_scope_covers(S("STORAGE.ALL"), "STORAGEFILE.LIST"));
    CHECK(!pds_scope_covers(S("STORAGEFILE.ALL"), "STORAGE.LIST"));
    CHECK(!pds_scope_covers(S(""), "FILE.GET") && !pds_scope_covers(S("FILE"), "FILE.GET"));
    CHECK(pds_scope_covers(S("BATCH"), "BATCH") && !pds_scope_covers(S("FILE.GETX XFILE.GET"), "FILE.GET"));
}

static bool reads(struct arena *a, const char *one, const char *other, str *out)
{
    str texts[] = { str_of(one), str_of(other) }, unknown;
    const struct list list = { texts, other ? 2 : 1 };
    return pds_scope_read(a, &list, out, &unknown);
}

TEST(pds_scope, words_come_with_commas_blanks_or_apart)
{
    AUTO(arena_free) struct arena *a = arena_new();
    str out;
    CHECK(reads(a, "FILE.GET,FILE.LIST", "DRIVE.GET  FILE.GET", &out) && str_eq(out, S("FILE.GET FILE.LIST DRIVE.GET")));
    CHECK(reads(a, " , ", "", &out) && !out.p);
    CHECK(!reads(a, "FILE.GET,file.get", NULL, &out) && !reads(a, "NOPE", NULL, &out) && !reads(a, "FILE", NULL, &out));
}

/* A row of which nobody knows what a limited token needs for it is closed to one that changes things. */
TEST(pds_scope, every_row_names_a_scope_that_exists)
{
    for (const struct op *const *table = pds_dialect.tables; *table; table++)
        for (const struct op *op = *table; op->name; op++) {
            bool known = !op->scope || !*op->scope;
            for (const char *const *s = pds_scopes; *s; s++)
                known = known || strcmp(op->scope, *s) == 0;
            CHECK_CASE(op->name, known);
        }
}

TEST_MAIN
