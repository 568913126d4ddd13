"""The dojo: find the bug that is planted in a copy of a topic.

    python -m tests.dojo start --topic optim     a copy, and its symptom
    python -m tests.dojo check                   does the proof pass?
    python -m tests.dojo hint                    test, formula, line
    python -m tests.dojo solve                   the patch and the story
    python -m tests.dojo exam --count 20         for a class, with a key
"""
