import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from luoshi.core.problem import Problem
from luoshi.office.evidence.checks import Finding
from luoshi.office.evidence.checks.duplicates import (
    BITS,
    NEAR,
    Known,
    bands,
    check_duplicates,
    distance,
    near_pairs,
)
from luoshi.office.evidence.checks.exif import read_facts
from luoshi.office.evidence.checks.image import digest, fingerprint, thumbnail
from luoshi.office.evidence.checks.photo import CHINA, Setting, check_photo, sun_degrees
from luoshi.office.evidence.checks.place import Area
from tests.office.evidence.pictures import GUYANG, exif, jpeg, png, scene

COUNTY = Area.box("固阳县", 109.6, 40.7, 110.7, 41.4)
NOW = datetime(2023, 7, 3, 9, 0, tzinfo=CHINA)
NOON = datetime(2023, 6, 30, 12, 30)
SETTING = Setting(now=NOW, home=GUYANG, area=COUNTY)


def found(data: bytes, setting: Setting = SETTING) -> dict[str, Finding]:
    return {finding.code: finding for finding in check_photo(data, setting)}


def levels(data: bytes, setting: Setting = SETTING) -> dict[str, str]:
    return {code: finding.level for code, finding in found(data, setting).items()}


def photo(taken: datetime | str | None = NOON, **more: object) -> bytes:
    return jpeg(scene(1), exif=exif(taken, **({"position": GUYANG} | more)))  # type: ignore[arg-type]


def test_a_photo_taken_at_noon_in_the_county_has_nothing_against_it() -> None:
    assert levels(photo()) == {"time": "ok", "daylight": "ok", "place": "ok"}


def test_missing_metadata_is_asked_about_and_never_refused() -> None:
    for data in (jpeg(scene(1)), png(scene(1))):
        assert levels(data) == {"exif_missing": "ask"}
    assert levels(photo(None, position=None)) == {"time_missing": "ask", "place_missing": "ask"}


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (NOW + timedelta(minutes=9), "time"),
        (NOW + timedelta(minutes=11), "time_future"),
        (datetime(1999, 12, 31, 23, 59, tzinfo=UTC), "time_unset"),
        (datetime(2000, 1, 1, 0, 1, tzinfo=UTC), "time"),
    ],
)
def test_the_capture_time_lies_between_2000_and_now(moment: datetime, code: str) -> None:
    data = photo(moment.astimezone(CHINA))
    assert code in found(data)
    assert found(data)[code].level == ("ok" if code == "time" else "warn")


def test_the_camera_s_offset_is_used_and_without_one_the_zone_of_the_setting() -> None:
    assert read_facts(photo(NOON, offset="+00:00")).taken_at == datetime(2023, 6, 30, 12, 30, tzinfo=UTC)
    assert found(photo(NOON, offset=None))["time"].facts["taken_at"] == "2023-06-30T12:30:00+08:00"
    assert read_facts(photo(NOON, offset="+99:99")).taken_at == NOON  # a broken offset is no offset


def test_a_photo_from_outside_the_days_of_the_work_is_asked_about() -> None:
    start = datetime(2023, 7, 1, tzinfo=CHINA)
    assert levels(photo(), Setting(now=NOW, home=GUYANG, not_before=start))["time_outside_work"] == "ask"
    assert "time" in levels(photo(), Setting(now=NOW, home=GUYANG, not_after=start))


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "2023:13:40 99:99:99", "     ", "昨天", "2023-06-30 12:00:00"])
def test_a_broken_capture_time_reads_as_missing(text: str) -> None:
    assert levels(photo(text))["time_missing"] == "ask"


# Guyang, 21 June 2023, by astral: first light 04:33, sunrise 05:08, sunset 20:15, last light 20:49 (Beijing time);
# the equinox test below checks the sun itself by geometry.
@pytest.mark.parametrize(
    ("hour", "minute", "code"),
    [
        (5, 15, "daylight"),
        (4, 50, "twilight"),
        (4, 10, "night"),
        (20, 10, "daylight"),
        (20, 35, "twilight"),
        (23, 0, "night"),
    ],
)
def test_daylight_twilight_and_night_by_the_sun_at_the_place(hour: int, minute: int, code: str) -> None:
    levels_of = {"daylight": "ok", "twilight": "ask", "night": "warn"}
    assert levels(photo(datetime(2023, 6, 21, hour, minute)))[code] == levels_of[code]


def test_the_sun_stands_where_geometry_says_at_the_equinox() -> None:
    solar_noon = datetime(2023, 3, 21, 4, 47, tzinfo=UTC)  # 12:00 − 110.06°/15 + 7 minutes, the equation of time
    assert sun_degrees(solar_noon, GUYANG) == pytest.approx(90 - GUYANG[0], abs=0.7)
    assert sun_degrees(solar_noon + timedelta(hours=12), GUYANG) == pytest.approx(GUYANG[0] - 90, abs=0.7)


