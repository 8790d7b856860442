/* drive/gate.h: lets one thread at a time do what is heavy; the others are not kept waiting but turned away. */
#ifndef DRIVE_GATE_H
#define DRIVE_GATE_H

#include <stdbool.h>

struct gate;

struct gate *gate_new(void);
void         gate_free(struct gate **gate);

/* False when somebody is in; else gate_leave ends it. Any thread. */
bool gate_enter(struct gate *gate);
void gate_leave(struct gate *gate);

#endif
