"""Downloads of Moodle and Canvas go in: whose each hand-in is, what is taken of it, what is said, what stays."""

from __future__ import annotations

import csv
import json
import os
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.__main__ import main
from grading.platforms import command, importing
from grading.platforms.download import END, DownloadError
from grading.platforms.importing import Report
from grading.platforms.roster import Owner, Person, Platform, Roster, read_roster
from grading.platforms.submitted import Became
from grading.platforms.tables import TableError
from grading.platforms.telling import told
from grading.platforms.times import moment, zone_named
from tests.platform_archives import (
    LESSON,
    NOTEBOOK,
    canvas,
    encrypted,
    moodle,
    notebook,
    pack_zip,
    packed,
    with_link,
    write,
)

ROSTER = """\
id,first_name,last_name,email,login,lms_user_id
anna,Anna,Müller,anna@uni.example,amueller,101
bob,Bob Joe,O'Brien,bob@uni.example,bobrien,102
carl1,Carl,Schmidt,carl1@uni.example,,103
carl2,Carl,Schmidt,carl2@uni.example,,104
dora,Dora,Groß,dora@uni.example,,105
"""
WORKSHEET = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Last modified (submission)"
Participant 9001,"Anna Müller",anna@uni.example,Submitted,,33.00,"Friday, 20 November 2026, 9:05 PM"
Participant 9002,"Carl Schmidt",carl1@uni.example,Submitted,,33.00,"Saturday, 21 November 2026, 8:00 AM"
Participant 9003,"Carl Schmidt",carl2@uni.example,,,33.00,-
"""
GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Lesson 3 (77)
,,,,,Manual Posting
    Points Possible,,,,,33.00
"Müller, Anna",101,S-1,amueller,Group A,
"Schmidt, Carl",103,S-3,cschmidt,Group A,
"Schmidt, Carl",104,S-4,cschmidt2,Group B,12
"""


class Course:
    """A folder for submissions, a roster, and the import of a download."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.roster = folder / "students.csv"
        self.roster.write_text(ROSTER, encoding="utf-8")

    def of(self, student: str) -> Path:
        """Return where the submission of a student belongs."""
        return self.folder / "submitted" / student / LESSON

    def imported(self, files: dict[str, bytes] | Path, *, replace: bool = False, zone: str = "") -> Report:
        """Import a download with these entries."""
        archive = files if isinstance(files, Path) else write(self.folder / "download.zip", files)
        people, where = read_roster(self.roster), zone_named(zone) if zone else None
        return importing.run(archive, LESSON, people, self.of, replace=replace, zone=where)

    def there(self) -> dict[str, list[str]]:
        """Return the names of the files of every submission that was imported."""
        top = self.folder / "submitted"
        return {
            path.name: sorted(file.name for file in self.of(path.name).iterdir())
            for path in (top.iterdir() if top.is_dir() else ())
        }


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Make a course without submissions."""
    return Course(tmp_path)


@pytest.mark.parametrize("folders", [True, False], ids=["in folders", "not in folders"])
def test_moodle_hand_ins_find_their_students(course: Course, folders: bool) -> None:
    def name(who: str, number: int, file: str, kind: str = "file") -> str:
        return moodle(who, number, file, folders=folders, kind=kind)

    nfd = unicodedata.normalize("NFD", "Anna Müller")
    report = course.imported(
        {
            name(nfd, 9001, NOTEBOOK): notebook(),
            name(nfd, 9001, "answers.json"): b"{}",
            name(nfd, 9001, "onlinetext.html", "onlinetext"): b"<p>hello</p>",
            name("O'Brien Bob Joe", 9004, f"{LESSON}.zip"): pack_zip(),
            name("Groß Dora", 9005, "my_own name (1).ipynb"): notebook(),
            name("Nobody Known", 9009, NOTEBOOK): notebook(),
        }
    )
    assert report.platform is Platform.MOODLE
    assert course.there() == {
        "anna": [NOTEBOOK, "answers.json"],
        "bob": [NOTEBOOK, "answers.json", "receipt.json"],
        "dora": ["my_own name (1).ipynb"],
    }
    assert sorted(report.became[Became.IMPORTED]) == ["anna", "bob", "dora"]
    assert report.missing == ["carl1", "carl2"]
    assert [hand_in.owner.name for hand_in in report.strangers] == ["Nobody Known"]
    assert [(who, problem.why) for who, problem in report.problems] == [
        ("anna", "was typed into Moodle and is no file")
    ]
    assert json.loads((course.of("bob") / NOTEBOOK).read_bytes())["cells"][0]["source"] == "packed"


