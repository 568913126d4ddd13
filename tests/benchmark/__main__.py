"""The command line of the benchmarks."""

import argparse
import json
import statistics
from collections.abc import Callable
from pathlib import Path

from tests.benchmark import (a_step, commands, gpu, judge, peers, real_data,
                             tutorials)
from tests.benchmark.measure import (Benchmark, Unavailable, machine, ratios,
                                     table)

NAMES: dict[str, Callable[[], list[Benchmark]]] = {
    "step": a_step.benchmarks,
    "backprop": a_step.backprop,
    "autograd": a_step.autograd,
    "cnn_step": a_step.cnn,
    "batches": real_data.batches,
    "loading": real_data.loading,
    "softmax": real_data.to_92,
    "breast_cancer": tutorials.breast_cancer,
    "cnn": tutorials.cnn,
    "start_up": commands.start_up,
    "processes": commands.processes,
    "judge": judge.cpu_time,
    "gpu": gpu.benchmarks,
}


def main() -> None:
    """Run the named benchmarks, or all; print their tables."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmark",
        description="Measure ratios of running times. Let the computer do "
                    "nothing else meanwhile. All benchmarks together take "
                    "about fifteen minutes.")
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=f"one of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--peers", action="store_true",
                        help="cnn_step: also by JAX and tinygrad, where "
                             "they are installed")
    parser.add_argument("--json", type=Path, metavar="PATH",
                        help="also write the ratios to this file")
    args = parser.parse_args()
    for name in args.names:
        if name not in NAMES:
            parser.error(f"no benchmark {name!r}, choose from "
                         + ", ".join(NAMES))
    print(machine(), end="\n\n")
    records = []
    names = dict(NAMES)
    if args.peers:
        names["cnn_step"] = lambda: [*a_step.cnn(), *peers.cnn_step()]
    for name in args.names or names:
        try:
            for benchmark in names[name]():
                result = ratios(benchmark)
                print(table(benchmark, result), flush=True)
                records.append(_record(name, benchmark, result))
        except Unavailable as error:
            print(f"{name}: {error}\n", flush=True)
    if args.json:
        args.json.write_text(json.dumps(
            {"machine": machine(), "benchmarks": records}, indent=1))


def _record(name: str, benchmark: Benchmark,
            result: dict[str, list[float]]) -> dict:
    return {"name": name, "about": benchmark.about,
            "threads": benchmark.threads, "rounds": benchmark.rounds,
            "base": benchmark.base, "ratios": {
                case: {"median": statistics.median(values),
                       "min": min(values), "max": max(values),
                       "aim": benchmark.aims.get(case)}
                for case, values in result.items()}}


if __name__ == "__main__":
    main()
