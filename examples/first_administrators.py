"""The first three administrators of a real installation: change the unit and the names, then once, on the machine:

    zhengtong shell --var /srv/zhengtong/var -c "exec(open('examples/first_administrators.py').read())"

It prints user name, password (to be changed at the first sign-in) and secret of the one-time codes, once. Three people
get three lines; the same person may not hold two of these posts. Who has an account already is left alone.
"""

import sys

from django.conf import settings

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import system

UNIT = {"org_code": "K09", "name": "青禾县数据局"}
POSTS = {"sys_admin": "系统管理员", "sec_admin": "安全管理员", "audit_admin": "审计管理员"}

platform = system(settings.ZHENGTONG_TENANT)
identity.import_organisations(actor=platform, rows=[UNIT])
rows = [
    identity.FirstAccount(role.replace("_", "."), title, UNIT["org_code"], title, (role,))
    for role, title in POSTS.items()
]
for made in identity.create_first_accounts(actor=platform, rows=rows):
    sys.stdout.write(f"{made.username} {made.password} {made.totp_secret}\n")
