#include "admin/suggest.h"

enum { WORD_MAX = 63 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

int word_distance(str a, str b)
{
    int rows[3][WORD_MAX + 1]; /* the row before the last, the last, this one; they take turns */

    if (a.n > WORD_MAX || b.n > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; i <= a.n; i++) {
        const int *older = rows[(i + 1) % 3], *last = rows[(i - 1) % 3];
        int       *row = rows[i % 3];
        row[0] = (int)i;
        for (size_t j = 1; j <= b.n; j++) {
            const bool same = a.p[i - 1] == b.p[j - 1];
            row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + !same);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
                row[j] = least(row[j], older[j - 2] + 1);
        }
    }
    return rows[a.n % 3][b.n];
}

void suggest(struct suggestion *suggestion, str word)
{
    const int distance = word_distance(suggestion->typed, word);
    if (suggestion->best.p && distance >= suggestion->distance)
        return;
    suggestion->best = word;
    suggestion->distance = distance;
}

str suggested(const struct suggestion *suggestion)
{
    const size_t shorter = suggestion->best.n < suggestion->typed.n ? suggestion->best.n : suggestion->typed.n;
    const int    near = shorter <= 3 ? 1 : shorter <= 6 ? 2 : 3;
    return suggestion->best.p && suggestion->distance <= near ? suggestion->best : S0;
}
