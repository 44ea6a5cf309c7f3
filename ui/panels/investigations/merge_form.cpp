// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/merge_form.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <tuple>

#include "models/display.h"
#include "models/shown_text.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/left_to_right.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kRows = 4;
constexpr std::chrono::minutes kNear{15};

QStringList shared(const model::Incident& one, const model::Incident& other) {
  QStringList names;
  for (const auto& service : one.services) {
    if (std::ranges::find(other.services, service) != other.services.end()) names += shownString(service, 64);
  }
  return names;
}

QString servicesText(const model::Incident& incident) {
  QStringList names;
  for (const auto& name : incident.services) names += shownString(name, 64);
  return names.join(QStringLiteral(", "));
}

}  // namespace

MergeForm::Summaries mergeTargets(const model::Incident& incident, const MergeForm::Summaries& all) {
  MergeForm::Summaries targets;
  std::ranges::copy_if(all, std::back_inserter(targets), [&](const auto& summary) {
    return summary.incident.id != incident.id && !model::isClosed(summary.incident.state);
  });
  const auto rank = [&](const service::InvestigationSummary& summary) {
    const auto both = shared(incident, summary.incident).size();
    const auto apart = std::chrono::abs(summary.incident.startedAt - incident.startedAt);
    return std::tuple(both == 0 || apart > kNear, -both, apart);
  };
  std::ranges::stable_sort(targets, {}, rank);
  return targets;
}

MergeForm::MergeForm(const theme::Theme& theme, QWidget* parent)
    : Painted(theme, parent),
      m_question(new Label(theme, FontRole::BodyStrong, Token::Text, {}, this)),
      m_note(new Label(theme, FontRole::Secondary, Token::Text2, {}, this)),
      m_finder(new QLineEdit(this)),
      m_list(new RowList(theme, std::bind_front(&MergeForm::paintRow, this), this)),
      m_back(new KeyButton(theme, KeyButton::Kind::Ghost, tr("Back"), tr("Esc"), this)),
      m_merge(new KeyButton(theme, KeyButton::Kind::Primary, tr("Merge"), tr("Enter"), this)) {
  build();
  connect(m_back, &QAbstractButton::clicked, this, &MergeForm::left);
  connect(m_merge, &QAbstractButton::clicked, this, &MergeForm::submit);
  connect(m_finder, &QLineEdit::textChanged, this, &MergeForm::refresh);
  connect(m_list, &RowList::currentIdChanged, this, [this] {
    m_refusal.clear();
    refresh();
  });
}

void MergeForm::build() {
  m_finder->setObjectName(QStringLiteral("mergeFinder"));
  m_finder->setAccessibleName(tr("Number, words or service of the other incident"));
  m_finder->setPlaceholderText(tr("Number, words or service"));
  m_finder->setMaxLength(100);
  m_finder->setFixedWidth(260);
  m_list->setAccessibleName(tr("Open incidents"));
  m_list->setFixedHeight(kRows * theme::grid::kRow);
  m_merge->setObjectName(QStringLiteral("merge"));
  for (auto* watched : std::initializer_list<QWidget*>{m_finder, m_list}) watched->installEventFilter(this);
  m_note->setElided(true);
  auto* head = new QHBoxLayout;
  head->setSpacing(12);
  head->addWidget(m_question, 1);
  head->addWidget(m_finder);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  foot->addWidget(m_note, 1);
  foot->addWidget(m_back);
  foot->addWidget(m_merge);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 10, 12, 10);
  all->setSpacing(8);
  all->addLayout(head);
  all->addWidget(m_list);
  all->addLayout(foot);
}

void MergeForm::begin(const model::Incident& incident, const Summaries& all) {
  m_incident = incident;
  m_refusal.clear();
  m_sending = false;
  m_question->setText(tr("Merge %1 into which incident?").arg(incidentName(incident.number)));
  m_finder->clear();
  setIncidents(all);
  if (!m_open.empty()) m_list->selectId(QString::fromStdString(m_open.front().incident.id.str()));
  m_finder->setFocus();
}

void MergeForm::setIncidents(const Summaries& all) {
  m_open = mergeTargets(m_incident, all);
  refresh();
}

void MergeForm::setSending(bool sending) {
  m_sending = sending;
  refresh();
}

