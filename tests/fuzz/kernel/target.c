/* What must hold of the kernel for any bytes at all: it reads nothing but them, and whatever it returns lies in them.

   The first byte of an input chooses how the rest is read. */
#define ALLOCATIONS_THEMSELVES
#include "allocations.h"
#include "read.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct reader reader;
reader *tracetui_open(uint64_t seed, int32_t most_kept, const char *names, int64_t names_bytes);
void tracetui_close(reader *r);
void tracetui_ask(reader *r, int64_t life, const int32_t *kinds, const uint64_t *asked, int64_t count);
const read_result *tracetui_read(reader *r, const uint8_t *text, int64_t first, int64_t last, int of);

enum { SHAPES = 4, FORGETFUL = 4, ASKED = 8, WITHIN = 16, POOR = 32, MARGIN = 3 };
/* As in `read.c`; the other two are messages. */
enum { LINES, DOCUMENT };

/* As `tracetui/kernel/scan.py` gives them: the first two are measurements, the last is only for others. */
static const char NAMES[] = "tracetui.cpu_ns\0tracetui.test.place\0tracetui.span.role\0test.case.name\0job_name\0!test_long_name";

static long allocations_left = -1;

static bool is_refused(void) { return allocations_left >= 0 && allocations_left-- == 0; }

void *failing_malloc(size_t size) { return is_refused() ? NULL : malloc(size); }
void *failing_calloc(size_t count, size_t size) { return is_refused() ? NULL : calloc(count, size); }
void *failing_realloc(void *old, size_t size) { return is_refused() ? NULL : realloc(old, size); }

#define HOLDS(condition) ((condition) ? (void)0 : broken(#condition, __LINE__))

static void broken(const char *condition, int line) {
    fprintf(stderr, "target.c:%d: does not hold: %s\n", line, condition);
    abort();
}

/* How many traces, clues and so on a reader has numbered in its `life`. */
typedef struct {
    int64_t life, traces, clues, blobs;
} numbered;

typedef struct {
    const uint8_t *text;
    int64_t first, last;
    int shape;
} part;

static void check_lines(const read_result *found, part of) {
    const line_row *lines = found->lines;
    int64_t end = of.first, first_span = 0;
    for (int64_t i = 0; i < found->line_count; i++) {
        HOLDS(lines[i].end > end || (of.first == of.last && lines[i].end == end));
        HOLDS(lines[i].first_span >= first_span && lines[i].first_span <= found->span_count);
        HOLDS(lines[i].was_read <= 1);
        end = lines[i].end;
        first_span = lines[i].first_span;
    }
    HOLDS(end == of.last);
}

static void check_spans(const read_result *found, part of, const numbered *all) {
    const span_row *spans = found->spans;
    int64_t end = of.first;
    for (int64_t i = 0; i < found->span_count; i++) {
        const span_row *span = &spans[i];
        HOLDS(span->offset >= end && span->length >= 0 && span->length <= of.last - span->offset);
        end = span->offset + span->length;
        HOLDS(of.shape > DOCUMENT || (of.text[span->offset] == '{' && of.text[end - 1] == '}'));
        HOLDS(span->resource >= 0 && span->resource < all->blobs);
        HOLDS(span->scope >= 0 && span->scope < all->blobs);
        HOLDS(span->clue >= -1 && span->clue < all->clues);
        HOLDS(span->trace >= -1 && span->trace < all->traces);
        HOLDS(span->clue < 0 || (span->trace >= 0 && span->span_id != 0 && span->status <= 2));
        HOLDS(span->clue < 0 || (span->start_ns >= 0 && span->end_ns >= 0 && span->cpu_ns >= -1 && span->place >= 0));
    }
}

static void check_place(part of, int64_t at, int64_t length) {
    HOLDS(length >= 0 && at >= 0 && length <= of.last - at && (at >= of.first || length == 0));
}

