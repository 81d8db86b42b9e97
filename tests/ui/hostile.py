"""Text that means something to a terminal, to a markup language or to a layout: where a name may stand."""

ESCAPES = (
    "C0 \x00\x01\x07\x08\x0b\x0c\x0e\x0f\x1a\x7f",
    "lines \r\n\t.",
    "C1 \x84\x85\x8d\x90\x9b2J\x9d0;x\x9c\x9f",
    "CSI \x1b[2J\x1b[31;44mred\x1b[0m\x1b[9999;1H\x1b[?1049l\x1b[?1003h\x1b[6n",
    "OSC \x1b]0;title\x07\x1b]8;;http://example.com\x1b\\link\x1b]8;;\x1b\\",
    "OSC \x1b]52;c;cm0gLXJm\x07\x1b]9;note\x07\x1b]1337;File=:AA==\x07",
    "DCS \x1bP+q544e\x1b\\\x1b_APC\x1b\\\x1b^PM\x1b\\\x1bX",
    "open \x1b]0;never closed",
    "bidi \u202egnp.exe\u202c \u2066a\u2069 \u061c\u200f",
    "zero \u200b\u200c\u200d\u2060\ufeff\u00ad\u180e",
    "tags \U000e0041\U000e0042\U000e007f",
    "lines \u2028\u2029\x85",
    "lone \ud83d \udc80",
    "marks e" + "\u0301" * 10_000,
    "wide 日本語-🧪-👩‍👩‍👧-ｆｕｌｌ",
)
"""For terminals."""

MARKUP = (
    "[param-1]",
    "[/tmp/x]",
    "[/",
    "[/]",
    "[@click=app.quit]quit[/]",
    "[@click=app.quit()]",
    "\\[red]",
    "[link=http://example.com]x[/link]",
    "[red on blue]x[/red on blue]",
    "[$error]x",
    "[[x]]",
    ":smile:",
)
"""For Textual and Rich; printable ASCII that has to appear as it is."""

CORPUS = (*ESCAPES, *MARKUP)

RAW = frozenset(
    [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *map(chr, range(0xD800, 0xE000))]
    + [chr(code) for code in (0xAD, 0x61C, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xFEFF)]
    + [*map(chr, range(0x2028, 0x202F)), *map(chr, range(0x2060, 0x2070)), *map(chr, range(0xE0000, 0xE1000))]
)
"""What must never reach a terminal as it is."""
