"""Run the lessons that the command line asks for."""

import argparse
import contextlib
import os
from pathlib import Path

import torch
from tqdm import tqdm

from scratch.front_door.command_line import (DISAGREE, DONE, say,
                                             show, show_as_is)
from scratch.front_door.device import find_device, use_one_thread
from scratch.front_door.endings import Attempt
from scratch.front_door.files import check_format, find_data
from scratch.front_door.language import told
from scratch.front_door.lesson import Lesson, Options
from scratch.front_door.lessons import entries
from scratch.front_door.report import (disagreeing, record, table,
                                       verdict)
from torch_ref.optim import SGD


def run(args: argparse.Namespace) -> int:
    """Train, report, draw; return the exit status."""
    use_one_thread()
    torch.set_default_dtype(getattr(torch, args.dtype))
    # The first optimiser makes torch import more of itself, which
    # takes a second. It should not count as training time.
    SGD([torch.zeros(1)])
    device = find_device(args.device, args.dtype, args.parser)
    find_data(args)
    options = Options(args.seed, args.epochs, args.lr, device,
                      args.data, args.data_dir, args.backprop,
                      args.autograd)
    lessons: list[Lesson] = [entries()[name].load()(options)
                             for name in args.lessons]
    figure = None
    if args.figure or args.show or args.animate:
        figure = _figure(lessons, args)
    attempt = Attempt(args.parser.prog)
    apart: list[str] = []
    if args.animate:
        with attempt:
            with figure.recording(args.animate):
                apart = _train_all(lessons, figure, args, attempt)
            _wrote(args.animate, args)
    else:
        apart = _train_all(lessons, figure, args, attempt)
    if args.show:
        from matplotlib import pyplot
        pyplot.show()
    return attempt.status or (DISAGREE if apart else DONE)


def _train_all(lessons: list[Lesson], figure, args: argparse.Namespace,
               attempt: Attempt) -> list[str]:
    """Train, report, save the figure; return the runs that disagree.

    The figure comes last, and also if the report cannot be printed.
    """
    for lesson in lessons:
        _train(lesson, figure, args)
        if args.json:
            with attempt if figure else contextlib.nullcontext():
                show_as_is(record(lesson, args.dtype))
    apart = disagreeing(lessons, args.dtype)
    if not args.json and not args.quiet:
        with attempt:
            show(table(lessons, args.dtype))
    elif apart:
        say(f"{args.parser.prog}: {verdict(apart)}")
    if args.figure:
        with attempt:
            figure.save(args.figure)
            _wrote(args.figure, args)
    return apart


def _wrote(path: Path, args: argparse.Namespace) -> None:
    if not args.json and not args.quiet:
        show(f"Wrote {path}.")


def _train(lesson: Lesson, figure, args: argparse.Namespace) -> None:
    total = lesson.steps() * len(lesson.runs)
    live = figure is not None and (args.show or args.animate)
    # Only on a terminal (None), and only after a second.
    bar = tqdm(total=total, desc=lesson.name, unit=told("step"),
               leave=False, delay=1,
               disable=True if args.quiet else None)
    with bar:
        done = 0
        for run in lesson.runs:
            for _ in run:
                bar.update()
                done += 1
                if live and done % -(-total // figure.frames) == 0:
                    figure.frame(lesson)
    if live:
        figure.frame(lesson)
    elif figure is not None:
        figure.draw(lesson)


def _figure(lessons: list[Lesson], args: argparse.Namespace):
    if args.show and not _screen():
        args.parser.error("--show needs a screen, and there is none")
    if not args.show:
        # To write a file needs no screen, whatever MPLBACKEND says.
        os.environ["MPLBACKEND"] = "agg"
    from scratch.front_door.figure import Figure
    if args.figure:
        check_format(args.parser, args.figure)
    return Figure(lessons, args.dtype, args.show)


def _screen() -> bool:
    """Whether matplotlib can open a window."""
    # ValueError: MPLBACKEND names no backend.
    try:
        from matplotlib import pyplot
        from matplotlib.backends import BackendFilter, backend_registry
        pyplot.switch_backend(pyplot.get_backend())
    except (ImportError, ValueError):
        return False
    windows = backend_registry.list_builtin(BackendFilter.INTERACTIVE)
    return pyplot.get_backend().lower() in map(str.lower, windows)
