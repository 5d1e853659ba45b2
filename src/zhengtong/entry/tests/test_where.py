"""From a name in the plan to its folder."""

import argparse

import pytest

from zhengtong.entry.commands import where


def run(name: str) -> int:
    return where.handle(argparse.Namespace(name=name))


def test_the_name_in_the_plan_leads_to_folder_page_address_and_aliases(capsys: pytest.CaptureFixture[str]) -> None:
    code = run("责任认定")

    said = capsys.readouterr().out
    assert code == 0
    assert "src/zhengtong/capabilities/ledger/" in said
    assert "src/zhengtong/capabilities/ledger/README.md" in said
    assert "/ledger/" in said
    assert "防篡改账本" in said


@pytest.mark.parametrize("name", ["电子印章", "trust", "Q-24", "q-24"])
def test_aliases_folders_and_rows_of_the_plan_are_names_too(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(name)

    assert code == 0
    assert capsys.readouterr().out.startswith("安全认证\n")


def test_an_exact_name_hides_those_that_only_contain_it(capsys: pytest.CaptureFixture[str]) -> None:
    run("并联审批")

    said = capsys.readouterr().out
    assert said.startswith("网上审批\n")
    assert "工作流引擎" not in said


def test_part_of_a_name_lists_all_that_contain_it(capsys: pytest.CaptureFixture[str]) -> None:
    run("审批引擎")

    assert capsys.readouterr().out.startswith("工作流引擎\n")


def test_no_name_lists_everything(capsys: pytest.CaptureFixture[str]) -> None:
    run("")

    said = capsys.readouterr().out
    assert all(str(config.verbose_name) in said for config in where.all_systems())


def test_an_unknown_name_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code = run("电子印记")

    said = capsys.readouterr().err
    assert code == 1
    assert "没有找到“电子印记”" in said
    assert "电子印章" in said
