/* admin/version.h: the program's version, which the build gives. */
#ifndef ADMIN_VERSION_H
#define ADMIN_VERSION_H

#ifndef POLYDRIVE_VERSION
#define POLYDRIVE_VERSION "unknown"
#endif

#endif
