"""The kinds of trouble that a recording can have; the values are identifiers that never change."""

from enum import StrEnum


class Kind(StrEnum):
    """What is wrong with some bytes, a span or a file; `store.health.ABOUT` says it in words."""

    REJECTED = "rejected"
    TOO_LONG = "too_long"
    TORN = "torn"
    PENDING = "pending"
    INCOMPLETE = "incomplete"
    BOMB = "bomb"
    UNREADABLE = "unreadable"
    RESET = "reset"
    DROPPED = "dropped"
    EVICTED = "evicted"
    REFUSED = "refused"
    CUT_OFF = "cut_off"
    END_LOST = "end_lost"
    DUPLICATE = "duplicate"
    COLLISION = "collision"
    NAMESAKES = "namesakes"
    CYCLE = "cycle"
    ORPHAN = "orphan"
    CLOCK = "clock"
    SKEW = "skew"
    UNIT = "unit"
    LOGS_LEFT_OUT = "logs_left_out"
    EVENTS_LEFT_OUT = "events_left_out"
    WRONG_TYPE = "wrong_type"
    POLLING = "polling"
    NO_TRACE = "no_trace"
