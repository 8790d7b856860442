/* drive/gate.h: lets a few at a time do what is heavy; the others are not kept waiting but turned away. */
#ifndef DRIVE_GATE_H
#define DRIVE_GATE_H

#include <stdbool.h>

struct gate;

struct gate *gate_new(int room);
void         gate_free(struct gate **gate);

/* False when `room` are in; else gate_leave ends it. Any thread. */
bool gate_enter(struct gate *gate);
void gate_leave(struct gate *gate);

#endif
