"""Streaming XML: repairs are made and told, hostile files are refused, nothing is lost in silence."""

import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from forum.importing.formats.xml_stream import XmlStream, children, is_cdata, local, root_of, text_of
from forum.importing.records import DamagedError, RefusedError, Source
from tests.conftest import PROJECT

START = '<?xml version="1.0" encoding="UTF-8"?>\n<rss><channel>'
END = "</channel></rss>"


def source_of(folder, content: str | bytes, *, accept_damaged=False) -> Source:
    path = folder / "archive.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Source(path, path.name, accept_damaged=accept_damaged)


def texts(folder, content: str | bytes, **options) -> tuple[list[str], dict[str, str]]:
    """The texts of all items, and the messages of the remarks by code."""
    stream = XmlStream(source_of(folder, content, **options), (2,), ("item",))
    found = [text_of(element, "a") for _, element in stream.elements()]
    return found, {remark.code: remark.message for remark in stream.remarks}


def items(*inside: str) -> str:
    return START + "".join(f"<item><a>{one}</a></item>\n" for one in inside) + END


def test_every_child_at_a_depth_comes_in_the_order_of_the_file(tmp_path):
    source = source_of(tmp_path, items("1", "2", "3"))
    assert [text_of(element, "a") for element in children(source, 2)] == ["1", "2", "3"]
    assert [local(element) for element in children(source, 1)] == ["channel"]


def test_what_has_been_read_is_forgotten(tmp_path):
    parent = None
    for element in children(source_of(tmp_path, items(*"123456")), 2):
        parent = element.getparent()
    assert len(parent) == 0


def test_several_depths_can_be_asked_for_children_before_parents(tmp_path):
    stream = XmlStream(source_of(tmp_path, items("1", "2")), (2, 3))
    assert [(depth, local(one)) for depth, one in stream.elements()] == [(3, "a"), (2, "item")] * 2


@pytest.mark.parametrize(
    ("before", "characters"),
    [("\ufeff", 0), ("\n\n \n", 0), ("\n\ufeff\n", 0), ("<br />\n<b>Warning</b>: in <b>x</b> y<br />\n", 42)],
)
def test_case_w6_what_stands_before_the_declaration_is_passed_over(tmp_path, before, characters):
    found, remarks = texts(tmp_path, before + items("1"))
    assert found == ["1"]
    assert ("leading_text" in remarks) == bool(characters)
    assert root_of((before + items("1")).encode()) == ("", "rss")


def test_case_w6_windows_bytes_in_utf8_are_diagnosed_with_their_place(tmp_path):
    content = items("café").encode().replace("é".encode(), b"\xe9")
    place = content.index(b"\xe9")
    with pytest.raises(DamagedError, match=rf"byte E9 at offset {place} .*Windows-1252"):
        texts(tmp_path, content)


def test_case_w6_windows_bytes_are_read_as_such_when_damage_is_accepted(tmp_path):
    content = (
        items("café – ’", "x" * 70_000).encode().replace("é".encode(), b"\xe9").replace("’".encode(), b"\x92")
    )
    found, remarks = texts(tmp_path, content, accept_damaged=True)
    assert found[0] == "café – ’"
    assert "2 bytes" in remarks["encoding"]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_an_encoding_that_is_declared_is_read(tmp_path, encoding):
    content = items("café").replace("UTF-8", encoding).encode(encoding)
    assert texts(tmp_path, content) == (["café"], {})


def test_an_encoding_for_tricks_is_refused(tmp_path):
    with pytest.raises(RefusedError, match="utf-7"):
        texts(tmp_path, items("1").replace("UTF-8", "utf-7"))


def test_case_w7_control_characters_and_references_to_them_are_left_out_and_counted(tmp_path):
    found, remarks = texts(tmp_path, items("a\x03b\x05c&#x1c;d&#5;e&#xD83D;f&#8217;\t<![CDATA[\x1d&#5;]]>"))
    assert found == ["abcdef’\t&#5;"]
    assert "6 control characters" in remarks["control_characters"]


def test_named_references_of_html_become_their_characters_and_never_markup(tmp_path):
    found, remarks = texts(tmp_path, items("a&nbsp;b&LT;c&amp;lt;<![CDATA[&nbsp;]]>"))
    assert found == ["a\xa0b<c&lt;&nbsp;"]
    assert "2 named" in remarks["named_entities"]


def test_a_prefix_that_is_not_declared_is_declared_and_told(tmp_path):
    found, remarks = texts(tmp_path, START + "<item><wp:a>1</wp:a><odd:b/></item>" + END)
    assert found == ["1"]
    assert "2 prefixes" in remarks["prefixes"]
    assert texts(tmp_path, items("<![CDATA[<o:p>x</o:p>]]>")) == (["<o:p>x</o:p>"], {})


