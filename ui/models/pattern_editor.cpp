// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pattern_editor.h"

#include <QPointer>
#include <algorithm>

#include "models/pattern_retype.h"

namespace aiops::ui {
namespace {

constexpr int kPreviewAfterMs = 150, kUndoMs = 10'000;

std::string newDocument(const std::vector<model::PatternInfo>& known, const std::string& sample) {
  const auto taken = [&known](const std::string& id) {
    return std::any_of(known.begin(), known.end(), [&id](const auto& info) { return info.id == id; });
  };
  std::string id = "new-pattern";
  for (int number = 2; taken(id); ++number) id = "new-pattern-" + std::to_string(number);
  const PatternText plain("id: " + id +
                          "\nname: New pattern\ntype: regex\nseverity: warning\nsignal: custom\n");
  if (sample.empty()) return plain.text();
  // The sample as one quoted scalar: with() knows how.
  const std::string line = PatternText(std::string()).with("x", sample).text();
  return plain.text() + "samples:\n  match:\n    - " + line.substr(3);
}

}  // namespace

PatternEditor::PatternEditor(EngineBridge& bridge, QObject* parent) : QObject(parent), m_bridge(bridge) {
  m_previewDue.setSingleShot(true);
  m_previewDue.setInterval(kPreviewAfterMs);
  m_undoEnds.setSingleShot(true);
  m_undoEnds.setInterval(kUndoMs);
  connect(&m_previewDue, &QTimer::timeout, this, &PatternEditor::askPreview);
  connect(&m_undoEnds, &QTimer::timeout, this, [this] {
    m_undo.reset();
    Q_EMIT undoChanged();
  });
}

const model::PatternInfo* PatternEditor::info(const std::string& id) const {
  const auto found =
      std::find_if(m_patterns.begin(), m_patterns.end(), [&id](const auto& row) { return row.id == id; });
  return found == m_patterns.end() ? nullptr : &*found;
}

bool PatternEditor::isChanged() const {
  return m_isNew || (m_detail && m_document.text() != m_detail->text);
}

void PatternEditor::askTypes() {
  using Types = std::vector<model::PatternType>;
  m_bridge.operations().patterns().patternTypes(
      m_bridge.onUiThread<Types>([self = QPointer(this)](base::Result<Types> result) {
        if (!self || !result) return;  // it is asked again with the list
        self->m_types = *std::move(result);
        Q_EMIT self->listChanged();
      }));
}

void PatternEditor::refresh() {
  if (m_types.empty()) askTypes();
  using List = std::vector<model::PatternInfo>;
  m_bridge.operations().patterns().listPatterns(
      m_bridge.onUiThread<List>([self = QPointer(this)](base::Result<List> result) {
        if (!self) return;
        self->m_listProblem = result ? std::string() : result.error().line();
        if (result) {
          self->m_patterns = *std::move(result);
          self->m_listed = true;
        }
        Q_EMIT self->listChanged();
      }));
}

void PatternEditor::fail(const base::Error& error) {
  m_actionProblem = error.line();
  Q_EMIT listChanged();
}

void PatternEditor::forget() {
  m_detail.reset();
  m_preview.reset();
  m_previewProblem.clear();
  m_actionProblem.clear();
  m_asType.clear();
  m_isNew = m_loading = false;
}

void PatternEditor::open(const std::string& id) {
  if (id == m_id && !m_isNew && (isOpen() || m_loading)) return;
  m_id = id;
  forget();
  m_loading = true;
  show(PatternText(), Side::Engine);
  m_bridge.operations().patterns().pattern(
      id, m_bridge.onUiThread<model::PatternDetail>([self = QPointer(this), id](auto result) {
        if (!self || self->m_id != id || self->m_isNew) return;
        self->m_loading = false;
        if (!result) return self->fail(result.error());
        self->take(*std::move(result));
      }));
}

void PatternEditor::take(model::PatternDetail detail) {
  m_detail = std::move(detail);
  const auto draft = m_drafts.find(m_id);
  show(PatternText(draft == m_drafts.end() ? m_detail->text : draft->second), Side::Engine);
}

void PatternEditor::createNew(const std::string& sample) {
  m_id.clear();
  forget();
  m_isNew = true;
  const auto draft = m_drafts.find(m_id);
  const bool kept = draft != m_drafts.end() && sample.empty();
  show(PatternText(kept ? draft->second : newDocument(m_patterns, sample)), Side::Engine);
}

void PatternEditor::show(PatternText document, Side side) {
  m_document = std::move(document);
  ++m_generation;
  m_previewDue.stop();
  if (isOpen()) m_previewDue.start();
  Q_EMIT documentChanged(side);
}

void PatternEditor::edit(PatternText document, Side side) {
  if (!isOpen() || document.text() == m_document.text()) return;
  m_actionProblem.clear();
  if (m_isNew || document.text() != savedText()) {
    m_drafts[m_id] = document.text();
  } else {
    m_drafts.erase(m_id);
  }
  show(std::move(document), side);
  Q_EMIT listChanged();
}

void PatternEditor::setType(const std::string& type) {
  const auto* known = typeNamed(m_types, type);
  const auto& named = m_document.value("type");
  const std::string old = named.empty() ? "regex" : named;
  if (!isOpen() || !known || type == old) return;
  m_asType[old] = m_document;
  const auto before = m_asType.find(type);
  auto expression = m_document.node({"match"});
  for (const auto& [name, document] : m_asType) {
    if (expression.isNone()) expression = document.node({"match"});
  }
  edit(retyped(m_document, *known, expression, before == m_asType.end() ? nullptr : &before->second),
       Side::Form);
}

void PatternEditor::discard() {
  m_drafts.erase(m_id);
  m_actionProblem.clear();
  if (m_isNew) {
    forget();
    show(PatternText(), Side::Engine);
  } else if (m_detail) {
    show(PatternText(m_detail->text), Side::Engine);
  }
  Q_EMIT listChanged();
}

void PatternEditor::askPreview() {
  if (!isOpen()) return;
  if (m_previewAsked) return;  // the answer under way asks again
  m_previewAsked = true;
  m_bridge.operations().patterns().previewPattern(
      m_document.text(),
      m_bridge.onUiThread<model::PatternPreview>(
          [self = QPointer(this), generation = m_generation](base::Result<model::PatternPreview> result) {
            if (self) self->takePreview(generation, std::move(result));
          }));
  Q_EMIT previewChanged();
}

void PatternEditor::takePreview(uint64_t generation, base::Result<model::PatternPreview> result) {
  m_previewAsked = false;
  if (generation != m_generation) {
    if (!m_previewDue.isActive()) askPreview();
    return;
  }
  m_previewProblem = result ? std::string() : result.error().line();
  if (result) m_preview = *std::move(result);
  Q_EMIT previewChanged();
}

void PatternEditor::save() {
  if (!isOpen() || !isChanged() || m_saving || !mayChange()) return;
  m_saving = true;
  m_actionProblem.clear();
  Q_EMIT listChanged();
  const bool off = savesOff();
  const auto* known = info(m_id);
  if (!off || m_isNew || !known || !known->enabled) return sendDocument(m_document.text(), off);
  // Off before the new version is in force: a version that fails its samples never fires.
  m_bridge.operations().patterns().enablePattern(
      m_bridge.caller(), m_id, false,
      m_bridge.onUiThread<model::PatternInfo>(
          [self = QPointer(this), text = m_document.text()](base::Result<model::PatternInfo> result) {
            if (!self) return;
            if (result) return self->sendDocument(text, false);
            self->m_saving = false;
            self->fail(result.error());
          }));
}

/// The draft of what was sent is done with; what was typed while it was under way is the next draft.
void PatternEditor::keepWhatCameSince(const std::string& id, const std::string& sent,
                                      const std::string& savedAs) {
  const auto draft = m_drafts.find(id);
  if (draft == m_drafts.end()) return;
  auto text = std::move(draft->second);
  m_drafts.erase(draft);
  if (text != sent) m_drafts[savedAs] = std::move(text);
}

void PatternEditor::sendDocument(std::string text, bool off) {
  m_bridge.operations().patterns().savePattern(
      m_bridge.caller(), std::string(text),
      m_bridge.onUiThread<model::PatternDetail>(
          [self = QPointer(this), id = m_id, off, text](base::Result<model::PatternDetail> result) {
            if (!self) return;
            self->m_saving = false;
            if (!result) return self->fail(result.error());
            self->keepWhatCameSince(id, text, result->info.id);
            self->replace(result->info);
            // The samples were judged again with the saved text: it may be newer than the last preview.
            const bool fails = off || !result->sampleProblems.empty();
            if (fails && result->info.enabled) self->setEnabled(result->info.id, false);
            if (self->m_id == id) {
              self->m_id = result->info.id;
              self->m_isNew = false;
              self->take(*std::move(result));
            }
            Q_EMIT self->listChanged();
            Q_EMIT self->saved();
          }));
}

void PatternEditor::replace(const model::PatternInfo& next) {
  const auto place = std::lower_bound(m_patterns.begin(), m_patterns.end(), next,
                                      [](const auto& a, const auto& b) { return a.id < b.id; });
  if (place != m_patterns.end() && place->id == next.id) {
    *place = next;
  } else {
    m_patterns.insert(place, next);
  }
  if (m_detail && m_detail->info.id == next.id) m_detail->info = next;
}

void PatternEditor::setEnabled(const std::string& id, bool enabled) {
  if (id.empty() || !mayChange()) return;
  m_bridge.operations().patterns().enablePattern(
      m_bridge.caller(), id, enabled,
      m_bridge.onUiThread<model::PatternInfo>(
          [self = QPointer(this)](base::Result<model::PatternInfo> result) {
            if (!self) return;
            if (!result) return self->fail(result.error());
            self->m_actionProblem.clear();
            self->replace(*result);
            Q_EMIT self->listChanged();
            Q_EMIT self->documentChanged(Side::Engine);
          }));
}

void PatternEditor::remove(const std::string& id) {
  if (!mayChange() || !m_detail || m_detail->info.id != id) return;
  const Undo undo{m_detail->info.name, m_detail->text, m_detail->info.enabled};
  m_bridge.operations().patterns().removePattern(
      m_bridge.caller(), id, m_bridge.onUiThread<std::string>([self = QPointer(this), id, undo](auto result) {
        if (!self) return;
        if (!result) return self->fail(result.error());
        self->m_drafts.erase(id);
        self->m_undo = undo;
        self->m_undoEnds.start();
        if (self->m_id == id) {
          self->m_id.clear();
          self->forget();
          self->show(PatternText(), Side::Engine);
        }
        self->refresh();
        Q_EMIT self->undoChanged();
      }));
}

void PatternEditor::undo() {
  if (!m_undo || m_saving) return;
  const Undo undo = *std::exchange(m_undo, std::nullopt);
  m_undoEnds.stop();
  Q_EMIT undoChanged();
  m_saving = true;
  m_id = PatternText(undo.text).value("id");
  forget();
  sendDocument(undo.text, !undo.enabled);
}

void PatternEditor::restore(uint32_t version) {
  if (!m_detail) return;
  for (const auto& kept : m_detail->versions) {
    if (kept.version == version) return edit(PatternText(kept.text), Side::Engine);
  }
}

}  // namespace aiops::ui
