/* One span of OTLP/JSON. What returns false was not sure: the span is read by other means then. */
#pragma once

#include "draft.h"

typedef struct {
    reader *reader;
    draft *draft; /* NULL for attributes of events and links, of which none is asked for. */
} owner;

#define IS(key, name) same((key).bytes, (name), sizeof(name) - 1)

/* A key and its colon. */
HOT bool take_key(cursor *c, text *key) { return take_string(c, key) && !key->escaped && mark(c, ':'); }

static bool skip_text_or_null(cursor *c) {
    text string;
    return peek(c) == 'n' ? LITERAL(c, "null") : take_string(c, &string);
}

/* What stands before an attribute's value, which may be of any kind; its key comes first. */
COLD usual *take_head(cursor *c, reader *r) {
    text key, word;
    const uint8_t *begin = c->at;
    if (!mark(c, '{') || !take_key(c, &word) || !IS(word, "key") || !take_string(c, &key) || key.escaped)
        return NULL;
    if (!mark(c, ',') || !take_key(c, &word) || !IS(word, "value"))
        return NULL;
    const uint8_t *value = c->at;
    uint8_t type = !mark(c, '{') || !take_key(c, &word) ? WHOLE
                   : IS(word, "stringValue")            ? TEXT
                   : IS(word, "intValue")               ? INTEGER
                   : IS(word, "boolValue")              ? BOOLEAN
                                                        : OTHER;
    c->at = type == WHOLE ? value : c->at;
    slice head = since(c, begin);
    usual *one = &r->usuals[key_slot(key.bytes.at, key.bytes.length)];
    for (int i = 0; i < MOST_ALIKE && one->head.length && !same(one->head, head.at, head.length); i++)
        one++;
    *one = (usual){head, hot_key_of(&r->keys, key.bytes), one->next, one->other, type};
    return one;
}

/* Whether a value is what rules may be told: a string, a whole number or a boolean, and nothing else. */
HOT bool is_plain(const usual *one, slice value, int64_t amount) {
    bool is_quoted = *value.at == '"';
    return one->type == TEXT      ? is_quoted
           : one->type == INTEGER ? (is_quoted ? value.length <= MOST_DIGITS + 2 : amount >= 0)
                                  : one->type == BOOLEAN && (*value.at == 't' || *value.at == 'f');
}

/* An attribute; most have the very head of one that came after the `last` one in some span before. */
HOT bool take_attribute(cursor *c, owner of, usual **last) {
    text string;
    reader *r = of.reader;
    usual *one = &r->usuals[(*last)->next];
    if (!take_known(c, one->head)) {
        one = &r->usuals[(*last)->other];
        if (!take_known(c, one->head) && !(one = take_head(c, r)))
            return false;
        (*last)->other = (*last)->next;
        (*last)->next = (uint16_t)(one - r->usuals);
    }
    *last = one;
    const uint8_t *begin = c->at;
    if (LIKELY(peek(c) == '"') ? !take_string(c, &string) : !skip_value(c, one->type == WHOLE ? 4 : 5, &r->opened))
        return false;
    slice value = since(c, begin);
    if (one->type == WHOLE ? (blanks(c), !take(c, '}')) : !LITERAL(c, "}}") && !(mark(c, '}') && take(c, '}')))
        return false;
    if (!one->hot || !of.draft)
        return true;
    int64_t amount = amount_of(value);
    return is_plain(one, value, amount) && add_hot(of.draft, one->hot, value, amount);
}

/* A list of what `take_one` takes, or null. */
#define LIST(c, take_one)                                                                                              \
    do {                                                                                                               \
        if (LITERAL(c, "null"))                                                                                        \
            return true;                                                                                               \
        if (!take(c, '['))                                                                                             \
            return false;                                                                                              \
        blanks(c);                                                                                                     \
        if (take(c, ']'))                                                                                              \
            return true;                                                                                               \
        do {                                                                                                           \
            if (!(take_one))                                                                                           \
                return false;                                                                                          \
        } while (mark(c, ','));                                                                                        \
        return take(c, ']');                                                                                           \
    } while (0)

/* An object whose every `key` is handled by `take_field`; its opening brace comes first. */
#define FIELDS(c, key, take_field)                                                                                     \
    do {                                                                                                               \
        if (!take(c, '{'))                                                                                             \
            return false;                                                                                              \
        blanks(c);                                                                                                     \
        if (take(c, '}'))                                                                                              \
            break;                                                                                                     \
        do {                                                                                                           \
            if (!take_key(c, &(key)) || !(take_field))                                                                 \
                return false;                                                                                          \
        } while (mark(c, ','));                                                                                        \
        if (!take(c, '}'))                                                                                             \
            return false;                                                                                              \
    } while (0)

