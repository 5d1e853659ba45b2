"""Persons, legal persons, and who acts for whom."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import (
    CONSENTS,
    REGISTRATION,
    RELATIONS,
    AgencyRole,
    Assurance,
    PersonKind,
)
from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import Category, of_citizen, personal
from zhengtong.kernel.models import Row


class Person(Row):
    """自然人：一人一行，公民身份号码在同一租户内不重复。

    Personal data: name; citizen number and mobile number encrypted (SM4) with keyed indexes. Kept while the
    person has an account, an appointment or a case; erased on request afterwards.
    """

    PERSONAL_DATA = personal(
        of_citizen("name", "phone", "phone_index", "verified_phone_index", activity=REGISTRATION),
        of_citizen("citizen_number", "citizen_number_index", activity=REGISTRATION, category=Category.MINOR),
    )

    name = models.CharField(_("姓名"), max_length=50)
    citizen_number = EncryptedTextField(_("公民身份号码"), blank=True, default="")
    citizen_number_index = models.CharField(_("公民身份号码索引"), max_length=64, blank=True, default="")
    phone = EncryptedTextField(_("手机号"), blank=True, default="")
    phone_index = models.CharField(_("手机号索引"), max_length=64, blank=True, default="")
    #: index of the number to which the person has proved to have the telephone; another number is not verified by it
    verified_phone_index = models.CharField(_("已核验手机号索引"), max_length=64, blank=True, default="", db_default="")
    kind = models.CharField(_("类别"), max_length=10, choices=PersonKind.choices, default=PersonKind.CITIZEN)
    assurance = models.CharField(_("核验程度"), max_length=10, choices=Assurance.choices, default=Assurance.DECLARED)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("已并入"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # few rows have one: see the index below
        related_name="merged_records",
    )

    class Meta:
        verbose_name = _("自然人")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "citizen_number_index"],
                condition=~Q(citizen_number_index=""),
                name="identity_person_number_once",
            ),
            models.CheckConstraint(
                condition=Q(citizen_number="", citizen_number_index="")
                | (~Q(citizen_number="") & ~Q(citizen_number_index="")),
                name="identity_person_number_indexed",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PersonKind.values) & Q(assurance__in=Assurance.values),
                name="identity_person_words",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "phone_index"], condition=~Q(phone_index=""), name="identity_person_phone"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="identity_person_merged"),
        ]

    def __str__(self) -> str:
        return self.name


class LegalPerson(Row):
    """法人和非法人组织：统一社会信用代码在同一租户内不重复。

    Personal data: name of the legal representative; kept while the legal person has cases.
    """

    PERSONAL_DATA = personal(of_citizen("representative", "representative_name", activity=RELATIONS))

    name = models.CharField(_("名称"), max_length=200)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18)
    representative = models.ForeignKey(
        Person, verbose_name=_("法定代表人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    representative_name = models.CharField(_("法定代表人姓名"), max_length=50)
    assurance = models.CharField(_("核验程度"), max_length=10, choices=Assurance.choices, default=Assurance.DECLARED)

    class Meta:
        verbose_name = _("法人")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "uscc"], name="identity_legal_person_uscc_once"),
            models.CheckConstraint(condition=Q(uscc__regex=r"^[0-9A-Z]{18}$"), name="identity_legal_person_uscc_form"),
            models.CheckConstraint(condition=Q(assurance__in=Assurance.values), name="identity_legal_person_words"),
        ]

    def __str__(self) -> str:
        return self.name


class Agency(Row):
    """授权委托：自然人以法定代表人或经办人身份代表法人办事；经办人必须有截止日期，可以限定事项，随时可以收回。

    Personal data: link between a person and a legal person; kept as long as the cases it was used for.
    """

    PERSONAL_DATA = personal(of_citizen("person", "letter_number", activity=RELATIONS))

    legal_person = models.ForeignKey(
        LegalPerson, verbose_name=_("法人"), on_delete=models.PROTECT, related_name="agencies"
    )
    person = models.ForeignKey(Person, verbose_name=_("自然人"), on_delete=models.PROTECT, related_name="agencies")
    role = models.CharField(_("身份"), max_length=20, choices=AgencyRole.choices)
    valid_from = models.DateField(_("起始日期"))
    valid_until = models.DateField(_("截止日期"), null=True, blank=True)
    assurance = models.CharField(_("核验程度"), max_length=10, choices=Assurance.choices, default=Assurance.DECLARED)
    item_codes = ArrayField(
        models.CharField(max_length=50), verbose_name=_("授权事项"), default=list, blank=True, db_default=[]
    )
    letter_number = models.CharField(_("授权委托书编号"), max_length=60, blank=True, default="", db_default="")
    confirmed_at = models.DateTimeField(_("法定代表人确认时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("授权委托")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="identity_agency_period",
            ),
            models.CheckConstraint(
                condition=Q(role=AgencyRole.LEGAL_REPRESENTATIVE) | Q(role=AgencyRole.AGENT, valid_until__isnull=False),
                name="identity_agency_agent_has_end",
            ),
            models.CheckConstraint(condition=Q(assurance__in=Assurance.values), name="identity_agency_words"),
            models.UniqueConstraint(
                fields=["legal_person"],
                condition=Q(role=AgencyRole.LEGAL_REPRESENTATIVE, valid_until__isnull=True),
                name="identity_agency_one_representative",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "valid_from"], name="identity_agency_person")]

    def __str__(self) -> str:
        return f"{self.legal_person_id}:{self.role}"


class Consent(Row):
    """同意记录：某人何时同意了哪一版个人信息处理告知书（个人信息保护法第十四、十七条）。

    Personal data: that a person consented; kept three years after the account is closed.
    """

    PERSONAL_DATA = personal(of_citizen("person", activity=CONSENTS))

    person = models.ForeignKey(Person, verbose_name=_("自然人"), on_delete=models.PROTECT, related_name="consents")
    notice = models.CharField(_("告知书版本"), max_length=20)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("同意记录")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "notice"], condition=Q(withdrawn_at__isnull=True), name="identity_consent_once"
            )
        ]

    def __str__(self) -> str:
        return self.notice
