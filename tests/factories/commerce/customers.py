"""Who buys, and labels."""

from factory.declarations import Iterator, Sequence

from imports_app.commerce import models
from tests.factories.commerce.base import ResourceFactory, same_mode


class TagFactory(ResourceFactory):
    class Meta:
        model = models.Tag

    name = Sequence("tag-{}".format)


class AddressFactory(ResourceFactory):
    class Meta:
        model = models.Address

    business = Iterator([False, True])
    first_name = Sequence("Ada {}".format)
    last_name = Sequence("Lovelace {}".format)
    company = Sequence("Company {}".format)
    line_1 = Sequence("{} High Street".format)
    line_2 = Sequence("Flat {}".format)
    city = Sequence("City {}".format)
    zip_code = Sequence("{:05}".format)
    state_code = Sequence("S{}".format)
    country_code = Iterator(["NL", "IT", "US"])
    phone = Sequence("+31 20 {}".format)
    email = Sequence("address-{}@example.com".format)
    notes = Sequence("Ring {} times.".format)
    lat = Sequence(lambda n: n / 100)
    lng = Sequence(lambda n: n / 50)
    billing_info = Sequence("VAT {}".format)


class CustomerGroupFactory(ResourceFactory):
    class Meta:
        model = models.CustomerGroup

    name = Sequence("Customer group {}".format)
    code = Sequence("GROUP-{}".format)


class CustomerFactory(ResourceFactory):
    class Meta:
        model = models.Customer

    email = Sequence("customer-{}@example.com".format)
    shopper_reference = Sequence("shopper-{}".format)
    profile_id = Sequence("profile-{}".format)
    tax_exemption_code = Sequence("EXEMPT-{}".format)
    customer_group = same_mode(CustomerGroupFactory)


class CustomerAddressFactory(ResourceFactory):
    class Meta:
        model = models.CustomerAddress

    customer = same_mode(CustomerFactory)
    address = same_mode(AddressFactory)


class CustomerSubscriptionFactory(ResourceFactory):
    class Meta:
        model = models.CustomerSubscription

    customer = same_mode(CustomerFactory)
