"""Every character is printed, or the paper is refused with the character named: there are no boxes."""

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from miniapp_api.papers.fonts import OWN, Fonts, MissingCharacterError, open_fonts


def gbk():
    """All characters of GBK that Unicode has as letters, but one mathematical sign that the font lacks."""
    pairs = (bytes((high, low)) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF) if low != 0x7F)
    decoded = "".join(pair.decode("gbk", "ignore") for pair in pairs)
    return {character for character in decoded if not 0xE000 <= ord(character) < 0xF900} - {"≒"}


def test_all_characters_of_gbk_and_of_unicode_eleven_are_there():
    Fonts().check(gbk())
    Fonts().check(map(chr, range(0x4E00, 0x9FF0)))
    Fonts().check(map(chr, range(0x3400, 0x4DB6)))


@pytest.mark.parametrize("name", ["㛃", "䶮", "𬭚", "𫖯", "龘", "·"])
def test_rare_characters_of_names_are_there(name):
    Fonts().check([name])


def test_a_character_that_is_not_there_is_named():
    with pytest.raises(MissingCharacterError, match="鿰（U\\+9FF0）") as refused:
        Fonts().check(["张鿰"])
    assert refused.value.characters == ("鿰",)


def test_what_cannot_be_seen_is_named_by_its_number():
    with pytest.raises(MissingCharacterError, match="看不见的字符（U\\+202E）"):
        Fonts().check(["张\u202e三"])


def test_blanks_are_no_characters():
    Fonts().check(["张 三　\t\n"])


@pytest.fixture(scope="module")
def rare(tmp_path_factory):
    """Make a font that has a character of a name which ours lacks; it is drawn like another."""
    path = tmp_path_factory.mktemp("fonts") / "rare.otf"
    with TTFont(OWN) as font:
        subsetter = Subsetter(Options())
        subsetter.populate(unicodes=[0x9F98, 0x20])
        subsetter.subset(font)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[0x9FF0] = table.cmap[0x9F98]
        font.flavor = None
        font.save(path)
    return path


def test_a_font_of_the_installation_helps_out(rare):
    open_fonts(rare).check(["张鿰"])


def test_what_is_no_font_is_refused(tmp_path):
    (tmp_path / "no.ttf").write_bytes(b"no font at all")
    for path in (tmp_path / "no.ttf", tmp_path / "absent.ttf"):
        with pytest.raises(ValueError, match="打不开这个字体文件"):
            open_fonts(path)
