"""Legal bases: law in force, honestly marked."""

from datetime import date

import pytest

REPEALED = (
    "大气污染防治法",
    "环境影响评价法",
    "水污染防治法",
    "环境噪声污染防治法",
    "噪声污染防治法",
    "固体废物污染环境防治法",
    "环境保护法",
)
CODE_IN_FORCE = date(2026, 8, 15)


def used_bases(theme):
    owners = (*theme.items.values(), *theme.duties.values(), *theme.vetoes.values(), *theme.notices.values())
    return {basis for owner in (*owners, *theme.terms.values()) for basis in owner.basis}


@pytest.mark.parametrize("act", REPEALED)
def test_no_basis_is_an_act_repealed_by_the_environmental_code(catalogue, act):
    assert [id_ for id_, basis in catalogue.bases.content.bases.items() if act in basis.law] == []


def test_what_rests_on_the_environmental_code_names_article_250(catalogue, theme):
    code = catalogue.bases.content.bases["env-250"]
    assert (code.article, code.since, code.certainty) == ("第二百五十条", CODE_IN_FORCE, "verified")
    fumes = [veto for id_, veto in theme.vetoes.items() if id_.startswith("fumes-")]
    assert len(fumes) == 3
    assert all("env-250" in veto.basis for veto in fumes)
    assert "env-250" in theme.notices["site-rule"].basis


def test_every_basis_is_used_and_every_used_basis_exists(catalogue, theme):
    assert used_bases(theme) == set(catalogue.bases.content.bases)


def test_verified_means_compared_with_the_full_text(catalogue):
    bases = catalogue.bases.content.bases
    wrong = {id_ for id_, b in bases.items() if (b.certainty == "verified") != ("全文核对" in b.source)}
    assert wrong == set()


def test_unsure_bases_say_what_is_not_known(catalogue):
    unsure = [b for b in catalogue.bases.content.bases.values() if b.certainty == "unsure"]
    assert len(unsure) >= 5
    assert all(any(word in b.source for word in ("未核", "没有查到", "没有核对", "窗口为准", "以铭牌")) for b in unsure)


def test_every_basis_was_checked_and_is_in_force_when_the_theme_is_shown(catalogue, theme):
    for id_, basis in catalogue.bases.content.bases.items():
        assert basis.checked == date(2026, 11, 22), id_
        assert basis.until is None or basis.until > theme.effective.review_by, id_
        assert basis.since is None or basis.since <= theme.effective.since, id_