static bool take_attributes(cursor *c, owner of) {
    usual *last = &of.reader->usuals[HOT_SLOTS + MOST_ALIKE];
    LIST(c, take_attribute(c, of, &last));
}

/* What events and links have in common, each field once and of its type; ids and times may be anything. */
static bool skip_part_field(cursor *c, reader *r, text key, uint32_t *fields) {
    return IS(key, "attributes")               ? first_time(fields, ATTRIBUTES) && take_attributes(c, (owner){r, NULL})
           : IS(key, "name")                   ? first_time(fields, NAME) && skip_text_or_null(c)
           : IS(key, "traceState")             ? first_time(fields, STATE) && skip_text_or_null(c)
           : IS(key, "droppedAttributesCount") ? first_time(fields, DROPPED) && skip_number(c)
           : IS(key, "flags")                  ? first_time(fields, FLAGS) && skip_number(c)
                                               : skip_value(c, 4, &r->opened);
}

static bool skip_part(cursor *c, reader *r) {
    text key;
    uint32_t fields = 0;
    r->opened++;
    FIELDS(c, key, skip_part_field(c, r, key, &fields));
    return true;
}

static bool skip_parts(cursor *c, reader *r) { LIST(c, skip_part(c, r)); }

static bool take_status_code(cursor *c, uint8_t *status) {
    static const char *const codes[] = {"0", "1", "2", "\"STATUS_CODE_UNSET\"", "\"STATUS_CODE_OK\"",
                                        "\"STATUS_CODE_ERROR\""};
    for (uint8_t i = 0; i < 6; i++)
        if (take_literal(c, codes[i], strlen(codes[i]))) {
            *status = i % 3;
            return peek(c) == ',' || peek(c) == '}';
        }
    return false;
}

static bool take_status(cursor *c, uint8_t *status) {
    text key;
    uint32_t fields = 0;
    FIELDS(c, key, IS(key, "code")      ? first_time(&fields, STATUS) && take_status_code(c, status)
                   : IS(key, "message") ? first_time(&fields, NAME) && skip_text_or_null(c)
                                        : false);
    return true;
}

#define FIELD(name, field, read)                                                                                       \
    if (IS(key, name))                                                                                                 \
        return first_time(&span->fields, field) && (read)

HOT bool take_span_field(cursor *c, reader *r, draft *span, text key) {
    switch (key.bytes.length) {
    case 4:
        FIELD("name", NAME, take_string(c, &span->name));
        FIELD("kind", KIND, skip_number(c)); break;
    case 5:
        FIELD("flags", FLAGS, skip_number(c));
        FIELD("links", LINKS, skip_parts(c, r)); break;
    case 6:
        FIELD("spanId", SPAN_ID, take_id(c, &span->row.span_id, 1));
        FIELD("status", STATUS, take_status(c, &span->row.status));
        FIELD("events", EVENTS, skip_parts(c, r)); break;
    case 7: FIELD("traceId", TRACE_ID, take_id(c, span->trace_id, 2)); break;
    case 10:
        FIELD("attributes", ATTRIBUTES, take_attributes(c, (owner){r, span}));
        FIELD("traceState", STATE, skip_text_or_null(c)); break;
    case 12: FIELD("parentSpanId", PARENT_ID, LITERAL(c, "\"\"") || take_id(c, &span->row.parent_id, 1)); break;
    case 15: FIELD("endTimeUnixNano", END, take_time(c, &span->row.end_ns)); break;
    case 17:
        FIELD("startTimeUnixNano", START, take_time(c, &span->row.start_ns));
        FIELD("droppedLinksCount", DROPPED_LINKS, skip_number(c)); break;
    case 18: FIELD("droppedEventsCount", DROPPED_EVENTS, skip_number(c)); break;
    case 22: FIELD("droppedAttributesCount", DROPPED, skip_number(c)); break;
    }
    return skip_value(c, 4, &r->opened);
}

/* Takes a span; false leaves the cursor anywhere. */
static bool take_span(cursor *c, reader *r, draft *span) {
    text key;
    FIELDS(c, key, take_span_field(c, r, span, key));
    return (span->fields & NEEDED) == NEEDED && span->row.span_id != 0;
}
