/* JSON, checked in full as RFC 8259 has it; half surrogates and nesting beyond `DEEPEST` are refused as well. */
#pragma once

#include "cursor.h"

enum { DEEPEST = 64 };

typedef struct {
    slice bytes; /* Without the quotes. */
    bool escaped;
} text;

/* One character of several bytes (RFC 3629). */
COLD bool take_long_character(cursor *c) {
    const uint8_t *p = c->at;
    size_t more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : 1;
    if (*p < 0xc2 || *p > 0xf4 || left(c) <= more)
        return false;
    if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f))
        return false;
    if ((*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
        return false;
    for (size_t i = 1; i <= more; i++)
        if ((p[i] & 0xc0) != 0x80)
            return false;
    c->at += more + 1;
    return true;
}

/* The four digits of `\uXXXX`; less than 0 if they are none. */
static int32_t take_four_digits(cursor *c) {
    int32_t value = left(c) < 4 ? -1 : 0;
    for (int i = 0; i < 4 && value >= 0; i++, c->at++) {
        uint8_t digit = (uint8_t)(*c->at - '0'), letter = (uint8_t)((*c->at | 0x20) - 'a');
        value = digit < 10 ? value * 16 + digit : letter < 6 ? value * 16 + 10 + letter : -1;
    }
    return value;
}

/* What follows a backslash. */
COLD bool take_escape(cursor *c) {
    int what = peek(c);
    if (what < 0 || !strchr("\"\\/bfnrtu", what) || what == 0)
        return false;
    c->at++;
    if (what != 'u')
        return true;
    int32_t unit = take_four_digits(c);
    if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff))
        return false;
    if (unit < 0xd800 || unit > 0xdfff)
        return true;
    if (!LITERAL(c, "\\u"))
        return false;
    unit = take_four_digits(c);
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* A string whose opening quote was taken. */
HOT bool take_rest_of_string(cursor *c, text *out) {
    const uint8_t *begin = c->at;
    out->escaped = false;
    for (;;) {
        skip_plain(c);
        int byte = peek(c);
        if (LIKELY(byte == '"')) {
            out->bytes = since(c, begin);
            c->at++;
            return true;
        }
        if (byte == '\\') {
            c->at++;
            out->escaped = true;
            if (!take_escape(c))
                return false;
        } else if (byte < 0x80 || !take_long_character(c)) {
            return false;
        }
    }
}

HOT bool take_string(cursor *c, text *out) { return take(c, '"') && take_rest_of_string(c, out); }

HOT bool skip_digits(cursor *c) {
    const uint8_t *begin = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        c->at++;
    return c->at > begin;
}

/* A number; `whole` tells whether it has neither fraction nor exponent. */
static bool take_number(cursor *c, bool *whole) {
    take(c, '-');
    if (!take(c, '0') && !skip_digits(c))
        return false;
    *whole = true;
    if (take(c, '.')) {
        *whole = false;
        if (!skip_digits(c))
            return false;
    }
    if (take(c, 'e') || take(c, 'E')) {
        *whole = false;
        if (!take(c, '+'))
            take(c, '-');
        return skip_digits(c);
    }
    return true;
}

static bool skip_value(cursor *c, int depth, size_t *opened);

/* The rest of an object or an array, which ends with `last`. */
HOT bool skip_items(cursor *c, uint8_t last, int depth, size_t *opened) {
    text key;
    blanks(c);
    if (take(c, last))
        return true;
    do {
        if ((last == '}' && !(take_string(c, &key) && mark(c, ':'))) || !skip_value(c, depth, opened))
            return false;
    } while (mark(c, ','));
    return take(c, last);
}

/* Any value, with no blank before it; `opened` counts its objects and arrays. */
static bool skip_value(cursor *c, int depth, size_t *opened) {
    text string;
    bool whole;
    switch (peek(c)) {
    case '"':
        return take_string(c, &string);
    case '{':
    case '[':
        if (depth >= DEEPEST)
            return false;
        ++*opened;
        return *c->at++ == '{' ? skip_items(c, '}', depth + 1, opened) : skip_items(c, ']', depth + 1, opened);
    case 't':
        return LITERAL(c, "true");
    case 'f':
        return LITERAL(c, "false");
    case 'n':
        return LITERAL(c, "null");
    default:
        return take_number(c, &whole);
    }
}
