/* What reading hands to Python: plain arrays, laid out as `scan.py` has them. */
#pragma once

#include <stdint.h>

#if defined(_WIN32)
#define EXPORTED __declspec(dllexport)
#else
#define EXPORTED __attribute__((visibility("default")))
#endif

/* A span: places in bytes from the text's start, times in ns since the epoch. `clue` is -1 of one that is
   sound JSON and has to be read by other means; all but its place, resource and scope is without meaning then. */
typedef struct {
    int64_t offset, start_ns, end_ns, cpu_ns;
    uint64_t span_id, parent_id;
    int32_t length, trace, clue, resource, scope, place;
    uint8_t status, pad[7];
} span_row;

/* A line or document: where it ends (its line end included), its first span, and whether all of it was read. Lines
   that were not are one if no other is between them. */
typedef struct {
    int64_t end, first_span;
    uint8_t was_read, pad[7];
} line_row;

/* What decides about a span's role and outcome, where it first appeared. */
typedef struct {
    int64_t name_at;
    int32_t name_length, scope, first_hot, hots, kind;
    uint8_t status, pad[3];
} clue_row;

/* An attribute of a clue that rules may ask for; its value is a JSON string, an integer or a boolean. */
typedef struct {
    int64_t value_at;
    int32_t value_length, key;
} hot_row;

/* A resource (`kind` 0) or a scope (1), as raw JSON. */
typedef struct {
    int64_t at;
    int32_t length, kind;
} blob_row;

typedef struct {
    uint8_t bytes[16];
} trace_row;

typedef struct {
    const void *spans, *lines, *clues, *hots, *blobs, *traces;
    int64_t span_count, line_count, clue_count, hot_count, blob_count, trace_count;
    int64_t life; /* Grows each time that all numbers were forgotten. */
} read_result;
