/* dialect/koodrive/file_type.c: the fileType of a file whose maker gave none, by its extension.
 *
 * Source: "Before You Start", file types; extensions there end within PowerPoint's. */
#include "dialect/koodrive/file.h"

#include "base/names.h"

static const struct {
    const char *type, *extensions; /* each between blanks */
} types[] = {
    { "15", " bmp ilbm png gif jpeg jpg webp " },
    { "20", " avi mpeg mpg divx xvid rm rmvb mov qt asf wmv navi vob 3gp mp4 flv avs mkv ogm ts tp nsv " },
    { "26", " txt rtf doc docx docm odt dot dotm dotx " },
    { "27", " xls xlsx xlsm xlsb xml xltx xltm xlt prn dif slk xlam xla csv ods sxc " },
    { "28", " ppt pptx pptm potx potm pot ppsx ppsm pps ppam ppa odp sxi " },
};

static const char *by_category(int category)
{
    switch ((enum category)category) {
    case CATEGORY_IMAGE:   return "15";
    case CATEGORY_VIDEO:   return "20";
    case CATEGORY_AUDIO:   return "30";
    case CATEGORY_ARCHIVE: return "35";
    case CATEGORY_APP:     return "40";
    case CATEGORY_NONE:
    case CATEGORY_DOC:
    case CATEGORY_SHEET:
    case CATEGORY_SLIDES:
    case CATEGORY_OTHER:   return "45";
    }
    return "45";
}

/* " ext ", in lower case; empty when it is longer than any in the table. */
static str key_of(str name, char *out, size_t room)
{
    const str ext = name_extension(name);
    if (!ext.n || ext.n + 2 > room)
        return S("");
    out[0] = ' ';
    for (size_t i = 0; i < ext.n; i++)
        out[i + 1] = (char)(ext.p[i] >= 'A' && ext.p[i] <= 'Z' ? ext.p[i] + 32 : ext.p[i]);
    out[ext.n + 1] = ' ';
    return (str){ out, ext.n + 2 };
}

str koodrive_file_type(const struct node *node)
{
    char      room[8];
    const str key = key_of(node->name, room, sizeof room);
    if (node->kind == NODE_FOLDER)
        return S("10");
    if (node->file_type.n)
        return node->file_type;
    for (size_t i = 0; key.n && i < COUNT(types); i++) {
        const str extensions = str_of(types[i].extensions);
        if (str_find_str(extensions, key, 0) < extensions.n)
            return str_of(types[i].type);
    }
    return str_of(by_category(node->category));
}
