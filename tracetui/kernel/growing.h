/* Arrays that grow, and one place to see that memory ran out. */
#ifndef TRACETUI_GROWING_H
#define TRACETUI_GROWING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    void *items;
    int64_t count, room;
} growing;

/* The next item of `size` bytes, all zero; NULL if there is no memory. */
static inline void *grow(growing *array, size_t size) {
    if (array->count == array->room) {
        int64_t room = array->room ? 2 * array->room : 64;
        void *items = realloc(array->items, (size_t)room * size);
        if (!items)
            return NULL;
        array->items = items;
        array->room = room;
    }
    return memset((char *)array->items + size * (size_t)array->count++, 0, size);
}

static inline void drop(growing *array) {
    free(array->items);
    memset(array, 0, sizeof *array);
}

#endif
