// Secrets planted in log lines, configuration and the output of commands, plain and encoded: what gets
// through. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "security/redaction.h"
#include "security/redaction_formats.h"
#include "support/secret_maker.h"

using namespace aiops;
using test::Encoding;

namespace {

constexpr int kDraws = 4;             // of each format
constexpr double kLeastShare = 0.99;  // of the known formats, in each encoding

struct Carrier {
  const char *name, *before, *after;
};

constexpr Carrier kCarriers[] = {
    {"log line", "2026-11-22T20:35:23.101Z ERROR gateway[4711]: upstream 10.0.0.7:8080 answered 502, sent ",
     " after 31 ms\n"},
    {"access log",
     "192.0.2.9 - - [22/Nov/2026:20:35:23 +0000] \"GET /v1?x=", " HTTP/1.1\" 200 512 \"-\" \"-\"\n"},
    {"configuration", "[service]\nlisten = 0.0.0.0:8080\nworkers = 4\nvalue = ", "\nlog = /var/log/x.log\n"},
    {"command output", "$ env | sort\nHOME=/root\nLANG=C\nX=", "\nTERM=xterm\n"},
};

/// True when a half of what tells the secret still stands in `out`.
bool leaks(const std::string& out, const std::string& telling) {
  const size_t half = std::max<size_t>(telling.size() / 2, std::min<size_t>(telling.size(), 6));
  return out.find(telling.substr(0, half)) != std::string::npos ||
         out.find(telling.substr(telling.size() - half)) != std::string::npos;
}

/// What of the doubly encoded text tells the secret.
std::string twice(const test::PlantedSecret& secret, Encoding inner, Encoding outer) {
  const auto once = test::encoded(secret.text, inner);
  const auto telling = test::encodedSecret(secret, inner);
  const auto at = once.find(telling);
  return test::encodedSecret({secret.format, once, at, at + telling.size()}, outer);
}

}  // namespace

class RedactionCanaryTest : public QObject {
  Q_OBJECT

  const security::Redactor m_redactor;

 private Q_SLOTS:
  void theTableIsLongEnough() {
    QVERIFY(security::SecretFormats().size() >= 60);
    QVERIFY(std::size(test::kSecretForms) >= 50);
  }

  void knownFormatsAreCaught() {
    for (size_t e = 0; e < test::kEncodings.size(); ++e) {
      const auto how = test::kEncodings[e];
      size_t planted = 0, caught = 0;
      QStringList missed;
      for (uint32_t seed = 1; seed <= kDraws; ++seed) {
        for (const auto& secret : test::SecretMaker(seed).all()) {
          const auto telling = test::encodedSecret(secret, how);
          for (const auto& carrier : kCarriers) {
            const auto text = carrier.before + test::encoded(secret.text, how) + carrier.after;
            QVERIFY2(leaks(text, telling), secret.format.c_str());
            ++planted;
            if (!leaks(m_redactor.redact(text), telling)) {
              ++caught;
            } else {
              missed.append(QStringLiteral("%1 (%2)").arg(QString::fromStdString(secret.format),
                                                          QLatin1String(carrier.name)));
            }
          }
        }
      }
      const double share = static_cast<double>(caught) / static_cast<double>(planted);
      qInfo("%s: %zu of %zu caught, %.2f %%", test::kEncodingNames[e], caught, planted, 100 * share);
      missed.removeDuplicates();
      if (!missed.empty()) qInfo("  missed: %s", qPrintable(missed.join(QStringLiteral(", "))));
      QVERIFY2(share >= kLeastShare, test::kEncodingNames[e]);
    }
  }

  void twiceEncodedFormatsAreCaught() {
    size_t planted = 0, caught = 0;
    QStringList missed;
    for (const auto& secret : test::SecretMaker(7).all()) {
      for (const auto inner : test::kEncodings) {
        for (const auto outer : test::kEncodings) {
          const auto text = "value = " + test::encoded(test::encoded(secret.text, inner), outer) + "\n";
          const bool leaked = leaks(m_redactor.redact(text), twice(secret, inner, outer));
          ++planted;
          caught += !leaked;
          if (leaked) missed.append(QString::fromStdString(secret.format));
        }
      }
    }
    const double share = static_cast<double>(caught) / static_cast<double>(planted);
    missed.removeDuplicates();
    qInfo("twice: %zu of %zu caught, %.2f %%; missed: %s", caught, planted, 100 * share,
          qPrintable(missed.join(QStringLiteral(", "))));
    QVERIFY(share >= kLeastShare);
  }

  void ourOwnNeverPass() {
    test::SecretMaker maker(20261128);
    std::vector<std::string> own;
    for (int i = 0; i < 60; ++i)
      own.push_back(maker.drawn(i % 2 ? 'p' : 'a', 8 + static_cast<size_t>(i) % 40));
    const security::Redactor redactor(own);
    size_t planted = 0;
    for (size_t i = 0; i < own.size(); ++i) {
      // As it is, in the middle of what is encoded, and encoded twice.
      for (const std::string& before : {std::string(), std::string("user:"), std::string("{\"v\":\"")}) {
        test::PlantedSecret secret{"own", before + own[i] + (before.empty() ? "" : "\"}"), before.size(),
                                   before.size() + own[i].size()};
        for (const auto inner : test::kEncodings) {
          const auto once = test::encoded(secret.text, inner);
          for (const auto outer : test::kEncodings) {
            const auto& carrier = kCarriers[planted++ % std::size(kCarriers)];
            const auto out = redactor.redact(carrier.before + test::encoded(once, outer) + carrier.after);
            QVERIFY2(out.find("[redacted:") != std::string::npos, out.c_str());
            QVERIFY2(!leaks(out, twice(secret, inner, outer)), out.c_str());
          }
        }
      }
    }
    qInfo("%zu of %zu of our own planted, 0 leaks", planted, planted);
  }

  /// The look for literals must not hide a format.
  void theFastSearchFindsWhatTheSlowOneFinds() {
    const security::SecretFormats formats;
    const auto byPlace = [](const auto& a, const auto& b) {
      return std::tie(a.first, a.last, a.kind) < std::tie(b.first, b.last, b.kind);
    };
    for (const auto& secret : test::SecretMaker(99).all()) {
      const auto text = kCarriers[0].before + secret.text + kCarriers[0].after;
      std::vector<security::SecretSpan> fast, slow;
      size_t work = 0;
      formats.find(text, fast, work);
      formats.findSlowly(text, slow);
      std::ranges::sort(fast, byPlace);
      std::ranges::sort(slow, byPlace);
      const auto same = [](const auto& a, const auto& b) {
        return a.first == b.first && a.last == b.last && a.kind == b.kind;
      };
      QVERIFY2(std::ranges::equal(fast, slow, same), secret.format.c_str());
    }
  }
};

QTEST_GUILESS_MAIN(RedactionCanaryTest)
#include "tst_security_redaction_canary.moc"
