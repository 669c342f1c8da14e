"""Signals for a project's own code, sent after the commit, at most once.

A process that dies between the commit and the signal sends none: for what mustn't be missed there
are events (imports_app/events). An exception in a receiver is logged, and harms neither the import
nor the other receivers.
"""

from django.dispatch import Signal

# Arguments: sender, the class Import; import_, as it is then.
import_started = Signal()
import_finished = Signal()

# Arguments: sender, the model of the records; import_id; created, updated, unchanged: the ids of a
# batch's records by what became of them, in the order of the rows. A record that several rows name
# may stand in more than one of them.
rows_written = Signal()
