/* The state of reading one source: what was interned, and what the current block gave. */
#pragma once

#include "interned.h"
#include "json.h"
#include "read.h"

enum { MOST_DENSE = 200 * 1000, LEAST_BYTES_EACH = 16, MOST_ALIKE = 3 };
enum { MOST_HOT = 64, MOST_NAMES = 64, HOT_SLOTS = 1024, RESOURCE = 0, SCOPE = 1 };
enum { CPU_KEY = 0, PLACE_KEY = 1 }; /* The numbers of the two keys that are measurements. */
static const int64_t MOST_KEPT_BYTES = 64 << 20;

typedef struct {
    const char *bytes;
    int32_t length;
    int32_t number; /* Number + 1; 0 where nothing is. */
    bool only_slow;
} hot_key;

typedef struct {
    hot_key slots[HOT_SLOTS];
    uint64_t lengths; /* A bit for each length, from 63 on one for all. */
    char *names;
} hot_keys;

/* Spans that are alike but for the values of attributes; `asked` has a bit for each key whose value matters. */
typedef struct {
    uint64_t asked[4];
    int32_t names; /* Of those, how many have a kind by themselves. */
} kind;

/* What stands before the value of attributes with one key in this text, of which type that is, and the places of the
   two that came next of late. */
typedef struct {
    slice head;
    const hot_key *hot;
    uint16_t next, other;
    uint8_t type;
} usual;
enum { WHOLE, TEXT, INTEGER, BOOLEAN, OTHER }; /* WHOLE if no type is told. */

typedef struct {
    interned kind_numbers, clues, traces, blobs;
    hot_keys keys;
    usual usuals[HOT_SLOTS + MOST_ALIKE + 1]; /* By `key_slot` or shortly behind; the last is before all. */
    growing kinds, spans, lines, new_clues, new_hots, new_blobs, new_traces;
    read_result result;
    const uint8_t *text, *document;
    int64_t first_span; /* Of the document. */
    slice last_blob[2];
    int32_t last_blob_number[2], last_trace, most_kept;
    uint64_t last_trace_id[2];
    uint8_t *scratch;
    size_t scratch_room, opened;
    int64_t life;
    bool out_of_memory;
} reader;

static inline uint32_t key_slot(const uint8_t *bytes, size_t length) {
    uint64_t head = 0, tail = 0;
    if (length >= 8) {
        memcpy(&head, bytes, 8);
        memcpy(&tail, bytes + length - 8, 8);
    } else {
        for (size_t i = 0; i < length; i++)
            head = head << 8 | bytes[i];
    }
    uint64_t hash = (head ^ (tail * 0x9e3779b97f4a7c15u) ^ length) * 0xd6e8feb86659fd93u;
    return (uint32_t)(hash >> 40) & (HOT_SLOTS - 1);
}

static inline uint64_t length_bit(size_t length) { return 1ull << (length < 63 ? length : 63); }

/* The key among those that rules ask for; NULL for any other. */
static inline const hot_key *hot_key_of(const hot_keys *keys, slice key) {
    if (!(keys->lengths & length_bit(key.length)))
        return NULL;
    for (uint32_t slot = key_slot(key.at, key.length); keys->slots[slot].number; slot = (slot + 1) & (HOT_SLOTS - 1))
        if (same(key, keys->slots[slot].bytes, (size_t)keys->slots[slot].length))
            return &keys->slots[slot];
    return NULL;
}

/* Whether a document of hardly any bytes for each of its values would take hundreds of times as many in memory. */
static inline bool is_dense(const reader *r, const uint8_t *at, size_t values) {
    return values > MOST_DENSE && (size_t)(at - r->document) < LEAST_BYTES_EACH * values;
}
