#include "context.h"

static _Thread_local apus_context context;

apus_context *apus_thread_context(void) { return &context; }
