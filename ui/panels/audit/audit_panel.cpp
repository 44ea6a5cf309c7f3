// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/audit/audit_panel.h"

#include <QFileDialog>
#include <QKeyEvent>
#include <QPointer>
#include <QVBoxLayout>

#include "models/cell_text.h"
#include "models/display.h"
#include "models/shown_text.h"
#include "panels/audit/audit_banner.h"
#include "panels/audit/audit_filter_bar.h"
#include "widgets/card.h"
#include "widgets/data_table.h"
#include "widgets/field_list.h"
#include "widgets/key_button.h"
#include "widgets/keys.h"
#include "widgets/scroll_pane.h"

namespace aiops::ui {

using theme::Token;

namespace {

constexpr int kPollMs = 3000;

FieldList::Row fieldOf(const QString& name, const std::string& foreign, bool wide = false) {
  const ShownText shown = shownText(foreign);
  FieldList::Row row{.name = name, .value = shown.text, .wide = wide};
  for (const auto& escape : shown.escapes) row.marks.push_back({escape.first, escape.last, Token::Warn});
  if (row.value.isEmpty()) row.value = AuditPanel::tr("none");
  return row;
}

std::vector<FieldList::Row> recordOf(const model::AuditEntry& entry) {
  return {{AuditPanel::tr("Entry"), QString::number(entry.sequence)},
          fieldOf(AuditPanel::tr("Time"), base::toIso8601(entry.at)),
          fieldOf(AuditPanel::tr("Who"), entry.who),
          fieldOf(AuditPanel::tr("What"), entry.what),
          fieldOf(AuditPanel::tr("Target"), entry.target),
          fieldOf(AuditPanel::tr("Why"), entry.why),
          fieldOf(AuditPanel::tr("Result"), entry.result),
          fieldOf(AuditPanel::tr("Incident"), entry.incident),
          fieldOf(AuditPanel::tr("Hash of the entry before"), entry.previousHash, true),
          fieldOf(AuditPanel::tr("Hash, over all of the above"), entry.hash, true),
          fieldOf(AuditPanel::tr("Signature of the hash"), entry.signature, true)};
}

}  // namespace

AuditPanel::AuditPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent), m_theme(theme), m_bridge(bridge), m_model(new AuditModel(asker(), this)) {
  m_banner = new AuditBanner(theme, this);
  m_filter = new AuditFilterBar(theme, this);
  auto* cards = new QHBoxLayout;
  cards->setSpacing(theme::grid::kCardGap);
  cards->addWidget(buildTable(), 65);
  cards->addWidget(buildRecord(), 35);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(theme::grid::kPageMargin, 12, theme::grid::kPageMargin, 12);
  all->setSpacing(8);
  all->addWidget(m_banner);
  all->addWidget(m_filter);
  all->addLayout(cards, 1);
  m_poll.setInterval(kPollMs);
  connect(&m_poll, &QTimer::timeout, m_model, &AuditModel::lookForNew);
  connect(m_model, &AuditModel::progressed, this, &AuditPanel::refreshed);
  connect(m_filter, &AuditFilterBar::changed, m_model, &AuditModel::setFilter);
  connect(m_banner, &AuditBanner::verifyAsked, this, &AuditPanel::verify);
  connect(m_banner, &AuditBanner::exportAsked, this, &AuditPanel::chooseFile);
  connect(m_banner, &AuditBanner::cancelAsked, this, &AuditPanel::cancel);
  bindKeys();
}

AskAudit AuditPanel::asker() {
  return [this](service::PageRequest page,
                std::function<void(base::Result<service::Page<model::AuditEntry>>)> done) {
    m_bridge.operations().listAudit(page,
                                    m_bridge.onUiThread<service::Page<model::AuditEntry>>(std::move(done)));
  };
}

Card* AuditPanel::buildTable() {
  m_card = new Card(m_theme, tr("Entries"), this);
  m_card->setCaption(tr("newest first"));
  m_newer = new KeyButton(m_theme, KeyButton::Kind::Plain, {}, tr("Home"), m_card);
  m_newer->hide();
  m_card->head()->addWidget(m_newer);
  m_table = new DataTable(m_theme, m_model,
                          {{.width = 132},
                           {.width = 118},
                           {.width = 140},
                           {.width = 110, .stretch = true},
                           {.width = 120, .hideOrder = 2, .stretch = true},
                           {.width = 110, .hideOrder = 1}},
                          m_card);
  m_table->setAccessibleName(tr("Audit entries"));
  m_card->body()->addWidget(m_table, 1);
  m_empty = m_card->addNote();
  m_table->hide();
  connect(m_table, &DataTable::currentIdChanged, this, &AuditPanel::showRecord);
  connect(m_table, &DataTable::opened, this, &AuditPanel::openCurrent);
  connect(m_newer, &QAbstractButton::clicked, m_model, &AuditModel::reload);
  return m_card;
}

Card* AuditPanel::buildRecord() {
  auto* card = new Card(m_theme, tr("Record as signed"), this);
  m_openIncident = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Open incident"), tr("Enter"), card);
  m_openIncident->setEnabled(false);
  card->head()->addWidget(m_openIncident);
  m_record = new FieldList(m_theme, card);
  m_record->setAccessibleName(tr("Record as signed"));
  m_recordPane = new ScrollPane(m_theme, card);
  m_recordPane->setAccessibleName(tr("Record as signed"));
  m_recordPane->setPage(m_record);
  card->body()->addWidget(m_recordPane, 1);
  connect(m_openIncident, &QAbstractButton::clicked, this, &AuditPanel::openCurrent);
  return card;
}

