// Who depends on whom, from the inventory or as it was learnt.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "model/inventory.h"

namespace aiops::correlation {

/// By service, what it depends on, directly.
using Dependencies = std::map<std::string, std::set<std::string>>;

/// Immutable after construction but for the names and what is learnt; thread safe.
///
/// What is learnt counts only where nobody said who depends on whom, and it is never taken to be complete: it
/// tells that one service stands below another, and that services without any way between them have nothing
/// to do with each other. Of a service without a learnt dependency nothing is known.
class Topology {
 public:
  /// Services that are not in the inventory depend on nothing. `external` services are those without logs.
  explicit Topology(const model::Inventory& inventory, std::set<std::string> external = {});
  /// Nothing is known but the names: any service may be related to any other, and time alone has to tell.
  static Topology unknown(std::set<std::string> names);
  /// Of the inventory if a service of it depends on something, else unknown.
  static Topology fromInventory(const model::Inventory& inventory);

  /// From now on there is this service, here and in all copies. Does nothing when it is known who depends on
  /// whom: then only those services count.
  void addName(const std::string& service);
  /// Replaces what was learnt, here and in all copies. Does nothing as addName().
  void learn(const Dependencies& learnt);

  /// True when one depends on the other, directly or over others, or they are the same.
  bool related(const std::string& a, const std::string& b) const;
  /// True when a failure of `cause` can be seen in `effect`: `effect` is `cause` or depends on it.
  bool explains(const std::string& cause, const std::string& effect) const;
  /// True when it is known that `service` depends on `other`, directly or over others.
  bool dependsOn(const std::string& service, const std::string& other) const;
  /// True when both depend on something in common, so that one may tell of the other's work.
  bool share(const std::string& a, const std::string& b) const;
  /// False when nobody said who depends on whom.
  bool known() const { return m_known; }
  bool external(const std::string& service) const { return m_external.contains(service); }
  /// As of now; the set does not change.
  std::shared_ptr<const std::set<std::string>> names() const { return m_book->names(); }
  /// What `service` depends on, directly; and with what these depend on in turn.
  const std::set<std::string>& directly(const std::string& service) const;
  const std::set<std::string>& reach(const std::string& service) const;

 private:
  using Names = std::shared_ptr<const std::set<std::string>>;
  struct Learnt {
    Dependencies reaches;               ///< service -> all it depends on
    std::map<std::string, size_t> map;  ///< service -> the number of those that there is any way between
  };
  /// What all copies share.
  class Book {
   public:
    explicit Book(std::set<std::string> names)
        : m_names(std::make_shared<const std::set<std::string>>(std::move(names))),
          m_learnt(std::make_shared<const Learnt>()) {}
    Names names() const AIOPS_EXCLUDES(m_mutex);
    void addName(const std::string& name) AIOPS_EXCLUDES(m_mutex);
    std::shared_ptr<const Learnt> learnt() const AIOPS_EXCLUDES(m_mutex);
    void learn(std::shared_ptr<const Learnt> learnt) AIOPS_EXCLUDES(m_mutex);

   private:
    mutable base::Mutex m_mutex;
    Names m_names AIOPS_GUARDED_BY(m_mutex);
    std::shared_ptr<const Learnt> m_learnt AIOPS_GUARDED_BY(m_mutex);
  };

  Topology() = default;

  bool m_known = true;
  std::shared_ptr<Book> m_book;
  std::set<std::string> m_external;
  Dependencies m_direct;
  Dependencies m_reaches;  ///< service -> all it depends on
};

}  // namespace aiops::correlation