def test_older_moodle_and_folders_around_everything_are_read(course: Course) -> None:
    report = course.imported(
        {
            f"download/Anna Müller_9001_assignsubmission_file_/part/{NOTEBOOK}": notebook("deep"),
            f"download/Anna Müller_9001_assignsubmission_file_/{NOTEBOOK}": notebook("flat"),
            "__MACOSX/download/._x": b"",
        }
    )
    assert course.there() == {"anna": [f"{LESSON} (1).ipynb", NOTEBOOK]}
    assert report.notes == [("anna", f"{NOTEBOOK!r} is stored as {LESSON} (1).ipynb")]
    assert not report.problems


def test_canvas_hand_ins_are_told_apart_by_their_numbers(course: Course) -> None:
    report = course.imported(
        {
            canvas("Müller, Anna", 101, 7001, NOTEBOOK): notebook(),
            canvas("Schmidt, Carl", 104, 7002, NOTEBOOK, late=True): notebook("second"),
            canvas("Schmidt, Carl", 103, 7003, NOTEBOOK): notebook("first"),
            canvas("O'Brien, Bob Joe", 102, 7004, f"{LESSON}.zip"): pack_zip(),
            "grossdora_105_text.html": b"typed",
            "anon_ab1c2_7009_x.ipynb": notebook(),
        }
    )
    assert sorted(course.there()) == ["anna", "bob", "carl1", "carl2"]
    assert b"second" in (course.of("carl2") / NOTEBOOK).read_bytes()
    assert report.late == ["carl2"]
    assert not any((course.of(name) / "timestamp.txt").exists() for name in course.there())
    assert report.empty == ["dora"]
    assert not report.missing
    assert [problem.label for who, problem in report.problems if not who] == ["anon_ab1c2_7009_x.ipynb"]


def test_of_what_was_uploaded_again_the_latest_counts(course: Course) -> None:
    report = course.imported(
        {
            canvas("Müller, Anna", 101, 7020, f"{LESSON}-2.ipynb"): notebook("third"),
            canvas("Müller, Anna", 101, 7001, NOTEBOOK): notebook("first"),
            canvas("Müller, Anna", 101, 7010, f"{LESSON}-1.ipynb"): notebook("second"),
            canvas("Müller, Anna", 101, 7021, "answers-1.json"): b"{}",
            canvas("Müller, Anna", 101, 7022, "part-2.csv"): b"1,2",
        }
    )
    assert course.there() == {"anna": [NOTEBOOK, "answers.json", "part-2.csv"]}
    assert b"third" in (course.of("anna") / NOTEBOOK).read_bytes()
    assert [problem.label for _, problem in report.problems] == [NOTEBOOK, f"{LESSON}-1.ipynb"]


@pytest.mark.parametrize(
    "entries",
    [
        {moodle("Carl Schmidt", 9002, NOTEBOOK): b"1", moodle("Carl Schmidt", 9003, NOTEBOOK): b"2"},
        {moodle("Carl Schmidt", 9002, NOTEBOOK): b"1"},
        # One Dora on the roster, two in the class.
        {moodle("Dora Groß", 8001, NOTEBOOK): b"1", moodle("Groß Dora", 8002, NOTEBOOK): b"2"},
        # A number that is Anna's, with the name of another.
        {canvas("O'Brien, Bob Joe", 101, 5, NOTEBOOK): b"1"},
    ],
    ids=["two of a name", "one of two of a name", "more than the roster has", "number against name"],
)
def test_what_cannot_be_told_apart_is_never_guessed(course: Course, entries: dict[str, bytes]) -> None:
    report = course.imported(entries)
    assert not course.there()
    assert len(report.unclear) == len(entries)
    assert not report.is_whole
    for person in report.unclear[0][1]:
        assert any(person.id in line for line in told(report) if line.startswith("Not imported"))
        assert person.id not in report.missing


