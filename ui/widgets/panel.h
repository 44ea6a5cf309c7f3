// What the main window needs to know of a panel.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

namespace aiops::ui {

/// A key as it is printed ("Ctrl Enter"), and what it does, translated.
struct KeyHelp {
  QString key;
  QString what;
};

/// One page of the console, made on first visit and kept. UI thread only. A panel never includes another one:
/// it asks the window to go elsewhere through the signals below.
class Panel : public QWidget {
  Q_OBJECT
 public:
  using QWidget::QWidget;

  /// Shown in the header, translated.
  virtual QString title() const = 0;
  /// What stands behind the title as "Approvals > FIX-0087", or empty. Emit subjectChanged() when it changes.
  virtual QString subject() const { return {}; }
  /// Called each time the panel is shown. `id` is what to select (an incident, a fix, "source:line"), or
  /// empty.
  virtual void activate(const QString& id) = 0;
  /// Whether the panel shows decisions itself, so that the attention bar is not needed on it.
  virtual bool showsDecisions() const { return false; }
  /// Its own keys, for the card that F1 shows: those of the whole window are not among them.
  virtual std::vector<KeyHelp> keyHelp() const { return {}; }

 Q_SIGNALS:
  void subjectChanged();
  void openIncident(const QString& id);
  void openFix(const QString& id);
  /// `line` counts from 1; 0 is the newest line of the source.
  void openLogLine(const QString& source, quint64 line);
  /// A new pattern that must match a line. `sample` is shown text.
  void makePattern(const QString& sample);
  /// A silence of these services, to be completed by the person.
  void silenceServices(const QStringList& services);
  /// The page that finds logs and asks what to watch.
  void addLogs();
};

}  // namespace aiops::ui
