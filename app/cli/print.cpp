// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/print.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "client/api_client.h"
#include "model/dry_run.h"
#include "model/incident.h"
#include "model/json.h"
#include "model/labels.h"
#include "security/safe_text.h"

namespace aiops::app {
namespace {

constexpr size_t kDiffContext = 2;

std::vector<std::string> linesOf(const std::string& bytes) {
  std::vector<std::string> lines;
  size_t from = 0;
  while (from < bytes.size()) {
    const size_t end = bytes.find('\n', from);
    lines.push_back(bytes.substr(from, end == std::string::npos ? end : end - from));
    if (end == std::string::npos) break;
    from = end + 1;
  }
  return lines;
}

/// The changed middle of a file with a little of what stands around it.
void printDiff(const model::FileEdit& edit) {
  const auto before = linesOf(edit.before), after = linesOf(edit.after);
  size_t head = 0, tail = 0;
  while (head < before.size() && head < after.size() && before[head] == after[head]) ++head;
  while (tail + head < before.size() && tail + head < after.size() &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
    ++tail;
  }
  for (size_t i = head - std::min(head, kDiffContext); i < head; ++i)
    std::printf("       %s\n", safe(before[i]).c_str());
  for (size_t i = head; i + tail < before.size(); ++i) std::printf("     - %s\n", safe(before[i]).c_str());
  for (size_t i = head; i + tail < after.size(); ++i) std::printf("     + %s\n", safe(after[i]).c_str());
  for (size_t i = before.size() - tail; i < std::min(before.size(), before.size() - tail + kDiffContext);
       ++i) {
    std::printf("       %s\n", safe(before[i]).c_str());
  }
}

void printArgv(const char* lead, const std::vector<std::string>& argv) {
  std::printf("%s", lead);
  for (const auto& argument : argv) std::printf(" [%s]", safe(argument).c_str());
  std::printf("\n");
}

}  // namespace

std::string safe(const std::string& text) {
  return security::SafeText::from(text).text();
}

int printJson(const nlohmann::json& value) {
  std::printf("%s\n", value.dump(2, ' ', true, nlohmann::json::error_handler_t::replace).c_str());
  return kDone;
}

int printAgents(const nlohmann::json& answer) {
  for (const auto& item : answer.at("agents")) {
    std::printf("%-12s  %-8s  %s\n", safe(item.at("id").get<std::string>()).c_str(),
                safe(item.at("state").get<std::string>()).c_str(),
                safe(item.at("task").get<std::string>()).c_str());
    const auto problem = item.at("last_problem").get<std::string>();
    if (!problem.empty()) std::printf("              last problem: %s\n", safe(problem).c_str());
  }
  return kDone;
}

int printIncidents(const nlohmann::json& answer) {
  const auto items = client::toModelKeys(answer).at("items");
  if (items.empty()) std::printf("Nothing is wrong: no incident so far.\n");
  for (const auto& item : items) {
    const auto incident = item.get<model::Incident>();
    std::printf("%s  %-8s  %-17s  %s  %s\n", model::incidentLabel(incident.number).c_str(),
                std::string(toString(incident.severity)).c_str(),
                std::string(toString(incident.state)).c_str(), base::toIso8601(incident.startedAt).c_str(),
                safe(incident.title).c_str());
    const auto cause = item.at("cause").get<std::string>();
    if (!cause.empty()) {
      std::printf("          %s, %.0f %%: %s\n", safe(item.at("verdict").get<std::string>()).c_str(),
                  100 * item.at("confidence").get<double>(), safe(cause).c_str());
    }
  }
  return kDone;
}

int printFixes(const nlohmann::json& answer) {
  const auto items = client::toModelKeys(answer).at("items");
  if (items.empty()) std::printf("No fix was proposed so far.\n");
  for (const auto& item : items) {
    const auto fix = item.get<model::FixProposal>();
    std::printf("%s  %-11s  %-6s risk  plan %s  %s\n", model::fixLabel(fix.number).c_str(),
                std::string(toString(fix.state)).c_str(), std::string(toString(fix.plan.risk)).c_str(),
                fix.planHash.substr(0, 8).c_str(), safe(fix.title).c_str());
    if (!fix.execution.detail.empty()) std::printf("          %s\n", safe(fix.execution.detail).c_str());
  }
  return kDone;
}

void printPlan(const model::FixProposal& fix) {
  std::printf("%s %s\n  %s risk, target %s, %s\n", model::fixLabel(fix.number).c_str(),
              safe(fix.title).c_str(), std::string(toString(fix.plan.risk)).c_str(),
              safe(fix.plan.target).c_str(), safe(fix.history).c_str());
  for (const auto& reason : fix.plan.riskReasons) {
    std::printf("    %c %s\n", reason.raises ? '+' : '-', safe(reason.text).c_str());
  }
  int number = 1;
  for (const auto& step : fix.plan.steps) {
    std::printf("  %d. %s\n", number++, safe(step.title).c_str());
    if (step.edit) {
      std::printf("     %s\n", safe(step.edit->path).c_str());
      printDiff(*step.edit);
      if (step.edit->check) printArgv("     checked before it counts:", step.edit->check->argv);
      std::printf("     undo: write the %zu bytes back\n", step.edit->before.size());
    }
    if (const auto line = model::stepLine(step, false); !line.empty()) printArgv("     do:", line);
    if (const auto undo = model::stepLine(step, true); !undo.empty()) printArgv("     undo:", undo);
  }
  for (const auto& check : fix.plan.validators) std::printf("  check: %s\n", safe(check.title).c_str());
  for (const auto& text : fix.unsure) std::printf("  not known: %s\n", safe(text).c_str());
}

int printDryRun(const nlohmann::json& answer) {
  const auto result = answer.get<model::DryRun>();
  for (const auto& check : result.checks) {
    std::printf("%s  %s\n", check.ok ? "ok" : "NO", safe(check.what).c_str());
    if (!check.detail.empty()) std::printf("      %s\n", safe(check.detail).c_str());
  }
  std::printf("%s\n", result.ok() ? "Nothing stands in the way; nothing was changed."
                                  : "It would not run, or not run safely; nothing was changed.");
  return result.ok() ? kDone : kNegative;
}

int printVerification(const model::AuditVerification& found, bool quiet) {
  if (!quiet && found.whole) {
    std::printf("Chain whole: %llu entries, head %s\n", static_cast<unsigned long long>(found.entries),
                found.headHash.substr(0, 16).c_str());
  } else if (!quiet) {
    std::printf("Broken at entry %llu: %s\n", static_cast<unsigned long long>(found.brokenAt),
                safe(found.problem).c_str());
  }
  return found.whole ? kDone : kNegative;
}

}  // namespace aiops::app
