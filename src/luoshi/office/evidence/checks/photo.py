"""Whether a photo fits what it is said to show: when, in what light, where, and whether it was edited.

No check says a photo is false. Metadata can be missing for good reasons (a messenger strips it) and written by anybody;
a finding says what was seen and what a person may do about it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from astral import Observer
from astral.sun import elevation

from luoshi.core.words import Words
from luoshi.office.evidence.checks.exif import PhotoFacts, read_facts
from luoshi.office.evidence.checks.finding import Finding, Level
from luoshi.office.evidence.checks.place import Area

CHINA = timezone(timedelta(hours=8))
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before it, a camera's clock was never set
CLOCK_DRIFT = timedelta(minutes=10)
CLOCKS_APART = timedelta(minutes=30)
SUNRISE = -0.833  # degrees of the sun's centre: refraction and half its disc
CIVIL = -6.0  # degrees at the end of civil twilight
NEAR_METRES = 1_000.0  # a phone's error, and the shift between Chinese map datums (up to some 700 m)

_ORIGINAL = Words(
    "请用手机自带相机拍摄并上传原图；通过聊天软件转发会丢失拍摄信息。",
    "Take it with the phone's own camera and upload the original; messengers strip what the camera wrote.",
)
_SAY = Words("请核对，并写明原因。", "Check it and say why.")
_EDITORS = re.compile(
    r"photoshop|lightroom|gimp|snapseed|picsart|meitu|美图|醒图|vsco|pixelmator|affinity|paint\.net|canva|facetune|"
    r"photopea|luminar|capture one|darktable|rawtherapee|acdsee|polarr|faceapp|画图|光影魔术手|可牛",
    re.IGNORECASE,
)
_SYNTHETIC = frozenset({"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What the photo is held against. ``now`` is aware. ``home`` (latitude, longitude) stands in for a missing
    position, ``area`` is the county, ``not_before``/``not_after`` the days of the work it shows, aware."""

    now: datetime
    home: tuple[float, float]
    area: Area | None = None
    zone: tzinfo = CHINA
    not_before: datetime | None = None
    not_after: datetime | None = None


def check_photo(data: bytes, setting: Setting) -> list[Finding]:
    """Return the findings on one photo: metadata, capture time, light, position, marks of editing. Never ``refuse``."""
    assert setting.now.tzinfo is not None, "now is an aware moment"
    facts = read_facts(data)
    checks: tuple[Callable[[PhotoFacts, Setting], list[Finding]], ...] = (_metadata, _time, _light, _position, _editing)
    return [finding for check in checks for finding in check(facts, setting)]


def _finding(code: str, level: Level, zh: str, en: str, remedy: Words | None = None, **facts: object) -> Finding:
    return Finding(code, level, Words(zh, en), facts, remedy)


def _metadata(facts: PhotoFacts, setting: Setting) -> list[Finding]:
    if facts.has_exif:
        return []
    zh, en = "照片没有拍摄信息（EXIF）。", "The photo carries no capture information (EXIF)."
    return [_finding("exif_missing", "ask", zh, en, _ORIGINAL)]


def taken_at(facts: PhotoFacts, zone: tzinfo) -> datetime | None:
    """Return the capture time as an aware moment; a camera that wrote no offset is taken to show ``zone``."""
    if facts.taken_at is None:
        return None
    return facts.taken_at if facts.taken_at.tzinfo else facts.taken_at.replace(tzinfo=zone)


def _time(facts: PhotoFacts, setting: Setting) -> list[Finding]:
    moment = taken_at(facts, setting.zone)
    if moment is None:
        zh, en = "照片没有拍摄时间。", "The photo has no capture time."
        return [_finding("time_missing", "ask", zh, en, _ORIGINAL)] if facts.has_exif else []
    shown = moment.astimezone(setting.zone)
    about: dict[str, Any] = {"taken_at": moment.isoformat()}
    said = f"{shown:%Y-%m-%d %H:%M}"
    findings = []
    if moment > setting.now + CLOCK_DRIFT:
        zh, en = f"拍摄时间 {said} 晚于现在。", f"The capture time {said} lies in the future."
        findings.append(_finding("time_future", "warn", zh, en, _SAY, **about))
    elif moment < EARLIEST:
        zh, en = (
            f"拍摄时间 {said} 早于 2000 年，相机时钟可能没有设定。",
            f"The capture time {said} is before 2000; the camera's clock was not set.",
        )
        findings.append(_finding("time_unset", "warn", zh, en, _SAY, **about))
    elif (setting.not_before and moment < setting.not_before) or (setting.not_after and moment > setting.not_after):
        zh, en = (
            f"拍摄时间 {said} 不在这项工作的时段内。",
            f"The capture time {said} lies outside the days of this work.",
        )
        findings.append(_finding("time_outside_work", "ask", zh, en, _SAY, **about))
    else:
        findings.append(_finding("time", "ok", f"拍摄于 {said}。", f"Taken on {said}.", **about))
    if facts.gps_at and abs(facts.gps_at - moment) > CLOCKS_APART:
        zh, en = (
            "相机时间与卫星时间相差超过 30 分钟。",
            "The camera's clock and the satellites' time differ by more than 30 minutes.",
        )
        findings.append(_finding("clocks_apart", "ask", zh, en, _SAY, gps_at=facts.gps_at.isoformat(), **about))
    return findings


