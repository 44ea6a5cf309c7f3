// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/logs/filter_bar.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QTimer>
#include <algorithm>

#include "models/display.h"
#include "models/shown_text.h"
#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using model::Severity;
using theme::Token;

constexpr int kTypingPause = 80;

}  // namespace

ExpressionField::ExpressionField(const theme::Theme& theme, QWidget* parent)
    : QLineEdit(parent), m_theme(theme) {
  setFont(theme.font(theme::FontRole::Mono));
  setClearButtonEnabled(false);
}

void ExpressionField::setProblem(const QString& problem) {
  m_problem = problem;
  const auto width =
      problem.isEmpty() ? 0 : static_cast<int>(textWidth(problem, m_theme, theme::FontRole::Secondary)) + 12;
  setTextMargins(0, 0, width, 0);
  setAccessibleDescription(problem);
  update();
}

void ExpressionField::paintEvent(QPaintEvent* event) {
  QLineEdit::paintEvent(event);
  if (m_problem.isEmpty()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(m_theme.color(Token::Crit), 2));
  painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), theme::grid::kRadiusControl,
                          theme::grid::kRadiusControl);
  paintText(painter, QRectF(rect()).adjusted(0, 0, -10, 0), m_problem, m_theme, theme::FontRole::Secondary,
            Token::Crit, Qt::AlignRight);
}

FilterBar::FilterBar(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_service(new PickBox(theme, this)),
      m_mode(new PickBox(theme, this)),
      m_expression(new ExpressionField(theme, this)),
      m_regex(new Segment(theme, QStringLiteral(".*"), Segment::Place::Alone, this)),
      m_case(new Segment(theme, QStringLiteral("Aa"), Segment::Place::Alone, this)),
      m_levels(new QButtonGroup(this)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 9, 12, 9);
  row->setSpacing(8);
  m_service->addItem(tr("No services"));
  m_mode->addItem(tr("Highlight"), static_cast<int>(LogModel::Mode::Highlight));
  m_mode->addItem(tr("Filter"), static_cast<int>(LogModel::Mode::Filter));
  row->addWidget(m_service);
  row->addWidget(m_mode);
  row->addWidget(m_expression, 1);
  row->addWidget(m_regex);
  row->addWidget(m_case);
  buildLevels(row);
  nameControls();
  setFocusProxy(m_expression);
  auto* typing = new QTimer(this);
  typing->setSingleShot(true);
  typing->setInterval(kTypingPause);
  connect(m_expression, &QLineEdit::textChanged, typing, qOverload<>(&QTimer::start));
  connect(m_expression, &QLineEdit::returnPressed, this, &FilterBar::accepted);
  connect(typing, &QTimer::timeout, this, &FilterBar::changed);
  connect(m_service, &QComboBox::activated, this, &FilterBar::changed);
  connect(m_mode, &QComboBox::activated, this, &FilterBar::changed);
  connect(m_regex, &Segment::toggled, this, &FilterBar::changed);
  connect(m_case, &Segment::toggled, this, &FilterBar::changed);
  connect(m_levels, &QButtonGroup::idToggled, this, [this](int, bool on) {
    if (on) Q_EMIT changed();
  });
}

void FilterBar::buildLevels(QHBoxLayout* row) {
  auto* group = new QHBoxLayout;
  group->setSpacing(0);
  const auto add = [&](const QString& text, Severity least, Segment::Place place) {
    auto* segment = new Segment(m_theme, text, place, this);
    segment->setAccessibleName(tr("Show %1 and above").arg(text));
    m_levels->addButton(segment, static_cast<int>(least));
    group->addWidget(segment);
  };
  add(tr("All"), Severity::Debug, Segment::Place::First);
  add(tr("Info"), Severity::Info, Segment::Place::Middle);
  add(tr("Warning"), Severity::Warning, Segment::Place::Middle);
  add(tr("Error"), Severity::Error, Segment::Place::Last);
  m_levels->button(static_cast<int>(Severity::Debug))->setAccessibleName(tr("Show all levels"));
  m_levels->button(static_cast<int>(Severity::Debug))->setChecked(true);
  row->addLayout(group);
}

void FilterBar::nameControls() {
  m_service->setAccessibleName(tr("Service"));
  m_mode->setAccessibleName(tr("Highlight or filter"));
  m_mode->setToolTip(tr("Highlight keeps all lines; Filter hides lines that do not match"));
  m_expression->setAccessibleName(tr("Expression"));
  m_expression->setPlaceholderText(tr("Find in messages   /"));
  m_regex->setAccessibleName(tr("Regular expression"));
  m_regex->setToolTip(tr("Regular expression (RE2)"));
  m_case->setAccessibleName(tr("Match case"));
  m_case->setToolTip(tr("Match upper and lower case as typed"));
}

LogModel::Restrictions FilterBar::restrictions() const {
  LogModel::Restrictions result;
  if (m_service->currentIndex() > 0)
    result.service = m_services[static_cast<size_t>(m_service->currentIndex()) - 1];
  result.least = static_cast<Severity>(m_levels->checkedId());
  result.expression = m_expression->text();
  result.regex = m_regex->isChecked();
  result.caseSensitive = m_case->isChecked();
  result.mode = static_cast<LogModel::Mode>(m_mode->currentData().toInt());
  return result;
}

void FilterBar::setServices(const std::vector<std::string>& services) {
  // Services only ever join at the end, so indexes stay.
  for (size_t i = m_services.size(); i < services.size(); ++i)
    m_service->addItem(shownString(services[i], 64));
  if (services.size() == m_services.size()) return;
  m_services = services;
  m_service->setItemText(0, services.size() == 1 ? tr("1 service") : tr("%1 services").arg(services.size()));
}

void FilterBar::setProblem(const std::optional<LogFilter::Problem>& problem) {
  m_expression->setProblem(problem ? tr("%1 at %2").arg(problem->what).arg(problem->position) : QString());
}

void FilterBar::clearExpression() {
  m_expression->clear();
}

bool FilterBar::chooseService(const std::string& service) {
  const auto found = std::find(m_services.begin(), m_services.end(), service);
  if (found == m_services.end()) return false;
  m_service->setCurrentIndex(static_cast<int>(found - m_services.begin()) + 1);
  Q_EMIT changed();
  return true;
}

void FilterBar::clearAll() {
  {
    const QSignalBlocker quiet(this);
    m_expression->clear();
    m_service->setCurrentIndex(0);
    m_levels->button(static_cast<int>(Severity::Debug))->setChecked(true);
  }
  Q_EMIT changed();
}

}  // namespace aiops::ui
