"""Torture: real imports by real processes that are killed all the time, and what must come out.

`python -m tests.torture --backend servers --minutes 10 --seed 1`. A seeded list of imports goes
through web and worker processes while processes, broker and database are killed and restarted. The
same list is then carried out undisturbed, one import after the other in the order of creation,
into a second database: every import and every record has to be the same.
"""
