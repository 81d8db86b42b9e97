/* OTLP as protobuf: `TracesData` or one `ResourceSpans`, the wire format as its "Encoding" page has it.

   Of a message, what returns false was not sure; fields that nobody asks for are passed over by their length. */
#pragma once

#include "clues.h"

enum { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5, OLD_SCOPES = 1000 };

typedef struct {
    uint32_t number;
    int wire_type;
    uint64_t value;
    slice bytes;
} field;

HOT cursor within(slice bytes) { return (cursor){bytes.at, bytes.at + bytes.length}; }

/* A number of seven bits a byte that fits in 64. */
HOT bool take_varint(cursor *c, uint64_t *out) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && c->at < c->end; shift += 7) {
        uint8_t byte = *c->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return true;
        }
    }
    *out = value | (uint64_t)1 << 63; /* The tenth byte holds the last bit, as that of every negative number. */
    return take(c, 1);
}

HOT bool take_fixed(cursor *c, size_t size, uint64_t *out) {
    if (left(c) < size)
        return false;
    *out = 0;
    for (size_t i = size; i > 0; i--)
        *out = *out << 8 | c->at[i - 1];
    c->at += size;
    return true;
}

HOT bool take_field(cursor *c, field *out) {
    uint64_t tag, length;
    if (!take_varint(c, &tag) || tag >> 35)
        return false;
    out->number = (uint32_t)(tag >> 3);
    out->wire_type = (int)(tag & 7);
    switch (out->wire_type) {
    case VARINT:
        return take_varint(c, &out->value);
    case FIXED64:
        return take_fixed(c, 8, &out->value);
    case FIXED32:
        return take_fixed(c, 4, &out->value);
    case BYTES:
        if (!take_varint(c, &length) || length > left(c))
            return false;
        out->bytes = (slice){c->at, (size_t)length};
        c->at += length;
        return true;
    }
    return false;
}

/* An attribute whose key comes first, in at most 127 bytes; more is looked at only if a rule asks for it. */
static bool take_pair(reader *r, draft *span, slice pair) {
    cursor c = within(pair), value;
    field key, part, inner;
    if (left(&c) < 2 || c.at[0] != (1 << 3 | BYTES) || c.at[1] >= 0x80 || !take_field(&c, &key))
        return false;
    const hot_key *hot = hot_key_of(&r->keys, key.bytes);
    if (!hot)
        return true;
    if (!take_field(&c, &part) || part.number != 2 || part.wire_type != BYTES || left(&c))
        return false;
    value = within(part.bytes);
    if (!take_field(&value, &inner) || left(&value))
        return false;
    bool is_text = inner.number == 1 && inner.wire_type == BYTES;
    bool is_number = (inner.number == 2 || inner.number == 3) && inner.wire_type == VARINT;
    if (!is_text && !is_number)
        return false;
    bool is_amount = inner.number == 3 && is_number && inner.value < 1000000000000000000u;
    return add_hot(span, hot, part.bytes, is_amount ? (int64_t)inner.value : -1);
}

static bool take_status_message(slice bytes, uint8_t *status) {
    cursor c = within(bytes);
    uint32_t seen = 0;
    field part;
    while (left(&c)) {
        if (!take_field(&c, &part))
            return false;
        if (part.number != 3)
            continue;
        if (part.wire_type != VARINT || part.value > 2 || !first_time(&seen, STATUS))
            return false;
        *status = (uint8_t)part.value;
    }
    return true;
}

static bool read_id(slice bytes, uint64_t *numbers, size_t count) {
    for (size_t i = 0; i < count && bytes.length == 8 * count; i++)
        numbers[i] = number_of(bytes.at + 8 * i);
    return bytes.length == 8 * count;
}

static bool read_time(uint64_t value, int64_t *out) { return (*out = (int64_t)value) >= 0; }

/* A field of a span that is of the type it should be, and there once. */
#define PART(name, wire, read)                                                                                         \
    return part->wire_type == (wire) && first_time(&span->fields, (name)) && (read)

static bool take_span_part(reader *r, draft *span, const field *part) {
    switch (part->number) {
    case 1:
        PART(TRACE_ID, BYTES, read_id(part->bytes, span->trace_id, 2));
    case 2:
        PART(SPAN_ID, BYTES, read_id(part->bytes, &span->row.span_id, 1));
    case 4:
        PART(PARENT_ID, BYTES, part->bytes.length == 0 || read_id(part->bytes, &span->row.parent_id, 1));
    case 5:
        PART(NAME, BYTES, (span->name = (text){part->bytes, false}, true));
    case 7:
        PART(START, FIXED64, read_time(part->value, &span->row.start_ns));
    case 8:
        PART(END, FIXED64, read_time(part->value, &span->row.end_ns));
    case 9:
        return part->wire_type == BYTES && take_pair(r, span, part->bytes);
    case 15:
        PART(STATUS, BYTES, take_status_message(part->bytes, &span->row.status));
    }
    return true;
}

static bool take_span_message(reader *r, draft *span, slice bytes) {
    cursor c = within(bytes);
    field part;
    while (left(&c))
        if (!take_field(&c, &part) || !take_span_part(r, span, &part))
            return false;
    return (span->fields & NEEDED) == NEEDED && span->row.span_id != 0;
}

/* Takes a message below an envelope, of which two numbers are known: that around it, and that of its own. */
typedef bool (*taker)(reader *r, slice bytes, int32_t outer, int32_t own);

/* An envelope: what is around its spans (field 1), once and first, and messages below it (field 2). */
static bool take_parts(reader *r, slice bytes, int what, int32_t outer, taker take_below) {
    cursor c = within(bytes);
    field part;
    int32_t own = -1;
    while (left(&c)) {
        if (!take_field(&c, &part) || part.wire_type != BYTES || part.number == OLD_SCOPES)
            return false;
        if (part.number == 1 && (own >= 0 || (own = blob_number(r, what, part.bytes)) < 0))
            return false;
        if (part.number == 2 && (!number_of_nothing(r, what, &own) || !take_below(r, part.bytes, outer, own)))
            return false;
    }
    return true;
}

static bool add_span_message(reader *r, slice bytes, int32_t resource, int32_t scope) {
    draft span;
    begin_draft(&span);
    bool is_sure = take_span_message(r, &span, bytes);
    return add_row(r, &span, bytes, resource, scope, is_sure);
}

static bool take_scope_message(reader *r, slice bytes, int32_t nothing, int32_t resource) {
    (void)nothing;
    return take_parts(r, bytes, SCOPE, resource, add_span_message);
}

static bool take_group_message(reader *r, slice bytes) {
    return take_parts(r, bytes, RESOURCE, -1, take_scope_message);
}

/* `TracesData`. */
static bool take_traces_message(reader *r, slice bytes) {
    cursor c = within(bytes);
    field part;
    while (left(&c))
        if (!take_field(&c, &part) || part.wire_type != BYTES || (part.number == 1 && !take_group_message(r, part.bytes)))
            return false;
    return true;
}
