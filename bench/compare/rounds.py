# SPDX-License-Identifier: Apache-2.0
"""Times calls side by side in one process."""

import time


def alternate(calls, seconds, most=15):
    """Seconds of each call, taking turns after a round that does not count: 3 to `most` rounds."""
    first = {}
    for name, call in calls.items():
        begin = time.perf_counter()
        call()
        first[name] = time.perf_counter() - begin
    rounds = max(3, min(most, int(seconds / sum(first.values()))))
    times = {name: [] for name in calls}
    results = {}
    for _ in range(rounds):
        for name, call in calls.items():
            begin = time.perf_counter()
            results[name] = call()
            times[name].append(time.perf_counter() - begin)
    return times, results