void MergeForm::refuse(const QString& why) {
  m_refusal = why;
  setSending(false);
}

QString MergeForm::relation(const model::Incident& other) const {
  const QStringList both = shared(m_incident, other);
  const auto apart = other.startedAt - m_incident.startedAt;
  const QString began = apart < base::Duration::zero() ? tr("began %1 earlier").arg(spanText(-apart))
                                                       : tr("began %1 later").arg(spanText(apart));
  return both.isEmpty() ? began : tr("shares %1, %2").arg(both.join(QStringLiteral(", ")), began);
}

void MergeForm::refresh() {
  const QString wanted = m_finder->text().trimmed();
  std::vector<RowInfo> rows;
  m_shown.clear();
  for (size_t i = 0; i < m_open.size(); ++i) {
    const auto& incident = m_open[i].incident;
    const QString words = QStringLiteral("%1, %2, %3, %4")
                              .arg(incidentName(incident.number), shownString(incident.title, 512),
                                   servicesText(incident), relation(incident));
    if (!words.contains(wanted, Qt::CaseInsensitive)) continue;
    m_shown.push_back(i);
    rows.push_back({QString::fromStdString(incident.id.str()), words, theme::grid::kRow});
  }
  const QSignalBlocker quiet(m_list);  // what is left to choose from is said below anyway
  m_list->setRows(std::move(rows));
  m_list->viewport()->update();
  const QString note = m_open.empty()    ? tr("No other incident is open.")
                       : m_shown.empty() ? tr("No open incident is like \"%1\".").arg(wanted)
                                         : tr("All of it moves there; this one ends and counts for nothing.");
  m_note->setText(m_refusal.isEmpty() ? note : m_refusal);
  m_note->setToken(m_refusal.isEmpty() ? Token::Text2 : Token::Crit);
  m_merge->setEnabled(!m_shown.empty() && !m_sending);
  m_merge->setToolTip(m_shown.empty() ? note : QString());
}

void MergeForm::submit() {
  if (!m_merge->isEnabled() || m_list->currentId().isEmpty()) return;
  Q_EMIT chosen(m_list->currentId().toStdString());
}

bool MergeForm::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return Painted::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key == Qt::Key_Escape) return Q_EMIT left(), true;
  if (key == Qt::Key_Return || key == Qt::Key_Enter) return submit(), true;
  if (watched == m_finder && key == Qt::Key_Down) return m_list->step(1), true;
  if (watched == m_finder && key == Qt::Key_Up) return m_list->step(-1), true;
  return Painted::eventFilter(watched, event);
}

void MergeForm::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(Token::Panel), color(Token::Accent), theme::grid::kRadiusCard);
}

void MergeForm::paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const {
  const auto& incident = m_open[m_shown[static_cast<size_t>(row)]].incident;
  painter.setRenderHint(QPainter::Antialiasing);
  if (state.current || state.hovered) {
    paintBox(painter, box, this->color(state.current ? Token::Selected : Token::Hover), Qt::transparent,
             theme::grid::kRadiusControl);
  }
  if (state.current && state.focused) paintFocus(painter, box, theme(), theme::grid::kRadiusControl);
  const QRectF line = QRectF(box).adjusted(8, 0, -8, 0);
  paintSeverity(painter, QRectF(line.left(), line.top(), 16, line.height()), incident.severity, theme());
  const auto cell = [&](double from, double to) {
    return QRectF(line.left() + from, line.top(), to - from - 12, line.height());
  };
  const double width = line.width(), title = 104, services = width * 0.46, when = width * 0.68;
  paintText(painter, cell(24, title), incidentName(incident.number), theme(), FontRole::Mono, Token::Text2);
  paintText(painter, cell(title, services), forcedLeftToRight(shownString(incident.title, 512)), theme(),
            FontRole::BodyStrong, Token::Text);
  paintText(painter, cell(services, when), forcedLeftToRight(servicesText(incident)), theme(),
            FontRole::Secondary, Token::Text2);
  paintText(painter, cell(when, width + 12), forcedLeftToRight(relation(incident)), theme(),
            FontRole::Secondary, Token::Text2, Qt::AlignRight);
}

}  // namespace aiops::ui
