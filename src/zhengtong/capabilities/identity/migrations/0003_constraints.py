"""Uniqueness, periods, words and paths held by the database."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """Constraints and indexes of the first tables."""

    dependencies = [("identity", "0002_organisations")]

    operations = [
        # for the exclusion of overlapping appointments
        migrations.RunSQL("create extension if not exists btree_gist", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                models.F("tenant"),
                django.contrib.postgres.indexes.OpClass("path", name="text_pattern_ops"),
                name="identity_organisation_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="identity_organisation_code_once"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(fields=("tenant", "path"), name="identity_organisation_path_once"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("uscc", ""), _negated=True),
                fields=("tenant", "uscc"),
                name="identity_organisation_uscc_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("path__regex", "^/([^/]+/)+$")), name="identity_organisation_path_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["active", "abolished"])), name="identity_organisation_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalperson",
            constraint=models.UniqueConstraint(fields=("tenant", "uscc"), name="identity_legal_person_uscc_once"),
        ),
        migrations.AddConstraint(
            model_name="legalperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("uscc__regex", "^[0-9A-Z]{18}$")), name="identity_legal_person_uscc_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("assurance__in", ["declared", "verified"])), name="identity_legal_person_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("person", "notice"),
                name="identity_consent_once",
            ),
        ),
        migrations.AddIndex(
            model_name="agency", index=models.Index(fields=["person", "valid_from"], name="identity_agency_person")
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="identity_agency_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role", "legal_representative"),
                    models.Q(("role", "agent"), ("valid_until__isnull", False)),
                    _connector="OR",
                ),
                name="identity_agency_agent_has_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(("assurance__in", ["declared", "verified"])), name="identity_agency_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "legal_representative"), ("valid_until__isnull", True)),
                fields=("legal_person",),
                name="identity_agency_one_representative",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("username__regex", "^[a-z0-9_.-]+$")), name="identity_account_username"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(fields=("organisation", "title"), name="identity_post_title_once"),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["post", "valid_from"], name="identity_appointment_post"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="identity_appointment_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("person", "="),
                    ("post", "="),
                    (
                        models.Func(
                            "valid_from",
                            "valid_until",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="identity_appointment_no_overlap",
            ),
        ),
        migrations.AddIndex(
            model_name="postrole", index=models.Index(fields=["tenant", "role"], name="identity_post_role_role")
        ),
        migrations.AddConstraint(
            model_name="postrole",
            constraint=models.UniqueConstraint(fields=("post", "role"), name="identity_post_role_once"),
        ),
        migrations.AddConstraint(
            model_name="postrole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "audit_admin",
                            "clerk",
                            "leader",
                            "process_admin",
                            "reviewer",
                            "sec_admin",
                            "supervisor",
                            "sys_admin",
                        ],
                    )
                ),
                name="identity_post_role_words",
            ),
        ),
        migrations.AddIndex(
            model_name="signin", index=models.Index(fields=["account", "-created_at"], name="identity_sign_in_account")
        ),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["signed_in", "wrong_password", "wrong_code"])),
                name="identity_sign_in_words",
            ),
        ),
    ]
