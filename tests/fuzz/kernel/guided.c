/* libFuzzer's part where the compiler has none (gcc): mutates inputs, and keeps those that reach other code.

   guided [-runs=N] [-max_total_time=SECONDS] [-seed=N] [-max_len=N] [-artifact_prefix=PREFIX] DIRECTORY|FILE...
   Every file is run once; those of directories are then mutated. What breaks is left in PREFIXcrash. */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PLACES = 1 << 14, MOST_INPUTS = 1 << 16, MOST_EDITS = 8 };

typedef struct {
    uint8_t *bytes;
    size_t length;
} input;

static input inputs[MOST_INPUTS];
static size_t input_count, longest = 4096;
static uint8_t hits[PLACES], seen[PLACES];
static uint64_t state = 1;
static char record[4096]; /* Where the input that runs is, in case it breaks something. */
static int record_file;

static const char *const WORDS[] = {
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\n", " ", "null", "true", "false", "-1", "0", "1e5", "1.5", "\\u0041",
    "\\ud83d\\ude00", "\\ud83d", "\xc3\xa9", "\xf0\x9f\x98\x80", "\xed\xa0\x80", "\xff", "9223372036854775807",
    "18446744073709551616", "\"resourceSpans\":[", "\"scopeSpans\":[", "\"spans\":[", "\"resource\":{", "\"scope\":{",
    "\"attributes\":[", "{\"key\":\"", "\",\"value\":{", "\"stringValue\":\"", "\"intValue\":\"", "\"boolValue\":true",
    "\"traceId\":\"0123456789abcdef0123456789abcdef\"", "\"spanId\":\"0123456789abcdef\"", "\"parentSpanId\":\"\"",
    "\"name\":\"", "\"kind\":1", "\"startTimeUnixNano\":\"1\"", "\"endTimeUnixNano\":\"2\"", "\"status\":{\"code\":2}",
    "\"events\":[{", "\"links\":[{", "\"schemaUrl\":\"", "\"droppedAttributesCount\":", "\"STATUS_CODE_ERROR\"",
    "tracetui.cpu_ns", "tracetui.test.place", "tracetui.span.role", "test.case.name", "job_name", "test_long_name",
};

/* Called by the code of the kernel at each of its basic blocks. */
void __sanitizer_cov_trace_pc(void) {
    static uintptr_t before;
    /* Relative, as the system loads the program elsewhere each time. */
    uintptr_t at = (uintptr_t)__builtin_return_address(0) - (uintptr_t)LLVMFuzzerTestOneInput;
    uintptr_t here = at * 0x9e3779b97f4a7c15u >> 40;
    uint8_t *hit = &hits[(here ^ before) % PLACES];
    if (*hit < 255)
        ++*hit;
    before = here >> 1;
}

/* xorshift64*: the same inputs for the same seed, anywhere. */
static uint64_t below(uint64_t limit) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (state * 0x2545f4914f6cdd1du >> 33) % limit;
}

/* The power of two below a count: how often matters only roughly. */
static uint8_t bucket(uint8_t count) {
    uint8_t bit = 1;
    while (count > bit && bit < 128)
        bit = (uint8_t)(bit << 1);
    return count ? bit : 0;
}

/* Runs an input; whether it reached what none did before. */
static bool is_new(const uint8_t *bytes, size_t length) {
    bool found = false;
    uint64_t some;
    memset(hits, 0, sizeof hits);
    if (pwrite(record_file, bytes, length, 0) < 0 || ftruncate(record_file, (off_t)length)) {
        perror(record);
        exit(2);
    }
    LLVMFuzzerTestOneInput(bytes, length);
    for (size_t i = 0; i < PLACES; i++) {
        if (i % 8 == 0 && (memcpy(&some, hits + i, 8), !some)) {
            i += 7;
            continue;
        }
        found |= bucket(hits[i]) & ~seen[i];
        seen[i] |= bucket(hits[i]);
    }
    return found;
}

static void keep(const uint8_t *bytes, size_t length) {
    if (input_count == MOST_INPUTS)
        return;
    uint8_t *copy = malloc(length + 1);
    memcpy(copy, bytes, length);
    inputs[input_count++] = (input){copy, length};
}

