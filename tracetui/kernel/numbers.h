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

/* Eight bytes as a number, the first of them the highest. */
HOT uint64_t number_of(const uint8_t *bytes) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

static const uint64_t EACH_BYTE = 0x0101010101010101u, OTHER_BYTES = 0x00ff00ff00ff00ffu;
static const uint64_t OTHER_PAIRS = 0x0000ffff0000ffffu;

/* What eight hexadecimal digits count; of `wrong` some bit is set if they are none. */
HOT uint64_t hex_of(const uint8_t *digits, uint64_t *wrong) {
    uint64_t bytes = number_of(digits), letters = bytes >> 6 & EACH_BYTE;
    uint64_t value = (bytes & 15 * EACH_BYTE) + 9 * letters;
    /* Digits of these values are spelled like that, in small letters. */
    uint64_t spelled = value + '0' * EACH_BYTE + ((value + 6 * EACH_BYTE) >> 4 & EACH_BYTE) * ('a' - '9' - 1);
    *wrong |= (spelled ^ (bytes | letters << 5)) | (value & 240 * EACH_BYTE);
    value = (value | value >> 4) & OTHER_BYTES;
    value = (value | value >> 8) & OTHER_PAIRS;
    return (value | value >> 16) & 0xffffffffu;
}

/* The same for decimal ones. */
HOT uint64_t decimal_of(const uint8_t *digits, uint64_t *wrong) {
    uint64_t value = number_of(digits);
    *wrong |= ((value & 240 * EACH_BYTE) | ((value + 6 * EACH_BYTE) & 240 * EACH_BYTE) >> 4) ^ 51 * EACH_BYTE;
    value &= 15 * EACH_BYTE;
    value = (value >> 8 & OTHER_BYTES) * 10 + (value & OTHER_BYTES);
    value = (value >> 16 & OTHER_PAIRS) * 100 + (value & OTHER_PAIRS);
    return (value >> 32) * 10000 + (value & 0xffffffffu);
}

/* A time in ns that fits in 63 bits; what no quotes enclose has to be a number of JSON as well. */
HOT bool take_time(cursor *c, int64_t *out) {
    uint64_t value = 0;
    bool is_text = take(c, '"');
    const uint8_t *first = c->at;
    for (uint64_t next, wrong = 0; left(c) >= 8 && (next = decimal_of(c->at, &wrong), !wrong); c->at += 8)
        value = value * 100000000 + next;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        value = value * 10 + (uint64_t)(*c->at++ - '0');
    size_t length = (size_t)(c->at - first);
    *out = (int64_t)value;
    if (is_text)
        return length > 0 && length <= 19 && value <= INT64_MAX && take(c, '"');
    return length == 1 || (length > 1 && length <= MOST_DIGITS && *first != '0');
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

/* An id in quotes, which is of `count` times 16 digits. */
HOT bool take_id(cursor *c, uint64_t *numbers, size_t count) {
    uint64_t wrong = 0;
    if (left(c) < 16 * count + 2 || c->at[0] != '"' || c->at[16 * count + 1] != '"')
        return false;
    for (size_t i = 0; i < count; i++)
        numbers[i] = hex_of(c->at + 16 * i + 1, &wrong) << 32 | hex_of(c->at + 16 * i + 9, &wrong);
    c->at += 16 * count + 2;
    return !wrong;
}
