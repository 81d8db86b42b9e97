/* A span while it is being read, whatever it is spelled in. */
#pragma once

#include "numbers.h"
#include "reader.h"

typedef struct {
    int32_t key;
    slice value;
} hot_value;

typedef struct {
    span_row row;
    uint64_t trace_id[2];
    text name;
    hot_value hot[MOST_HOT];
    int32_t hots;
    uint64_t hot_seen[4];
    uint32_t fields;
} draft;

enum {
    TRACE_ID = 1 << 0, SPAN_ID = 1 << 1, PARENT_ID = 1 << 2, NAME = 1 << 3, START = 1 << 4, END = 1 << 5,
    ATTRIBUTES = 1 << 6, STATUS = 1 << 7, EVENTS = 1 << 8, LINKS = 1 << 9, KIND = 1 << 10, STATE = 1 << 11,
    FLAGS = 1 << 12, DROPPED = 1 << 13, DROPPED_EVENTS = 1 << 14, DROPPED_LINKS = 1 << 15,
    NEEDED = TRACE_ID | SPAN_ID | NAME | START
};

/* A field that there may be once. */
HOT bool first_time(uint32_t *fields, uint32_t field) {
    bool seen = *fields & field;
    *fields |= field;
    return !seen;
}

/* An attribute that rules ask for; `value` is as it is spelled, `amount` what it counts, -1 if nothing. */
static bool add_hot(draft *span, const hot_key *key, slice value, int64_t amount) {
    int32_t number = key->number - 1;
    uint64_t bit = 1ull << (number & 63);
    if (key->only_slow || span->hot_seen[number >> 6] & bit)
        return false;
    span->hot_seen[number >> 6] |= bit;
    if (number == CPU_KEY || number == PLACE_KEY) {
        if (amount < 0)
            return false;
        if (number == CPU_KEY)
            span->row.cpu_ns = amount;
        else
            span->row.place = amount < 1 << 30 ? (int32_t)amount + 1 : 0;
        return true;
    }
    if (span->hots == MOST_HOT)
        return false;
    span->hot[span->hots++] = (hot_value){number, value};
    return true;
}
