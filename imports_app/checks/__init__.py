"""System checks: what is wrong with an importer or the project, and what to write instead."""

from imports_app.checks.importers import check_importer, check_importers
from imports_app.checks.names import RESERVED_NAMES
from imports_app.checks.project import check_project

__all__ = ["RESERVED_NAMES", "check_importer", "check_importers", "check_project"]
