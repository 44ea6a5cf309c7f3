// Patterns as the console edits them: the list, one document, its preview, saving, undoing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <map>
#include <optional>

#include "model/pattern_type.h"
#include "models/engine_bridge.h"
#include "models/pattern_text.h"

namespace aiops::ui {

/// One document is open at a time. What was typed is kept as a draft when another pattern is opened, until it
/// is saved or discarded. A preview is asked for 150 ms after the last change; an answer to an older text is
/// dropped, and at most one question is under way. UI thread only; the bridge outlives this.
class PatternEditor final : public QObject {
  Q_OBJECT
 public:
  /// Which side of the page made a change: the other one follows.
  enum class Side { Engine, Form, Text };

  /// Something that can be taken back for 10 s.
  struct Undo {
    std::string name;  ///< of the pattern
    std::string text;  ///< its document
    bool enabled = true;
  };

  explicit PatternEditor(EngineBridge& bridge, QObject* parent = nullptr);

  const std::vector<model::PatternInfo>& patterns() const { return m_patterns; }
  bool isListed() const { return m_listed; }
  /// The types of pattern that the engine knows; empty until it has answered.
  const std::vector<model::PatternType>& types() const { return m_types; }
  /// Why there is no list, or why the last action failed; empty if all is well.
  const std::string& listProblem() const { return m_listProblem; }
  const std::string& actionProblem() const { return m_actionProblem; }
  bool mayChange() const { return m_bridge.caller().isAdmin; }

  /// The id of the open pattern; empty for a new one that was never saved.
  const std::string& id() const { return m_id; }
  bool isOpen() const { return m_isNew || m_detail.has_value(); }
  bool isNew() const { return m_isNew; }
  const std::optional<model::PatternDetail>& detail() const { return m_detail; }
  const PatternText& document() const { return m_document; }
  bool isChanged() const;
  bool hasDraft(const std::string& id) const { return m_drafts.contains(id); }
  bool isSaving() const { return m_saving; }
  /// Samples of the document that it judges wrongly: saving then switches it off.
  bool savesOff() const { return m_preview && !m_preview->sampleProblems.empty(); }
  uint32_t nextVersion() const { return m_detail ? m_detail->info.version + 1 : 1; }

  const std::optional<model::PatternPreview>& preview() const { return m_preview; }
  const std::string& previewProblem() const { return m_previewProblem; }
  bool isPreviewing() const { return m_previewDue.isActive() || m_previewAsked; }
  const std::optional<Undo>& undoable() const { return m_undo; }

  void refresh();
  void open(const std::string& id);
  /// An unsaved document, with `sample` as its first line that must match.
  void createNew(const std::string& sample = {});
  void edit(PatternText document, Side side);
  /// Makes the document another type of pattern. What it loses by that comes back with the old type, as long
  /// as it is open.
  void setType(const std::string& type);
  void discard();
  void save();
  void setEnabled(const std::string& id, bool enabled);
  void remove(const std::string& id);
  void undo();
  /// Puts an earlier version into the document, unsaved.
  void restore(uint32_t version);

 Q_SIGNALS:
  void listChanged();
  void documentChanged(aiops::ui::PatternEditor::Side by);
  void previewChanged();
  void undoChanged();
  void saved();

 private:
  void take(model::PatternDetail detail);
  void show(PatternText document, Side side);
  void askPreview();
  void takePreview(uint64_t generation, base::Result<model::PatternPreview> result);
  void keepWhatCameSince(const std::string& id, const std::string& sent, const std::string& savedAs);
  void sendDocument(std::string text, bool off);
  void askTypes();
  void fail(const base::Error& error);
  const model::PatternInfo* info(const std::string& id) const;
  void replace(const model::PatternInfo& info);
  void forget();
  std::string savedText() const { return m_detail ? m_detail->text : std::string(); }

  EngineBridge& m_bridge;
  std::vector<model::PatternInfo> m_patterns;
  std::vector<model::PatternType> m_types;
  bool m_listed = false;
  std::string m_listProblem, m_actionProblem;
  std::string m_id;
  bool m_isNew = false, m_saving = false, m_loading = false;
  std::optional<model::PatternDetail> m_detail;
  PatternText m_document;
  std::map<std::string, PatternText> m_asType;  ///< the open document when it last was of this type
  std::map<std::string, std::string> m_drafts;  ///< by id; "" of the new one
  std::optional<model::PatternPreview> m_preview;
  std::string m_previewProblem;
  uint64_t m_generation = 0;  ///< grows with each text that is previewed
  bool m_previewAsked = false;
  QTimer m_previewDue, m_undoEnds;
  std::optional<Undo> m_undo;
};

}  // namespace aiops::ui
