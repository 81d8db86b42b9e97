"""Ids that client and server share: the server's half of a call gets one of its own, below the client's.

Source: "Shared spans" of the B3 specification, and how Zipkin's own `SpanNode` joins them. The halves may
come in any order, and from different files.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.model.interned import Interned
from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.ids import Ids
from tracetui.model.role import Half
from tracetui.store.joining.identity import Record
from tracetui.store.joining.index import IdIndex, Sorted
from tracetui.store.joining.intern import Origin
from tracetui.store.joining.keys import are_among, mix

_SERVER = np.uint64(0x5E12_7E12_5E12_7E12)
_NOBODY = -1

Numbers = NDArray[np.int32]


class Joined(NamedTuple):
    """Keys of calls of which both halves are now known, and those of them whose server's came first."""

    keys: Ids
    answered: Ids


class Calls:
    """Who made each call, and who answered it, if a tracer writes both halves under one id."""

    def __init__(self) -> None:
        self._services: Interned[bytes] = Interned()
        self._halves: Mapping[Half, IdIndex] = {Half.CLIENT: IdIndex(), Half.SERVER: IdIndex()}

    def concern(self, half: NDArray[np.uint8]) -> bool:
        """Whether any of the spans may belong to a call."""
        return bool(half.any()) or all(map(len, self._halves.values()))

    def services(self, origin_id: Numbers, origins: Sequence[Origin]) -> Numbers:
        """The service of each span: a number for each resource."""
        used, place = np.unique(origin_id, return_inverse=True)
        return self._services.numbers(origins[origin].resource for origin in used.tolist())[place]

    def note(self, keys: Ids, half: NDArray[np.uint8], services: Numbers) -> Joined:
        """Note the halves among new spans."""
        halves = distinct(keys[half != Half.NONE])
        before = {side: self._known(side, halves) for side in self._halves}
        for side, index in self._halves.items():
            own = half == side
            fresh = index.fresh(Sorted.of(keys[own]))
            index.add(Sorted.of(keys[own][fresh]), services[own][fresh])
        was_joined = before[Half.CLIENT] & before[Half.SERVER]
        joined = self._are_joined(halves) & ~was_joined
        return Joined(halves[joined], halves[joined & before[Half.SERVER]])

    def apart(self, new: Record, half: NDArray[np.uint8], services: Numbers) -> Record:
        """New spans with ids of their own: servers below clients, and what they did below either."""
        keys = new["key"]
        is_server = (half == Half.SERVER) & self._are_joined(keys)
        parents = self.parents(new["parent_key"], services)
        return {
            **new,
            "key": np.where(is_server, servers_keys(keys), keys),
            "parent_key": np.where(is_server, keys, parents),
        }

    def parents(self, parent_keys: Ids, services: Numbers) -> Ids:
        """The keys of the parents of spans that may name a call: the half of their own service."""
        server, client = (self._who(side, parent_keys) for side in (Half.SERVER, Half.CLIENT))
        is_servers = (server != _NOBODY) & (client != _NOBODY)
        is_servers &= (services == server) | (services != client)
        return np.where(is_servers, servers_keys(parent_keys), parent_keys)

    def keep(self, keys: Ids) -> None:
        """Forget all calls without anything under `keys`."""
        for index in self._halves.values():
            index.keep(lambda ids, _: are_among(ids, keys) | are_among(servers_keys(ids), keys))

    def _are_joined(self, keys: Ids) -> NDArray[np.bool_]:
        return np.logical_and(*(self._known(side, keys) for side in self._halves))

    def _known(self, side: Half, keys: Ids) -> NDArray[np.bool_]:
        return np.not_equal(self._who(side, keys), _NOBODY)

    def _who(self, side: Half, keys: Ids) -> Numbers:
        """The service on one side of each call; `_NOBODY` for what is none."""
        who = np.full(len(keys), _NOBODY, np.int32)
        positions, services = self._halves[side].find(Sorted.of(keys), 1)
        who[positions] = services
        return who


def servers_keys(keys: Ids) -> Ids:
    """The keys of the servers' halves of calls."""
    return np.maximum(mix(keys ^ _SERVER), np.uint64(1))
