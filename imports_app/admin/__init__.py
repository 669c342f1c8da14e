"""The staff pages; importing this registers them."""

from django.contrib import admin

from imports_app.admin import clients, imports, tokens, users

admin.site.index_title = "Imports at a glance"
admin.site.index_template = "imports_app/admin/home.html"

__all__ = ["clients", "imports", "tokens", "users"]