/* Replaces a part by other bytes; the same length as before if there is no room. */
static size_t replace(uint8_t *bytes, size_t length, size_t at, size_t gone, const void *by, size_t size) {
    if (at > length || gone > length - at || length - gone + size > longest)
        return length;
    memmove(bytes + at + size, bytes + at + gone, length - at - gone);
    memcpy(bytes + at, by, size);
    return length - gone + size;
}

static size_t edit(uint8_t *bytes, size_t length) {
    uint8_t part[64];
    size_t at = below(length + 1), size = 1 + below(sizeof part - 1), gone = below(3) ? 0 : below(16);
    const char *word = WORDS[below(sizeof WORDS / sizeof *WORDS)];
    const input *other = &inputs[below(input_count)];
    gone = gone > length - at ? length - at : gone;
    switch (below(7)) {
    case 0:
        if (length)
            bytes[at % length] ^= (uint8_t)(1 << below(8));
        return length;
    case 1:
        if (length)
            bytes[at % length] = (uint8_t)below(256);
        return length;
    case 2:
        return replace(bytes, length, at, below(length - at + 1), "", 0);
    case 3:
        return replace(bytes, length, at, gone, word, strlen(word));
    case 4: /* A part of another input. */
        size = size > other->length ? other->length : size;
        return replace(bytes, length, at, gone, other->bytes + below(other->length - size + 1), size);
    case 5: /* A part of its own once more. */
        size = size > length ? length : size;
        memcpy(part, bytes + below(length - size + 1), size);
        return replace(bytes, length, at, 0, part, size);
    default: /* From here on as another. */
        return at <= other->length && other->length <= longest
                   ? replace(bytes, length, at, length - at, other->bytes + at, other->length - at)
                   : length;
    }
}

static void run_file(const char *path, bool is_seed) {
    uint8_t *bytes = malloc(longest);
    FILE *file = fopen(path, "rb");
    if (!file || !bytes) {
        perror(path);
        exit(2);
    }
    size_t length = fread(bytes, 1, longest, file);
    fclose(file);
    is_new(bytes, length);
    if (is_seed)
        keep(bytes, length);
    free(bytes);
}

static void run_files(const char *path) {
    struct stat about;
    struct dirent **names;
    if (stat(path, &about) || !S_ISDIR(about.st_mode)) {
        run_file(path, false);
        return;
    }
    int count = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char file[4096];
        snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            run_file(file, true);
        free(names[i]);
    }
    free(names);
}

static void mutate(uint64_t runs, time_t end) {
    uint8_t *bytes = malloc(longest);
    for (uint64_t run = 0; input_count && run < runs && (run % 1024 || time(NULL) < end); run++) {
        const input *from = &inputs[below(input_count)];
        size_t length = from->length;
        memcpy(bytes, from->bytes, length);
        for (uint64_t edits = 1 + below(MOST_EDITS); edits; edits--)
            length = edit(bytes, length);
        if (is_new(bytes, length))
            keep(bytes, length);
        if (run + 1 == runs || (run + 1) % (1 << 16) == 0)
            fprintf(stderr, "#%llu: %zu inputs\n", (unsigned long long)run + 1, input_count);
    }
    free(bytes);
}

/* The value of an option; NULL if the word is another. */
static const char *value_of(const char *word, const char *option) {
    size_t length = strlen(option);
    return strncmp(word, option, length) == 0 ? word + length : NULL;
}

int main(int count, char **words) {
    const char *prefix = "", *value;
    uint64_t runs = UINT64_MAX;
    time_t end = 0;
    int first = 1;
    for (; first < count && words[first][0] == '-'; first++) {
        if ((value = value_of(words[first], "-runs=")))
            runs = strtoull(value, NULL, 10);
        else if ((value = value_of(words[first], "-max_total_time=")))
            end = time(NULL) + atol(value);
        else if ((value = value_of(words[first], "-seed=")))
            state = strtoull(value, NULL, 10) * 2 + 1;
        else if ((value = value_of(words[first], "-max_len=")))
            longest = strtoull(value, NULL, 10);
        else if ((value = value_of(words[first], "-artifact_prefix=")))
            prefix = value;
        else
            return fprintf(stderr, "no such option: %s\n", words[first]), 2;
    }
    snprintf(record, sizeof record, "%scrash", prefix);
    record_file = open(record, O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (int i = first; i < count; i++)
        run_files(words[i]);
    mutate(runs, end ? end : INT32_MAX);
    return unlink(record);
}
