/* Documents of OTLP/JSON around spans: `TracesData`, or one `ResourceSpans` by itself. */
#pragma once

#include "clues.h"
#include "span.h"

enum { AROUND = 1, BELOW = 2, SCHEMA = 4 }; /* The fields of an envelope. */

/* A resource or a scope. The same bytes as those of the last one were checked already. */
static bool take_blob(cursor *c, reader *r, int what, int32_t *number) {
    const uint8_t *begin = c->at;
    if (take_known(c, r->last_blob[what])) {
        *number = r->last_blob_number[what];
        return true;
    }
    if (peek(c) != '{' || !skip_value(c, 3, &r->opened))
        return false;
    *number = blob_number(r, what, since(c, begin));
    return *number >= 0;
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
    return add_row(r, &span, since(c, begin), resource, scope, is_sure);
}

static bool take_spans(cursor *c, reader *r, int32_t resource, int32_t scope) {
    if (!number_of_nothing(r, SCOPE, &scope))
        return false;
    LIST(c, take_one_span(c, r, resource, scope));
}

/* `ScopeSpans`; what names the scope comes first. */
static bool take_scope_spans(cursor *c, reader *r, int32_t resource) {
    text key;
    uint32_t fields = 0;
    int32_t scope = -1;
    r->opened++;
    FIELDS(c, key,
           IS(key, "scope")       ? !(fields & BELOW) && first_time(&fields, AROUND) && take_blob(c, r, SCOPE, &scope)
           : IS(key, "spans")     ? first_time(&fields, BELOW) && take_spans(c, r, resource, scope)
           : IS(key, "schemaUrl") ? first_time(&fields, SCHEMA) && skip_text_or_null(c)
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
        return !(*fields & BELOW) && first_time(fields, AROUND) && take_blob(c, r, RESOURCE, resource);
    if (IS(key, "scopeSpans"))
        return first_time(fields, BELOW) && take_scopes(c, r, *resource);
    return IS(key, "schemaUrl") && first_time(fields, SCHEMA) && skip_text_or_null(c);
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

/* A `ResourceSpans` by itself; one without scopes may be a document of any other kind. */
static bool take_bare_group(cursor *c, reader *r, text key) {
    uint32_t fields = 0;
    int32_t resource = -1;
    while (take_group_field(c, r, key, &fields, &resource))
        if (!mark(c, ','))
            return (fields & BELOW) && mark(c, '}');
        else if (!take_key(c, &key))
            break;
    return false;
}

/* One document and nothing behind it. */
static bool take_document(cursor *c, reader *r) {
    text key;
    blanks(c);
    if (!mark(c, '{') || !take_key(c, &key))
        return false;
    bool taken = IS(key, "resourceSpans") ? take_groups(c, r) && mark(c, '}') : take_bare_group(c, r, key);
    return taken && c->at == c->end;
}
