// Shutting addresses out for a while: elements with an expiry in a set of nftables of our own. One
// transaction makes what is missing and adds them; the kernel takes them out again when their time is over.
// https://wiki.nftables.org/wiki-nftables/index.php/Element_timeouts
// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <algorithm>
#include <set>

#include "remediation/host_verb.h"
#include "remediation/protected_addresses.h"
#include "sandbox/command_runner.h"
#include "security/taint_validators.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using model::Facts;
using model::HostAct;

constexpr const char* kTable = "inet aiops_block";
constexpr size_t kMostAddresses = 64;
constexpr int64_t kShortest = 60, kLongest = 7 * 86'400;  // seconds

std::vector<std::string> listOf(const std::string& addresses) {
  std::vector<std::string> out;
  for (size_t at = 0; at <= addresses.size();) {
    const auto end = std::min(addresses.find(',', at), addresses.size());
    out.push_back(addresses.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// The addresses of one family as nft's element list, or empty.
std::string elements(const HostAct& act, bool v6, const std::string& suffix) {
  std::string out;
  for (const auto& address : listOf(act.arguments.at("addresses"))) {
    if ((address.find(':') != std::string::npos) != v6) continue;
    out += (out.empty() ? "" : ", ") + address + suffix;
  }
  return out;
}

/// `verb` with the elements of both families, as commands of nft.
std::string forBoth(const HostAct& act, const std::string& verb, const std::string& suffix = {}) {
  std::string out;
  for (const bool v6 : {false, true}) {
    const auto list = elements(act, v6, suffix);
    if (!list.empty()) out += verb + " element " + kTable + (v6 ? " v6" : " v4") + " { " + list + " }; ";
  }
  return out;
}

/// Making what is there already changes nothing; the rules are written anew within the same transaction.
std::string blocking(const HostAct& act) {
  const std::string table = kTable;
  return "add table " + table + "; add set " + table + " v4 { type ipv4_addr; flags timeout; }; add set " +
         table + " v6 { type ipv6_addr; flags timeout; }; add chain " + table +
         " input { type filter hook input priority -10; policy accept; }; flush chain " + table +
         " input; add rule " + table + " input ip saddr @v4 counter drop; add rule " + table +
         " input ip6 saddr @v6 counter drop; " +
         forBoth(act, "add", " timeout " + act.arguments.at("seconds") + "s");
}

class Block final : public HostVerb {
 public:
  std::string_view name() const override { return "block"; }
  const std::vector<HostArgument>& arguments() const override {
    static const std::vector<HostArgument> rows = {{"addresses", validHostAddresses},
                                                   {"seconds", validHostInteger<kShortest, kLongest>}};
    return rows;
  }

  Result<> allowed(const HostAct& act, const HostWorld& world) const override {
    if (program(world.policy).empty()) {
      return fail(ErrorCode::PermissionDenied, "nft is not allowed", {},
                  "list its absolute path under execution.allowed_commands");
    }
    const auto needed = neededAddresses();
    for (const auto& address : listOf(act.arguments.at("addresses"))) {
      const auto why = whyProtected(address, needed, world.policy.protectedAddresses);
      if (!why.empty()) return fail(ErrorCode::PermissionDenied, address + " may not be blocked: " + why);
    }
    return {};
  }

  Result<Facts> look(const HostAct& act, const HostWorld& world) const override {
    const auto table = run("list table " + std::string(kTable), world);
    if (!table) return std::unexpected(table.error());
    const bool there = table->succeeded();
    if (there && isBlocked(act, world) == StepEffect::Applied)
      return fail(ErrorCode::Conflict, "they are blocked already", act.arguments.at("addresses"));
    return Facts{{"table", there ? "there" : "absent"}};
  }

  bool canUndo(const HostAct&) const override { return true; }
  HostEnd act(const HostAct& act, const HostWorld& world) const override {
    return done(blocking(act), world);
  }

  /// What has expired meanwhile is gone already; a table that we made and that holds nothing else goes too.
  HostEnd undo(const HostAct& act, const HostWorld& world) const override {
    // Adding before deleting makes the deletion succeed for what is no longer there.
    auto end = done(forBoth(act, "add") + forBoth(act, "delete"), world);
    if (!end.ok || act.seen.at("table") != "absent") return end;
    const auto left = run("list table " + std::string(kTable), world);
    const bool others = !left || left->output.find("elements") != std::string::npos;
    return others ? end : done("delete table " + std::string(kTable), world);
  }

  StepEffect effect(const HostAct& act, bool undo, const HostWorld& world) const override {
    const auto blocked = isBlocked(act, world);
    if (!undo || blocked == StepEffect::Unknown || blocked == StepEffect::Broken) return blocked;
    return blocked == StepEffect::Applied ? StepEffect::NotApplied : StepEffect::Applied;
  }

  std::vector<std::string> line(const HostAct& act, bool undo) const override {
    return {"nft", undo ? forBoth(act, "delete") : blocking(act)};
  }

 private:
  static std::string program(const model::ExecutionPolicy& policy) {
    const auto found =
        std::ranges::find_if(policy.allowedCommands, [](const auto& path) { return path.ends_with("/nft"); });
    return found == policy.allowedCommands.end() ? std::string() : *found;
  }

  static Result<sandbox::CommandResult> run(const std::string& commands, const HostWorld& world) {
    sandbox::Confinement confinement;
    confinement.forbiddenPaths = world.policy.forbiddenPaths;
    return sandbox::run({program(world.policy), commands}, confinement);
  }

  static HostEnd done(const std::string& commands, const HostWorld& world) {
    const auto result = run(commands, world);
    if (!result) return {.touched = false, .detail = result.error().line()};
    // nft changes all or nothing.
    return {.ok = result->succeeded(),
            .touched = result->succeeded(),
            .exitCode = result->exitCode,
            .output = result->output,
            .detail = result->succeeded() ? std::string() : "nft refused: " + result->output.substr(0, 300)};
  }

  static StepEffect isBlocked(const HostAct& act, const HostWorld& world) {
    const auto result = run(forBoth(act, "get"), world);
    if (!result || result->end != sandbox::CommandResult::End::Exited) return StepEffect::Unknown;
    return result->exitCode == 0 ? StepEffect::Applied : StepEffect::NotApplied;
  }
};

}  // namespace

base::Result<std::string> validHostAddresses(const std::string& text) {
  std::set<std::string> all;
  for (const auto& one : listOf(text)) {
    auto address = security::validIpAddress(one);
    if (!address) return address;
    all.insert(*std::move(address));
  }
  if (all.size() > kMostAddresses)
    return fail(ErrorCode::LimitExceeded, "more than " + std::to_string(kMostAddresses) + " addresses");
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : ",") + one;
  return out;
}

std::unique_ptr<HostVerb> makeBlock() {
  return std::make_unique<Block>();
}

}  // namespace aiops::remediation
