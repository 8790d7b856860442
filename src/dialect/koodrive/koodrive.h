/* dialect/koodrive/koodrive.h: the dialect, as main.c lists it. */
#ifndef DIALECT_KOODRIVE_KOODRIVE_H
#define DIALECT_KOODRIVE_KOODRIVE_H

#include "contract/contract.h"

extern const struct dialect koodrive_dialect;

#endif
