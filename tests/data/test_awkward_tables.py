"""Tables as people really have them: each is read right, or refused with advice that works when it is followed.

Gathered from what people report of spreadsheets' exports, R, pandas, loggers and public data sets.
"""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nn_tui.data.tables.reading import read_sheet
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.overrides import parse_assignment
from nn_tui.training.given import given_scenario
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.tables.suggesting import Suggestion, suggested

ANSWERS = ("no", "yes")
Cells = Callable[[int], tuple[object, ...]]


def plain(i: int) -> tuple[object, ...]:
    return i * 7 % 13 + 0.25, i * 5 % 11, ANSWERS[i % 2]


def lines(cells: Cells = plain, header: str | None = "a,b,y", separator: str = ",", count: int = 40) -> list[str]:
    rows = [separator.join(map(str, cells(i))) for i in range(count)]
    return rows if header is None else [header, *rows]


def text(*args: object, end: str = "\n", **how: object) -> str:
    return end.join([*lines(*args, **how), ""])  # type: ignore[arg-type]


def first_column(cell: Callable[[int], object]) -> str:
    return text(lambda i: (cell(i), i * 5 % 11, ANSWERS[i % 2]))


def made_of(folder: Path, content: str | bytes, name: str = "t.csv", **how: object) -> Suggestion:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = suggested(path, **how)  # type: ignore[arg-type]
    data = load_dataset(found.scenario)
    assert len(data.train) > 0
    assert data.feature_names == found.table.coding.features
    return found


CLEAN = text()
READ_WHOLE = {
    "a byte-order mark": "\ufeff" + CLEAN,
    "utf-16": CLEAN.encode("utf-16"),
    "utf-16, big end first": b"\xfe\xff" + CLEAN.encode("utf-16-be"),
    "utf-32": CLEAN.encode("utf-32"),
    "lines of Windows": text(end="\r\n"),
    "lines of an old Mac": text(end="\r"),
    "no line end at the end": CLEAN.rstrip("\n"),
    "a separator at each end": "\n".join(line + "," for line in lines()),
    "a separator at some ends": "\n".join(line + "," * (i % 3 == 1) for i, line in enumerate(lines())),
    "rows of separators only, which spreadsheets leave": CLEAN + ",,\n,,\n",
    "comments above": "# made by a logger, version 2\n# 2024-01-01\n\n" + CLEAN,
    "comments of another program": "% x\n" + CLEAN,
    "sep=;": "sep=;\r\n" + text(header="a;b;y", separator=";", end="\r\n"),
    "sep=; after a mark": "\ufeffsep=;\n" + text(header="a;b;y", separator=";"),
    "sep=; in quotes": '"sep=;"\n' + text(header="a;b;y", separator=";"),
    "tabs": text(header="a\tb\ty", separator="\t"),
    "bars": text(header="a|b|y", separator="|"),
    "spaces": text(header="a b y", separator=" "),
    "many spaces": "\n".join("  " + line.replace(",", "    ") + "  " for line in lines()),
    "a semicolon in a quoted name": text(header='"a;x",b,y'),
    "everything in quotes": text(lambda i: tuple(f'"{cell}"' for cell in plain(i)), '"a","b","y"'),
    "spaces around everything": text(lambda i: tuple(f" {cell} " for cell in plain(i)), " a , b , y "),
    "a line break in a name": text(header='"a\n(kg)",b,y'),
    "a name in another script": text(header="温度,🌡,y"),
    "no names": text(header=",,y"),
    "an index without a name": "\n".join(f"{i - 1 if i else ''},{line}" for i, line in enumerate(lines())),
    "an index called Unnamed": "\n".join(f"{i - 1 if i else 'Unnamed: 0'},{line}" for i, line in enumerate(lines())),
    "identifiers": "\n".join(f"{f'{i * 7919:08x}' if i else 'uuid'},{line}" for i, line in enumerate(lines())),
    "a column without a value": "\n".join(f"{line},{'' if i else 'z'}" for i, line in enumerate(lines())),
    "a first column called #": "\n".join(f"{i if i else '#'},{line}" for i, line in enumerate(lines())),
    "numbers after no-break spaces": first_column(lambda i: f"\u00a0{i}"),
    "a minus sign of typesetters": first_column(lambda i: f"\u2212{i}"),
    "exponents": first_column(lambda i: f"{i}.5E+03"),
    "signs between thousands": first_column(lambda i: f'"{i + 1},{i:03d}"'),
    "thousands and decimal commas": text(lambda i: (f"{i + 1}.{i:03d},5", i, ANSWERS[i % 2]), "a;b;y", ";"),
    "narrow spaces between thousands": text(lambda i: (f"{i + 1}\u202f{i:03d},5", i, ANSWERS[i % 2]), "a;b;y", ";"),
    "apostrophes between thousands": first_column(lambda i: f"{i + 1}'{i:03d}.5"),
    "zeros before numbers": first_column(lambda i: f"{i:05d}"),
    "words for missing values": first_column(
        lambda i: ("NA", "n/a", "null", "-", "None", "#DIV/0!")[i] if i < 6 else i
    ),
}


