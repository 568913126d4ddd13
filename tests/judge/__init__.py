"""The judge: other people's code under the project's own proof.

`python -m tests.judge FILE[:NAME]` says whether an optimiser, an
activation or a loss equals torch's, and if not, what the bug is called.

Read, without running it
    source                              what a file defines
    roles, words                        what the names of arguments mean
    reading, guess, signature, networks how an optimiser may be called
    calls, orders, layouts              how a function may be called
Run, in a process of its own
    process, child                      both sides of the pipe
    drive_optimiser, sessions, loops, pieces, makers, objects
    evaluate, rows                      of functions
Compared with formulas that have switches
    topics/                             a file each, found by itself
    switchboard, anywhere, losses       what they share
    adam_switches                       where Adam goes astray
    optimisers, functions               runs and inputs
    smoke                               is the reading right at all?
    engines, engine_bugs, expressions   of autograd
    initialisers                        by what they draw
    windows, slide                      of convolution and pooling
    norms, drive_norm                   of normalisation
    trial_*, judge_*, explain_function  one reading; the best of them
Told
    tell_*, verdict, outputs, __main__  in words, JSON, a page
    implementation                      all verdicts on a file
Turned around
    impostors, grade, strength, graders how strong is a test?
    example*, confusion                 the museum's bugs in the judge
    forms*, cases/, tables              code of our own for the tests
"""
