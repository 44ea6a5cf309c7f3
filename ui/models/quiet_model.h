// Silences and maintenance windows as one table, and asking for a change of one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <variant>

#include "model/quiet_rules.h"
#include "models/engine_bridge.h"

namespace aiops::ui {

/// A silence or a window with when it is in force.
struct QuietTime {
  enum class State { InForce, Coming, Over };

  std::variant<model::Silence, model::MaintenanceWindow> what;
  State state = State::Over;
  std::optional<model::Opening> opening;  ///< the one it is in, or the next one

  const model::Silence* silence() const { return std::get_if<model::Silence>(&what); }
  const model::MaintenanceWindow* window() const { return std::get_if<model::MaintenanceWindow>(&what); }
  const std::string& id() const { return silence() ? silence()->id : window()->id; }
};

/// What is in force first, by its end; then what comes, by its beginning. Asks when told to. UI thread only.
class QuietModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { State, What, Why, When, Repeats, By, ColumnCount };

  explicit QuietModel(EngineBridge& bridge, QObject* parent = nullptr);

  void refresh();
  /// `done` gets the words of a refusal, or nothing, and what the engine made of it.
  template <class T>
  using Done = std::function<void(const QString& refusal, const T& made)>;
  void add(model::Silence silence, Done<model::Silence> done);
  void add(model::MaintenanceWindow window, Done<model::MaintenanceWindow> done);
  void endSilence(const std::string& id, Done<model::Silence> done);
  void removeWindow(const std::string& id, Done<model::MaintenanceWindow> done);

  const QuietTime* at(const QString& id) const;
  const std::vector<QuietTime>& all() const { return m_rows; }
  uint64_t silencesInForce() const;
  uint64_t windowsInForce() const;
  bool hasAnswer() const { return m_hasAnswer; }
  const std::string& problem() const { return m_problem; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 Q_SIGNALS:
  /// After each answer, also when only times or the problem changed.
  void refreshed();

 private:
  using Silences = std::vector<model::Silence>;
  using Windows = std::vector<model::MaintenanceWindow>;
  void askWindows(Silences silences, int changes);
  void take(Silences silences, Windows windows);
  void failed(const base::Error& error);
  template <class T>
  service::Reply<T> changed(Done<T> done);
  QString textOf(const QuietTime& row, int column) const;
  QString whenText(const QuietTime& row) const;

  EngineBridge& m_bridge;
  std::vector<QuietTime> m_rows;
  base::TimePoint m_now;
  std::string m_problem;
  bool m_hasAnswer = false;
  bool m_asking = false;
  int m_changes = 0;  ///< an answer from before a change is out of date
};

/// "In force", "Coming", "Over".
QString quietStateText(QuietTime::State state);

}  // namespace aiops::ui
