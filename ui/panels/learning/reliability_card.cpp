// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/learning/reliability_card.h"

#include "charts/reliability_chart.h"
#include "models/display.h"
#include "models/learning_data.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

ReliabilityCard::ReliabilityCard(const theme::Theme& theme, QWidget* parent)
    : Card(theme, tr("Can confidence be trusted?"), parent),
      m_chart(new ReliabilityChart(theme, this)),
      m_axis(new Label(theme, FontRole::Caption, Token::Text3, tr("told, %; upwards: right, %"), this)),
      m_verdict(new Label(theme, FontRole::BodyStrong, Token::Text, {}, this)),
      m_meaning(new Label(theme, FontRole::Caption, Token::Text2, {}, this)) {
  m_axis->setAlignment(Qt::AlignHCenter);
  for (auto* label : {m_verdict, m_meaning}) label->setElided(true);
  body()->addWidget(m_chart, 1);
  body()->addWidget(m_axis);
  body()->addWidget(m_verdict);
  body()->addWidget(m_meaning);
  m_few = addNote();
  connect(m_chart, &ReliabilityChart::pointed, this, &ReliabilityCard::point);
  setReport({});
}

void ReliabilityCard::setReport(const model::CalibrationReport& report) {
  m_report = report;
  const bool enough = report.cases >= static_cast<uint32_t>(kLeastCases);
  for (QWidget* part : {static_cast<QWidget*>(m_chart), static_cast<QWidget*>(m_axis),
                        static_cast<QWidget*>(m_verdict), static_cast<QWidget*>(m_meaning)})
    part->setVisible(enough);
  m_few->setVisible(!enough);
  m_few->setText(tr("%1 of %2 cases so far").arg(report.cases).arg(kLeastCases));
  setTrailing(enough ? tr("T") : QString());
  m_all = enough ? tr("%1 of %2 right").arg(countText(report.right), countText(report.cases)) : QString();
  setCaption(m_all);
  if (!enough) return;
  std::vector<ReliabilityPoint> points;
  for (const auto& bin : report.bins) points.push_back({bin.told, bin.right, bin.low, bin.high, bin.cases});
  m_chart->setPoints(std::move(points));
  m_verdict->setText(calibrationText(report));
  m_meaning->setText(calibrationMeaning(report));
  m_chart->setAccessibleName(tr("Told against right, %1. T shows the table.").arg(m_verdict->text()));
}

void ReliabilityCard::point(int bin) {
  const auto at = static_cast<size_t>(bin);
  setCaption(bin < 0 || at >= m_report.bins.size() ? m_all : binText(m_report.bins[at]));
}

}  // namespace aiops::ui