def test_light_is_judged_at_the_photo_s_own_place_else_at_home() -> None:
    far = photo(datetime(2023, 6, 21, 23, 0), position=(48.85, 2.35))  # 17:00 in Paris
    assert found(far)["daylight"].facts["place"] == "photo"
    assert found(photo(datetime(2023, 6, 21, 23, 0), position=None))["night"].facts["place"] == "home"


@pytest.mark.parametrize(
    ("position", "code", "level"),
    [
        ((41.03, 110.06), "place", "ok"),
        ((41.4005, 110.06), "place_near", "ask"),
        ((41.42, 110.06), "place_outside", "warn"),
        ((-41.03, 110.06), "place_outside", "warn"),
        ((0.0, 0.0), "place_missing", "ask"),
    ],
)
def test_the_position_is_held_against_the_county(position: tuple[float, float], code: str, level: str) -> None:
    assert levels(photo(position=position))[code] == level


def test_an_outline_with_a_hole_and_an_enclave() -> None:
    outer = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    hole = [(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0)]
    enclave = [(20.0, 0.0), (21.0, 0.0), (21.0, 1.0)]
    area = Area("甲", [outer, hole, enclave])
    assert (
        area.contains((1, 1))
        and not area.contains((5, 5))
        and area.contains((20.9, 0.5))
        and not area.contains((15, 0.5))
    )
    assert area.metres_outside((11.0, 0.0)) == pytest.approx(111_320, rel=0.01)
    assert area.metres_outside((1, 1)) == 0


@given(st.floats(109.0, 111.5), st.floats(40.0, 42.0))
def test_a_box_contains_what_lies_between_its_sides(longitude: float, latitude: float) -> None:
    inside = 109.6 < longitude < 110.7 and 40.7 < latitude < 41.4
    if inside:
        assert COUNTY.contains((longitude, latitude)) and COUNTY.metres_outside((longitude, latitude)) == 0
    elif not (109.6 <= longitude <= 110.7 and 40.7 <= latitude <= 41.4):
        assert not COUNTY.contains((longitude, latitude)) and COUNTY.metres_outside((longitude, latitude)) > 0


@pytest.mark.parametrize("software", ["Adobe Photoshop 24.1 (Windows)", "Snapseed 2.0", "GIMP 2.10"])
def test_known_editors_are_named(software: str) -> None:
    finding = found(photo(software=software))["edited"]
    assert finding.level == "warn" and software[:4] in finding.words.zh


def test_a_chinese_editor_s_name_is_read_although_exif_says_ascii() -> None:
    name = "美图秀秀".encode()
    data = photo(software="X" * len(name)).replace(b"X" * len(name), name)
    assert found(data)["edited"].facts["programs"] == ["美图秀秀"]


def test_a_phone_s_own_software_is_no_mark_of_editing() -> None:
    for software in ("MIUI 14", "HarmonyOS 3.0", "16.5.1", "HDR+ 1.0"):
        assert "edited" not in found(photo(software=software))


def with_xmp(text: str) -> bytes:
    packet = b"http://ns.adobe.com/xap/1.0/\0" + f"<x:xmpmeta>{text}</x:xmpmeta>".encode()
    data = photo()
    return data[:2] + b"\xff\xe1" + (len(packet) + 2).to_bytes(2, "big") + packet + data[2:]


def test_xmp_history_editors_and_declared_synthesis_are_read() -> None:
    assert (
        levels(with_xmp('<xmpMM:History><rdf:li stEvt:softwareAgent="Adobe Photoshop 24"/></xmpMM:History>'))["edited"]
        == "warn"
    )
    assert levels(with_xmp("<xmpMM:History/>"))["edit_history"] == "ask"
    declared = 'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"'
    assert levels(with_xmp(f"<rdf:Description {declared}/>"))["synthetic"] == "warn"
    camera = declared.replace("trainedAlgorithmicMedia", "digitalCapture")
    assert "synthetic" not in levels(with_xmp(f"<rdf:Description {camera}/>"))


def test_a_photo_written_again_later_and_clocks_that_disagree_are_asked_about() -> None:
    assert levels(photo(changed=NOON + timedelta(seconds=59))).get("changed_later") is None
    assert levels(photo(changed=NOON + timedelta(minutes=2)))["changed_later"] == "ask"
    assert "clocks_apart" not in levels(photo(gps_at=datetime(2023, 6, 30, 4, 31)))
    assert levels(photo(gps_at=datetime(2023, 6, 29, 4, 31)))["clocks_apart"] == "ask"


def test_no_photo_check_refuses() -> None:
    worst_case = photo(datetime(2033, 1, 1, 1, 0), position=(0.5, 0.5), software="Photoshop")
    assert {finding.level for finding in check_photo(worst_case, SETTING)} <= {"ok", "ask", "warn"}


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(max_examples=80, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=12))
def test_damaged_metadata_never_crashes_the_check(at: int, junk: bytes) -> None:
    data = bytearray(photo())
    data[at : at + len(junk)] = junk
    for finding in check_photo(bytes(data), SETTING):
        assert finding.words.zh and finding.words.en


