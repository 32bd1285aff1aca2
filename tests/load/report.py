"""What `make bench` measured, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

# Processor time as a multiple of the floor's, server and database together: what issue and docs/performance.md ask for.
TARGETS = {"save": 1.5, "open": 5.0, "start": 5.0, "finish": 3.0, "exam": 110.0}
STATEMENTS = {"save": 4}
BYTES = {"save": 1000, "open, compressed": 60_000}
NAMES = {"open_gzip": "open, compressed", "exam": "whole exam"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One operation repeated by so many clients for a while; times in seconds, of the processor for all of it."""

    operation: str
    clients: int
    elapsed: float
    latencies: Sequence[float]
    sizes: Sequence[int]
    statements: Sequence[int]
    server: float
    database: float

    @property
    def count(self) -> int:
        """How often it was done."""
        return len(self.latencies)

    @property
    def processor(self) -> float:
        """Processor seconds for doing it once, server and database."""
        return (self.server + self.database) / self.count


@dataclass(frozen=True, slots=True)
class Measured:
    """An operation in one round, and its processor time as a multiple of the floor's in between."""

    block: Block
    multiple: float


def together(slices: Sequence[Block]) -> Block:
    """Slices of one operation as one block."""
    return Block(
        operation=slices[0].operation,
        clients=slices[0].clients,
        elapsed=sum(one.elapsed for one in slices),
        latencies=[value for one in slices for value in one.latencies],
        sizes=[value for one in slices for value in one.sizes],
        statements=[value for one in slices for value in one.statements],
        server=sum(one.server for one in slices),
        database=sum(one.database for one in slices),
    )


def summary(rounds: Iterable[Measured], counted: Iterable[Block]) -> str:
    """One row per operation: what does not depend on the machine."""
    found = list(rounds)
    rows = []
    for block in counted:
        multiples = [one.multiple for one in found if one.block.operation == block.operation]
        name = NAMES.get(block.operation, block.operation)
        rows.append(
            [
                name,
                _spread(multiples),
                f"{TARGETS[block.operation]:g}" if block.operation in TARGETS else "",
                _between(block.statements),
                str(STATEMENTS.get(name, "")),
                f"{median(block.sizes):,.0f}",
                f"{BYTES[name]:,}" if name in BYTES else "",
            ]
        )
    head = ["operation", "× floor: median (least – most)", "target", "statements", "target", "bytes", "target"]
    return _table(head, rows)


def details(blocks: Iterable[Block], rounds: Iterable[Measured]) -> str:
    """One row per operation and number of clients: times on this machine."""
    groups: dict[tuple[str, int], list[Block]] = {}
    for block in blocks:
        groups.setdefault((block.operation, block.clients), []).append(block)
    multiples: dict[tuple[str, int], list[float]] = {}
    for one in rounds:
        multiples.setdefault((one.block.operation, one.block.clients), []).append(one.multiple)
    rows = []
    for (operation, clients), group in groups.items():
        times = sorted(1000 * seconds for block in group for seconds in block.latencies)
        rows.append(
            [
                NAMES.get(operation, operation),
                str(clients),
                f"{len(times):,}",
                f"{median(block.count / block.elapsed for block in group):.1f}",
                *(f"{percentile(times, share):,.1f}" for share in (50, 95, 99)),
                f"{1000 * median(block.server / block.count for block in group):.2f}",
                f"{1000 * median(block.database / block.count for block in group):.2f}",
                _spread(multiples.get((operation, clients), [])),
            ]
        )
    head = ["operation", "clients", "done", "per second", "p50 ms", "p95 ms", "p99 ms"]
    return _table([*head, "server ms", "database ms", "× floor (least – most)"], rows)


def percentile(ascending: Sequence[float], share: int) -> float:
    """The least value that ``share`` percent of the values do not exceed."""
    return ascending[max(0, -(-len(ascending) * share // 100) - 1)]


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f} – {max(values):.2f})" if values else ""


def _between(values: Sequence[int]) -> str:
    return f"{min(values)}" if min(values) == max(values) else f"{min(values)} – {max(values)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
