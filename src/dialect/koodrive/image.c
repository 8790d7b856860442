/* dialect/koodrive/image.c: checks `imageProcess`, the image-processing text of object storage:
 * "image/" and commands joined by "/", each a name and parameters: resize,m_lfit,h_128,w_128. */
#include "dialect/koodrive/inner.h"

enum { SIDE_MAX = 9999, EDGE_MAX = 4096, PERCENT_MAX = 1000, PIXELS_MAX = 24999999 };

/* Cuts the next piece off; false at the end. */
static bool piece_next(str *text, char separator, str *piece)
{
    if (!text->p)
        return false;
    const size_t end = str_find(*text, separator, 0);
    *piece = str_cut(*text, end);
    *text = end < text->n ? str_from(*text, end + 1) : S0;
    return true;
}

/* key_value where the value is a number within the bounds. */
static bool number_fits(str parameter, str key, int64_t min, int64_t max, int64_t *out)
{
    return str_starts(parameter, key) && str_int64(str_from(parameter, key.n), out) && *out >= min && *out <= max;
}

static bool is_one_of(str s, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(s, str_of(*words)))
            return true;
    return false;
}

static bool is_color(str s)
{
    if (s.n != 12 || !str_starts(s, S("color_")))
        return false;
    for (size_t i = 6; i < s.n; i++)
        if (!memchr("0123456789abcdefABCDEF", s.p[i], 22))
            return false;
    return true;
}

static bool resize_fits(str parameters)
{
    static const char *const modes[] = { "m_lfit", "m_mfit", "m_fill", "m_pad", "m_fixed", "limit_0",
                                         "limit_1", NULL };
    int64_t w = 1, h = 1, other;
    bool    percent = false, sides = false;
    str     p;
    while (piece_next(&parameters, ',', &p)) {
        if (number_fits(p, S("w_"), 1, SIDE_MAX, &w) || number_fits(p, S("h_"), 1, SIDE_MAX, &h)
            || number_fits(p, S("l_"), 1, EDGE_MAX, &other) || number_fits(p, S("s_"), 1, EDGE_MAX, &other))
            sides = true;
        else if (number_fits(p, S("p_"), 1, PERCENT_MAX, &other))
            percent = true;
        else if (!is_one_of(p, modes) && !is_color(p))
            return false;
    }
    return w * h <= PIXELS_MAX && sides != percent;
}

static bool quality_fits(str parameters)
{
    int64_t value;
    str     p;
    while (piece_next(&parameters, ',', &p))
        if (!number_fits(p, S("q_"), 1, 100, &value) && !number_fits(p, S("Q_"), 1, 100, &value))
            return false;
    return true;
}

static bool command_fits(str command)
{
    static const char *const formats[] = { "jpg", "png", "webp", "bmp", NULL };
    static const char *const switches[] = { "0", "1", NULL };
    const size_t comma = str_find(command, ',', 0);
    const str    name = str_cut(command, comma), parameters = str_from(command, comma + 1);
    if (!name.n || (comma < command.n && !parameters.n))
        return false;
    if (str_eq(name, S("resize")))
        return parameters.n && resize_fits(parameters);
    if (str_eq(name, S("quality")))
        return parameters.n && quality_fits(parameters);
    if (str_eq(name, S("format")))
        return is_one_of(parameters, formats);
    if (str_eq(name, S("interlace")))
        return is_one_of(parameters, switches);
    for (size_t i = 0; i < name.n; i++)
        if (!(name.p[i] == '-' || (name.p[i] >= 'a' && name.p[i] <= 'z')))
            return false;
    return true;
}

enum fault koodrive_check_image(struct cx *cx, str process)
{
    str  commands = str_from(process, 6), command;
    bool fits = str_starts(process, S("image/")) && commands.n;
    if (!process.n)
        return OK;
    while (fits && piece_next(&commands, '/', &command))
        fits = command_fits(command);
    if (!fits)
        return fail(cx, FAULT_INVALID, .field = "imageProcess", .how = HOW_FORM, .got = process,
                    .because = "image/ and commands like resize,m_lfit,h_128,w_128");
    cx->unsupported = "imageProcess: thumbnails are not made here";
    return OK;
}
