/* Byte strings kept once and known by a small number, in the order of their first appearance. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* An array that grows. */
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

enum { MOST_PROBES = 64 };

typedef struct {
    uint64_t hash;
    int64_t at;
    int32_t length, number; /* Number + 1; 0 where nothing is. */
} entry;

typedef struct {
    entry *entries;
    uint64_t mask, seed;
    int32_t count;
    uint8_t *bytes;
    int64_t used, room;
} interned;

static inline uint64_t mixed(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

static inline uint64_t hash_of(const uint8_t *bytes, size_t length, uint64_t seed) {
    uint64_t hash = mixed(seed, length), word;
    for (; length >= 8; bytes += 8, length -= 8) {
        memcpy(&word, bytes, 8);
        hash = mixed(hash, word);
    }
    word = 0;
    memcpy(&word, bytes, length);
    hash = mixed(hash, word);
    /* The low bits choose the place: all others have to reach them (the finalizer of MurmurHash3). */
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
    return hash ^ hash >> 33;
}

static inline bool enlarge_entries(interned *table) {
    uint64_t size = table->entries ? 2 * (table->mask + 1) : 256;
    entry *entries = calloc(size, sizeof *entries);
    if (!entries)
        return false;
    for (uint64_t i = 0; table->entries && i <= table->mask; i++) {
        uint64_t place = table->entries[i].hash & (size - 1);
        if (!table->entries[i].number)
            continue;
        while (entries[place].number)
            place = (place + 1) & (size - 1);
        entries[place] = table->entries[i];
    }
    free(table->entries);
    table->entries = entries;
    table->mask = size - 1;
    return true;
}

static inline bool make_room(interned *table, size_t length) {
    /* Half empty: in fuller tables a run of taken places may be longer than `MOST_PROBES` by chance alone. */
    if (2 * (uint64_t)table->count >= table->mask + 1 || !table->entries)
        if (!enlarge_entries(table))
            return false;
    if (table->room - table->used < (int64_t)length) {
        int64_t room = 2 * table->room + (int64_t)length + 4096;
        uint8_t *bytes = realloc(table->bytes, (size_t)room);
        if (!bytes)
            return false;
        table->bytes = bytes;
        table->room = room;
    }
    return true;
}

/* The place of a byte string, or that where it belongs; NULL if none is within reach of its hash. */
static inline entry *entry_of(const interned *table, const uint8_t *bytes, size_t length, uint64_t hash) {
    for (uint64_t probe = 0; table->entries && probe < MOST_PROBES; probe++) {
        entry *found = &table->entries[(hash + probe) & table->mask];
        bool is_same = found->hash == hash && (size_t)found->length == length;
        if (!found->number || (is_same && memcmp(table->bytes + found->at, bytes, length) == 0))
            return found;
    }
    return NULL;
}

/* The number of a byte string; -1 if it has none. */
static inline int32_t find(const interned *table, const uint8_t *bytes, size_t length) {
    const entry *found = entry_of(table, bytes, length, hash_of(bytes, length, table->seed));
    return found ? found->number - 1 : -1;
}

/* The same, but it gets one if it has none; -1 if there is no memory, or no place for it. */
static inline int32_t intern(interned *table, const uint8_t *bytes, size_t length) {
    if (!make_room(table, length))
        return -1;
    uint64_t hash = hash_of(bytes, length, table->seed);
    entry *found = entry_of(table, bytes, length, hash);
    if (found && !found->number) {
        memcpy(table->bytes + table->used, bytes, length);
        *found = (entry){hash, table->used, (int32_t)length, ++table->count};
        table->used += (int64_t)length;
    }
    return found ? found->number - 1 : -1;
}

/* Forgets everything. */
static inline void forget(interned *table) {
    uint64_t seed = table->seed;
    free(table->entries);
    free(table->bytes);
    memset(table, 0, sizeof *table);
    table->seed = seed;
}
