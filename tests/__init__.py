"""What holds the two wings together.

`test_TOPIC.py`, one for each topic, is where to look first. The rooms:

- `compare/`: what proofs are written with
- `across/`: all topics at once
- `front_door/`: the command line
- `museum/`: bugs, each planted and caught
- `exercises/`: the exercises of the lectures, solved and checked
- `site/`: the built pages, in a browser
- `benchmark/`: where the time goes
"""