@pytest.mark.parametrize("shift", range(0, 140, 7))
def test_tokens_that_reach_from_one_piece_into_the_next_are_seen_whole(tmp_path, shift):
    filler = "x" * (65_536 - 100 - shift)
    found, remarks = texts(tmp_path, items(filler, "<![CDATA[<item>&#5;]]>&#5;<!-- <item> -->y"))
    assert found == [filler, "<item>&#5;y"]
    assert "1 control" in remarks["control_characters"]


def test_case_w8_cdata_in_parts_is_one_text_and_known_as_cdata(tmp_path):
    found, _ = texts(tmp_path, items(" <![CDATA[a ]]]]><![CDATA[>b]] >]]> c", "<![CDATA[]]>", "d"))
    assert found == [" a ]]>b]] > c", "", "d"]
    kinds = [is_cdata(one) for one in children(source_of(tmp_path, items("<![CDATA[a]]>", "a")), 2)]
    assert kinds == [True, False]


def test_case_w5_a_file_that_breaks_off_is_refused_with_line_and_count(tmp_path):
    cut = items("1", "2", "3").split("3")[0]
    with pytest.raises(DamagedError, match=r"line 4, column \d+: .* 2 “item” elements were complete"):
        texts(tmp_path, cut)


def test_case_w5_what_is_whole_before_the_damage_is_read_when_accepted(tmp_path):
    found, remarks = texts(tmp_path, items("1", "2", "<b></c>", "4"), accept_damaged=True)
    assert found == ["1", "2"]
    assert "line 4" in remarks["damaged"]
    assert "4 “item” elements, of which 2" in remarks["lost_items"]


def test_a_name_that_is_not_defined_is_damage_at_its_place(tmp_path):
    with pytest.raises(DamagedError, match="line 3, column .*Entity 'foo'"):
        texts(tmp_path, items("1", "a &foo; b"))


@pytest.mark.parametrize("content", ["", "hello", "\0\1\2", "<", "<rss", "<!-- ", '<?xml version="1.0"?>'])
def test_what_is_no_xml_is_refused_in_a_sentence(tmp_path, content):
    with pytest.raises(RefusedError, match="archive.xml"):
        texts(tmp_path, content)


def test_tags_in_comments_and_cdata_are_not_counted_as_lost(tmp_path):
    found, remarks = texts(tmp_path, items("<![CDATA[<item>]]>", "<!-- <item> --><?php <item> ?>"))
    assert (len(found), remarks) == (2, {})


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "laughs": f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss>&l11;</rss>',
    "quadratic": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]><rss>{"&a;" * 5_000}</rss>',
    "file": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>',
    "network": '<!DOCTYPE rss SYSTEM "http://192.0.2.1/x.dtd"><rss/>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://192.0.2.1/x"> %p;]><rss/>',
    "late": START + '<!DOCTYPE rss [<!ENTITY x "y">]>&x;' + END,
    "small letters": "<!doctype html><html></html>",
    "behind a comment": "<!-- x --><!DOCTYPE rss [<!ENTITY x 'y'>]><rss>&x;</rss>",
    "include": START + '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>' + END,
    "depth": "<rss>" + "<a>" * 100_000 + "</a>" * 100_000 + "</rss>",
    "attributes": START + "<a " + " ".join(f'a{n}="1"' for n in range(501)) + "/>" + END,
    "long attribute": START + f'<a b="{"x" * 6_000_000}"/>' + END,
    "long text": items("x" * 6_000_000),
    "long text in parts": items("<![CDATA[xxxxxxxxxx]]>" * 500_000),
    "long comment": "<!--" + "x" * 2_000_000 + "--><rss/>",
    "many elements": START + "<item>" + "<a/>" * 1_000_000 + "</item>" + END,
    "many empty elements": START + "<item/>" * 1_000_000 + END,
    "utf-16": '<!DOCTYPE rss [<!ENTITY x "y">]><rss>&x;</rss>'.encode("utf-16"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_figure_z1_hostile_files_are_refused_at_once_without_network(tmp_path, monkeypatch, name):
    def no_network(*_args, **_options):
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    with pytest.raises(RefusedError) as refused:
        texts(tmp_path, HOSTILE[name])
    assert str(refused.value).count("\n") == 0
    assert "root:" not in str(refused.value)


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is read from Linux's /proc")
def test_figure_z1_memory_stays_small_however_large_the_file(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("w") as file:
        file.write(START)
        for _ in range(600):
            file.write(f"<item><a>{'word ' * 20_000}</a><b/></item>\n")
        file.write(END)
    script = f"""
        from pathlib import Path
        from forum.importing.formats.xml_stream import children
        from forum.importing.records import Source
        assert sum(1 for _ in children(Source(Path({str(path)!r}), "large.xml"), 2)) == 600
        status = Path("/proc/self/status").read_text()
        print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert path.stat().st_size > 60_000_000
    assert int(ran.stdout) < 100
