"""`make faults`: 60 s of random kills over the bare spine, every crash point once, the count; then the whole suite."""

from __future__ import annotations

import argparse
import random
import sys
import time

from tests.faults import suite_storm
from tests.faults.ground import BACKSTAGE, Ground, ground
from tests.faults.points import walk
from tests.faults.storm import storm

REST_SECONDS = 120.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to kill at random")
    parser.add_argument("--seed", type=int, default=None, help="the same kills again")
    parser.add_argument("--no-points", action="store_true", help="only the random kills")
    given = parser.parse_args()
    seed = random.randrange(10**6) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    with ground() as made:
        bare = run(made, given.seconds, seed, points=not given.no_points)
    print("The whole suite, as `make run` starts it, over a real broker:", flush=True)
    whole = suite_storm.run(given.seconds, seed, print)
    return bare or whole


def run(made: Ground, seconds: float, seed: int, *, points: bool = True) -> int:
    """0 when all that was promised was done, once."""
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)

    if seconds:
        storm(made, seconds, seed, say)
    missed = walk(made, say) if points else []
    for role in BACKSTAGE:
        made.start(role)
    rested = made.comes_to_rest(REST_SECONDS)
    balance = made.balance()
    print(f"kills        {sum(made.kills.values())}  {_counted(made.kills)}")
    print(f"expected     {balance.expected}")
    print(f"lost         {balance.lost.total()}")
    print(f"doubled      {balance.doubled.total()}")
    print(f"unasked      {balance.unasked.total()}")
    print(f"forgotten    {balance.forgotten}")
    print(f"redelivered  {made.redelivered}")
    print(f"points missed {', '.join(missed) or 'none'}; {'at rest' if rested else 'NOT AT REST'}")
    if not rested:
        print(made.still_open())
    for kind, entries in (("lost", balance.lost), ("doubled", balance.doubled), ("unasked", balance.unasked)):
        for entry in list(entries)[:10]:
            print(f"  {kind} {entry}")
    return 0 if balance.even and balance.expected and rested and not missed else 1


def _counted(kills: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(kills.items()))


if __name__ == "__main__":
    sys.exit(main())
