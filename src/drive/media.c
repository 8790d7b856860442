/* What a name says: extension to media type and category. One table. */
#include "base/names.h"
#include "drive/node.h"

struct extension {
    const char   *name, *media_type;
    enum category category;
};

#define OFFICE "application/vnd.openxmlformats-officedocument."
#define ODF "application/vnd.oasis.opendocument."
#define ANY "application/octet-stream"

/* By extension, sorted, for bisection. */
static const struct extension extensions[] = {
    { "3gp", "video/3gpp", CATEGORY_VIDEO },
    { "7z", "application/x-7z-compressed", CATEGORY_ARCHIVE },
    { "aac", "audio/aac", CATEGORY_AUDIO },
    { "aiff", "audio/aiff", CATEGORY_AUDIO },
    { "amr", "audio/amr", CATEGORY_AUDIO },
    { "apk", "application/vnd.android.package-archive", CATEGORY_APP },
    { "appimage", ANY, CATEGORY_APP },
    { "asf", "video/x-ms-asf", CATEGORY_VIDEO },
    { "avi", "video/x-msvideo", CATEGORY_VIDEO },
    { "avif", "image/avif", CATEGORY_IMAGE },
    { "bmp", "image/bmp", CATEGORY_IMAGE },
    { "bz2", "application/x-bzip2", CATEGORY_ARCHIVE },
    { "c", "text/plain", CATEGORY_OTHER },
    { "css", "text/css", CATEGORY_OTHER },
    { "csv", "text/csv", CATEGORY_SHEET },
    { "deb", "application/vnd.debian.binary-package", CATEGORY_APP },
    { "dif", ANY, CATEGORY_SHEET },
    { "divx", "video/divx", CATEGORY_VIDEO },
    { "dmg", "application/x-apple-diskimage", CATEGORY_APP },
    { "doc", "application/msword", CATEGORY_DOC },
    { "docm", "application/vnd.ms-word.document.macroenabled.12", CATEGORY_DOC },
    { "docx", OFFICE "wordprocessingml.document", CATEGORY_DOC },
    { "dot", "application/msword", CATEGORY_DOC },
    { "dotm", "application/vnd.ms-word.template.macroenabled.12", CATEGORY_DOC },
    { "dotx", OFFICE "wordprocessingml.template", CATEGORY_DOC },
    { "epub", "application/epub+zip", CATEGORY_DOC },
    { "exe", "application/vnd.microsoft.portable-executable", CATEGORY_APP },
    { "flac", "audio/flac", CATEGORY_AUDIO },
    { "flv", "video/x-flv", CATEGORY_VIDEO },
    { "gif", "image/gif", CATEGORY_IMAGE },
    { "gz", "application/gzip", CATEGORY_ARCHIVE },
    { "heic", "image/heic", CATEGORY_IMAGE },
    { "heif", "image/heif", CATEGORY_IMAGE },
    { "htm", "text/html", CATEGORY_OTHER },
    { "html", "text/html", CATEGORY_OTHER },
    { "ico", "image/vnd.microsoft.icon", CATEGORY_IMAGE },
    { "ilbm", "image/x-ilbm", CATEGORY_IMAGE },
    { "ipa", ANY, CATEGORY_APP },
    { "iso", "application/x-iso9660-image", CATEGORY_ARCHIVE },
    { "jar", "application/java-archive", CATEGORY_APP },
    { "jpeg", "image/jpeg", CATEGORY_IMAGE },
    { "jpg", "image/jpeg", CATEGORY_IMAGE },
    { "js", "text/javascript", CATEGORY_OTHER },
    { "json", "application/json", CATEGORY_OTHER },
    { "m4a", "audio/mp4", CATEGORY_AUDIO },
    { "m4v", "video/x-m4v", CATEGORY_VIDEO },
    { "md", "text/markdown", CATEGORY_DOC },
    { "mid", "audio/midi", CATEGORY_AUDIO },
    { "mkv", "video/x-matroska", CATEGORY_VIDEO },
    { "mov", "video/quicktime", CATEGORY_VIDEO },
    { "mp3", "audio/mpeg", CATEGORY_AUDIO },
    { "mp4", "video/mp4", CATEGORY_VIDEO },
    { "mpeg", "video/mpeg", CATEGORY_VIDEO },
    { "mpg", "video/mpeg", CATEGORY_VIDEO },
    { "msi", "application/x-msi", CATEGORY_APP },
    { "navi", ANY, CATEGORY_VIDEO },
    { "nsv", "video/x-nsv", CATEGORY_VIDEO },
    { "odp", ODF "presentation", CATEGORY_SLIDES },
    { "ods", ODF "spreadsheet", CATEGORY_SHEET },
    { "odt", ODF "text", CATEGORY_DOC },
    { "ogg", "audio/ogg", CATEGORY_AUDIO },
    { "ogm", "video/ogg", CATEGORY_VIDEO },
    { "opus", "audio/ogg", CATEGORY_AUDIO },
    { "pdf", "application/pdf", CATEGORY_DOC },
    { "png", "image/png", CATEGORY_IMAGE },
    { "pot", "application/vnd.ms-powerpoint", CATEGORY_SLIDES },
    { "potm", "application/vnd.ms-powerpoint.template.macroenabled.12", CATEGORY_SLIDES },
    { "potx", OFFICE "presentationml.template", CATEGORY_SLIDES },
    { "ppam", "application/vnd.ms-powerpoint.addin.macroenabled.12", CATEGORY_SLIDES },
    { "pps", "application/vnd.ms-powerpoint", CATEGORY_SLIDES },
    { "ppsx", OFFICE "presentationml.slideshow", CATEGORY_SLIDES },
    { "ppt", "application/vnd.ms-powerpoint", CATEGORY_SLIDES },
    { "pptm", "application/vnd.ms-powerpoint.presentation.macroenabled.12", CATEGORY_SLIDES },
    { "pptx", OFFICE "presentationml.presentation", CATEGORY_SLIDES },
    { "prn", ANY, CATEGORY_SHEET },
    { "psd", "image/vnd.adobe.photoshop", CATEGORY_IMAGE },
    { "qt", "video/quicktime", CATEGORY_VIDEO },
    { "rar", "application/vnd.rar", CATEGORY_ARCHIVE },
    { "rm", "application/vnd.rn-realmedia", CATEGORY_VIDEO },
    { "rmvb", "application/vnd.rn-realmedia-vbr", CATEGORY_VIDEO },
    { "rpm", "application/x-rpm", CATEGORY_APP },
    { "rtf", "application/rtf", CATEGORY_DOC },
    { "slk", ANY, CATEGORY_SHEET },
    { "svg", "image/svg+xml", CATEGORY_IMAGE },
    { "sxc", "application/vnd.sun.xml.calc", CATEGORY_SHEET },
    { "tar", "application/x-tar", CATEGORY_ARCHIVE },
    { "tgz", "application/gzip", CATEGORY_ARCHIVE },
    { "tif", "image/tiff", CATEGORY_IMAGE },
    { "tiff", "image/tiff", CATEGORY_IMAGE },
    { "ts", "video/mp2t", CATEGORY_VIDEO },
    { "txt", "text/plain", CATEGORY_DOC },
    { "vob", "video/mpeg", CATEGORY_VIDEO },
    { "wav", "audio/wav", CATEGORY_AUDIO },
    { "webm", "video/webm", CATEGORY_VIDEO },
    { "webp", "image/webp", CATEGORY_IMAGE },
    { "wma", "audio/x-ms-wma", CATEGORY_AUDIO },
    { "wmv", "video/x-ms-wmv", CATEGORY_VIDEO },
    { "xla", "application/vnd.ms-excel", CATEGORY_SHEET },
    { "xlam", "application/vnd.ms-excel.addin.macroenabled.12", CATEGORY_SHEET },
    { "xls", "application/vnd.ms-excel", CATEGORY_SHEET },
    { "xlsb", "application/vnd.ms-excel.sheet.binary.macroenabled.12", CATEGORY_SHEET },
    { "xlsm", "application/vnd.ms-excel.sheet.macroenabled.12", CATEGORY_SHEET },
    { "xlsx", OFFICE "spreadsheetml.sheet", CATEGORY_SHEET },
    { "xlt", "application/vnd.ms-excel", CATEGORY_SHEET },
    { "xltm", "application/vnd.ms-excel.template.macroenabled.12", CATEGORY_SHEET },
    { "xltx", OFFICE "spreadsheetml.template", CATEGORY_SHEET },
    { "xml", "application/xml", CATEGORY_OTHER },
    { "xvid", "video/x-xvid", CATEGORY_VIDEO },
    { "xz", "application/x-xz", CATEGORY_ARCHIVE },
    { "zip", "application/zip", CATEGORY_ARCHIVE },
    { "zst", "application/zstd", CATEGORY_ARCHIVE },
};

static const struct extension *extension_of(str name)
{
    char      lower[16];
    const str ext = name_extension(name);
    size_t    low = 0, high = COUNT(extensions);
    if (!ext.n || ext.n >= sizeof lower)
        return NULL;
    for (size_t i = 0; i < ext.n; i++)
        lower[i] = (char)(ext.p[i] >= 'A' && ext.p[i] <= 'Z' ? ext.p[i] + 32 : ext.p[i]);
    lower[ext.n] = '\0';
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int    order = strcmp(lower, extensions[middle].name);
        if (order == 0)
            return &extensions[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

enum category category_of(str name, str media_type)
{
    const struct extension *ext = extension_of(name);
    if (ext)
        return ext->category;
    if (str_starts(media_type, S("image/")))
        return CATEGORY_IMAGE;
    if (str_starts(media_type, S("video/")))
        return CATEGORY_VIDEO;
    if (str_starts(media_type, S("audio/")))
        return CATEGORY_AUDIO;
    return CATEGORY_OTHER;
}

str media_type_of(str name)
{
    const struct extension *ext = extension_of(name);
    return str_of(ext ? ext->media_type : ANY);
}
