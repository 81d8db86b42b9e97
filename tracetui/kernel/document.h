/* Documents of OTLP/JSON around spans: `TracesData`, or one `ResourceSpans` by itself. */
#ifndef TRACETUI_DOCUMENT_H
#define TRACETUI_DOCUMENT_H

#include "span.h"

enum { GROUP_RESOURCE = 1, GROUP_SCOPES = 2, GROUP_SCHEMA = 4, SCOPE_ITSELF = 1, SCOPE_SPANS = 2, SCOPE_SCHEMA = 4 };

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

/* A resource or a scope. The same bytes as those of the last one were checked already. */
static bool take_blob(cursor *c, reader *r, int what, int32_t *number) {
    const uint8_t *begin = c->at;
    slice last = r->last_blob[what];
    if (last.length && take_literal(c, (const char *)last.at, last.length)) {
        *number = r->last_blob_number[what];
        return true;
    }
    if (peek(c) != '{' || !skip_value(c, 3, &r->opened))
        return false;
    *number = blob_number(r, what, since(c, begin));
    return *number >= 0;
}

static bool number_of_nothing(reader *r, int what, int32_t *number) {
    if (*number < 0)
        *number = blob_number(r, what, (slice){r->text, 0});
    return *number >= 0;
}

static int32_t trace_number(reader *r, const uint8_t *bytes) {
    if (r->last_trace >= 0 && memcmp(bytes, r->last_trace_bytes, 16) == 0)
        return r->last_trace;
    int32_t before = r->traces.count, number = intern(&r->traces, bytes, 16);
    if (number >= before) {
        trace_row *row = grow(&r->new_traces, sizeof *row);
        if (!row)
            return no_memory(r), -1;
        memcpy(row->bytes, bytes, 16);
    }
    memcpy(r->last_trace_bytes, bytes, 16);
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
    if (!make_scratch(r, 6 + size + MOST_HOT))
        return -1;
    uint8_t *at = put(r->scratch, "\0", 1);
    at = put(at, &scope, 4);
    *at++ = span->row.status;
    for (int32_t i = 0; i < span->hots; i++)
        *at++ = (uint8_t)span->hot[i].key;
    int32_t all = kind_by(r, at, true), before = (int32_t)r->kinds.count;
    if (all < 0)
        return -1;
    at = put(put(put(r->scratch, "\1", 1), &all, 4), span->name.bytes.at, size);
    int32_t named = kind_by(r, at, ((kind *)r->kinds.items + all)->names < MOST_NAMES);
    ((kind *)r->kinds.items + all)->names += named >= before;
    return named < 0 ? all : named;
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

/* A span, or its place alone if only other means can read it; false if it is no JSON. */
static bool take_one_span(cursor *c, reader *r, int32_t resource, int32_t scope) {
    draft span;
    const uint8_t *begin = c->at;
    begin_draft(&span);
    r->opened++;
    bool is_sure = LIKELY(take_span(c, r, &span));
    if (!is_sure) {
        c->at = begin;
        if (peek(c) != '{' || !skip_value(c, 3, &r->opened))
            return false;
    }
    span.row.trace = is_sure ? trace_number(r, span.trace_id) : -1;
    span.row.clue = is_sure && span.row.trace >= 0 ? clue_number(r, &span, scope) : -1;
    span.row.offset = place_of(r, begin);
    span.row.length = (int32_t)(c->at - begin);
    span.row.resource = resource;
    span.row.scope = scope;
    span_row *row = grow(&r->spans, sizeof *row);
    if (!row)
        return no_memory(r);
    *row = span.row;
    return true;
}

static bool take_spans(cursor *c, reader *r, int32_t resource, int32_t scope) {
    if (!number_of_nothing(r, SCOPE, &scope))
        return false;
    LIST(c, take_one_span(c, r, resource, scope));
}

static bool skip_schema(cursor *c) {
    text url;
    return take_string(c, &url);
}

/* `ScopeSpans`; what names the scope comes first. */
static bool take_scope_spans(cursor *c, reader *r, int32_t resource) {
    text key;
    uint32_t fields = 0;
    int32_t scope = -1;
    r->opened++;
    FIELDS(c, key,
           IS(key, "scope")       ? !(fields & SCOPE_SPANS) && first_time(&fields, SCOPE_ITSELF) && take_blob(c, r, SCOPE, &scope)
           : IS(key, "spans")     ? first_time(&fields, SCOPE_SPANS) && take_spans(c, r, resource, scope)
           : IS(key, "schemaUrl") ? first_time(&fields, SCOPE_SCHEMA) && skip_schema(c)
                                  : false);
    return true;
}

static bool take_scopes(cursor *c, reader *r, int32_t resource) {
    if (peek(c) != '[' || !number_of_nothing(r, RESOURCE, &resource))
        return false;
    LIST(c, take_scope_spans(c, r, resource));
}

static bool take_group_field(cursor *c, reader *r, text key, uint32_t *fields, int32_t *resource) {
    if (IS(key, "resource"))
        return !(*fields & GROUP_SCOPES) && first_time(fields, GROUP_RESOURCE) && take_blob(c, r, RESOURCE, resource);
    if (IS(key, "scopeSpans"))
        return first_time(fields, GROUP_SCOPES) && take_scopes(c, r, *resource);
    return IS(key, "schemaUrl") && first_time(fields, GROUP_SCHEMA) && skip_schema(c);
}

/* `ResourceSpans`; the resource comes first. */
static bool take_group(cursor *c, reader *r) {
    text key;
    uint32_t fields = 0;
    int32_t resource = -1;
    r->opened++;
    FIELDS(c, key, take_group_field(c, r, key, &fields, &resource));
    return true;
}

static bool take_groups(cursor *c, reader *r) {
    if (peek(c) != '[')
        return false; /* Of `null` only other means know what it stands for. */
    LIST(c, take_group(c, r));
}

/* `TracesData`, its first key taken, which stands alone. */
static bool take_traces_data(cursor *c, reader *r) { return take_groups(c, r) && mark(c, '}'); }

/* A `ResourceSpans` by itself; one without scopes may be a document of any other kind. */
static bool take_bare_group(cursor *c, reader *r, text key) {
    uint32_t fields = 0;
    int32_t resource = -1;
    do {
        if (!take_group_field(c, r, key, &fields, &resource))
            return false;
    } while (mark(c, ',') && take_key(c, &key));
    return (fields & GROUP_SCOPES) && mark(c, '}');
}

/* One document and nothing behind it. */
static bool take_document(cursor *c, reader *r) {
    text key;
    blanks(c);
    if (!mark(c, '{') || !take_key(c, &key))
        return false;
    bool taken = IS(key, "resourceSpans") ? take_traces_data(c, r) : take_bare_group(c, r, key);
    return taken && c->at == c->end;
}

#endif