def test_moodles_worksheet_tells_names_apart_and_knows_the_times(course: Course) -> None:
    course.roster.write_text(WORKSHEET, encoding="utf-8-sig")
    entries = {
        moodle("Carl Schmidt", 9002, NOTEBOOK): notebook("2"),
        moodle("Carl Schmidt", 9003, NOTEBOOK): notebook("3"),
        # Where marking is anonymous, Moodle calls everyone so.
        moodle("Participant", 9001, NOTEBOOK): notebook("1"),
    }
    report = course.imported(entries)
    assert sorted(report.untimed) == ["anna@uni.example", "carl1@uni.example"]
    assert b'"3"' in (course.of("carl2@uni.example") / NOTEBOOK).read_bytes()
    report = course.imported(entries, zone="Europe/Vienna")
    assert sorted(report.became[Became.DATED]) == ["anna@uni.example", "carl1@uni.example"]
    stamp = (course.of("anna@uni.example") / "timestamp.txt").read_text()
    assert stamp == "2026-11-20 20:05:00.000000 UTC"
    assert course.imported(entries, zone="Europe/Vienna").became[Became.UNCHANGED]


@pytest.mark.parametrize("separator", [",", ";"])
def test_canvas_gradebook_is_a_roster(course: Course, separator: str) -> None:
    with course.roster.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(csv.reader(GRADEBOOK.splitlines()))
    report = course.imported(
        {
            canvas("Schmidt, Carl", 104, 1, NOTEBOOK): notebook(),
            canvas("Müller, Anna", 101, 2, NOTEBOOK): notebook(),
        }
    )
    assert sorted(course.there()) == ["amueller", "cschmidt2"]
    assert report.missing == ["cschmidt"]


def test_another_submission_is_never_lost(course: Course) -> None:
    first, second = ({canvas("Müller, Anna", 101, n, NOTEBOOK): notebook(str(n))} for n in (1, 2))
    course.imported(first)
    assert course.imported(first).became[Became.UNCHANGED] == ["anna"]
    # Who handed in before is not missing, though this download has nothing of hers.
    other = course.imported({canvas("Groß, Dora", 105, 3, NOTEBOOK): notebook()})
    assert other.missing == ["bob", "carl1", "carl2"]
    kept = course.imported(second)
    assert (kept.became[Became.KEPT], kept.is_whole) == (["anna"], False)
    assert (course.of("anna") / NOTEBOOK).read_bytes() == notebook("1")
    assert course.imported(second, replace=True).became[Became.REPLACED] == ["anna"]
    assert (course.of("anna") / NOTEBOOK).read_bytes() == notebook("2")
    course.imported(first, replace=True)
    aside = course.of("anna").parent / ".replaced"
    assert [(aside / f"{LESSON}-{n}" / NOTEBOOK).read_bytes() for n in (1, 2)] == [
        notebook("1"),
        notebook("2"),
    ]