@pytest.mark.parametrize("content", READ_WHOLE.values(), ids=READ_WHOLE)
def test_a_table_is_read_whole_however_it_is_written(tmp_path: Path, content: str | bytes) -> None:
    found = made_of(tmp_path, content)
    assert len(found.table.coding.features) == 2
    assert found.table.class_names == ANSWERS
    assert len(found.table.inputs) == 40


@pytest.mark.parametrize(
    ("content", "column", "said"),
    [
        (first_column(lambda i: f"${i}.50"), "a", "'$0.50', are learned from if they stand alone"),
        (first_column(lambda i: f"{i} %"), "a", "'0 %', are learned from if they stand alone"),
        (first_column(lambda i: f"{i} kg"), "a", "'0 kg', are learned from if they stand alone"),
        (first_column(lambda i: f"{i}.5D+03"), "a", "'0.5D+03', are learned from if they stand alone"),
        (first_column(lambda i: f"2024-01-{i % 28 + 1:02d}"), "a", 'coding = { "a" = "date" }'),
        (first_column(lambda i: f"{i % 28 + 1:02d}.01.2024"), "a", 'coding = { "a" = "%d.%m.%Y" }'),
        (first_column(lambda i: f"1/{i % 28 + 1}/2024 4:05 PM"), "a", 'coding = { "a" = "%m/%d/%Y %I:%M %p" }'),
        (first_column(lambda i: f"{i % 24:02d}:{i:02d}"), "a", 'coding = { "a" = "%H:%M" }'),
        (first_column(lambda i: "error" if i == 17 else i), "a", "line 19 has 'error' where others have numbers"),
        (first_column(lambda i: "inf" if i == 3 else i), "a", "line 5 has 'inf' where others have numbers"),
        (first_column(lambda i: "<0.5" if i % 9 == 1 else i), "a", "line 3 has '<0.5' where others have numbers"),
        (CLEAN + "Total,,\n", "a", "line 42 has 'Total' where others have numbers"),
        (first_column(lambda i: "lorem ipsum " * 200 + str(i)), "a", "its texts are nearly all different"),
        (first_column(lambda _: 10**18), "a", "it is the same in every row"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_what_is_left_out_is_said_with_what_to_do(tmp_path: Path, content: str, column: str, said: str) -> None:
    found = made_of(tmp_path, content)
    (note,) = [note for note in found.notes if note.startswith(f"{column} is left out: ")]
    assert said in note
    assert found.table.coding.names == ("b",)
    if said.startswith("coding"):
        key, value = parse_assignment(said.replace(" = ", "=", 1))
        again = made_of(tmp_path, content, changes={f"data.{key}": value})
        assert again.table.coding.names == ("a", "b")


def without_line(number: int) -> Callable[[str], str]:
    return lambda content: "".join(content.splitlines(True)[: number - 1] + content.splitlines(True)[number:])


def unchanged(content: str) -> str:
    return content


@pytest.mark.parametrize(
    ("content", "message", "follow"),
    [
        (text(header="a:b:y", separator=":"), "give delimiter", unchanged),
        (text(header="größe,b,y").encode("cp1252"), 'encoding = "cp1252"', unchanged),
        (CLEAN.encode("utf-16-le"), 'encoding = "utf-16-le"', unchanged),
        (
            text(lambda i: (f"2024-01-{i % 28 + 1:02d}", ANSWERS[i % 2]), "a,y"),
            'coding = { "a" = "date" }',
            unchanged,
        ),
        (
            text(lambda i: (i, i, "o" if i % 2 else 1)),
            'give task = "classification"',
            unchanged,
        ),
        (text(header="a,a,y"), "column 0 is called 'a' too; rename one", lambda c: c.replace("a,a", "a,b")),
        ("Sales report\n\n" + CLEAN, "if the first line is a title, take it out", without_line(1)),
        (CLEAN + "\x1a", "line 42: 1 column, where the first row has 3; if the line is no row", without_line(42)),
        (text(header="a,b,y,"), "take the separator off the end of the first line", lambda c: c.replace("y,\n", "y\n")),
        (
            "\n".join([lines()[0], *(f"{i},{line}" for i, line in enumerate(lines()[1:]))]),
            "if the first column has no name, begin the first line with a separator",
            lambda c: "," + c,
        ),
        (CLEAN + "1,2\n", "a value that is missing keeps its separator", lambda c: c.replace("\n1,2\n", "\n1,,no\n")),
        (CLEAN + "1,2,3,no\n", "stands in double quotes", lambda c: c.replace("1,2,3,no", '1,"2,3",no')),
        (
            text(lambda i: (i, 'a "b" c' if i else '"a" b', ANSWERS[i % 2])),
            "a quote within quotes is doubled",
            lambda c: c.replace('"a" b', '"""a"" b"'),
        ),
        (CLEAN + "\0", "line 42: a NUL character; expected text; take it out", lambda c: c.replace("\0", "")),
        (
            "\n".join(["a,b,y", "kg,m,-", *lines()[1:]]),
            "a: line 2 has 'kg' where others have numbers; correct it, or take the row out",
            without_line(2),
        ),
        (first_column(lambda i: "1e400" if i == 3 else i), "line 5, column 'a': too large", without_line(5)),
        (text(lambda i: (i, i, "yes")), "the only class is 'yes'", lambda c: c.replace("0,0,yes", "0,0,no")),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)  # fmt: skip
def test_advice_followed_to_the_letter_works(
    tmp_path: Path, content: str | bytes, message: str, follow: Callable[[str], str]
) -> None:
    with pytest.raises(ScenarioError) as refused:
        made_of(tmp_path, content)
    told = str(refused.value)
    assert message in told
    assert told.isprintable()
    settings = re.findall("--set '(.*)'", told) if follow is unchanged else []
    changes = dict(map(parse_assignment, settings))
    made_of(tmp_path, content if isinstance(content, bytes) else follow(content), changes=changes)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.xlsx", b"PK\x03\x04", "is a spreadsheet; save the sheet as CSV"),
        ("t.csv", b"PK\x03\x04\xff\xff", "save the sheet as CSV"),
        ("t.zip", b"PK\x03\x04", "is packed; unpack it"),
        ("t.json", b"{}", "save the table as CSV"),
        ("t.csv", b'{"a": 1}', "is JSON; save the table as CSV"),
        ("t.csv", b"<!DOCTYPE html><html>", "is a web page"),
        ("t.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
        ("t.csv.gz", CLEAN.encode(), "is not compressed with gzip; rename it to t.csv"),
        ("t.csv.gz", gzip.compress(CLEAN.encode() * 9)[:-40], "is damaged"),
        ("t.dat", CLEAN.encode(), "if it is a table, rename it"),
        ("t.csv", b"", "the file is empty"),
        ("t.csv", b"a,b,y\n", "no row of data"),
        ("t.csv", b"a,b,y\n1,2,no\n", "only one row of data"),
    ],
)
def test_what_is_no_table_is_called_what_it_is(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ScenarioError, match=re.escape(message)):
        given_scenario(str(tmp_path / name))


def test_classes_with_spaces_missing_targets_and_capitals(tmp_path: Path) -> None:
    labels = (" very good", "not so  good ", "")
    found = made_of(tmp_path, text(lambda i: (i, i * 3 % 7, labels[i % 3])))
    assert found.table.class_names == ("not so good", "very good")
    assert found.table.left_out_rows == {"without target": 13}
    assert "left out: 13 rows: without target" in found.notes
    found = made_of(tmp_path, text(lambda i: (i, i * 3 % 7, ("Yes", "yes", "no")[i % 3])))
    assert "y has the classes 'Yes' and 'yes': two, unless the file is corrected" in found.notes


def test_letters_as_numbers_are_asked_about_and_pixels_that_never_change_left_out(tmp_path: Path) -> None:
    found = made_of(tmp_path, text(lambda i: (i % 26 + 1, i * 3 % 7, i % 5), "label,a,b", count=104))
    assert found.table.task == "regression"
    assert any("26 different whole numbers" in note for note in found.notes)
    found = made_of(tmp_path, text(lambda i: (i % 2, 0, i * 7 % 13, 0), "label,p1,p2,p3"))
    assert found.table.coding.names == ("p2",)
    assert [left.name for left in found.table.left_out_columns] == ["p1", "p3"]


def test_a_wide_header_costs_what_its_columns_do(tmp_path: Path) -> None:
    names = ",".join(f"g{place}" for place in range(5000))
    rows = "\n".join(",".join(str(i * place % 7) for place in range(5000)) + f",{'AB'[i % 2]}" for i in range(10))
    assert len(made_of(tmp_path, f"{names},y\n{rows}\n").table.coding.features) > 4000


@pytest.mark.parametrize(
    ("cells", "header", "separator", "first"),
    [
        # Three digits behind each comma, as any program writes them: no thousands begin with 0.
        (lambda i: (f'"{i // 3},{i:03d}"', i * 5 % 11, ANSWERS[i % 2]), "a,b,y", ",", [0.0, 0.001, 0.002, 1.003]),
        # Semicolons stand between columns because commas stand in numbers.
        (lambda i: (f"{i + 1},{i:03d}", i * 5 % 11, ANSWERS[i % 2]), "a;b;y", ";", [1.0, 2.001, 3.002, 4.003]),
        (lambda i: (f'"{i + 1},{i:03d}"', i * 5 % 11, ANSWERS[i % 2]), "a,b,y", ",", [1000.0, 2001.0, 3002.0, 4003.0]),
        (lambda i: (f"{i + 1},{i:03d}.5", i * 5 % 11, ANSWERS[i % 2]), "a;b;y", ";", [1000.5, 2001.5, 3002.5, 4003.5]),
        (lambda i: (f"{i + 1}.{i:03d},5", i * 5 % 11, ANSWERS[i % 2]), "a;b;y", ";", [1000.5, 2001.5, 3002.5, 4003.5]),
    ],
)
def test_commas_in_numbers_are_what_they_must_be(
    tmp_path: Path, cells: Cells, header: str, separator: str, first: list[float]
) -> None:
    found = made_of(tmp_path, text(cells, header, separator))
    column = found.sheet.columns[0].numbers
    assert column is not None
    assert column[:4].tolist() == first


def test_what_is_predicted_is_the_last_column_with_a_value(tmp_path: Path) -> None:
    found = made_of(tmp_path, "\n".join(f"{line}," for line in lines(header="a,b,outcome")), asks="")
    assert found.table.target_names == ("outcome",)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("delimiter", ";;", "the delimiter is one character, but no quote, or tab"),
        ("delimiter", '"', "the delimiter is one character, but no quote, or tab"),
        ("encoding", "utf-16", "t.csv: is not utf-16: "),
        ("encoding", "punycode", "t.csv: is not punycode: "),
        ("encoding", "undefined", "t.csv: is not undefined: "),
    ],
)
def test_how_a_file_is_said_to_be_written_is_refused_in_a_message(
    tmp_path: Path, key: str, value: str, said: str
) -> None:
    with pytest.raises(ScenarioError) as refused:
        made_of(tmp_path, CLEAN, changes={f"data.{key}": value})
    assert said in str(refused.value)


def test_a_tab_between_columns_can_be_asked_for(tmp_path: Path) -> None:
    content = text(lambda i: (f"{i},5", i * 5 % 11, ANSWERS[i % 2]), "a\tb\ty", "\t")
    found = made_of(tmp_path, content, changes={"data.delimiter": "tab"})
    assert len(found.table.coding.features) == 2


@pytest.mark.parametrize(
    ("first", "named"),
    [
        ("0,1,2,3,y", True),
        ("1,2,3,4,outcome", True),
        (",0,1,2,3", True),
        ('"0","1","2","3","y"', True),
        ("0,1,2,3,4", False),
        ("0,1,2,4,yes", False),
        ("2,3,4,5,yes", False),
        ("0.0,1.0,2.0,3.0,yes", False),
    ],
)
def test_a_row_that_counts_the_columns_and_names_one_is_a_header(tmp_path: Path, first: str, named: bool) -> None:
    path = tmp_path / "t.csv"
    path.write_text(first + "\n" + "".join(f"{i},{i * 3 % 7},{i * 5 % 11},{i % 3},{i % 2}\n" for i in range(40)))
    sheet = read_sheet(path)
    assert (sheet.named, len(sheet)) == (named, 40 if named else 41)
