-- SPDX-License-Identifier: GPL-3.0-or-later
-- An environment of version 6 after four runs: people made, changed and deleted, one of them a member of a group.
PRAGMA application_id=1198803059;
PRAGMA user_version=6;
CREATE TABLE attributes (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE audit (
    row INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
INSERT INTO "audit" VALUES(1,1796149655391,'root','configuration.apply','/etc/gatehouse/c2.json','5 change(s)');
INSERT INTO "audit" VALUES(2,1796149671867,'root','signon.refuse','zoe.groessling','gateway Sample directory; the user signs on as "Staff", not as "Everybody at sign-on"');
INSERT INTO "audit" VALUES(3,1796149687416,'root','signon','ansgar.groessling','gateway Sample directory; user type Staff; uid=ansgar.groessling,ou=Research\2C Design,ou=Staff,dc=example,dc=com');
INSERT INTO "audit" VALUES(4,1796149687619,'root','signon.refuse','astrid.nygardsvik','gateway Sample directory; the user signs on as "Staff", not as "Everybody at sign-on"');
CREATE TABLE authorities (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    gateway_uuid BLOB,
    user_type_uuid BLOB,
    gateway TEXT NOT NULL,
    user_type TEXT NOT NULL
);
INSERT INTO "authorities" VALUES(1,X'01A232DCB7487007A21F709E079234E7',X'01A232DCB748700A9583D79C7A5E7799','Sample directory','Staff');
CREATE TABLE connections (
    uuid BLOB PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "connections" VALUES(X'01A232DCB7487008B4D0C2FEF7B93746',0,'Sample directory','{"description":"People of the sample directory","enabled":true,"gateway":"Sample directory","groups":{"create":false,"delete":{"enabled":false,"onRuleDeletion":false},"memberships":false,"rename":false},"name":"Sample directory","users":{"create":true,"deprovision":{"enabled":true,"onRuleDeletion":false,"removeAction":"Delete"},"disable":true,"update":true}}');
CREATE TABLE correlations (
    user INTEGER PRIMARY KEY REFERENCES users (row) ON DELETE CASCADE,
    attributes TEXT NOT NULL
);
CREATE TABLE directory_schemas (
    gateway_uuid BLOB PRIMARY KEY,
    read_at INTEGER NOT NULL,
    types BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE gateway_credentials (
    uuid BLOB PRIMARY KEY,
    gateway_uuid BLOB NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
) WITHOUT ROWID;
CREATE TABLE gateway_endpoint (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    listen TEXT NOT NULL,
    port INTEGER NOT NULL,
    host_name TEXT NOT NULL,
    certificate_file TEXT NOT NULL,
    key_file TEXT NOT NULL
);
CREATE TABLE gateway_numbers (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE
);
INSERT INTO "gateway_numbers" VALUES(1,X'01A232DCB7487007A21F709E079234E7');
CREATE TABLE gateways (
    uuid BLOB PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    user_type_ids TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "gateways" VALUES(X'01A232DCB7487007A21F709E079234E7',0,'Sample directory','{"bindDN":"cn=gatehouse,ou=Services,dc=example,dc=com","bindMechanism":"simple","bindPassword":{"file":"/etc/gatehouse/gatehouse.password"},"caCertificateFile":"/etc/gatehouse/tls/ca.pem","connectionSecurity":"StartTLS","description":"Example Instruments, on this machine","enabled":true,"followReferrals":false,"mode":"direct","name":"Sample directory","serversHostAndPort":["127.0.0.1:29317"],"type":"LDAP","userTypes":[{"allowPasswordChanges":false,"name":"Staff","orderedCorrelationAttributes":["entryUUID","uid","mail"],"passwordAuthority":"LDAP","searchBaseDn":"ou=Staff,dc=example,dc=com","updateUserOnSuccessfulAuthentication":false},{"allowPasswordChanges":false,"name":"Everybody at sign-on","newUserLookup":{"attributeMappings":[{"name":"username","value":"${ldapAttributes.uid}"},{"name":"name.given","value":"${ldapAttributes.givenName}"},{"name":"name.family","value":"${ldapAttributes.sn}"},{"name":"email","value":"${ldapAttributes.mail}"},{"name":"externalGroupNames","value":"${ldapAttributes.memberOf}"}],"ldapFilterPattern":"(|(uid=${identifier})(mail=${identifier}))","nestedGroups":false,"population":"Employees"},"orderedCorrelationAttributes":["entryUUID","uid","mail"],"passwordAuthority":"LDAP","searchBaseDn":"dc=example,dc=com","updateUserOnSuccessfulAuthentication":true}],"validateTlsCertificates":true,"vendor":"LDAPv3-compliant Directory Server"}','["01a232dc-b748-700a-9583-d79c7a5e7799","01a232dc-b748-700b-94ed-0c5c72bc65ca"]');
CREATE TABLE groups (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    population INTEGER REFERENCES populations (row),
    source INTEGER NOT NULL,
    source_name TEXT NOT NULL,
    just_in_time INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
, source_key BLOB NOT NULL DEFAULT x'');
INSERT INTO "groups" VALUES(1,X'0123456789ABCDEF0123456789ABCDEF','Pilots','pilots','Pilots','',NULL,0,'',0,1,0,0,X'');
CREATE TABLE journal (
    row INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    action INTEGER NOT NULL,
    user INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    username TEXT NOT NULL,
    uuid BLOB,
    source_id BLOB,
    dn BLOB,
    detail TEXT
);
INSERT INTO "journal" VALUES(4294967297,22,1,1,1,'',NULL,NULL,NULL,NULL);
INSERT INTO "journal" VALUES(8589934593,1,2,8,2,'alden.ashcombe',X'01A232DCBD6C7007A3AF8C841063F807',X'95A657BC820010418CA76565D2DC2AE5',X'7569643D616C64656E2E617368636F6D62652C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D','{"changes":[["title","Site Reliability Engineer","Chief of clocks"]]}');
INSERT INTO "journal" VALUES(12884901889,1,5,5,1,'astrid.nygardsvik',X'01A232DCBD6C7004BDAA2BA07203DC97',X'95A64614820010418C916565D2DC2AE5',X'7569643D6173747269642E6E79676172647376696B2C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D','{"changes":[["username","astrid.nygardsvik",null],["email","astrid.nygardsvik@example.com",null],["enabled",true,null],["name.given","Astrid",null],["name.family","Nygårdsvik",null],["name.formatted","Astrid Nygårdsvik",null],["title","Team Lead",null],["type","Employee",null],["externalId","10252",null],["primaryPhone","+1 857 555 0149 ext 2049",null],["address.streetAddress","84 Example Street",null],["address.locality","København",null],["address.postalCode","1050",null],["preferredLanguage","nb-NO",null]],"departure":"noLongerVisible","population":2,"authority":1,"createdAt":1796149656971,"lastSignOnAt":0,"rule":1,"fingerprint":"f7f91091b9f25f35","groups":[]}');
INSERT INTO "journal" VALUES(12884901890,1,5,13,1,'zoe.groessling',X'01A232DCBD6C700C918D0711DADA97F4',X'95AA2D6A820010418CC96565D2DC2AE5',X'7569643D7A6F652E67726F6573736C696E672C6F753D52657365617263685C32432044657369676E2C6F753D53746166662C64633D6578616D706C652C64633D636F6D','{"changes":[["username","zoe.groessling",null],["email","zoe.groessling@example.com",null],["enabled",true,null],["name.given","Zoë",null],["name.family","Größling",null],["name.formatted","Zoë Größling",null],["title","Team Lead",null],["type","Employee",null],["externalId","10531",null],["mobilePhone","+1 339 555 0135",null],["primaryPhone","+1 857 555 0134 ext 2134",null],["address.streetAddress","69 Example Street",null],["address.locality","München",null],["address.postalCode","80331",null],["preferredLanguage","de-DE",null]],"departure":"noLongerVisible","population":2,"authority":1,"createdAt":1796149656971,"lastSignOnAt":0,"rule":1,"fingerprint":"4825f110fa297975","groups":[]}');
INSERT INTO "journal" VALUES(17179869185,1,5,15,1,'ansgar.groessling',X'01A232DCBD6C700E978F092D66F93922',X'95AA3706820010418CD56565D2DC2AE5',X'7569643D616E736761722E67726F6573736C696E672C6F753D52657365617263685C32432044657369676E2C6F753D53746166662C64633D6578616D706C652C64633D636F6D','{"changes":[["username","ansgar.groessling",null],["email","ansgar.groessling@example.com",null],["enabled",true,null],["name.given","Ansgar",null],["name.family","Größling",null],["name.formatted","Ansgar Größling",null],["title","Product Designer",null],["type","Employee",null],["externalId","10587",null],["primaryPhone","+1 857 555 0153 ext 2153",null],["address.streetAddress","46 Example Street",null],["address.locality","München",null],["address.postalCode","80331",null],["preferredLanguage","de-DE",null]],"departure":"noLongerVisible","population":2,"authority":1,"createdAt":1796149656971,"lastSignOnAt":1796149687416,"rule":1,"fingerprint":"820dcb6a7af20601","groups":[[1,0,1]]}');
CREATE TABLE links (
    row INTEGER PRIMARY KEY,
    rule INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    deprovisioned INTEGER NOT NULL,
    source_id BLOB NOT NULL,
    dn BLOB NOT NULL
);
INSERT INTO "links" VALUES(1099511627777,1,4630228830390032311,0,X'95A5EE4E820010418C7A6565D2DC2AE5',X'7569643D616E6E65677265742E756562656C61636B65722C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627778,1,-1885801006570789949,0,X'95A63A66820010418C846565D2DC2AE5',X'636E3D4261636B686175735C35434C616220325C324320416E73656C6D2C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627779,1,7182580891734487847,0,X'95A63D5E820010418C876565D2DC2AE5',X'636E3D416E6120536F75736172C3A96D2B656D706C6F7965654E756D6265723D31303231302C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627780,1,433346217291444867,0,X'95A64394820010418C8E6565D2DC2AE5',X'7569643D6173747269642E6F737465726761726473656E2C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627782,1,-540561213614204547,0,X'95A65096820010418C9E6565D2DC2AE5',X'7569643D6173652E616B65726C756E64656E2C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627783,1,650637274267622803,0,X'95A6517C820010418C9F6565D2DC2AE5',X'7569643D6173756E63696F6E2E7572727574696265612C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627784,1,-2033443331920807413,0,X'95A657BC820010418CA76565D2DC2AE5',X'7569643D616C64656E2E617368636F6D62652C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627785,1,2282274322491292143,0,X'95A65B54820010418CAA6565D2DC2AE5',X'7569643D616E736761722E627275656767656E6B616D702C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627786,1,-7689996058549191135,0,X'95A664B4820010418CB56565D2DC2AE5',X'7569643D616E616E79612E6268617474617261692D72616F2C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627787,1,-6068297525021408825,0,X'95A66586820010418CB66565D2DC2AE5',X'7569643D616E6169732E62657A617564696E2C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627788,1,6102738698089442081,0,X'95AA1F64820010418CBA6565D2DC2AE5',X'7569643D616D61686C652E6E646C6F76616E612C6F753D456E67696E656572696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627790,1,-7000476334410126195,0,X'95AA2F9A820010418CCC6565D2DC2AE5',X'7569643D617572656C69656E2E6C6566657672652D6272756E2C6F753D52657365617263685C32432044657369676E2C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627792,1,-279709217545353537,0,X'95AA3A58820010418CD96565D2DC2AE5',X'7569643D616E6E65677265742E7765697373656E7269656465722C6F753D53616C65732C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627793,1,8830036675848106535,0,X'95AA3FA8820010418CDF6565D2DC2AE5',X'7569643D6173756E63696F6E2E70656E61636F62612C6F753D53616C65732C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627794,1,7151173184025970125,0,X'95AA671C820010418D0F6565D2DC2AE5',X'7569643D6179616E6F2E69676172617368692C6F753D4D61726B6574696E672C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627795,1,7837750634902304283,0,X'95AA860C820010418D366565D2DC2AE5',X'7569643D616C64656E2E636F74746572776F6F642C6F753D437573746F6D657220436172652C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627796,1,7777562015568834385,0,X'95AA9EC6820010418D526565D2DC2AE5',X'7569643D616264756C7261686D616E2E616C686164646164692C6F753D4F7065726174696F6E732C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627797,1,2471038215814259609,0,X'95ADDC08820010418D7D6565D2DC2AE5',X'7569643D61657661722E74686F726461726B6F742C6F753D48756D616E205265736F75726365732C6F753D53746166662C64633D6578616D706C652C64633D636F6D');
INSERT INTO "links" VALUES(1099511627798,1,-7198618732202233527,0,X'95ADEEAA820010418D956565D2DC2AE5',X'7569643D617572656C69656E2E676172636F6E6E65742C6F753D436F6E74726163746F72732C64633D6578616D706C652C64633D636F6D');
CREATE TABLE memberships (
    group_row INTEGER NOT NULL REFERENCES groups (row) ON DELETE CASCADE,
    user_row INTEGER NOT NULL REFERENCES users (row) ON DELETE CASCADE,
    source INTEGER NOT NULL,
    direct INTEGER NOT NULL,
    PRIMARY KEY (group_row, user_row)
) WITHOUT ROWID;
INSERT INTO "memberships" VALUES(1,3,0,1);
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value
) WITHOUT ROWID;
INSERT INTO "meta" VALUES('next_user_row',23);
CREATE TABLE missing (
    row INTEGER PRIMARY KEY,
    rule INTEGER NOT NULL,
    since INTEGER NOT NULL
);
CREATE TABLE passwords (
    user INTEGER PRIMARY KEY REFERENCES users (row) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    changed_at INTEGER NOT NULL
);
CREATE TABLE populations (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    is_default INTEGER NOT NULL
);
INSERT INTO "populations" VALUES(2,X'01A232DCB748700696B37F0A3C06C11D',0,'Employees','People on the payroll and people who work with them',1);
CREATE TABLE rule_numbers (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE
);
INSERT INTO "rule_numbers" VALUES(1,X'01A232DCB7487009BDB740A8FED58D87');
CREATE TABLE rules (
    uuid BLOB PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "rules" VALUES(X'01A232DCB7487009BDB740A8FED58D87',0,'Staff in','{"attributeMappings":[{"source":"uid","target":"username","when":"always"},{"source":"givenName","target":"name.given","when":"always"},{"source":"sn","target":"name.family","when":"always"},{"expression":"displayName ?: cn","target":"name.formatted","when":"always"},{"source":"mail","target":"email","when":"always"},{"source":"title","target":"title","when":"always"},{"expression":"employeeType ?: ''Employee''","target":"type","when":"always"},{"source":"employeeNumber","target":"externalId","when":"always"},{"source":"telephoneNumber","target":"primaryPhone","when":"always"},{"source":"mobile","target":"mobilePhone","when":"always"},{"source":"street","target":"address.streetAddress","when":"always"},{"source":"l","target":"address.locality","when":"always"},{"source":"postalCode","target":"address.postalCode","when":"always"},{"source":"preferredLanguage","target":"preferredLanguage","when":"always"},{"source":"active","target":"enabled","when":"always"}],"baseDn":"dc=example,dc=com","connection":"Sample directory","description":"Staff and contractors become users; shared mailboxes do not","direction":"inbound","enabled":true,"groupOrganizationalUnits":[],"guards":{"maxBlanked":-1,"maxBlankedPercent":-1,"maxDeprovisionPercent":-1,"maxDeprovisions":-1,"maxDeviceRemovalPercent":50,"maxDeviceRemovals":-1,"maxGroupDeletionPercent":20,"maxGroupDeletions":-1,"maxMembershipRemovalPercent":25,"maxMembershipRemovals":-1,"maxRenamePercent":-1,"maxRenames":-1,"maxUpdatePercent":-1,"maxUpdates":-1,"minReadPercent":-1,"missingForSeconds":0,"unitLoss":false},"name":"Staff in","onboarding":{"authenticateViaLdap":true,"gatewayUserType":"Staff","mfaDeviceManagement":"doNotManage","population":"Employees"},"schedule":{"everySeconds":150},"userFilter":"(|(uid=zoe.groessling)(uid=a*))","userOrganizationalUnits":["ou=Staff,dc=example,dc=com","ou=Contractors,dc=example,dc=com"]}');
CREATE TABLE run_failures (
    row INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    user INTEGER NOT NULL,
    username TEXT NOT NULL,
    uuid BLOB,
    source_id BLOB NOT NULL,
    dn BLOB NOT NULL,
    detail TEXT NOT NULL,
    problems TEXT NOT NULL
);
CREATE TABLE runs (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    rule TEXT NOT NULL,
    rule_uuid BLOB,
    status INTEGER NOT NULL,
    counts TEXT NOT NULL,
    entries_read INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    duration INTEGER NOT NULL,
    started_by TEXT NOT NULL,
    error TEXT,
    guards TEXT NOT NULL
, one_person INTEGER NOT NULL DEFAULT 0);
INSERT INTO "runs" VALUES(1,'Staff in',X'01A232DCB7487009BDB740A8FED58D87',1,'{"create":22,"delete":0,"disable":0,"enable":0,"failed":0,"outOfScope":0,"unchanged":0,"update":0}',22,1796149656855,1796149656988,152,'command line',NULL,'[]',0);
INSERT INTO "runs" VALUES(2,'Staff in',X'01A232DCB7487009BDB740A8FED58D87',1,'{"create":0,"delete":0,"disable":0,"enable":0,"failed":0,"outOfScope":0,"unchanged":21,"update":1}',22,1796149673016,1796149673161,162,'command line',NULL,'[]',0);
INSERT INTO "runs" VALUES(3,'Staff in',X'01A232DCB7487009BDB740A8FED58D87',1,'{"create":0,"delete":2,"disable":0,"enable":0,"failed":0,"outOfScope":0,"unchanged":20,"update":0}',20,1796149688438,1796149688632,194,'command line',NULL,'[]',0);
INSERT INTO "runs" VALUES(4,'Staff in',X'01A232DCB7487009BDB740A8FED58D87',1,'{"create":0,"delete":1,"disable":0,"enable":0,"failed":0,"outOfScope":0,"unchanged":19,"update":0}',19,1796149708736,1796149708827,91,'command line',NULL,'[]',0);
CREATE TABLE signon_guesses (
    subject TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    locked_at INTEGER,
    locked_until INTEGER,
    also TEXT
) WITHOUT ROWID;
INSERT INTO "signon_guesses" VALUES('name astrid.nygardsvik',1,1796149687577,1796149687577,NULL,NULL,NULL);
INSERT INTO "signon_guesses" VALUES('name zoe.groessling',1,1796149671833,1796149671833,NULL,NULL,NULL);
INSERT INTO "signon_guesses" VALUES('source user root',2,1796149687577,1796149687577,NULL,NULL,NULL);
CREATE TABLE used_tickets (
    fingerprint BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE user_search (
    block INTEGER PRIMARY KEY,
    texts BLOB NOT NULL
);
INSERT INTO "user_search" VALUES(0,X'F8F9616E6E65677265742E756562656C61636B65721F616E6E6567726574207562656C61636B65721F1F616E6E65677265742E756562656C61636B6572406578616D706C652E636F6D1FF8FA616E73656C6D2E6261636B686175731F616E73656C6D206261636B686175731F1F616E73656C6D2E6261636B68617573406578616D706C652E636F6D1FF8FB616E612E736F75736172656D1F616E6120736F75736172656D1F1F616E612E736F75736172656D406578616D706C652E636F6D1FF8FC6173747269642E6F737465726761726473656E1F61737472696420C3B8737465726761726473656E1F1F1FF8FE6173652E616B65726C756E64656E1F61736520616B65726C756E64656E1F1F6173652E616B65726C756E64656E406578616D706C652E636F6D1FF8FF6173756E63696F6E2E7572727574696265611F6173756E63696F6E207572727574696265611F1F6173756E63696F6E2E757272757469626561406578616D706C652E636F6D1FF9F8616C64656E2E617368636F6D62651F616C64656E20617368636F6D62651F1F616C64656E2E617368636F6D6265406578616D706C652E636F6D1FF9F9616E736761722E627275656767656E6B616D701F616E73676172206272756767656E6B616D701F1F616E736761722E627275656767656E6B616D70406578616D706C652E636F6D1FF9FA616E616E79612E6268617474617261692D72616F1FE0A485E0A4A8E0A4A8E0A58DE0A4AFE0A4BE206268617474617261692D72616F2028616E616E7961206268617474617261692D72616F291FE0A485E0A4A8E0A4A8E0A58DE0A4AFE0A4BE206268617474617261692D72616F1F616E616E79612E6268617474617261692D72616F406578616D706C652E636F6D1FF9FB616E6169732E62657A617564696E1F616E6169732062657A617564696E1F1F616E6169732E62657A617564696E406578616D706C652E636F6D1FF9FC616D61686C652E6E646C6F76616E611F616D61686C65206E646C6F76616E611F1F616D61686C652E6E646C6F76616E61406578616D706C652E636F6D1FF9FE617572656C69656E2E6C6566657672652D6272756E1F617572656C69656E206C6566657672652D6272756E1F1F617572656C69656E2E6C6566657672652D6272756E406578616D706C652E636F6D1FFAF8616E6E65677265742E7765697373656E7269656465721F616E6E6567726574207765697373656E7269656465721F1F616E6E65677265742E7765697373656E726965646572406578616D706C652E636F6D1FFAF96173756E63696F6E2E70656E61636F62611F6173756E63696F6E2070656E61636F62611F1F6173756E63696F6E2E70656E61636F6261406578616D706C652E636F6D1FFAFA6179616E6F2E69676172617368691FE4BA94E58D81E5B590E69687E4B98320286179616E6F206967617261736869291FE69687E4B98320E4BA94E58D81E5B5901F6179616E6F2E6967617261736869406578616D706C652E636F6D1FFAFB616C64656E2E636F74746572776F6F641F616C64656E20636F74746572776F6F641F1F616C64656E2E636F74746572776F6F64406578616D706C652E636F6D1FFAFC616264756C7261686D616E2E616C686164646164691FD8B9D8A8D8AFD8A7D984D8B1D8ADD985D98620D8A7D984D8ADD8AFD8A7D8AFD98A2028616264756C7261686D616E20616C68616464616469291FD8B9D8A8D8AFD8A7D984D8B1D8ADD985D98620D8A7D984D8ADD8AFD8A7D8AFD98A1F616264756C7261686D616E2E616C68616464616469406578616D706C652E636F6D1FFAFD61657661722E74686F726461726B6F741FC3A676617220C3BE6F72C3B061726B6F741F1F61657661722E74686F726461726B6F74406578616D706C652E636F6D1FFAFE617572656C69656E2E676172636F6E6E65741F617572656C69656E20676172636F6E6E65741F1F617572656C69656E2E676172636F6E6E6574406578616D706C652E636F6D1F');
CREATE TABLE user_unique (
    attribute TEXT NOT NULL,
    value TEXT NOT NULL,
    user INTEGER NOT NULL REFERENCES users (row) ON DELETE CASCADE,
    PRIMARY KEY (attribute, value)
) WITHOUT ROWID;
CREATE TABLE users (
    row INTEGER PRIMARY KEY,
    population INTEGER NOT NULL REFERENCES populations (row),
    enabled INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    authority INTEGER REFERENCES authorities (row),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_sign_on_at INTEGER,
    uuid BLOB NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,
    custom TEXT
, email TEXT, name_given TEXT, name_family TEXT, name_middle TEXT, name_formatted TEXT, name_honorificPrefix TEXT, name_honorificSuffix TEXT, nickname TEXT, title TEXT, type TEXT, accountId TEXT, externalId TEXT, mobilePhone TEXT, primaryPhone TEXT, address_streetAddress TEXT, address_locality TEXT, address_region TEXT, address_postalCode TEXT, address_countryCode TEXT, locale TEXT, preferredLanguage TEXT, timezone TEXT, photo_href TEXT, emailVerified INTEGER, mfaEnabled INTEGER);
INSERT INTO "users" VALUES(1,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C70009AAF44BCB785FF41','annegret.uebelacker','annegret.uebelacker',NULL,'annegret.uebelacker@example.com','Annegret','Übelacker',NULL,'Annegret Übelacker',NULL,NULL,NULL,'Senior Software Engineer','Employee',NULL,'10148',NULL,'+1 857 555 0113 ext 2013','92 Example Street','München',NULL,'80331',NULL,NULL,'de-DE',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(2,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C70018E8F4EAE286EBE54','anselm.backhaus','anselm.backhaus',NULL,'anselm.backhaus@example.com','Anselm','Backhaus',NULL,'Anselm Backhaus',NULL,NULL,NULL,'Staff Engineer','Employee',NULL,'10200','+1 339 555 0128','+1 857 555 0127 ext 2027','95 Example Street','Lisboa',NULL,'1100-148',NULL,NULL,'de-DE',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(3,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C7002AD0FC14235135665','ana.sousarem','ana.sousarem',NULL,'ana.sousarem@example.com','Ana','Sousarém',NULL,'Ana Sousarém',NULL,NULL,NULL,'Software Engineer','Employee',NULL,'10210',NULL,'+1 857 555 0133 ext 2033','27 Example Street','Lisboa',NULL,'1100-148',NULL,NULL,'pt-PT',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(4,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C700385FD1D57F8AE2C1C','astrid.ostergardsen','astrid.ostergardsen',NULL,NULL,'Astrid','Østergårdsen',NULL,'Astrid Østergårdsen',NULL,NULL,NULL,'Test Engineer','Employee',NULL,'10240',NULL,'+1 857 555 0143 ext 2043','66 Example Street','København',NULL,'1050',NULL,NULL,'nb-NO',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(6,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C70058CE28B9F5F1360A4','ase.akerlunden','ase.akerlunden',NULL,'ase.akerlunden@example.com','Åse','Åkerlunden',NULL,'Åse Åkerlunden',NULL,NULL,NULL,'Staff Engineer','Employee',NULL,'10304','+1 339 555 0172','+1 857 555 0170 ext 2070','85 Example Street','København',NULL,'1050',NULL,NULL,'nb-NO',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(7,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C70069E0AFC82C8B2A026','asuncion.urrutibea','asuncion.urrutibea',NULL,'asuncion.urrutibea@example.com','Asunción','Urrutibea',NULL,'Asunción Urrutibea',NULL,NULL,NULL,'Site Reliability Engineer','Employee',NULL,'10307',NULL,'+1 857 555 0173 ext 2073','95 Example Street','Lisboa',NULL,'1100-148',NULL,NULL,'es-ES',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(8,2,1,2,1,1796149656971,1796149673161,NULL,X'01A232DCBD6C7007A3AF8C841063F807','alden.ashcombe','alden.ashcombe',NULL,'alden.ashcombe@example.com','Alden','Ashcombe',NULL,'Alden Ashcombe',NULL,NULL,NULL,'Chief of clocks','Employee',NULL,'10346',NULL,'+1 617 555 0185','73 Example Street','Boston',NULL,'02110',NULL,NULL,'en-US',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(9,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C70088580645481CBD15B','ansgar.brueggenkamp','ansgar.brueggenkamp',NULL,'ansgar.brueggenkamp@example.com','Ansgar','Brüggenkamp',NULL,'Ansgar Brüggenkamp',NULL,NULL,NULL,'Site Reliability Engineer','Employee',NULL,'10363',NULL,'+1 857 555 0188 ext 2088','48 Example Street','München',NULL,'80331',NULL,NULL,'de-DE',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(10,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C7009B8AD07988A50ADF8','ananya.bhattarai-rao','ananya.bhattarai-rao',NULL,'ananya.bhattarai-rao@example.com','अनन्या','Bhattarai-Rao',NULL,'अनन्या Bhattarai-Rao (Ananya Bhattarai-Rao)',NULL,NULL,NULL,'Team Lead','Employee',NULL,'10427',NULL,'+1 206 555 0103','83 Example Street','Seattle',NULL,'98101',NULL,NULL,'en-IN',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(11,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C700AB9E164E411B6CB65','anais.bezaudin','anais.bezaudin',NULL,'anais.bezaudin@example.com','Anaïs','Bézaudin',NULL,'Anaïs Bézaudin',NULL,NULL,NULL,'Site Reliability Engineer','Employee',NULL,'10429',NULL,'+1 416 555 0105','34 Example Street','Toronto',NULL,'M5V 2T6',NULL,NULL,'fr-CA',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(12,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C700B804511CC0F82B082','amahle.ndlovana','amahle.ndlovana',NULL,'amahle.ndlovana@example.com','Amahle','Ndlovana',NULL,'Amahle Ndlovana',NULL,NULL,NULL,'Staff Engineer','Employee',NULL,'10447','+1 339 555 0112','+1 857 555 0111 ext 2111','13 Example Street','Nairobi',NULL,'00100',NULL,NULL,'en-KE',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(14,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C700D95A4C0C758098894','aurelien.lefevre-brun','aurelien.lefevre-brun',NULL,'aurelien.lefevre-brun@example.com','Aurélien','Lefèvre-Brun',NULL,'Aurélien Lefèvre-Brun',NULL,NULL,NULL,'Illustrator','Employee',NULL,'10546','+1 339 555 0140','+1 416 555 0139','21 Example Street','Toronto',NULL,'M5V 2T6',NULL,NULL,'fr-CA',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(16,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C700F9E415FCB74AF6C90','annegret.weissenrieder','annegret.weissenrieder',NULL,'annegret.weissenrieder@example.com','Annegret','Weißenrieder',NULL,'Annegret Weißenrieder',NULL,NULL,NULL,'Head of Sales','Employee',NULL,'10611',NULL,'+1 857 555 0158 ext 2158','38 Example Street','München',NULL,'80331',NULL,NULL,'de-DE',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(17,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C701083AE7F919DDA1AB1','asuncion.penacoba','asuncion.penacoba',NULL,'asuncion.penacoba@example.com','Asunción','Peñacoba',NULL,'Asunción Peñacoba',NULL,NULL,NULL,'Regional Sales Representative','Employee',NULL,'10640',NULL,'+1 206 555 0169','4 Example Street','Seattle',NULL,'98101',NULL,NULL,'es-ES',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(18,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C7011B54028B5E6E7A9AF','ayano.igarashi','ayano.igarashi',NULL,'ayano.igarashi@example.com','文乃','五十嵐',NULL,'五十嵐文乃 (Ayano Igarashi)',NULL,NULL,NULL,'Content Editor','Employee',NULL,'10875',NULL,'+1 206 555 0141','26 Example Street','Seattle',NULL,'98101',NULL,NULL,'ja-JP',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(19,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C70129CB7715079FD0DEB','alden.cotterwood','alden.cotterwood',NULL,'alden.cotterwood@example.com','Alden','Cotterwood',NULL,'Alden Cotterwood',NULL,NULL,NULL,'Support Engineer','Employee',NULL,'11071',NULL,'+1 617 555 0197','55 Example Street','Boston',NULL,'02110',NULL,NULL,'en-US',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(20,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C7013A4C037B367399401','abdulrahman.alhaddadi','abdulrahman.alhaddadi',NULL,'abdulrahman.alhaddadi@example.com','عبدالرحمن','الحدادي',NULL,'عبدالرحمن الحدادي (Abdulrahman Alhaddadi)',NULL,NULL,NULL,'Facilities Coordinator','Employee',NULL,'11224',NULL,'+1 857 555 0140 ext 2340','78 Example Street','القاهرة',NULL,'11511',NULL,NULL,'ar-EG',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(21,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD6C70148562612125447DC0','aevar.thordarkot','aevar.thordarkot',NULL,'aevar.thordarkot@example.com','Ævar','Þórðarkot',NULL,'Ævar Þórðarkot',NULL,NULL,NULL,'Recruiter','Employee',NULL,'11445',NULL,'+1 617 555 0100','22 Example Street','Boston',NULL,'02110',NULL,NULL,'is-IS',NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(22,2,1,1,1,1796149656971,1796149656971,NULL,X'01A232DCBD757000BE5183EBAF16484C','aurelien.garconnet','aurelien.garconnet',NULL,'aurelien.garconnet@example.com','Aurélien','Garçonnet',NULL,'Aurélien Garçonnet',NULL,NULL,NULL,'Consultant','Contractor',NULL,'11558',NULL,'+1 416 555 0132','95 Example Street','Toronto',NULL,'M5V 2T6',NULL,NULL,'fr-CA',NULL,NULL,NULL,NULL);
CREATE UNIQUE INDEX users_uuid ON users (uuid);
CREATE INDEX user_unique_user ON user_unique (user);
CREATE UNIQUE INDEX groups_internal ON groups (name_key) WHERE source = 0;
CREATE UNIQUE INDEX groups_external ON groups (source, source_name, name) WHERE source <> 0;
CREATE INDEX groups_population ON groups (population);
CREATE INDEX memberships_user ON memberships (user_row);
CREATE INDEX groups_source_key ON groups (source, source_name, source_key) WHERE source <> 0;
CREATE INDEX signon_guesses_last ON signon_guesses (last_at);
CREATE INDEX used_tickets_expiry ON used_tickets (expires_at);
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE INDEX users_population ON users (population, enabled);
CREATE INDEX links_source ON links (source_id);
INSERT INTO "missing" VALUES(1099511627777,1,1700000000);
