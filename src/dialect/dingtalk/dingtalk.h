/* dialect/dingtalk/dingtalk.h: the dialect, as main.c lists it. */
#ifndef DIALECT_DINGTALK_DINGTALK_H
#define DIALECT_DINGTALK_DINGTALK_H

#include "contract/contract.h"

extern const struct dialect dingtalk_dialect;

#endif
