/* Included before the kernel's sources: its memory runs out when the target says so. */
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stddef.h>
#include <stdlib.h>

void *failing_malloc(size_t size);
void *failing_calloc(size_t count, size_t size);
void *failing_realloc(void *old, size_t size);

#ifndef ALLOCATIONS_THEMSELVES
#define malloc failing_malloc
#define calloc failing_calloc
#define realloc failing_realloc
#endif

#endif
