/* Numbers for what many spans share: resources and scopes, traces, and clues to what a span is. */
#pragma once

#include "draft.h"

static int64_t place_of(const reader *r, const uint8_t *at) { return at - r->text; }

/* A part of an array that cannot grow any more: what was being read is left to the slow path. */
static bool no_memory(reader *r) {
    r->out_of_memory = true;
    return false;
}

static bool make_scratch(reader *r, size_t length) {
    if (length <= r->scratch_room)
        return true;
    uint8_t *scratch = realloc(r->scratch, 2 * length);
    if (!scratch)
        return no_memory(r);
    r->scratch = scratch;
    r->scratch_room = 2 * length;
    return true;
}

/* The number of a resource or a scope; -1 if there is none. */
static int32_t blob_number(reader *r, int what, slice bytes) {
    if (!make_scratch(r, bytes.length + 1))
        return -1;
    uint8_t *key = r->scratch;
    key[0] = (uint8_t)what;
    memcpy(key + 1, bytes.at, bytes.length);
    int32_t before = r->blobs.count, number = intern(&r->blobs, key, bytes.length + 1);
    if (number >= before) {
        blob_row *row = grow(&r->new_blobs, sizeof *row);
        if (!row)
            return no_memory(r), -1;
        *row = (blob_row){place_of(r, bytes.at), (int32_t)bytes.length, what};
    }
    if (number >= 0) {
        r->last_blob[what] = bytes;
        r->last_blob_number[what] = number;
    }
    return number;
}

static bool number_of_nothing(reader *r, int what, int32_t *number) {
    if (*number < 0)
        *number = blob_number(r, what, (slice){r->text, 0});
    return *number >= 0;
}

static int32_t trace_number(reader *r, const uint64_t *id) {
    if (r->last_trace >= 0 && id[0] == r->last_trace_id[0] && id[1] == r->last_trace_id[1])
        return r->last_trace;
    int32_t before = r->traces.count, number = intern(&r->traces, (const uint8_t *)id, 16);
    if (number >= before) {
        trace_row *row = grow(&r->new_traces, sizeof *row);
        if (!row)
            return no_memory(r), -1;
        for (int i = 0; i < 16; i++)
            row->bytes[i] = (uint8_t)(id[i / 8] >> (56 - i % 8 * 8));
    }
    memcpy(r->last_trace_id, id, 16);
    return r->last_trace = number;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t length) {
    memcpy(at, bytes, length);
    return at + length;
}

static bool is_asked(const kind *of, int32_t key) { return of->asked[key >> 6] >> (key & 63) & 1; }

/* The number of a kind, by the bytes in `scratch` up to `end`; a new one is asked for everything it has. */
static int32_t kind_by(reader *r, const uint8_t *end, bool may_add) {
    size_t length = (size_t)(end - r->scratch);
    int32_t number = may_add ? intern(&r->kind_numbers, r->scratch, length) : find(&r->kind_numbers, r->scratch, length);
    if (number == r->kinds.count) {
        kind *added = grow(&r->kinds, sizeof *added);
        if (!added)
            return no_memory(r), -1;
        memset(added->asked, 0xff, sizeof added->asked);
    }
    return number;
}

/* Spans of one scope and status with the same keys are of one kind, and of a kind by itself for each of the first
   names: where there are many, as of tests, they differ in nothing else. */
static int32_t kind_number(reader *r, const draft *span, int32_t scope) {
    size_t size = span->name.bytes.length;
    if (!make_scratch(r, 7 + MOST_HOT + size))
        return -1;
    uint8_t *at = put(r->scratch + 1, &scope, 4);
    *at++ = span->row.status;
    *at++ = (uint8_t)span->hots;
    for (int32_t i = 0; i < span->hots; i++)
        *at++ = (uint8_t)span->hot[i].key;
    uint8_t *end = put(at, span->name.bytes.at, size);
    r->scratch[0] = 1;
    int32_t named = kind_by(r, end, false);
    if (named >= 0)
        return named;
    r->scratch[0] = 0;
    int32_t all = kind_by(r, at, true);
    if (all < 0 || ((kind *)r->kinds.items + all)->names == MOST_NAMES)
        return all;
    ((kind *)r->kinds.items + all)->names++;
    r->scratch[0] = 1;
    return kind_by(r, end, true);
}

static bool add_clue(reader *r, const draft *span, int32_t number, int32_t scope) {
    clue_row *clue = grow(&r->new_clues, sizeof *clue);
    if (!clue)
        return no_memory(r);
    *clue = (clue_row){
        .name_at = place_of(r, span->name.bytes.at), .name_length = (int32_t)span->name.bytes.length,
        .scope = scope, .first_hot = (int32_t)r->new_hots.count, .hots = span->hots, .kind = number,
        .status = span->row.status,
    };
    for (int32_t i = 0; i < span->hots; i++) {
        hot_row *hot = grow(&r->new_hots, sizeof *hot);
        if (!hot)
            return no_memory(r);
        *hot = (hot_row){place_of(r, span->hot[i].value.at), (int32_t)span->hot[i].value.length, span->hot[i].key};
    }
    return true;
}

/* The number of a kind and the values that are asked of it: everything that a decision about a span depends on. */
static int32_t clue_number(reader *r, const draft *span, int32_t scope) {
    uint32_t size = (uint32_t)span->name.bytes.length;
    size_t length = 8 + size;
    int32_t number = kind_number(r, span, scope);
    if (number < 0)
        return -1;
    const kind *of = (const kind *)r->kinds.items + number;
    for (int32_t i = 0; i < span->hots; i++)
        length += 5 + span->hot[i].value.length;
    if (!make_scratch(r, length))
        return -1;
    uint8_t *at = put(put(r->scratch, &number, 4), &size, 4);
    at = put(at, span->name.bytes.at, size);
    for (int32_t i = 0; i < span->hots; i++) {
        size = (uint32_t)span->hot[i].value.length;
        if (!is_asked(of, span->hot[i].key))
            continue;
        *at++ = (uint8_t)span->hot[i].key;
        at = put(put(at, &size, 4), span->hot[i].value.at, size);
    }
    int32_t before = r->clues.count, clue = intern(&r->clues, r->scratch, (size_t)(at - r->scratch));
    return clue >= before && !add_clue(r, span, number, scope) ? -1 : clue;
}

static void begin_draft(draft *span) {
    memset(&span->row, 0, sizeof span->row);
    memset(span->hot_seen, 0, sizeof span->hot_seen);
    span->row.cpu_ns = -1;
    span->hots = 0;
    span->fields = 0;
}

/* A row for a span; one that is not sure has its place and what is around it, and nothing else. False if there are
   too many for the bytes they take. */
static bool add_row(reader *r, draft *span, slice bytes, int32_t resource, int32_t scope, bool is_sure) {
    span->row.trace = is_sure ? trace_number(r, span->trace_id) : -1;
    span->row.clue = is_sure && span->row.trace >= 0 ? clue_number(r, span, scope) : -1;
    span->row.offset = place_of(r, bytes.at);
    span->row.length = (int32_t)bytes.length;
    span->row.resource = resource;
    span->row.scope = scope;
    if (is_dense(r, bytes.at, (size_t)(r->spans.count - r->first_span)))
        return false;
    span_row *row = r->out_of_memory ? NULL : grow(&r->spans, sizeof *row);
    if (!row)
        return no_memory(r);
    *row = span->row;
    return true;
}
