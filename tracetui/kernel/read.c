/* Reads OTLP/JSON into arrays: one pass, no state outside of a reader, nothing that is not sure. */
#include "document.h"
#include "message.h"

/* What a text is; `Shape` in `scan.py`. */
typedef enum { LINES, DOCUMENT, TRACES, GROUP } shape;

EXPORTED void tracetui_close(reader *r) {
    growing *arrays[] = {&r->kinds, &r->spans, &r->lines, &r->new_clues, &r->new_hots, &r->new_blobs, &r->new_traces};
    interned *tables[] = {&r->kind_numbers, &r->clues, &r->traces, &r->blobs};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]->items);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        forget(tables[i]);
    free(r->keys.names);
    free(r->scratch);
    free(r);
}

static void add_key(hot_keys *keys, const char *name, size_t length, int32_t number, bool only_slow) {
    uint32_t slot = key_slot((const uint8_t *)name, length);
    while (keys->slots[slot].number)
        slot = (slot + 1) & (HOT_SLOTS - 1);
    keys->slots[slot] = (hot_key){name, (int32_t)length, number + 1, only_slow};
    keys->lengths |= length_bit(length);
}

/* A reader that looks for attributes of these names, each of which ends in a zero byte; a name that begins with
   `!` is of an attribute that only other means can read. Of more than `most_kept` things of one sort everything is
   forgotten. NULL if there is no memory, or too many names. */
EXPORTED reader *tracetui_open(uint64_t seed, int32_t most_kept, const char *names, int64_t names_bytes) {
    reader *r = calloc(1, sizeof *r);
    if (!r || !(r->keys.names = malloc((size_t)names_bytes)))
        return free(r), NULL;
    memcpy(r->keys.names, names, (size_t)names_bytes);
    r->kind_numbers.seed = r->clues.seed = r->traces.seed = r->blobs.seed = seed;
    r->most_kept = most_kept;
    r->last_trace = -1;
    int32_t number = 0;
    const char *end = r->keys.names + names_bytes;
    for (const char *name = r->keys.names; name < end; name += strlen(name) + 1, number++) {
        if (number == 255)
            return tracetui_close(r), NULL;
        bool only_slow = *name == '!';
        add_key(&r->keys, name + only_slow, strlen(name) - only_slow, number, only_slow);
    }
    return r;
}

/* Nothing is kept of the last text but what was interned; of too much everything is forgotten. */
static void begin(reader *r, const uint8_t *text) {
    growing *arrays[] = {&r->spans, &r->lines, &r->new_clues, &r->new_hots, &r->new_blobs, &r->new_traces};
    interned *tables[] = {&r->kind_numbers, &r->clues, &r->traces, &r->blobs};
    bool is_full = r->out_of_memory;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        is_full |= tables[i]->count > r->most_kept || tables[i]->used > MOST_KEPT_BYTES;
    for (size_t i = 0; is_full && i < sizeof tables / sizeof *tables; i++)
        forget(tables[i]);
    if (is_full)
        r->kinds.count = 0;
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        arrays[i]->count = 0;
    r->life += is_full;
    r->last_trace = -1;
    memset(r->usuals, 0, sizeof r->usuals);
    r->last_blob[0] = r->last_blob[1] = (slice){text, 0};
    r->out_of_memory = false;
    r->text = text;
}

/* Of these kinds, from now on only some values matter: a bit for each key, lowest first. No effect on what is not of
   this `life`. */
EXPORTED void tracetui_ask(reader *r, int64_t life, const int32_t *kinds, const uint64_t *asked, int64_t count) {
    for (int64_t i = 0; i < count && life == r->life; i++)
        if (kinds[i] >= 0 && kinds[i] < r->kinds.count)
            memcpy(((kind *)r->kinds.items + kinds[i])->asked, asked + 4 * i, sizeof(uint64_t[4]));
}

/* Where a document or message ends; what was not read goes on from what was not read before it. */
static bool add_line(reader *r, const uint8_t *end, bool was_read) {
    line_row *last = r->lines.count ? (line_row *)r->lines.items + r->lines.count - 1 : NULL;
    if (last && !last->was_read && !was_read) {
        last->end = place_of(r, end);
        return true;
    }
    line_row *line = grow(&r->lines, sizeof *line);
    if (!line)
        return no_memory(r);
    *line = (line_row){place_of(r, end), r->first_span, was_read, {0}};
    return true;
}

/* A document or message; of one that was not read no span is left. */
static bool read_one(reader *r, cursor *c, const uint8_t *end, shape of) {
    slice bytes = {c->at, left(c)};
    r->opened = 0;
    r->document = c->at;
    r->first_span = r->spans.count;
    bool was_read = of == TRACES  ? take_traces_message(r, bytes)
                    : of == GROUP ? take_group_message(r, bytes)
                                  : take_document(c, r) && !is_dense(r, end, r->opened);
    was_read = was_read && !r->out_of_memory;
    if (!was_read)
        r->spans.count = r->first_span;
    /* Of what was numbered when memory ran out nothing may be known. */
    return add_line(r, end, was_read) && !r->out_of_memory;
}

static bool read_lines(reader *r, const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        const uint8_t *line_end = memchr(at, '\n', (size_t)(end - at));
        cursor c = {at, line_end ? line_end : end};
        at = line_end ? line_end + 1 : end;
        if (!read_one(r, &c, at, DOCUMENT))
            return false;
    }
    return true;
}

/* The spans of `text` from `first` to `last`: documents on lines, or all of it as one document or message.
   NULL if there is no memory. What is returned lasts until the next call. */
EXPORTED const read_result *tracetui_read(reader *r, const uint8_t *text, int64_t first, int64_t last, int of) {
    begin(r, text);
    cursor whole = {text + first, text + last};
    bool done = of == LINES ? read_lines(r, whole.at, whole.end) : read_one(r, &whole, whole.end, (shape)of);
    if (!done)
        return NULL;
    r->result = (read_result){
        r->spans.items,    r->lines.items,    r->new_clues.items,  r->new_hots.items,
        r->new_blobs.items, r->new_traces.items, r->spans.count,    r->lines.count,
        r->new_clues.count, r->new_hots.count, r->new_blobs.count,  r->new_traces.count, r->life,
    };
    return &r->result;
}