# -- thumbnails


def test_a_thumbnail_is_small_upright_and_says_nothing() -> None:
    picture = Image.new("RGB", (400, 200), "white")
    picture.paste((200, 0, 0), (0, 0, 200, 200))  # red on the left
    turned = jpeg(picture, exif=exif(NOON, position=GUYANG, software="secret", orientation=6))
    small = thumbnail(turned, 100)
    with Image.open(io.BytesIO(small)) as shown:
        assert shown.size == (50, 100)  # orientation 6: to be turned clockwise
        assert shown.getpixel((25, 10))[0] > 150 and shown.getpixel((25, 10))[1] < 80  # red is now above
        assert shown.getpixel((25, 90))[1] > 200
        assert not shown.getexif() and "icc_profile" not in shown.info and "comment" not in shown.info
    for secret in (b"Exif", b"secret", b"Phone", b"http://"):
        assert secret not in small
    assert read_facts(small).position is None


def test_a_transparent_picture_is_shown_on_white() -> None:
    with Image.open(io.BytesIO(thumbnail(png(Image.new("RGBA", (50, 50), (0, 0, 0, 0))), 20))) as shown:
        assert min(shown.getpixel((5, 5))) > 250


@pytest.mark.parametrize("data", [b"", b"not a picture", jpeg(scene(1))[:200], b"<svg/>"])
def test_no_thumbnail_of_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(Problem):
        thumbnail(data, 100)


def test_no_thumbnail_of_a_bomb() -> None:
    from tests.office.evidence.test_checks_content import header_only

    with pytest.raises(Problem, match="像素"):
        thumbnail(header_only(50_000, 50_000), 100)


# -- duplicates


def copies(seed: int) -> dict[str, bytes]:
    """The same picture as it comes back from messengers and small edits."""
    picture = scene(seed, (800, 600))
    return {
        "original": jpeg(picture, quality=92),
        "recompressed": jpeg(picture, quality=35),
        "half": jpeg(picture.resize((400, 300))),
        "png": png(picture),
        "brighter": jpeg(ImageEnhance.Brightness(picture).enhance(1.12)),
        "contrast": jpeg(ImageEnhance.Contrast(picture).enhance(1.15)),
    }


def test_copies_lie_near_and_different_pictures_far() -> None:
    prints = {seed: {name: fingerprint(data) for name, data in copies(seed).items()} for seed in range(6)}
    for family in prints.values():
        assert max(distance(family["original"], other) for other in family.values()) <= NEAR
    originals = [family["original"] for family in prints.values()]
    apart = [distance(a, b) for at, a in enumerate(originals) for b in originals[at + 1 :]]
    assert min(apart) > 2 * NEAR


def test_a_turned_photo_has_the_fingerprint_of_its_upright_self() -> None:
    picture = scene(4)
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    assert distance(fingerprint(jpeg(turned, exif=exif(orientation=6))), fingerprint(jpeg(picture))) <= NEAR


hashes = st.integers(0, 2**BITS - 1).map(lambda value: f"{value:032x}")


@given(hashes, st.sets(st.integers(0, BITS - 1), max_size=NEAR))
def test_banding_misses_no_near_duplicate(first: str, flipped: set[int]) -> None:
    second = f"{int(first, 16) ^ sum(1 << bit for bit in flipped):032x}"
    assert distance(first, second) == len(flipped)
    assert set(bands(first)) & set(bands(second))


@settings(max_examples=30)
@given(st.lists(hashes, max_size=12), st.data())
def test_near_pairs_are_those_of_comparing_all(values: list[str], data: st.DataObject) -> None:
    for value in list(values)[:4]:
        bits = data.draw(st.sets(st.integers(0, BITS - 1), max_size=2 * NEAR))
        values.append(f"{int(value, 16) ^ sum(1 << bit for bit in bits):032x}")
    prints = dict(enumerate(values))
    every = {(a, b, distance(prints[a], prints[b])) for a in prints for b in prints if a < b}
    assert {tuple(pair) for pair in near_pairs(prints)} == {row for row in every if row[2] <= NEAR}


def test_the_same_file_warns_and_a_near_copy_asks() -> None:
    family = copies(1)
    kept = [
        Known("甲户/改造前", digest(family["original"]), fingerprint(family["original"])),
        Known("乙户", digest(b"x"), fingerprint(jpeg(scene(2)))),
    ]
    exact = check_duplicates(digest(family["original"]), fingerprint(family["original"]), kept)
    assert [(f.code, f.level, f.facts["place"]) for f in exact] == [("duplicate_exact", "warn", "甲户/改造前")]
    near = check_duplicates(digest(family["half"]), fingerprint(family["half"]), kept)
    assert [(f.code, f.level) for f in near] == [("duplicate_near", "ask")]
    assert near[0].facts["distance"] <= NEAR
