"""The judge: other people's code under the project's own proof.

`python -m tests.judge FILE[:NAME]` says whether an optimiser, an
activation or a loss equals torch's, and if not, what the bug is called.

words, orders, layouts
            functions: names of arguments, and how arrays are handed over
explain_function, tell_function
            what names a function's value and slope, and what is said
source      what a file defines, read without running it
roles       what the names of arguments mean
readings    how a definition may be called
process     the person's code in a process of its own; child, sessions
topics/     what can be judged, a file each: draws and a switchboard
switchboard one formula with a switch where people go astray; a search
verdict     what is said, and how
"""
