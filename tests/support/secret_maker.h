// Made-up secrets in known formats, put together when a test runs: no scanner takes this file for a leak.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace aiops::test {

/// `text` as it would be printed; the secret in it is [first, last).
struct PlantedSecret {
  std::string format;
  std::string text;
  size_t first = 0, last = 0;
  std::string secret() const { return text.substr(first, last - first); }
};

enum class Encoding { Plain, Base64, Base64Url, Percent, PercentAll, JsonUnicode, Hex };
inline constexpr std::array kEncodings = {Encoding::Plain,   Encoding::Base64,     Encoding::Base64Url,
                                          Encoding::Percent, Encoding::PercentAll, Encoding::JsonUnicode,
                                          Encoding::Hex};
inline constexpr std::array kEncodingNames = {"plain",        "base64",       "base64url", "percent",
                                              "percent, all", "JSON \\uXXXX", "hex"};

inline std::string encoded(std::string_view text, Encoding how) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  switch (how) {
    case Encoding::Plain:
      return std::string(text);
    case Encoding::Base64:
      return base::toBase64(text);
    case Encoding::Base64Url:
      out = base::toBase64(text);
      while (out.ends_with('=')) out.pop_back();
      for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
      return out;
    case Encoding::Hex:
      return base::toHex(text);
    default:
      break;
  }
  for (const unsigned char c : text) {
    const bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || c == '_' || c == '.' || c == '~';
    if (how == Encoding::Percent && word) {
      out += static_cast<char>(c);
    } else {
      out += how == Encoding::JsonUnicode ? "\\u00" : "%";
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    }
  }
  return out;
}

/// What of `encoded(planted.text, how)` tells the secret: for base64 the digits that depend on it alone.
inline std::string encodedSecret(const PlantedSecret& planted, Encoding how) {
  if (how != Encoding::Base64 && how != Encoding::Base64Url) return encoded(planted.secret(), how);
  const size_t first = (planted.first * 8 + 5) / 6, last = planted.last * 8 / 6;
  return encoded(planted.text, how).substr(first, last - first);
}

class SecretMaker {
 public:
  explicit SecretMaker(uint32_t seed) : m_random(seed) {}

  /// `form`: "{a20}" is 20 letters and digits, {l} lower case, {U} upper case and digits, {x} and {X} hex,
  /// {d} digits, {b} base64 digits, {w} letters, digits, '-' and '_', {p} what people choose; '<' and '>'
  /// enclose the secret, '|' is nothing (it splits what a scanner would find), '`' is a line feed.
  PlantedSecret make(std::string_view name, std::string_view form) {
    PlantedSecret out{.format = std::string(name), .text = {}};
    for (size_t i = 0; i < form.size(); ++i) {
      const char c = form[i];
      if (c == '{' && form[i + 2] >= '0' && form[i + 2] <= '9') {
        const auto end = form.find('}', i);
        out.text += drawn(form[i + 1], std::stoul(std::string(form.substr(i + 2, end - i - 2))));
        i = end;
      } else if (c == '<') {
        out.first = out.text.size();
      } else if (c == '>') {
        out.last = out.text.size();
      } else if (c != '|') {
        out.text += c == '`' ? '\n' : c;
      }
    }
    return out;
  }

  std::string drawn(char kind, size_t count) {
    static constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz",
                                      kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", kDigits = "0123456789";
    std::string from;
    switch (kind) {
      case 'x':
        from = "0123456789abcdef";
        break;
      case 'X':
        from = "0123456789ABCDEF";
        break;
      case 'd':
        from = kDigits;
        break;
      case 'l':
        from = std::string(kLower) + std::string(kDigits);
        break;
      case 'U':
        from = std::string(kUpper) + std::string(kDigits);
        break;
      case '2':
        from = std::string(kUpper) + "234567";
        break;
      default:
        from = std::string(kLower) + std::string(kUpper) + std::string(kDigits);
        from += kind == 'b' ? "+/" : kind == 'w' ? "-_" : kind == 'p' ? "-_!#$*+.?@^" : "";
    }
    std::string out;
    while (out.size() < count) out += from[m_random() % from.size()];
    if (kind == 'p') out[0] = 'q', out[count - 1] = '7';
    return out;
  }

  /// One of every format.
  std::vector<PlantedSecret> all();

 private:
  std::mt19937 m_random;
};

struct SecretForm {
  const char* name;
  const char* form;
};

