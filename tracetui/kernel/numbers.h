/* Numbers and ids as most writers spell them; whatever else is a number or an id is left to the slow path. */
#pragma once

#include "json.h"

enum { MOST_DIGITS = 18 }; /* So many always fit in 64 bits. */

/* What a string of digits, or a whole number, counts; -1 for anything else, signs included. */
static int64_t amount_of(slice token) {
    int64_t amount = 0;
    if (token.length >= 2 && token.at[0] == '"')
        token = (slice){token.at + 1, token.length - 2};
    if (token.length == 0 || token.length > MOST_DIGITS)
        return -1;
    for (size_t i = 0; i < token.length; i++) {
        if (token.at[i] < '0' || token.at[i] > '9')
            return -1;
        amount = amount * 10 + (token.at[i] - '0');
    }
    return amount;
}

/* A time in ns that fits in 63 bits. */
HOT bool take_time(cursor *c, int64_t *out) {
    const uint8_t *begin = c->at;
    uint64_t value = 0;
    bool is_text = take(c, '"');
    const uint8_t *first = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        value = value * 10 + (uint64_t)(*c->at++ - '0');
    size_t length = (size_t)(c->at - first);
    if (is_text ? length == 0 || length > 19 || !take(c, '"') : length > MOST_DIGITS)
        return false;
    *out = (int64_t)value;
    if (is_text)
        return value <= INT64_MAX;
    bool whole; /* What no quotes enclose has to be a number of JSON as well. */
    c->at = begin;
    return take_number(c, &whole) && whole && c->at == first + length;
}

/* A value that is a whole number, a string or null, as OTLP's enums and counts may be. */
HOT bool skip_number(cursor *c) {
    text string;
    bool whole;
    const uint8_t *begin = c->at;
    if (peek(c) == '"')
        return take_string(c, &string);
    return LITERAL(c, "null") || (take_number(c, &whole) && whole && c->at - begin <= MOST_DIGITS);
}

/* The bytes of an id in quotes, which is of just so many. */
HOT bool take_id(cursor *c, uint8_t *bytes, size_t size) {
    if (left(c) < 2 * size + 2 || c->at[0] != '"' || c->at[2 * size + 1] != '"')
        return false;
    bool is_right = true;
    for (size_t i = 0; i < size; i++) {
        uint8_t high = c->at[1 + 2 * i], low = c->at[2 + 2 * i];
        is_right &= is_hex(high) & is_hex(low);
        bytes[i] = (uint8_t)(hex_digit(high) << 4 | hex_digit(low));
    }
    c->at += 2 * size + 2;
    return is_right;
}

/* Eight bytes as a number, the first of them the highest. */
HOT uint64_t number_of(const uint8_t *bytes) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

HOT bool take_span_id(cursor *c, uint64_t *out) {
    uint8_t bytes[8];
    if (!take_id(c, bytes, 8))
        return false;
    *out = number_of(bytes);
    return true;
}
