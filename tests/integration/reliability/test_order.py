"""The scheduler keeps the order of creation wherever two imports could touch."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from imports_app.models import Import, ImportQueue, Mode
from imports_app.models.status import FINAL, Move, Status
from imports_app.oauth.models import ApiClient
from imports_app.queue import scheduling, transitions
from imports_app.queue.scheduling import Lease, claim_next
from imports_app.services import ImportOrder, create_import, request_interrupt
from tests.factories.clients import ApiClientFactory
from tests.integration.reliability.workers import claim, create, expire_leases

pytestmark = pytest.mark.django_db(transaction=True)

# Written down from the contract, not taken from the registry: which types refer to which.
REFERS_TO = {
    "skus": {"shipping_categories"},
    "shipping_categories": set(),
    "customers": set(),
    "price_lists": set(),
    "prices": {"price_lists", "skus"},
}
ALL_DONE = {"processed_count": 1, "created_count": 1}


def related(one: str, other: str) -> bool:
    return one == other or one in REFERS_TO[other] or other in REFERS_TO[one]


class Scheduler(RuleBasedStateMachine):
    """Clients create and interrupt, workers claim, go on, finish and die, in any interleaving.

    A worker that has a lease may be dead without anybody knowing, and may come back to life when
    another has taken its import over.
    """

    def __init__(self) -> None:
        super().__init__()
        Import.objects.all().delete()
        ImportQueue.objects.all().delete()
        self.clients = [*(each.client_id for each in ApiClient.objects.all()[:3]), None]
        self.leases: list[Lease] = []
        # The imports in the order in which they took effect: a slice is an effect.
        self.effects: list[Import] = []

    @rule(
        resource_type=st.sampled_from(sorted(REFERS_TO)),
        cleanup=st.booleans(),
        client=st.integers(0, 3),
        mode=st.sampled_from(Mode),
    )
    def create(self, resource_type: str, cleanup: bool, client: int, mode: Mode) -> None:  # noqa: FBT001  (drawn)
        order = ImportOrder(resource_type=resource_type, rows=[b"{}"], cleanup_records=cleanup)
        create_import(order=order, mode=mode, caller=self.clients[client])

    @rule()
    def claim(self) -> None:
        lease = claim_next()
        if lease is not None:
            self.leases.append(lease)

    @rule(choice=st.integers(0), finish=st.booleans())
    def work(self, choice: int, finish: bool) -> None:  # noqa: FBT001  (drawn)
        """A worker ends its slice: with the import, or with a part of it."""
        if not self.leases:
            return
        lease = self.leases.pop(choice % len(self.leases))
        import_ = Import.objects.get(pk=lease.import_id)
        if finish:
            won = transitions.move(lease.import_id, lease.token, Move.COMPLETE, ALL_DONE)
        else:
            won = transitions.release(lease.import_id, lease.token)
        assert won == (import_.lease_token == lease.token)
        if won:
            self.effects.append(import_)

    @rule(choice=st.integers(0))
    def interrupt(self, choice: int) -> None:
        imports = list(Import.objects.active())
        if imports:
            request_interrupt(import_=imports[choice % len(imports)])

    @rule()
    def leases_run_out(self) -> None:
        expire_leases()

    @invariant()
    def no_two_related_ones_are_in_progress(self) -> None:
        running = list(Import.objects.filter(status=Status.IN_PROGRESS))
        for place, one in enumerate(running):
            for other in running[place + 1 :]:
                related_ = related(one.resource_type, other.resource_type)
                assert not (one.mode == other.mode and related_), (one, other)

    @invariant()
    def positions_have_no_gaps(self) -> None:
        for mode in Mode:
            imports = Import.objects.filter(mode=mode)
            positions = list(imports.order_by("position").values_list("position", flat=True))
            assert positions == list(range(1, len(positions) + 1))

    @invariant()
    def related_ones_took_effect_in_the_order_of_creation(self) -> None:
        for place, one in enumerate(self.effects):
            for later in self.effects[place + 1 :]:
                if one.mode == later.mode and related(one.resource_type, later.resource_type):
                    assert one.position is not None
                    assert later.position is not None
                    assert one.position <= later.position

    def teardown(self) -> None:
        """Nothing starves: with all workers gone, one that comes can finish everything."""
        expire_leases()
        for _ in range(Import.objects.active().count()):
            self.claim()
            self.work(-1, finish=True)
        self.related_ones_took_effect_in_the_order_of_creation()
        assert set(Import.objects.values_list("status", flat=True)) <= set(FINAL)


def test_any_interleaving_gives_what_the_order_of_creation_gives() -> None:
    ApiClientFactory.create_batch(3)

    run_state_machine_as_test(Scheduler, settings=settings(max_examples=20, stateful_step_count=25))


def go_on(times: int) -> list[Import]:
    """Claims and gives back that often; the imports that had a slice."""
    had: list[Import] = []
    for _ in range(times):
        lease = claim()
        had.append(Import.objects.get(pk=lease.import_id))
        transitions.release(lease.import_id, lease.token)
    return had


def test_no_mode_starves_the_other() -> None:
    create("skus", [{}])
    order = ImportOrder(resource_type="skus", rows=[b"{}"])
    create_import(order=order, mode=Mode.LIVE)

    assert {import_.mode for import_ in go_on(2)} == {Mode.TEST, Mode.LIVE}


def test_clients_take_turns_however_many_imports_one_of_them_has() -> None:
    one, other = ApiClientFactory.create_batch(2)
    for resource_type in ("skus", "customers", "price_lists"):
        order = ImportOrder(resource_type=resource_type, rows=[b"{}"])
        create_import(order=order, mode=Mode.TEST, caller=one.client_id)
    order = ImportOrder(resource_type="tax_calculators", rows=[b"{}"])
    create_import(order=order, mode=Mode.TEST, caller=other.client_id)

    assert [import_.caller for import_ in go_on(6)] == [one.client_id, other.client_id] * 3


def test_an_orphaned_import_keeps_its_place() -> None:
    first, second = create("skus", [{}]), create("skus", [{}])
    claim()
    assert claim_next() is None

    expire_leases()

    assert claim().import_id == first.pk
    assert scheduling.queue_position(second) == 2
