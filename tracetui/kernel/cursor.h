/* A place in foreign bytes: nothing else reads them, and nothing here reads outside of them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#if defined(__GNUC__) || defined(__clang__)
#define HOT static inline __attribute__((always_inline))
#define COLD static __attribute__((noinline))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#else
#define HOT static inline
#define COLD static
#define LIKELY(condition) (condition)
#endif

typedef struct {
    const uint8_t *at, *end;
} cursor;

/* Bytes between two places of a cursor. */
typedef struct {
    const uint8_t *at;
    size_t length;
} slice;

HOT size_t left(const cursor *c) { return (size_t)(c->end - c->at); }

/* The next byte; -1 at the end. */
HOT int peek(const cursor *c) { return LIKELY(c->at < c->end) ? *c->at : -1; }

HOT bool take(cursor *c, uint8_t byte) {
    if (LIKELY(c->at < c->end) && *c->at == byte) {
        c->at++;
        return true;
    }
    return false;
}

/* Bytes that most writers have in one place; nothing is taken if they are not there. */
HOT bool take_literal(cursor *c, const char *literal, size_t length) {
    if (LIKELY(left(c) >= length) && memcmp(c->at, literal, length) == 0) {
        c->at += length;
        return true;
    }
    return false;
}
/* The same of bytes that were met before; there may be none of them. */
HOT bool take_known(cursor *c, slice known) {
    return known.length > 0 && take_literal(c, (const char *)known.at, known.length);
}
#define LITERAL(c, text) take_literal((c), (text), sizeof(text) - 1)

HOT void blanks(cursor *c) {
    while (c->at < c->end && *c->at <= ' ' && (*c->at == ' ' || *c->at == '\t' || *c->at == '\r' || *c->at == '\n'))
        c->at++;
}

/* A byte of punctuation, with blanks around it. */
HOT bool mark(cursor *c, uint8_t byte) {
    blanks(c);
    if (!take(c, byte))
        return false;
    blanks(c);
    return true;
}

HOT slice since(const cursor *c, const uint8_t *begin) { return (slice){begin, (size_t)(c->at - begin)}; }

HOT bool same(slice one, const void *other, size_t length) {
    return one.length == length && memcmp(one.at, other, length) == 0;
}

/* Moves to the first byte that may not stand in a plain ASCII string: a quote, a backslash, a control, or a
   part of a longer character. */
HOT void skip_plain(cursor *c) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
    const uint8_t *at = c->at;
    while (c->end - at >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        /* Signed: bytes from 0x80 on are below the space, too. */
        int places = _mm_movemask_epi8(_mm_or_si128(found, _mm_cmplt_epi8(bytes, space)));
        if (places) {
            c->at = at + __builtin_ctz((unsigned)places);
            return;
        }
        at += 16;
    }
    c->at = at;
#else
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    while (left(c) >= 8) {
        uint64_t bytes, quotes, backslashes;
        memcpy(&bytes, c->at, 8);
        quotes = bytes ^ ones * '"';
        backslashes = bytes ^ ones * '\\';
        if ((bytes | (bytes - ones * ' ') | (quotes - ones) | (backslashes - ones)) & tops)
            break;
        c->at += 8;
    }
#endif
    while (c->at < c->end && *c->at != '"' && *c->at != '\\' && *c->at >= ' ' && *c->at < 0x80)
        c->at++;
}
