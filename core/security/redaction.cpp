// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/redaction.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/bytes.h"
#include "base/mutex.h"

namespace aiops::security {
namespace {

struct Format {
  const char* kind;
  const char* pattern;  ///< the first group that took part is the secret; without groups the whole match
};

// One row a format. Words that also occur in ordinary log text ask for more (a digit, a length, a quote).
constexpr Format kFormats[] = {
    {"private-key",
     R"((?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z))"},
    {"aiops-key", R"(aiops_[0-9a-f]{8}_[0-9A-Za-z]{20,}(?:_[0-9a-f]{1,8})?)"},
    {"authorization",
     R"re((?i)\bauthorization\\?["']?\s*[:=]\s*\\?["']?(?:basic|bearer|token|digest|negotiate|apikey|aws4-hmac-sha256)\s+([^\s"',;\\]+))re"},
    {"bearer", R"((?i)\bbearer\s+([a-z._~+/-]*[0-9][a-z0-9._~+/=-]{6,}|[a-z0-9._~+/=-]{20,}))"},
    {"basic", R"((?i)\bbasic\s+([a-z0-9+/]{12,}={1,2}))"},
    {"aws-key-id", R"(\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b)"},
    {"aws-secret", R"re((?i)aws.{0,20}(?:secret|key).{0,20}[=:]\s*["']?([a-z0-9/+]{40})(?:[^a-z0-9/+]|$))re"},
    {"github-token", R"(\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}))"},
    {"gitlab-token", R"(\bgl(?:pat|ptt|dt|rt|cbt|oas|ft|soat|agent|imt)-[A-Za-z0-9_-]{20,})"},
    {"slack-token", R"(\b(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,})"},
    {"slack-webhook", R"(hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]+)"},
    {"stripe-key", R"(\b(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{16,}))"},
    {"google-key", R"(\bAIza[0-9A-Za-z_-]{35}|\bya29\.[0-9A-Za-z_-]{20,}|\bGOCSPX-[0-9A-Za-z_-]{20,})"},
    {"model-key", R"(\bsk-(?:[a-z0-9]{2,12}-)?[A-Za-z0-9_-]{20,})"},
    {"npm-token", R"(\bnpm_[A-Za-z0-9]{36})"},
    {"pypi-token", R"(\bpypi-[A-Za-z0-9_-]{50,})"},
    {"sendgrid-key", R"(\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})"},
    {"twilio-key", R"(\bSK[0-9a-f]{32}\b)"},
    {"vault-token", R"(\bhv[sbr]\.[A-Za-z0-9_-]{20,})"},
    {"cloud-token",
     R"(\b(?:do[opr]_v1_[a-f0-9]{64}|dckr_pat_[A-Za-z0-9_-]{20,}|dapi[0-9a-f]{32}|sntrys_[A-Za-z0-9_=/+]{20,}|glsa_[A-Za-z0-9_]{30,}))"},
    {"telegram-token", R"(\b[0-9]{8,10}:AA[A-Za-z0-9_-]{32,})"},
    {"age-key", R"(AGE-SECRET-KEY-1[0-9A-Z]{50,})"},
    {"jwt", R"(\bey[A-Za-z0-9_-]{8,}\.ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)"},
    {"url-password", R"([A-Za-z][A-Za-z0-9+.-]*://[^\s/@:?#"']*:([^\s/"']+)@)"},
    {"url-parameter",
     R"re((?i)[?&;](?:access_token|refresh_token|id_token|token|sig|signature|key|api_?key|code|auth|password|secret|x-amz-signature|x-amz-security-token)=([^&\s"'#]+))re"},
    {"password",
     R"re((?i)(?:password|passwd|passphrase|(?:\b|_)pass|(?:\b|_)pwd)\\?["']?\s*(?:=>|:=|=|:)\s*(?:\\?"([^"\\]+)|'([^']+)|([^\s,;&"'\\)}\]]+)))re"},
    {"secret-value",
     R"re((?i)(?:secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|credentials?)\\?["']?\s*(?:=>|:=|=|:)\s*(?:\\?"([^"\\]{6,})|'([^']{6,})|([a-z._~+/-]*[0-9][a-z0-9._~+/=-]{5,}|[a-z._~+/-]{6,}[0-9][a-z0-9._~+/=-]*)))re"},
    {"secret-value",
     R"re((?i)(?:secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|credentials?)=([^\s,;&"'\\)}\]]{4,}))re"},
    {"option",
     R"re((?i)(?:^|\s)--?(?:password|passwd|pass|token|secret|api-?key|access-?key|auth-?token)[ =]["']?([^\s"'-][^\s"']*))re"},
    {"header-key", R"re((?i)\bx-[a-z-]*(?:key|token|secret)\\?["']?\s*[:=]\s*\\?["']?([^\s"',;\\]+))re"},
    {"cookie", R"re((?i)\b(?:set-)?cookie\\?["']?\s*[:=]\s*\\?["']?([^\s"'\\=;]+=[^"'\\\r\n]+))re"},
    {"session", R"((?i)\b(?:session_?id|phpsessid|jsessionid|asp\.net_sessionid|sid)=([a-z0-9._%-]{8,}))"},
    {"storage-key", R"((?i)\b(?:account|sharedaccess)key=([a-z0-9+/=]{20,}))"},
    {"password-hash", R"(\$(?:1|2[abxy]?|5|6|7|y|gy|argon2(?:i|d|id)|scrypt)\$[./A-Za-z0-9$,=+-]{16,})"},
};

constexpr size_t kMostGroups = 3;
constexpr size_t kShortestSecret = 4, kShortestEncoded = 8;
constexpr std::string_view kMark = "[redacted:";

struct Span {
  size_t first, last;
  std::string_view kind;
};

std::string urlEncoded(const std::string& secret, const char* digits) {
  std::string out;
  for (const unsigned char c : secret) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += static_cast<char>(c);
    } else {
      out += {'%', digits[c >> 4], digits[c & 15]};
    }
  }
  return out;
}

std::string jsonEscaped(const std::string& secret) {
  std::string out;
  for (const char c : secret) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// The base64 digits that depend on `secret` alone, for each of the three places it can have in a longer text
/// ("user:" before it, a line feed behind it).
std::vector<std::string> base64Cores(const std::string& secret) {
  std::vector<std::string> out;
  for (size_t before = 0; before < 3; ++before) {
    const std::string text = base::toBase64(std::string(before, 'x') + secret);
    const size_t first = (before * 8 + 5) / 6, last = (before + secret.size()) * 8 / 6;
    std::string core = text.substr(first, last - first);
    std::string forUrls = core;
    std::ranges::replace(forUrls, '+', '-');
    std::ranges::replace(forUrls, '/', '_');
    if (core.size() < kShortestEncoded) continue;
    out.push_back(std::move(core));
    out.push_back(std::move(forUrls));
  }
  return out;
}

/// Every spelling of one of our own secrets.
std::vector<std::string> spellings(const std::string& secret) {
  std::set<std::string> all{secret, urlEncoded(secret, "0123456789ABCDEF"),
                            urlEncoded(secret, "0123456789abcdef"), jsonEscaped(secret)};
  for (auto& core : base64Cores(secret)) all.insert(std::move(core));
  return {all.begin(), all.end()};
}

}  // namespace

struct Redactor::Impl {
  using Spellings = std::vector<std::string>;
  mutable base::Mutex mutex;
  std::shared_ptr<const Spellings> own AIOPS_GUARDED_BY(mutex) = std::make_shared<Spellings>();
  std::vector<std::unique_ptr<RE2>> formats;
  std::unique_ptr<RE2::Set> any;  ///< which formats occur at all: most lines hold none

  void add(const std::string& secret) {
    if (secret.size() < kShortestSecret) return;
    base::MutexLock lock(mutex);
    auto more = std::make_shared<Spellings>(*own);
    for (auto& spelling : spellings(secret)) {
      if (std::ranges::find(*more, spelling) == more->end()) more->push_back(std::move(spelling));
    }
    own = std::move(more);
  }

  std::shared_ptr<const Spellings> ownNow() const {
    base::MutexLock lock(mutex);
    return own;
  }

  void findOwn(std::string_view text, std::vector<Span>& spans) const {
    const auto known = ownNow();
    for (const auto& secret : *known) {
      for (size_t at = text.find(secret); at != std::string_view::npos; at = text.find(secret, at + 1)) {
        spans.push_back({at, at + secret.size(), "secret"});
      }
    }
  }

  void findFormat(size_t index, std::string_view text, std::vector<Span>& spans) const {
    const re2::StringPiece piece(text.data(), text.size());
    re2::StringPiece groups[1 + kMostGroups];
    const int count = 1 + formats[index]->NumberOfCapturingGroups();
    for (size_t from = 0; from < text.size();) {
      if (!formats[index]->Match(piece, from, text.size(), RE2::UNANCHORED, groups, count)) return;
      const auto* taken = groups;
      for (int i = count - 1; i > 0; --i) {
        if (groups[i].data() != nullptr) taken = &groups[i];
      }
      const auto first = static_cast<size_t>(taken->data() - text.data());
      const size_t last = first + taken->size();
      const bool already = text.substr(first).starts_with(kMark);
      if (!already && last > first) spans.push_back({first, last, kFormats[index].kind});
      from = std::max(last, from + 1);
    }
  }
};

Redactor::Redactor(std::vector<std::string> ownSecrets) : m_impl(std::make_unique<Impl>()) {
  for (const auto& secret : ownSecrets) m_impl->add(secret);
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);  // any bytes
  options.set_max_mem(32 << 20);
  m_impl->any = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
  for (const auto& format : kFormats) {
    m_impl->formats.push_back(std::make_unique<RE2>(format.pattern, options));
    std::string error;
    if (!m_impl->formats.back()->ok() || m_impl->any->Add(format.pattern, &error) < 0 ||
        m_impl->formats.back()->NumberOfCapturingGroups() > static_cast<int>(kMostGroups)) {
      throw std::logic_error(std::string("bad redaction pattern: ") + format.kind);
    }
  }
  if (!m_impl->any->Compile()) throw std::logic_error("redaction patterns don't compile together");
}

void Redactor::addOwnSecret(const std::string& secret) {
  m_impl->add(secret);
}

Redactor::~Redactor() = default;
Redactor::Redactor(Redactor&&) noexcept = default;
Redactor& Redactor::operator=(Redactor&&) noexcept = default;

std::string Redactor::redact(std::string_view text) const {
  std::vector<Span> spans;
  m_impl->findOwn(text, spans);
  std::vector<int> hits;
  RE2::Set::ErrorInfo trouble{};
  const bool any = m_impl->any->Match({text.data(), text.size()}, &hits, &trouble);
  const bool unknown = !any && trouble.kind != RE2::Set::kNoError;  // out of its memory: try them all
  for (size_t i = 0; i < m_impl->formats.size(); ++i) {
    if (unknown || std::ranges::find(hits, static_cast<int>(i)) != hits.end())
      m_impl->findFormat(i, text, spans);
  }
  if (spans.empty()) return std::string(text);
  std::ranges::stable_sort(spans, {}, &Span::first);
  std::string out;
  size_t done = 0;
  for (size_t i = 0; i < spans.size();) {
    Span joined = spans[i];
    for (++i; i < spans.size() && spans[i].first < joined.last; ++i)
      joined.last = std::max(joined.last, spans[i].last);
    out += text.substr(done, joined.first - done);
    out += std::string(kMark) + std::string(joined.kind) + "]";
    done = joined.last;
  }
  return out += text.substr(done);
}

}  // namespace aiops::security
