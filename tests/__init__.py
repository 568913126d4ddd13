"""The tests compare the two wings, by hand and by torch.

Look first at `test_TOPIC.py`: there is one for each topic. The rooms:

- `compare/`: helpers for writing proofs
- `across/`: all topics at once
- `front_door/`: the command line
- `museum/`: bugs, each planted and caught
- `exercises/`: the exercises of the lectures, solved and checked
- `site/`: the built pages, in a browser
- `benchmark/`: where the time goes
"""
