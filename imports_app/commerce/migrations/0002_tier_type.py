from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commerce", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="pricetier", name="price_tier_type_is_known"),
        migrations.RenameField(model_name="pricetier", old_name="type", new_name="tier_type"),
        migrations.AddConstraint(
            model_name="pricetier",
            constraint=models.CheckConstraint(
                condition=models.Q(tier_type__in=["PriceVolumeTier", "PriceFrequencyTier"]),
                name="price_tier_type_is_known",
            ),
        ),
    ]