def sun_degrees(moment: datetime, position: tuple[float, float]) -> float:
    """Return the sun's height over the horizon in degrees at an aware moment and (latitude, longitude)."""
    return float(elevation(Observer(latitude=position[0], longitude=position[1]), moment.astimezone(UTC)))


def _light(facts: PhotoFacts, setting: Setting) -> list[Finding]:
    moment = taken_at(facts, setting.zone)
    if moment is None or moment < EARLIEST:
        return []
    height = round(sun_degrees(moment, facts.position or setting.home), 1)
    about: dict[str, Any] = {"sun_degrees": height, "place": "photo" if facts.position else "home"}
    if height >= SUNRISE:
        return [
            _finding(
                "daylight",
                "ok",
                f"拍摄时太阳高度 {height}°，是白天。",
                f"The sun stood at {height}°: daylight.",
                **about,
            )
        ]
    remedy = Words(
        "室内或夜间工作请写明；否则请核对相机时间。",
        "Say so if it was indoors or night work; else check the camera's clock.",
    )
    if height >= CIVIL:
        zh, en = f"拍摄时天刚亮或将黑（太阳 {height}°）。", f"It was taken at dawn or dusk (sun at {height}°)."
        return [_finding("twilight", "ask", zh, en, remedy, **about)]
    zh, en = (
        f"按时间和地点推算，拍摄时是夜间（太阳 {height}°）。",
        f"By time and place it was night (sun at {height}°).",
    )
    return [_finding("night", "warn", zh, en, remedy, **about)]


def _position(facts: PhotoFacts, setting: Setting) -> list[Finding]:
    if facts.position is None:
        if not facts.has_exif or setting.area is None:
            return []
        remedy = Words(
            "请打开相机的定位后拍摄，或写明地点。", "Switch the camera's location on, or say where it was taken."
        )
        return [_finding("place_missing", "ask", "照片没有位置。", "The photo has no position.", remedy)]
    if setting.area is None:
        return []
    latitude, longitude = facts.position
    away = setting.area.metres_outside((longitude, latitude))
    about: dict[str, Any] = {
        "latitude": round(latitude, 6),
        "longitude": round(longitude, 6),
        "metres_outside": round(away),
    }
    name = setting.area.name
    if away == 0:
        return [_finding("place", "ok", f"位置在{name}境内。", f"The position lies in {name}.", **about)]
    if away <= NEAR_METRES:
        zh, en = (
            f"位置在{name}界外 {away:.0f} 米，可能是定位误差。",
            f"The position lies {away:.0f} m outside {name}; it may be an error of the phone.",
        )
        return [_finding("place_near", "ask", zh, en, _SAY, **about)]
    zh, en = f"位置在{name}界外 {away / 1000:.1f} 公里。", f"The position lies {away / 1000:.1f} km outside {name}."
    return [_finding("place_outside", "warn", zh, en, _SAY, **about)]


def _editing(facts: PhotoFacts, setting: Setting) -> list[Finding]:
    findings = []
    programs = [name for name in (facts.software, *facts.agents) if _EDITORS.search(name)]
    if facts.source in _SYNTHETIC:
        zh, en = "照片自称由算法生成或合成。", "The photo declares itself generated or composed by an algorithm."
        findings.append(_finding("synthetic", "warn", zh, en, _ORIGINAL, source=facts.source))
    if programs:
        zh, en = f"照片经过图像软件处理（{programs[0]}）。", f"The photo went through an editor ({programs[0]})."
        findings.append(_finding("edited", "warn", zh, en, _ORIGINAL, programs=programs))
    elif facts.has_history:
        zh, en = "照片带有编辑历史。", "The photo carries a history of edits."
        findings.append(_finding("edit_history", "ask", zh, en, _ORIGINAL))
    taken, changed = facts.taken_at, facts.changed_at
    if taken and changed and changed.replace(tzinfo=None) - taken.replace(tzinfo=None) > timedelta(minutes=1):
        zh, en = "照片在拍摄之后又被写过。", "The photo was written again after it was taken."
        about = {"taken_at": taken.isoformat(), "changed_at": changed.isoformat()}
        findings.append(_finding("changed_later", "ask", zh, en, _SAY, **about))
    return findings
