"""Let hours go by for the callbacks: `python -m tests.torture.later`.

What would be tried again in up to an hour is due now, and the leases of senders have run out: to be
called while there is none.
"""

import django


def main() -> None:
    from django.utils import timezone

    from imports_app.events.outbox import pending

    now = timezone.now()
    pending().update(due_at=now)
    pending().exclude(lease_token=None).update(lease_expires_at=now)


if __name__ == "__main__":
    django.setup()
    main()
