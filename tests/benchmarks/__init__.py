"""How fast it is, as ratios to something that anybody can run on the same machine.

`python -m tests.benchmarks` measures on PostgreSQL with Redis and on the embedded default, each in
a scratch database of its own, and prints one table. Whatever is compared runs in turn, round by
round, so that what slows the machine down slows both.
"""