def test_what_cannot_be_written_leaves_what_was_there(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.imported({canvas("Müller, Anna", 101, 1, NOTEBOOK): notebook("1")})

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    files = {canvas("Müller, Anna", 101, 2, NOTEBOOK): notebook("2")}
    monkeypatch.undo()
    archive = write(course.folder / "second.zip", files)
    monkeypatch.setattr(Path, "write_bytes", full)
    report = course.imported(archive, replace=True)
    assert report.empty == ["anna"]
    assert (course.of("anna") / NOTEBOOK).read_bytes() == notebook("1")
    assert os.listdir(course.of("anna").parent) == [LESSON]


HOSTILE = {
    "leads out": ("../../Anna Müller_9001_assignsubmission_file_/x.ipynb", "leads out"),
    "absolute": ("/Anna Müller_9001_assignsubmission_file_/x.ipynb", "leads out"),
    "a drive": ("C:\\Anna Müller_9001_assignsubmission_file_\\x.ipynb", "leads out"),
    "leads out inside": ("Anna Müller_9001_assignsubmission_file_/../../x.ipynb", "leads out"),
    "nbgrader's": (moodle("Anna Müller", 9001, "Timestamp.txt"), "nbgrader itself writes"),
    "turned round": ("fake\u202egpj.ipynb", "is not named as Moodle"),
    "of no form": ("just a file.ipynb", "is not named as Moodle"),
}


@pytest.mark.parametrize(("name", "why"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_are_left_out_and_named(course: Course, name: str, why: str) -> None:
    report = course.imported({moodle("Bob Joe O'Brien", 9004, NOTEBOOK): notebook(), name: b"2020-01-01"})
    assert course.there() == {"bob": [NOTEBOOK]}
    assert [why in problem.why for _, problem in report.problems] == [True]
    assert all(line.isprintable() for line in told(report))
    assert not [p for p in course.folder.rglob("*") if p.name in ("x.ipynb", "Timestamp.txt")]


def test_names_inside_become_no_paths(course: Course) -> None:
    deep = packed({"../../escaped.py": b"1", NOTEBOOK: notebook()})
    report = course.imported(
        {
            moodle("Anna Müller", 9001, "sub/.hidden\u202e.ipynb"): notebook("odd"),
            moodle("Bob Joe O'Brien", 9004, "work.zip"): deep,
            moodle("Dora Groß", 9005, f"{'長' * 90}.ipynb"): notebook("long"),
        }
    )
    assert course.there() == {"anna": ["handed in.ipynb"], "bob": ["work.zip"], "dora": ["handed in.ipynb"]}
    assert "\u202e" not in "\n".join(told(report))
    assert not list(course.folder.rglob("escaped.py"))


def test_zips_that_are_no_hand_in_stay_as_they_are(course: Course) -> None:
    bomb = packed({NOTEBOOK: b"0" * (3 * 2**20)})
    nested = packed({"a.zip": packed({"b.zip": pack_zip()})})
    entries = {
        moodle("Anna Müller", 9001, "bomb.zip"): bomb,
        moodle("Bob Joe O'Brien", 9004, "nested.zip"): nested,
        moodle("Dora Groß", 9005, "locked.zip"): encrypted(packed({"own.ipynb": notebook()})),
        moodle("Dora Groß", 9005, "broken.zip"): b"PK\3\4 no zip",
        moodle("Dora Groß", 9005, "twice.zip"): pack_zip("other"),
        moodle("Dora Groß", 9005, NOTEBOOK): notebook("beside"),
    }
    report = course.imported(entries)
    assert course.there() == {
        "anna": ["bomb.zip"],
        "bob": ["nested.zip"],
        "dora": [NOTEBOOK, "broken.zip", "locked.zip", "twice.zip"],
    }
    said = "\n".join(note for _, note in report.notes)
    for word in ("too tightly", "password", "not a zip", "more than 2 zips"):
        assert word in said


def test_bombs_links_and_passwords_in_the_download_itself_are_left_out(course: Course) -> None:
    path = write(
        course.folder / "download.zip",
        {
            moodle("Anna Müller", 9001, NOTEBOOK): notebook(),
            moodle("Anna Müller", 9001, "zeros.csv"): b"0" * (3 * 2**20),
        },
    )
    with_link(path, moodle("Anna Müller", 9001, "link.csv"), "/etc/hostname")
    report = course.imported(path)
    assert course.there() == {"anna": [NOTEBOOK]}
    assert {problem.label: problem.why for _, problem in report.problems} == {
        "zeros.csv": "is packed too tightly to be a hand-in",
        "link.csv": "is a link",
    }


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _many(path: Path) -> None:
    content = bytearray(path.read_bytes())
    fields = list(END.unpack_from(content, len(content) - END.size))
    fields[3] = fields[4] = 20_001
    END.pack_into(content, len(content) - END.size, *fields)
    path.write_bytes(content)


def _foreign(path: Path) -> None:
    write(path, {"notes.txt": b"", "a/b.ipynb": b""})


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_cut, "cut short"),
        (_many, "more than 20000 entries"),
        (_foreign, "notes.txt, a/b.ipynb"),
        (lambda path: path.write_text("no zip"), "not a zip"),
        (lambda path: path.unlink(), "cannot be opened"),
    ],
    ids=["cut short", "too many entries", "no platform's", "text", "missing"],
)
def test_what_is_no_download_is_refused(course: Course, spoil: Callable[[Path], None], said: str) -> None:
    path = write(course.folder / "d.zip", {moodle("Anna Müller", 9001, NOTEBOOK): notebook()})
    spoil(path)
    with pytest.raises(DownloadError, match=said):
        course.imported(path)
    assert not course.there()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,points\nA,1\n", "one of these"),
        ("id,first_name,last_name\n", "names nobody"),
        ("id,first_name,last_name\n../x,A,B\n", "row 2: '../x'"),
        ("id,first_name,last_name\na+b,A,B\n", "cannot be the id"),
        ("id,first_name,last_name\nann,A,B\nAnn,C,D\n", "stands in row 2"),
        ("", "is empty"),
        ("id,first_name,last_name\nann,J\xfcrgen,B\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused(course: Course, content: str | bytes, said: str) -> None:
    course.roster.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TableError, match=said):
        read_roster(course.roster)


