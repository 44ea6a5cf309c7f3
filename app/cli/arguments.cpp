// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/arguments.h"

#include <algorithm>
#include <functional>
#include <map>

namespace aiops::app {
namespace {

using base::ErrorCode;
using base::fail;

/// One option: where its value goes. A flag takes none.
struct Option {
  std::string Invocation::* text = nullptr;
  bool Invocation::* flag = nullptr;
  std::vector<std::string> Invocation::* list = nullptr;
};

/// One command: its mode, the operand it needs, and the options it takes.
struct Command {
  Mode mode;
  std::string Invocation::* operand = nullptr;
  std::string operandName;
  std::vector<std::string> options;
};

const std::map<std::string, Option>& options() {
  static const std::map<std::string, Option> table{
      {"--config", {.text = &Invocation::configFile}},
      {"--listen", {.text = &Invocation::listen}},
      {"--watch", {.list = &Invocation::watch}},
      {"--approve", {.flag = &Invocation::approve}},
      {"--gui", {.flag = &Invocation::gui}},
      {"--fail-validation", {.flag = &Invocation::failValidation}},
      {"--break-something", {.flag = &Invocation::breakSomething}},
      {"--reason", {.text = &Invocation::reason}},
      {"--plan", {.text = &Invocation::planHash}},
      {"--url", {.text = &Invocation::url}},
      {"--json", {.flag = &Invocation::json}},
      {"--name", {.text = &Invocation::name}},
      {"--scope", {.text = &Invocation::scope}},
  };
  return table;
}

const std::map<std::string, Command>& commands() {
  static const std::vector<std::string> run{"--config", "--listen", "--watch"};
  static const std::map<std::string, Command> table{
      {"", {Mode::Console, nullptr, "", run}},
      {"--server", {Mode::Server, nullptr, "", run}},
      {"--executor", {Mode::Executor}},
      {"demo",
       {Mode::Demo,
        &Invocation::scenario,
        "SCENARIO (see `demo list`)",
        {"--approve", "--gui", "--fail-validation", "--break-something", "--listen"}}},
      {"incidents", {Mode::Incidents, nullptr, "", {"--url", "--json"}}},
      {"fixes", {Mode::Fixes, nullptr, "", {"--url", "--json"}}},
      {"approve", {Mode::Approve, &Invocation::id, "ID (for example FIX-0001)", {"--url", "--plan"}}},
      {"reject", {Mode::Reject, &Invocation::id, "ID (for example FIX-0001)", {"--url", "--reason"}}},
      {"stop", {Mode::Stop, nullptr, "", {"--url", "--reason"}}},
      {"resume", {Mode::Resume, nullptr, "", {"--url", "--reason"}}},
      {"unlock", {Mode::Unlock, &Invocation::id, "SERVICE", {"--reason"}}},
      {"audit", {Mode::AuditVerify, nullptr, "", {"--url", "--json"}}},
      {"generate-api-key", {Mode::GenerateApiKey, nullptr, "", {"--url", "--name", "--scope"}}},
      {"--help", {Mode::Help}},
      {"-h", {Mode::Help}},
      {"help", {Mode::Help}},
      {"--version", {Mode::Version}},
  };
  return table;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out.empty() ? "none" : out;
}

std::unexpected<base::Error> usage(const std::string& what, const std::string& where) {
  return fail(ErrorCode::InvalidInput, what, where, "see `ai-ops-core --help`");
}

/// Reads the option at `at` with its value; `at` ends behind them.
base::Result<> readOption(const Command& command, const std::vector<std::string>& words, size_t& at,
                          Invocation& into) {
  const std::string& name = words[at];
  const auto known = options().find(name);
  if (known == options().end() || std::ranges::find(command.options, name) == command.options.end()) {
    return fail(ErrorCode::InvalidInput, "unknown option", name, "allowed here: " + join(command.options));
  }
  ++at;
  const auto& option = known->second;
  if (option.flag != nullptr) {
    into.*option.flag = true;
    return {};
  }
  if (at >= words.size() || words[at].starts_with("--")) return usage("a value is missing", name);
  if (option.text != nullptr) {
    into.*option.text = words[at++];
    return {};
  }
  while (at < words.size() && !words[at].starts_with("--")) (into.*option.list).push_back(words[at++]);
  return {};
}

base::Result<> requireComplete(const Invocation& invocation) {
  if (invocation.mode == Mode::Reject && invocation.reason.empty())
    return usage("a rejection needs a reason", "--reason TEXT");
  if (invocation.mode == Mode::Unlock && invocation.reason.empty()) {
    return usage("say what was put right", "--reason TEXT");
  }
  if (invocation.mode == Mode::GenerateApiKey && invocation.name.empty())
    return usage("the key needs a name", "--name NAME");
  if (invocation.failValidation && invocation.breakSomething) {
    return usage("choose one", "--fail-validation, --break-something");
  }
  return {};
}

}  // namespace

base::Result<Invocation> parseArguments(const std::vector<std::string>& arguments) {
  Invocation out;
  size_t at = 0;
  std::string word;
  if (!arguments.empty() && commands().contains(arguments[0]) && !arguments[0].empty())
    word = arguments[at++];
  if (word.empty() && !arguments.empty() && !arguments[0].starts_with("--")) {
    return usage("unknown command", arguments[0]);
  }
  const Command& command = commands().at(word);
  out.mode = command.mode;
  if (out.mode == Mode::AuditVerify) {
    if (at >= arguments.size() || arguments[at] != "verify")
      return usage("audit knows one verb: verify", "audit");
    ++at;
  }
  if (command.operand != nullptr) {
    if (at >= arguments.size() || arguments[at].starts_with("--"))
      return usage(command.operandName + " is missing", word);
    out.*command.operand = arguments[at++];
  }
  while (at < arguments.size()) {
    if (!arguments[at].starts_with("--")) return usage("unexpected argument", arguments[at]);
    if (arguments[at] == "--server" && out.mode == Mode::Console) {
      out.mode = Mode::Server;
      ++at;
      continue;
    }
    if (auto read = readOption(command, arguments, at, out); !read) return std::unexpected(read.error());
  }
  if (auto complete = requireComplete(out); !complete) return std::unexpected(complete.error());
  return out;
}

std::string helpText() {
  return R"(ai-ops-core watches logs, finds out what is wrong and why, and fixes it with your approval.

  ai-ops-core [--config FILE] [--watch PATH...]      the console, engine inside
  ai-ops-core --server [--config FILE] [--listen ADDRESS:PORT] [--watch PATH...]
                                                     without a window; HTTP on 127.0.0.1:8500
  ai-ops-core demo web-503 [--approve] [--gui] [--fail-validation | --break-something]
                                                     a real failing service: seen, diagnosed, fixed, validated
  ai-ops-core demo list

  Against the instance of this home, or of --url URL with the key in AIOPS_API_KEY:
  ai-ops-core incidents [--json]                     what is wrong
  ai-ops-core fixes [--json]                         what could be done about it, and what was done
  ai-ops-core approve ID [--plan HASH]               approve exactly the plan shown by `fixes`
  ai-ops-core reject ID --reason TEXT
  ai-ops-core stop [--reason TEXT]                   stop all automation; holds over restarts
  ai-ops-core resume [--reason TEXT]
  ai-ops-core unlock SERVICE --reason TEXT           after a failed undo was put right by hand; ends no instance,
                                                     wants none running
  ai-ops-core audit verify                           check the audit chain
  ai-ops-core generate-api-key --name NAME [--scope read|ingest|operate|approve|admin]

AIOPS_HOME is the directory that holds all state (default: $XDG_DATA_HOME/ai-ops-core).
Exit status: 0 done, 1 the answer is negative, 2 bad usage, 3 could not run.
)";
}

}  // namespace aiops::app
