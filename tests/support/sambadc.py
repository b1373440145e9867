#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Provisions an Active Directory domain controller in a folder and fills it: sambadc.py FOLDER PASSWORD LDIF ADDRESS. Nothing is
# served here, so the step that sets the rights of shared folders, which only root may, is left out. Passwords last two days
# and need no complexity; those of accounts whose userAccountControl is 512, and which must not change them at once, are a year
# old. Three wrong ones lock an account.
import sys

import samba.provision

samba.provision.setsysvolacl = lambda *arguments, **named: None
from samba.auth import system_session  # noqa: E402: after the step is taken out
from samba.netcmd.main import cmd_sambatool  # noqa: E402
from samba.param import LoadParm  # noqa: E402
from samba.samdb import SamDB  # noqa: E402

folder, password, ldif, address = sys.argv[1:]
if cmd_sambatool()._run(
    "samba-tool", "domain", "provision", "--targetdir=" + folder, "--realm=LAB.EXAMPLE", "--domain=LAB", "--server-role=dc",
    "--dns-backend=NONE", "--adminpass=" + password, "--host-name=dc1", "--host-ip=127.0.0.1",
):
    sys.exit(1)
parameters = LoadParm()
parameters.load(folder + "/etc/smb.conf")
directory = SamDB(url=folder + "/private/sam.ldb", session_info=system_session(), lp=parameters)
directory.set_pwdProperties("0")
directory.set_minPwdAge("0")
directory.set_maxPwdAge("-1728000000000")
directory.modify_ldif(
    "dn: " + directory.domain_dn() + "\nchangetype: modify\nreplace: lockoutThreshold\nlockoutThreshold: 3\n-\n"
    "replace: pwdHistoryLength\npwdHistoryLength: 2\n"
)
# Tests name the server by its address.
directory.modify_ldif(
    "dn: CN=DC1,OU=Domain Controllers," + directory.domain_dn() + "\nchangetype: modify\nadd: servicePrincipalName\n"
    "servicePrincipalName: ldap/" + address + "\n"
)
with open(ldif) as file:
    directory.add_ldif(file.read())
directory.modify_ldif(
    "dn: CN=Administrator,CN=Users," + directory.domain_dn() + "\nchangetype: modify\nreplace: userAccountControl\n"
    "userAccountControl: 66048\n"
)
YEAR = 365 * 86400 * 10**7
for entry in directory.search(directory.domain_dn(), expression="(&(userAccountControl=512)(pwdLastSet>=1))", attrs=["pwdLastSet"]):
    directory.modify_ldif(
        "dn: %s\nchangetype: modify\nreplace: pwdLastSet\npwdLastSet: %d\n" % (entry.dn, int(str(entry["pwdLastSet"])) - YEAR),
        ["local_oid:1.3.6.1.4.1.7165.4.3.20:0"],  # lets any time pass, where a directory takes 0 and -1 only
    )
