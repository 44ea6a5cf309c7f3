// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/reasons.h"

#include <QCoreApplication>
#include <algorithm>

#include "widgets/text.h"

namespace aiops::ui {

using theme::Token;

namespace {

constexpr size_t kMostCitations = 3;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Reasons)
};

ReasonSection why(const model::FixProposal& fix, const service::Investigation* incident) {
  ReasonSection section{Words::tr("Why"), safeLine(fix.why), {}};
  if (fix.whyConfidence > 0)
    section.lead +=
        QStringLiteral(", ") + percentText(fix.whyConfidence).replace(QLatin1Char(' '), QChar(QChar::Nbsp));
  if (incident == nullptr || incident->diagnosis.hypotheses.empty()) return section;
  const auto& best = incident->diagnosis.hypotheses.front();
  for (const auto& citation : best.evidenceFor) {
    if (section.lines.size() >= kMostCitations) break;
    const bool verified = citation.verified;
    section.lines.push_back({verified ? QStringLiteral("check") : QStringLiteral("question"),
                             verified ? Token::Ok : Token::Warn,
                             verified ? safeLine(citation.reason)
                                      : Words::tr("%1 (not verified)").arg(safeLine(citation.reason))});
  }
  if (!best.evidenceFor.empty()) {
    const auto& evidence = best.evidenceFor.front().evidence;
    ReasonLine link{QStringLiteral("link"), Token::Accent,
                    QStringLiteral("%1:%2").arg(baseName(evidence.source)).arg(evidence.position.line), true};
    link.linkSource = QString::fromStdString(evidence.source);
    link.linkLine = evidence.position.line;
    section.lines.push_back(std::move(link));
  }
  return section;
}

ReasonSection risk(const model::FixProposal& fix) {
  ReasonSection section{Words::tr("Risk"), {}, {}};
  for (const auto& reason : fix.plan.riskReasons) {
    section.lines.push_back({reason.raises ? QStringLiteral("plus") : QStringLiteral("dash"),
                             reason.raises ? Token::Crit : Token::Ok, safeLine(reason.text)});
  }
  if (section.lines.empty())
    section.lines.push_back({QStringLiteral("question"), Token::Warn, Words::tr("no reason given")});
  return section;
}

ReasonSection reaches(const model::FixProposal& fix) {
  ReasonSection section{Words::tr("Reaches"), {}, {}};
  for (const auto& what : fix.reaches)
    section.lines.push_back({QStringLiteral("server"), Token::Text2, safeLine(what)});
  return section;
}

ReasonLine checkLine(const model::CheckProgress& check) {
  const QString text =
      Words::tr("%1: %2 of %3").arg(safeLine(check.title)).arg(check.passed).arg(check.needed);
  if (check.failed) {
    const QString detail = check.detail.empty() ? QString() : QStringLiteral(", ") + safeLine(check.detail);
    return {QStringLiteral("cross"), Token::Crit, text + detail};
  }
  const bool done = check.needed > 0 && check.passed >= check.needed;
  return {done ? QStringLiteral("check") : QStringLiteral("clock"), done ? Token::Ok : Token::Info, text};
}

ReasonSection checks(const model::FixProposal& fix) {
  ReasonSection section{Words::tr("Checks"), {}, {}};
  if (!fix.execution.checks.empty()) {
    for (const auto& check : fix.execution.checks) section.lines.push_back(checkLine(check));
    return section;
  }
  for (const auto& check : fix.plan.validators) {
    const QString times = check.probes > 1 ? Words::tr(", %1 times").arg(check.probes) : QString();
    section.lines.push_back({QStringLiteral("clock"), Token::Text2, safeLine(check.title) + times});
  }
  if (section.lines.empty())
    section.lines.push_back(
        {QStringLiteral("question"), Token::Warn, Words::tr("none: success can't be proved")});
  return section;
}

ReasonSection history(const model::FixProposal& fix, const std::vector<model::Trust>& trust) {
  ReasonSection section{Words::tr("History"), {}, {}};
  if (!fix.history.empty())
    section.lines.push_back({QStringLiteral("history"), Token::Text2, safeLine(fix.history)});
  const auto known = std::find_if(trust.begin(), trust.end(), [&](const auto& entry) {
    return entry.playbookId == fix.plan.playbookId && entry.context.starts_with(fix.plan.target + "/");
  });
  if (known != trust.end() && known->tried > 0) {
    QString text =
        Words::tr("Likely success %1 to %2").arg(percentText(known->low), percentText(known->high));
    if (known->tried < 5) text += Words::tr(": few cases yet");
    section.lines.push_back({QStringLiteral("history"), Token::Text2, text});
  }
  if (section.lines.empty())
    section.lines.push_back({QStringLiteral("history"), Token::Text2, Words::tr("Never run here")});
  return section;
}

ReasonSection unsure(const model::FixProposal& fix) {
  ReasonSection section{Words::tr("Unsure"), {}, {}};
  for (const auto& what : fix.unsure)
    section.lines.push_back({QStringLiteral("question"), Token::Warn, safeLine(what)});
  if (section.lines.empty())
    section.lines.push_back({QStringLiteral("check"), Token::Text3, Words::tr("Nothing known to be open")});
  return section;
}

}  // namespace

std::vector<ReasonSection> reasonsFor(const model::FixProposal& fix, const service::Investigation* incident,
                                      const std::vector<model::Trust>& trust) {
  std::vector<ReasonSection> sections{why(fix, incident), risk(fix),           reaches(fix),
                                      checks(fix),        history(fix, trust), unsure(fix)};
  std::erase_if(sections,
                [](const auto& section) { return section.lead.isEmpty() && section.lines.empty(); });
  return sections;
}

}  // namespace aiops::ui