static void check_new(const read_result *found, part of, const numbered *all) {
    const clue_row *clues = found->clues;
    const hot_row *hots = found->hots;
    const blob_row *blobs = found->blobs;
    for (int64_t i = 0; i < found->clue_count; i++) {
        check_place(of, clues[i].name_at, clues[i].name_length);
        HOLDS(clues[i].scope >= 0 && clues[i].scope < all->blobs && clues[i].kind >= 0 && clues[i].status <= 2);
        HOLDS(clues[i].first_hot >= 0 && clues[i].hots >= 0);
        HOLDS(clues[i].first_hot + clues[i].hots <= found->hot_count);
    }
    for (int64_t i = 0; i < found->hot_count; i++) {
        check_place(of, hots[i].value_at, hots[i].value_length);
        HOLDS(hots[i].value_length > 0 && hots[i].key >= 2 && hots[i].key <= 4);
    }
    for (int64_t i = 0; i < found->blob_count; i++) {
        check_place(of, blobs[i].at, blobs[i].length);
        HOLDS(blobs[i].kind == 0 || blobs[i].kind == 1);
    }
}

/* Reads, and checks all of what comes back; that is nothing only if memory ran out. */
static const read_result *checked(reader *r, part of, numbered *all) {
    bool is_poor = allocations_left >= 0;
    const read_result *found = tracetui_read(r, of.text, of.first, of.last, of.shape);
    HOLDS(found || (is_poor && allocations_left < 0));
    if (!found)
        return NULL;
    if (found->life != all->life)
        *all = (numbered){.life = found->life};
    all->traces += found->trace_count;
    all->clues += found->clue_count;
    all->blobs += found->blob_count;
    check_lines(found, of);
    check_spans(found, of, all);
    check_new(found, of, all);
    return found;
}

static void ask(reader *r, const read_result *found, uint64_t some) {
    const clue_row *clues = found->clues;
    uint64_t asked[4] = {some, 0, 0, 0};
    int64_t life = found->life;
    for (int64_t i = 0; i < found->clue_count; i++) {
        int32_t kinds[] = {clues[i].kind};
        tracetui_ask(r, life, kinds, asked, 1);
    }
    int32_t others[] = {-1, INT32_MAX};
    uint64_t none[8] = {0};
    tracetui_ask(r, life, others, none, 2);
    tracetui_ask(r, life + 1, others, none, 2);
}

/* The same text twice by one reader: the same spans, and nothing of it is new unless something was forgotten. */
static void read_twice(reader *r, part of, int how) {
    numbered all = {0};
    const read_result *found = checked(r, of, &all);
    int64_t spans = found ? found->span_count : 0, life = all.life;
    if (found && how & ASKED)
        ask(r, found, 1u << 2);
    found = checked(r, of, &all);
    if (found && !(how & POOR)) {
        HOLDS(found->span_count == spans);
        HOLDS(found->life != life || (found->trace_count == 0 && found->blob_count == 0));
        HOLDS(found->life != life || how & ASKED || found->clue_count == 0);
    }
    of.shape = (of.shape + 1) % SHAPES;
    checked(r, of, &all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int how = size ? data[0] : 0;
    size_t length = size ? size - 1 : 0, margin = how & WITHIN ? MARGIN : 0;
    /* Just as large: a read beyond it is seen. */
    uint8_t *text = malloc(length + 2 * margin + !length);
    memset(text, '{', length + 2 * margin + !length);
    memcpy(text + margin, data + !!size, length);
    allocations_left = how & POOR ? how >> 6 << (length & 7) : -1;
    reader *r = tracetui_open(how, how & FORGETFUL ? 2 : 1000, NAMES, sizeof NAMES);
    if (r) {
        read_twice(r, (part){text, (int64_t)margin, (int64_t)(margin + length), how % SHAPES}, how);
        tracetui_close(r);
    }
    allocations_left = -1;
    free(text);
    return 0;
}
