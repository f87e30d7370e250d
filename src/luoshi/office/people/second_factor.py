"""Time-based one-time codes (RFC 6238): 30-second steps, six digits, each step good once."""

import datetime as dt
import hmac

import pyotp
import segno

from luoshi.office import present

STEP_SECONDS = 30
_STEPS_OFF = (0, -1, 1)  # a clock may be half a minute off


def new_secret() -> str:
    """Return a fresh secret of 160 bits in base32."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: dt.datetime, last_used: int) -> int | None:
    """Return the step this code belongs to, or None. Steps up to ``last_used`` are spent.

    ``now`` may lie in a demo's own days; the code on the telephone follows the real clock.
    """
    if not secret or len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    step = int(present.in_real_time(now).timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for off in _STEPS_OFF:
        if hmac.compare_digest(generator.generate_otp(step + off), code) and step + off > last_used:
            return step + off
    return None


def address_of_secret(secret: str, username: str) -> str:
    """Return the ``otpauth:`` address that an authenticator reads."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=username, issuer_name="Luoshi")


def picture(address: str) -> str:
    """Return the address as a QR code in a ``data:`` picture."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff")