def test_people_are_found_by_name_login_and_address(course: Course) -> None:
    roster = read_roster(course.roster)

    def found(name: str, number: str = "", platform: Platform = Platform.MOODLE) -> list[str]:
        return [person.id for person in roster.find(Owner(platform, name, number))]

    for name in ("Anna Müller", "mülleranna", "Mu\u0308ller Anna", "amueller", "anna@uni.example", "ANNA"):
        assert found(name) == ["anna"], name
    assert found("Dora Gross") == ["dora"]
    assert found("Anna Mueller") == []
    assert found("Carl Schmidt") == ["carl1", "carl2"]
    assert found("schmidtcarl", "104", Platform.CANVAS) == ["carl2"]
    # Canvas's numbers say nothing about Moodle's.
    assert found("Carl Schmidt", "104") == ["carl1", "carl2"]
    # It has a number that is neither of theirs.
    assert found("schmidtcarl", "999", Platform.CANVAS) == []


def test_ids_are_compared_as_they_are() -> None:
    roster = Roster(Person(name, also=frozenset({name})) for name in ("a.b", "ab"))
    assert [person.id for person in roster.called(["A.B", ""])] == ["a.b"]


def test_times_that_are_not_clear_are_no_times() -> None:
    vienna = zone_named("Europe/Vienna")
    for text in ("-", "", "09/10/2026 10:00", "Friday", "20 Smarch 2026, 9:00"):
        assert moment(text, vienna) is None, text
    assert moment("2026-11-20 21:05", None) is None
    assert str(moment("2026-11-20T21:05+01:00", None)) == "2026-11-20 20:05:00+00:00"
    assert str(moment("Wednesday, September 23, 2020, 9:00 PM", vienna)) == "2020-09-23 19:00:00+00:00"
    with pytest.raises(TableError, match="Europe/Vienna"):
        zone_named("Viena")


def test_the_command_refuses_what_it_cannot_do(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course.folder)
    archive = write(course.folder / "d.zip", {moodle("Anna Müller", 9001, NOTEBOOK): notebook()})
    words = ["import", str(archive), LESSON, f"--roster={course.roster}"]
    assert main(words) == 2
    assert "nbgrader_config.py" in capsys.readouterr().err
    assert main(["import", str(archive), "nine", f"--roster={course.roster}"]) == 2
    assert LESSON in capsys.readouterr().err
    monkeypatch.setattr(command, "_folders", lambda lesson: course.of)
    assert main(words) == 0
    assert "1 imported" in capsys.readouterr().out
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr(moodle("Carl Schmidt", 9002, NOTEBOOK), notebook())
    assert main(words) == 1
    assert "it may be of carl1, carl2" in capsys.readouterr().out
