"""``zhengtong sites``: whole sites out and in, old sites over, by the command line."""

import json

import pytest
from django.conf import settings as django_settings

from zhengtong.entry.commands import sites as command
from zhengtong.entry.main import build_parser, discover
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.tests import old_site as old

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(settings, tmp_path):
    """Runs the command with some words; gives its end and what it said."""
    settings.ZHENGTONG_VAR = str(tmp_path)
    sites = town.group()
    settings.ZHENGTONG_TENANT = sites["g22"].tenant
    return lambda *words: command.handle(build_parser(discover()).parse_args(["sites", *map(str, words)]))


def _rules(tmp_path):
    (tmp_path / "rules.json").write_text(json.dumps(old.RULES), encoding="utf-8")
    return tmp_path / "rules.json"


def test_an_old_site_is_tried_then_brought_in_then_packed_and_restored(run, tmp_path, capsys):
    old.warc(old.imports() / "a.warc", ("/news/1.html", "text/html", old.page().encode()))
    said = ("migrate", "g22", "--from", "a.warc", "--rules", _rules(tmp_path))

    assert run(*said) == 0
    assert "新增：1" in capsys.readouterr().out
    assert not ArticlePage.objects.exists()
    assert run(*said, "--run", "--report", tmp_path / "r.csv") == 0
    assert ArticlePage.objects.get().title == "旧闻一则"
    assert "/news/1.html,旧闻一则,news,新增,已导入" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")

    assert run("export", "g22", "--to", tmp_path / "one.zip") == 0
    assert run("import", tmp_path / "one.zip", "--as", "g08") == 0
    assert run("export", "g08", "--to", tmp_path / "two.zip") == 0
    digests = {line.split()[-1] for line in capsys.readouterr().out.splitlines() if "内容摘要" in line}
    assert len(digests) == 1
    assert ArticlePage.objects.filter(site__code="g08").count() == 1
    assert str(tmp_path) == django_settings.ZHENGTONG_VAR


def test_refusals_are_one_sentence_and_1(run, tmp_path, capsys):
    for words, why in (
        (("migrate", "none", "--from", "a.warc"), "没有网站“none”"),
        (("migrate", "g22", "--from", "../a.warc"), "导入文件夹里没有"),
        (("export", "none", "--to", tmp_path / "x.zip"), "没有网站"),
        (("import", tmp_path / "none.zip"), "已损坏"),
        (("migrate", "g22", "--from", "a.warc", "--rules", tmp_path / "none.json"), "读写不了"),
    ):
        assert run(*words) == 1
        assert why in capsys.readouterr().err
    assert not (tmp_path / "x.zip").exists()


def test_hosts_are_listed_set_taken_away_and_given_up(run, capsys):
    assert run("hosts") == 0
    assert capsys.readouterr().out == ""
    assert run("hosts", "--set", "g22", "市场监管.政务") == 0
    kept = GovernmentSite.objects.get(code="g22").host
    assert f"{kept}\tg22\t网站" in capsys.readouterr().out
    assert run("hosts", "--clear", "g22") == 0
    assert f"{kept}\tg22\t跳转" in capsys.readouterr().out
    assert run("hosts", "--free", "市场监管.政务") == 0
    assert kept not in capsys.readouterr().out
    for words, why in (
        (("--set", "none", "a.gov.cn"), "没有网站“none”"),
        (("--set", "g22", "https://a.gov.cn"), "只写域名"),
        (("--free", "a.gov.cn"), "没有这个旧域名"),
    ):
        assert run("hosts", *words) == 1
        assert why in capsys.readouterr().err
