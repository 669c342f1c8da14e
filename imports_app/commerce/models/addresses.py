"""Addresses."""

from django.db import models
from django.db.models import Q

from imports_app.commerce.models.base import TEXT_LENGTH, Resource
from imports_app.commerce.models.constraints import is_country_code
from imports_app.commerce.models.tags import Tag


class Address(Resource):
    """A postal address: of a company if `business` is true, otherwise of a person."""

    business = models.BooleanField(default=False)
    first_name = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    last_name = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    company = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    line_1 = models.CharField(max_length=TEXT_LENGTH)
    line_2 = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    city = models.CharField(max_length=TEXT_LENGTH)
    zip_code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    state_code = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    country_code = models.CharField(max_length=2)
    phone = models.CharField(max_length=TEXT_LENGTH)
    email = models.CharField(max_length=TEXT_LENGTH, null=True, blank=True)
    notes = models.TextField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    billing_info = models.TextField(null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        verbose_name_plural = "addresses"
        constraints = [
            models.CheckConstraint(
                condition=Q(business=True) | Q(first_name__isnull=False, last_name__isnull=False),
                name="address_of_a_person_has_names",
                violation_error_message=(
                    "must have a first_name and a last_name, or be that of a business"
                ),
            ),
            models.CheckConstraint(
                condition=Q(business=False) | Q(company__isnull=False),
                name="address_of_a_business_has_a_company",
                violation_error_message="must have a company, or not be that of a business",
            ),
            is_country_code("address"),
        ]

    def __str__(self) -> str:
        name = self.company if self.business else f"{self.first_name} {self.last_name}"
        return f"{name}, {self.line_1}, {self.city}"
