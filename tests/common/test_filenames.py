import pytest

from vidwiz.common.filenames import file_name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("How ledgers work", "How ledgers work"),
        ("../../etc/passwd", "etc passwd"),
        ("..\\..\\Windows\\system.ini", "Windows system.ini"),
        ("C:\\autoexec.bat", "C autoexec.bat"),
        ('What? "Now": <a|b>*', "What Now a b"),
        (".hidden", "hidden"),
        ("-rf ~", "rf ~"),
        ("ends with dots. . .", "ends with dots"),
        ("two\nlines\tand\x00null", "two lines and null"),
        ("photo\u202egpj.exe", "photo gpj.exe"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        ("👩\u200d💻 at work", "👩\u200d💻 at work"),
        ("e\u0301te\u0301", "été"),
        ("half \ud83d a pair", "half a pair"),
        ("...", ""),
        ("///", ""),
        ("", ""),
    ],
)
def test_words_as_a_name(words, name):
    assert file_name(words, max_bytes=120) == name


@pytest.mark.parametrize("device", ["CON", "nul", "Aux.the.film", "COM1", "LPT³.x", "con .txt", "CONOUT$"])
def test_what_windows_takes_for_a_device_is_no_name(device):
    assert file_name(device, max_bytes=120) == f"_{device}"


@pytest.mark.parametrize("fine", ["Contact", "Null and void", "COM10", "Auxiliary"])
def test_what_only_begins_like_one_is(fine):
    assert file_name(fine, max_bytes=120) == fine


@pytest.mark.parametrize("words", ["x" * 500, "न" * 500, "🎉" * 500, "a. " * 200])
def test_a_long_name_is_cut_by_bytes_between_characters(words):
    name = file_name(words, max_bytes=120)
    assert 110 <= len(name.encode()) <= 120
    assert words.startswith(name)
    assert name == name.rstrip(". ")