void AuditPanel::bindKeys() {
  bindKey(this, QKeySequence(Qt::CTRL | Qt::Key_E), [this] { chooseFile(); });
  bindKey(this, QKeySequence::Find, [this] { m_filter->target()->setFocus(); });
  bindPanes(this, {m_filter, m_table, m_recordPane});
}

void AuditPanel::activate(const QString& id) {
  if (m_model->rowCount() == 0 && !m_model->isLooking()) m_model->reload();
  if (!id.isEmpty()) m_table->selectId(id);
  m_table->takeFocus();
  if (!m_verified && !m_banner->isBusy()) verify();
}

std::vector<KeyHelp> AuditPanel::keyHelp() const {
  return {{tr("/"), tr("filter by target or incident")},
          {tr("J K"), tr("next or previous entry")},
          {tr("Home"), tr("newest entry")},
          {tr("Enter"), tr("open its incident")},
          {tr("V"), tr("verify the chain")},
          {tr("Ctrl E"), tr("export what the filter shows")},
          {tr("Esc"), tr("end what runs; from the filter back to the table")}};
}

void AuditPanel::showEvent(QShowEvent*) {
  m_poll.start();
  m_model->lookForNew();
}

void AuditPanel::hideEvent(QHideEvent*) {
  m_poll.stop();
}

void AuditPanel::verify() {
  if (m_banner->isBusy()) return;
  m_banner->showVerifying(m_model->total() + m_model->newer());
  m_bridge.operations().verifyAudit(m_bridge.onUiThread<model::AuditVerification>(
      [self = QPointer(this), turn = ++m_verifyTurn](auto answer) {
        if (!self || turn != self->m_verifyTurn) return;
        self->m_verified = answer.has_value();
        self->m_banner->showVerified(answer, base::SystemClock().now());
        if (answer && !answer->whole) self->m_table->selectId(QString::number(answer->brokenAt));
      }));
}

void AuditPanel::chooseFile() {
  if (m_banner->isBusy()) return;
  const QString path = QFileDialog::getSaveFileName(
      this, tr("Export the audit"), QStringLiteral("audit.jsonl"), tr("JSON lines (*.jsonl);;All files (*)"));
  if (!path.isEmpty()) exportTo(path);
}

void AuditPanel::exportTo(const QString& path) {
  if (m_banner->isBusy()) return;
  const uint64_t newest = m_model->total() + m_model->newer();
  m_export = new AuditExport(asker(), path, m_model->filter(), newest, this);
  m_banner->showExporting(0, newest);
  connect(m_export, &AuditExport::progressed, m_banner, &AuditBanner::showExporting);
  connect(m_export, &AuditExport::ended, this, [this, path](const QString& problem, qulonglong written) {
    m_export->deleteLater();
    m_export = nullptr;
    m_banner->showExported(problem, written, cellText(path.toStdString()));
  });
  m_export->start();
}

void AuditPanel::cancel() {
  if (m_export != nullptr) return m_export->cancel();
  if (m_banner->isBusy()) {
    ++m_verifyTurn;
    return m_banner->showUnverified();
  }
  m_model->stopLooking();
}

void AuditPanel::showRecord() {
  const int row = m_table->currentIndex().row();
  const bool any = row >= 0 && row < m_model->rowCount();
  m_record->setRows(any ? recordOf(m_model->at(row)) : std::vector<FieldList::Row>());
  m_openIncident->setEnabled(any && !m_model->at(row).incident.empty());
}

void AuditPanel::openCurrent() {
  const int row = m_table->currentIndex().row();
  if (row < 0 || row >= m_model->rowCount() || m_model->at(row).incident.empty()) return;
  Q_EMIT openIncident(QString::fromStdString(m_model->at(row).incident));
}

QString AuditPanel::countWords() const {
  const QString rows = countText(m_model->rowCount());
  const QString total = countText(static_cast<qint64>(m_model->total()));
  const QString looked = countText(static_cast<qint64>(m_model->lookedThrough()));
  if (m_model->filter().isEmpty()) return tr("%1 of %2 entries").arg(rows, total);
  if (m_model->isLooking()) return tr("%1 found, looking: %2 of %3").arg(rows, looked, total);
  if (m_model->isComplete()) return tr("%1 of %2 entries match").arg(rows, total);
  return tr("%1 match in the newest %2 of %3").arg(rows, looked, total);
}

void AuditPanel::refreshed() {
  m_filter->setCount(countWords());
  m_newer->setVisible(m_model->newer() > 0);
  m_newer->setText(m_model->newer() == 1
                       ? tr("1 new entry")
                       : tr("%1 new entries").arg(countText(static_cast<qint64>(m_model->newer()))));
  m_newer->setAccessibleName(m_newer->text());
  m_newer->updateGeometry();
  const bool any = m_model->rowCount() > 0;
  m_table->setVisible(any);
  m_empty->setVisible(!any);
  if (any && !m_table->currentIndex().isValid()) m_table->selectId({});
  if (!any) showRecord();
  if (!m_model->problem().empty()) {
    m_empty->setText(tr("The audit can't be read. %1").arg(cellText(m_model->problem())));
  } else if (m_model->isLooking()) {
    m_empty->setText(tr("Reading the audit"));
  } else {
    m_empty->setText(m_model->filter().isEmpty() ? tr("No entry yet. Decisions and actions are written here.")
                                                 : tr("No entry matches this filter."));
  }
}

void AuditPanel::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_V:
      return verify();
    case Qt::Key_Slash:
      return m_filter->target()->setFocus(Qt::ShortcutFocusReason);
    case Qt::Key_Home:
      return m_model->newer() > 0 ? m_model->reload() : m_table->selectId({});
    case Qt::Key_Escape:
      if (m_table->hasFocus()) return cancel();
      return m_table->setFocus();
    default:
      return Panel::keyPressEvent(event);
  }
}

}  // namespace aiops::ui
