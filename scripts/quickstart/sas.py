#!/usr/bin/env python3
"""Prints an account SAS, made without azcp, so that an independent client can look.

usage: sas.py ACCOUNT KEY   (string to sign: version 2020-12-06 of the service's documentation)
"""
import base64
import datetime
import hashlib
import hmac
import sys
import urllib.parse

account, key = sys.argv[1], sys.argv[2]
expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2)
expiry = expiry.strftime("%Y-%m-%dT%H:%M:%SZ")
permissions, services, types, version = "rl", "b", "sco", "2020-12-06"
to_sign = "\n".join(
    [account, permissions, services, types, "", expiry, "", "", version, "", ""])
signature = base64.b64encode(
    hmac.new(base64.b64decode(key), to_sign.encode(), hashlib.sha256).digest()).decode()
print(urllib.parse.urlencode({
    "sv": version, "ss": services, "srt": types, "sp": permissions, "se": expiry,
    "sig": signature}))
