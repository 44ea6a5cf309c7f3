// Secrets told by what stands around them. Words that also occur in ordinary log text ask for more: a digit,
// a length, a quote. SPDX-License-Identifier: GPL-3.0-or-later
#include "security/redaction_formats.h"

namespace aiops::security {
namespace {

// What stands between a name and its value: quotes (escaped ones too) and one of => := = :
#define AIOPS_IS R"re(\\{0,3}["']?\s{0,8}(?:=>|:=|=|:)\s{0,8})re"
// A quoted value of `least` bytes or more, or one up to the next blank or mark.
#define AIOPS_VALUE(least)                                                        \
  R"re((?:\\{1,3}"([^"\\\n]{)re" least R"re(,})|"((?:[^"\\\n]|\\[^\n]){)re" least \
  R"re(,})|'([^'\n]{)re" least R"re(,})|([^\s,;&"'\\)}\]<]{)re" least R"re(,})))re"

constexpr auto kValue = SecretCheck::Value;

constexpr auto kSecretNames =
    "secret|token|credential|apikey|api_key|api-key|accesskey|access_key|access-key|privatekey|private_key|"
    "private-"
    "key|signingkey|signing_key|signing-key|encryptionkey|encryption_key|encryption-key|masterkey|master_key|"
    "master"
    "-key|authkey|auth_key|auth-key|clientkey|client_key|client-key";

constexpr SecretFormat kContexts[] = {
    // Blocks.
    {"private-key", "private key",
     R"((?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z))"},
    {"private-key", "private key",
     R"((?s)---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----.*?(?:---- END SSH2 ENCRYPTED PRIVATE KEY ----|\z))"},
    {"private-key", "nkey seed",
     R"((?s)-----BEGIN USER NKEY SEED-----.*?(?:------END USER NKEY SEED------|\z))"},
    {"putty-key", "private-lines", R"((?s)Private-Lines: ?[0-9]+(.*?)(?:Private-MAC|\z))"},
    {"openvpn-key", "openvpn static key",
     R"((?s)-----BEGIN OpenVPN Static key V1-----.*?(?:-----END OpenVPN Static key V1-----|\z))"},
    {"wireguard-key", "privatekey|presharedkey|private-key|preshared-key",
     R"((?i)(?:private|preshared)-?key\s{0,8}[=: ]\s{0,8}([A-Za-z0-9+/]{42,43}=?))"},
    {"kubeconfig-key", "client-key-data",
     R"re((?i)client-key-data\\{0,3}["']?\s{0,8}:\s{0,8}["']?([A-Za-z0-9+/=]{20,}))re"},
    // Headers.
    {"authorization", "authorization",
     R"re((?i)\bauthorization\\{0,3}["']?\s{0,8}[:=]\s{0,8}\\{0,3}["']?(?:basic|bearer|token|digest|negotiate|ntlm|apikey|api-key|key|bot|splunk|geniekey|ssws|aws4-hmac-sha256|sharedkey(?:lite)?)\s+([^\s"',;\\]+))re"},
    {"authorization", "authorization",
     R"re((?i)\bauthorization\\{0,3}["']?\s{0,8}[:=]\s{0,8}\\{0,3}["']?([a-z0-9._~+/=:-]{16,}))re", kValue},
    {"digest-response", "response=", R"re((?i)\bresponse=\\?"?([0-9a-f]{32,64})\b)re"},
    {"aws-signature", "signature=", R"re((?i)\bsignature=\\?["']?([0-9a-f]{64}|[a-z0-9+/]{26,}={0,2}))re"},
    {"bearer", "bearer", R"((?i)\bbearer\s+([a-z._~+/-]*[0-9][a-z0-9._~+/=-]{6,}|[a-z0-9._~+/=-]{20,}))"},
    {"basic", "basic", R"((?i)\bbasic\s+([a-z0-9+/]{12,}={1,2}))"},
    {"header-key", "x-",
     R"re((?i)\bx-(?:[a-z]+-){0,3}(?:api-?key|auth(?:-?token|-?key)?|access-?(?:key|token)|secret(?:-key)?|token|shared-key|password)\\{0,3}["']?\s{0,8}[:=]\s{0,8}\\{0,3}["']?([^\s"',;\\]+))re"},
    {"cookie", "cookie",
     R"re((?i)\b(?:set-)?cookie2?\\{0,3}["']?\s{0,8}[:=]\s{0,8}\\{0,3}["']?([^\s"'\\=;]+=[^"'\\\r\n]+))re"},
    {"session", "phpsessid|jsessionid|session|connect.sid",
     R"((?i)\b(?:session_?id|phpsessid|jsessionid|asp\.net_sessionid|_session|connect\.sid)=([a-z0-9._%:-]{8,}))"},
    {"session", "sid=", R"((?i)\bsid=([a-z0-9._%-]{16,}))"},
    // URLs and connection strings.
    {"url-password", "://", R"([A-Za-z][A-Za-z0-9+.-]*://[^\s/@:?#"'<>]*:([^\s/"'<>]+)@)", kValue},
    {"dsn-password", "@tcp(|@unix(", R"(\b[A-Za-z0-9_.-]+:([^\s:@/"']+)@(?:tcp|unix)\()"},
    {"url-parameter", "token=|signature=|sig=|key=|code=|auth=|password=|secret=|passwd=|pwd=",
     R"re((?i)[?&;](?:access_token|refresh_token|id_token|auth_token|token|api_?key|password|passwd|pwd|client_secret|secret|x-amz-signature|x-amz-security-token|x-goog-signature)=([^&\s"'<>#]+))re",
     kValue},
    {"url-parameter", "sig=|signature=|key=|code=|auth=",
     R"re((?i)[?&;](?:sig|signature|key|code|auth)=([a-z0-9._~%+/=-]{12,}))re"},
    {"otp-secret", "otpauth://", R"((?i)otpauth://[^\s"'<>]*[?&]secret=([a-z2-7=]{8,}))"},
    {"storage-key", "accountkey|accesskey", R"((?i)\b(?:account|shared-?access)-?key=([a-z0-9+/=]{20,}))"},
    {"storage-key", "sharedaccesssignature", R"((?i)SharedAccessSignature\s*[= ]\s*([^\s"';]{16,}))"},
    // Names and values, as in files, JSON, YAML, environments and program output.
    {"password", "passw|passphrase|passcode",
     "(?i)(?:password|passwd|passphrase|passcode)[0-9]?" AIOPS_IS AIOPS_VALUE("1"), kValue},
    {"password", "pass", "(?i)(?:\\b|_|db|smtp|bind|user)pass" AIOPS_IS AIOPS_VALUE("1"),
     SecretCheck::NoNumber},
    {"password", "pwd",
     R"re((?i)(?:\b|_)pwd\\{0,3}["']?\s{0,8}[:=]\s{0,8}\\{0,3}["']?([^\s,;&"'\\)}\]/][^\s,;&"'\\)}\]]*))re",
     kValue},
    {"password", "bindpw|rootpw|masterauth|requirepass|userpw",
     R"re((?i)\b(?:bindpw|rootpw|userpw|olcrootpw|masterauth|requirepass)\s*[:= ]\s*["']?([^\s"']+))re",
     kValue},
    {"password", "machine", R"((?i)\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S+))"},
    {"password", "identified",
     R"re((?i)\bidentified\s+(?:with\s+\S{1,40}\s+)?(?:by|as)\s+(?:password\s+)?\\?["']([^"'\\]+))re"},
    {"password", "password",
     R"re((?i)\b(?:(?:alter|create)\s+(?:user|role)\s+\S{1,80}\s.{0,80}?|set\s)password\s+(?:for\s+\S{1,80}\s*=\s*)?\\?'([^'\\]+))re"},
    {"secret-value", kSecretNames,
     "(?i)(?:secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?key(?:[_-]?base)?|private[_-]?"
     "key|signing[_-]?key|encryption[_-]?key|master[_-]?key|auth[_-]?key|client[_-]?key|credentials?"
     ")" AIOPS_IS
     R"re((?:\\{0,3}"([^"\\\n]{6,})|'([^'\n]{6,})|([a-z._~+/-]*[0-9][a-z0-9._~+/=-]{5,}|[a-z._~+/-]{6,}[0-9][a-z0-9._~+/=-]*)))re",
     kValue},
    {"secret-value", kSecretNames,
     "(?i)(?:secret|token|api[_-]?key|access[_-]?key|secret[_-]?key(?:[_-]?base)?|private[_-]?key|signing[_-]"
     "?key|encryption[_-]?key|master[_-]?key|auth[_-]?key|client[_-]?key|credentials?)=([^\\s,;&\"'\\\\)}\\]<"
     "]{4,})",
     kValue},
    {"aws-secret", "aws",
     R"re((?i)aws.{0,20}(?:secret|key).{0,20}[=:]\s{0,8}["']?([a-z0-9/+]{40})(?:[^a-z0-9/+]|$))re"},
    {"service-key", "key|token|dsn",
     R"re((?i)\b(?:datadog|dd|pagerduty|opsgenie|snyk|rollbar|bugsnag|algolia|fastly|vercel|linode|cloudflare|consul|nomad|okta|heroku|mailgun|postmark|intercom|zendesk|twilio|splunk|loggly|cohere|mistral|azure|openai|travis|codecov|asana|trello|newrelic|ibm)[a-z0-9_. -]{0,24}?(?:key|token|secret)\\{0,3}["']?\s{0,8}(?:=>|:=|=|:|is)\s{0,8}\\{0,3}["']?([a-z0-9_-]{16,}))re",
     kValue},
    {"discord-token", "discord|bot ",
     R"((?i)\b(?:discord|bot)\b.{0,40}?\b([MNO][a-z0-9_-]{22,27}\.[a-z0-9_-]{6}\.[a-z0-9_-]{27,40}))"},
    {"vault-token", "vault", R"((?i)vault.{0,40}?\b(s\.[A-Za-z0-9]{24})\b)"},
    {"mailgun-key", "mailgun", R"((?i)mailgun.{0,60}?\b([0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})\b)"},
    {"npm-auth", "_auth|_password", R"re(\b_(?:auth(?:Token)?|password)\s{0,8}=\s{0,8}["']?([^\s"']{6,}))re",
     kValue},
    {"docker-auth", "\"auth",
     R"re(\\?"(?:auth|identitytoken|registrytoken)\\?"\s{0,8}:\s{0,8}\\?"([A-Za-z0-9+/=._-]{8,}))re"},
    {"snmp-community", "community",
     R"re((?i)\b(?:snmp-server\s+community|r[ow]community6?)\s+["']?([^\s"']*[0-9!@#$%^&*_-][^\s"']*)["']?(?:\s+(?:[0-9]+\.|default|r[ow]\b)|\s*$))re"},
    {"wifi-key", "psk|wpa",
     R"re((?i)\b(?:psk|wpa_?passphrase|wpa_?psk|wpa2_?key)\s{0,4}[=:]\s{0,4}["']?([^\s"']{8,}))re", kValue},
    {"password", "password>|passwd>|passphrase>|secret>|token>|apikey>|api-key>",
     R"((?i)<[a-z:_-]{0,40}(?:password|passwd|passphrase|secret|token|api-?key)>\s{0,8}([^<\s][^<\n]*)<)",
     kValue},
    {"named-value", "value",
     R"re((?i)\b(?:name|key)\\{0,3}["']?\s{0,4}[:=]\s{0,4}\\{0,3}["']?[a-z0-9_.-]{0,60}(?:password|passwd|secret|token|api_?key|access_?key)\\{0,3}["']?[\s,]{1,40}\\{0,3}["']?value\\{0,3}["']?\s{0,4}[:=]\s{0,4}\\{0,3}["']?([^"'\\\s,}]+))re",
     kValue},
    {"dsn-password", "jdbc:oracle:thin:", R"((?i)jdbc:oracle:thin:[^\s/@]{1,80}/([^\s@"']+)@)"},
    // Command lines.
    {"option", "-pass|-token|-secret|-api|-access|-auth|-require",
     R"re((?i)(?:^|[\s"'\[,])--?(?:[a-z]+-)*(?:password|passwd|passphrase|pass|token|secret|api-?key|access-?key|secret-?key|auth-?token|requirepass)(?:[ =]|["'],\s?)["']?([^\s"'-][^\s"']*))re",
     kValue},
    {"option", "curl|wget|http",
     R"re(\b(?:curl|wget|https?)\b[^\n]{0,120}?\s(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"']+:([^\s"']+))re"},
    {"option", "sshpass", R"re(\bsshpass\s+-p\s*["']?([^\s"']+))re"},
    {"option", "mysql|mariadb",
     R"re(\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^\n]{0,120}?\s-p([^\s"'-][^\s"']*))re"},
    {"option", "redis-cli", R"re(\bredis-cli\b[^\n]{0,120}?\s-a\s+["']?([^\s"']+))re"},
    {"option", "smbclient|ldap|docker login|htpasswd",
     R"re(\b(?:ldap[a-z]+|docker login|smbclient)\b[^\n]{0,160}?\s-(?:w|p|U\s?[^\s%]+%)\s?["']?([^\s"'-][^\s"']*))re"},
    {"smtp-auth", "auth plain|auth login", R"((?i)\bauth (?:plain|login)\s+([a-z0-9+/]{8,}={0,2}))"},
    // Hashes of passwords.
    {"password-hash", "$1$|$2|$5$|$6$|$7$|$y$|$gy$|$argon2|$scrypt|$apr1$|$p$|$h$|$sha1$",
     R"(\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|P|H|sha1|argon2(?:i|d|id)|scrypt)\$[./A-Za-z0-9$,=+-]{16,})"},
    {"password-hash", "{sha|{ssha|{smd5|{pbkdf2|{crypt",
     R"((?i)\{(?:s?sha(?:256|384|512)?|s?md5|crypt|pbkdf2[a-z0-9-]*)\}[./a-z0-9$+=-]{13,})"},
    {"password-hash", "pbkdf2",
     R"((?i)\bpbkdf2[_:]sha(?:1|256|512)[$:][0-9]+[$:][^\s"'$:]+[$:][a-z0-9+/=]{20,})"},
    {"password-hash", "scram-sha-256$", R"(SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]{16,}\$[A-Za-z0-9+/=:]{40,})"},
    {"password-hash", "*0|*1|*2|*3|*4|*5|*6|*7|*8|*9|*a|*b|*c|*d|*e|*f",
     R"re((?:^|[\s'"=:])(\*[0-9A-F]{40})\b)re"},
    {"password-hash", "md5", R"((?i)(?:\b|')(md5[0-9a-f]{32})(?:'|:|\s*$))"},
};

#undef AIOPS_IS
#undef AIOPS_VALUE

}  // namespace

std::span<const SecretFormat> contextFormats() {
  return kContexts;
}

}  // namespace aiops::security