inline constexpr SecretForm kSecretForms[] = {
    {"aws key id", "<AK|IA{U16}>"},
    {"aws secret", "aws_secret_access_key = <{b40}>"},
    {"aws mws", "<amzn.|mws.{x8}-{x4}-{x4}-{x4}-{x12}>"},
    {"alibaba", "<LT|AI{a20}>"},
    {"azure secret", "<{a3}8|Q~{w34}>"},
    {"azure storage", "DefaultEndpointsProtocol=https;AccountName=a;Account|Key=<{b86}==>;EndpointSuffix=x"},
    {"azure sas", "https://x.blob.core.windows.net/c?sv=2022&sig=<{a43}%3D>"},
    {"databricks", "<da|pi{x32}>"},
    {"digitalocean", "<do|p_v1_{x64}>"},
    {"google api", "<AI|za{w35}>"},
    {"google oauth", "<ya|29.{w60}>"},
    {"google client", "<GOC|SPX-{w28}>"},
    {"heroku", "<HR|KU-{w60}>"},
    {"heroku key", "HEROKU_API_KEY=<{x8}-{x4}-{x4}-{x4}-{x12}>"},
    {"netlify", "<nf|p_{a40}>"},
    {"planetscale", "<psc|ale_pw_{w43}>"},
    {"pulumi", "<pu|l-{x40}>"},
    {"supabase", "<sb|p_{x40}>"},
    {"tailscale", "<tsk|ey-auth-{a16}-{a32}>"},
    {"terraform", "<{a14}.atl|asv1.{w67}>"},
    {"vault", "<hv|s.{w90}>"},
    {"vault old", "VAULT_TOKEN=<s.|{a24}>"},
    {"consul", "CONSUL_HTTP_TOKEN=<{x8}-{x4}-{x4}-{x4}-{x12}>"},
    {"consul header", "X-Consul-|Token: <{x8}-{x4}-{x4}-{x4}-{x12}>"},
    {"bitbucket", "<AT|BB{a32}>"},
    {"atlassian", "<ATA|TT3{w180}={X8}>"},
    {"circleci", "<CCI|PAT_{a22}_{x40}>"},
    {"github", "<gh|p_{a36}>"},
    {"github fine", "<github|_pat_{a22}_{a59}>"},
    {"gitlab", "<gl|pat-{w20}>"},
    {"gitlab runner", "<GR|1348941{w20}>"},
    {"sonar", "<sq|p_{x40}>"},
    {"sourcegraph", "<sg|p_{x40}>"},
    {"docker", "<dck|r_pat_{w27}>"},
    {"docker auth", "{\"auths\":{\"r.example\":{\"au|th\":\"<{a40}=>\"}}}"},
    {"npm", "<np|m_{a36}>"},
    {"npmrc", "//registry.npmjs.org/:_auth|Token=<{x8}-{x4}-{x4}-{x4}-{x12}>"},
    {"nuget", "<oy|2{l43}>"},
    {"pypi", "<py|pi-{w150}>"},
    {"rubygems", "<ruby|gems_{x48}>"},
    {"anthropic", "<sk|-ant-api03-{w93}AA>"},
    {"openai", "<sk|-{a48}>"},
    {"openai project", "<sk|-proj-{w74}T3BlbkFJ{w74}>"},
    {"huggingface", "<h|f_{a34}>"},
    {"groq", "<gs|k_{a52}>"},
    {"replicate", "<r|8_{a37}>"},
    {"discord webhook", "https://<disc|ord.com/api/webhooks/{d18}/{w68}>"},
    {"discord bot", "discord login with <M{a23}.{w6}.{w38}>"},
    {"mailchimp", "<{x32}-us|12>"},
    {"mailgun", "<ke|y-{x32}>"},
    {"sendgrid", "<S|G.{w22}.{w43}>"},
    {"sendinblue", "<xkey|sib-{x64}-{a16}>"},
    {"slack", "<xo|xb-{d12}-{d12}-{a24}>"},
    {"slack webhook", "https://<hooks.|slack.com/services/T{U8}/B{U8}/{a24}>"},
    {"teams", "https://<acme.webhook.|office.com/webhookb2/{x8}-{x4}@{x8}/IncomingWebhook/{x32}/{x8}>"},
    {"telegram", "https://api.telegram.org/bot<{d9}:A|A{w33}>/getMe"},
    {"twilio", "<S|K{x32}>"},
    {"twilio token", "TWILIO_AUTH_TOKEN=<{x32}>"},
    {"stripe", "<sk|_live_{a24}>"},
    {"stripe hook", "<wh|sec_{a32}>"},
    {"square", "<sq|0atp-{w22}>"},
    {"shopify", "<shp|at_{x32}>"},
    {"razorpay", "<rzp|_live_{a14}>"},
    {"braintree", "<access_|token$production${l16}${x32}>"},
    {"dynatrace", "<dt0|c01.{U24}.{U64}>"},
    {"datadog", "DD_API_KEY=<{x32}>"},
    {"new relic", "<NR|AK-{U27}>"},
    {"grafana", "<gl|sa_{a32}_{x8}>"},
    {"sentry", "<sn|trys_{a60}>"},
    {"pagerduty", "pagerduty_api_key: <u+|{w18}>"},
    {"linear", "<lin|_api_{a40}>"},
    {"notion", "<nt|n_{a46}>"},
    {"postman", "<PM|AK-{x24}-{x34}>"},
    {"doppler", "<dp.|pt.{a43}>"},
    {"airtable", "<pa|t{a14}.{x64}>"},
    {"figma", "<fi|gd_{w40}>"},
    {"jwt", "<ey|J{w20}.ey|J{w60}.{w43}>"},
    {"pem", "<-----BEGIN RSA PRI|VATE KEY-----`{b64}`{b64}`{b20}==`-----END RSA PRI|VATE KEY----->"},
    {"pem escaped",
     "\"private_key\": \"<-----BEGIN PRI|VATE KEY-----\\n{b64}\\n{b40}\\n-----END PRI|VATE KEY----->\\n\""},
    {"openssh",
     "<-----BEGIN OPENSSH PRI|VATE KEY-----`b3BlbnNzaC1r|ZXktdjEA{b50}`{b70}`-----END OPENSSH PRI|VATE "
     "KEY----->"},
    {"wireguard", "[Interface]`PrivateKey = <{b43}=>"},
    {"age", "<AGE-SEC|RET-KEY-1{U58}>"},
    {"kubeconfig", "    client-key|-data: <{b80}>"},
    {"postgres url", "postgres://app:<{p12}>@db.internal:5432/orders"},
    {"mongodb url", "mongodb+srv://root:<{a16}>@cluster0.example.net/x"},
    {"go dsn", "app:<{a14}>@tcp(10.0.0.5:3306)/orders"},
    {"ado.net", "Server=db;Database=x;User Id=sa;Pwd=<{a12}>;Encrypt=true"},
    {"bearer", "Authorization: Bearer <{w40}>"},
    {"basic", "Authorization: Basic <{a24}==>"},
    {"cookie", "Cookie: <sid={a24}; theme=dark>"},
    {"api key header", "X-Api-Key: <{a32}>"},
    {"password =", "DB_PASSWORD=<{p12}>"},
    {"password yaml", "  password: <{p14}>"},
    {"password json", "{\"user\":\"app\",\"password\":\"<{p16}>\"}"},
    {"password option", "pg_dump --password=<{a12}> -h db"},
    {"client secret", "client_secret=<{a32}>"},
    {"api key", "api_key: <{a30}>"},
    {"token json", "{\"access_token\":\"<{w40}>\",\"expires_in\":3600}"},
    {"curl user", "curl -s -u admin:<{a12}> https://x/api"},
    {"mysql option", "mysqldump -u root -p<{a12}> orders"},
    {"named value", "{\"name\":\"DB_PASSWORD\",\"value\":\"<{a14}>\"}"},
    {"named value yaml", "- name: API_TOKEN`  value: <{a20}>"},
    {"oracle", "jdbc:oracle:thin:scott/<{a12}>@db:1521:orcl"},
    {"netrc", "machine x.example login bob password <{a12}>"},
    {"shadow", "root:<$6$|{a16}${a86}>:19700:0:99999:7:::"},
    {"htpasswd", "bob:<$apr1$|{a8}${a22}>"},
    {"bcrypt", "<$2|b$12${a53}>"},
    {"sql", "CREATE USER app IDENTIFIED BY '<{a14}>'"},
};

inline std::vector<PlantedSecret> SecretMaker::all() {
  std::vector<PlantedSecret> out;
  for (const auto& [name, form] : kSecretForms) out.push_back(make(name, form));
  return out;
}

}  // namespace aiops::test
