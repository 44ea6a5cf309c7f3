// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/arguments.h"

#include <algorithm>
#include <functional>
#include <map>

namespace aiops::app {
namespace {

using base::ErrorCode;
using base::fail;

const std::string kPatternVerbs = "list, show, add, remove, enable, disable, test, backtest or lint";

/// One option: where its value goes. A flag takes none.
struct Option {
  std::string Invocation::* text = nullptr;
  bool Invocation::* flag = nullptr;
  std::vector<std::string> Invocation::* list = nullptr;
  std::vector<std::string> Invocation::* repeated = nullptr;  ///< one value; the option may come again
};

/// One command: its mode, the operand it needs, and the options it takes.
struct Command {
  Mode mode;
  std::string Invocation::* operand = nullptr;
  std::string operandName;
  std::vector<std::string> options;
  std::vector<std::string> Invocation::* operands = nullptr;  ///< one or more of `operandName`
  std::vector<std::string> formats = {};                      ///< for --format; the first by default
};

const std::map<std::string, Option>& options() {
  static const std::map<std::string, Option> table{
      {"--config", {.text = &Invocation::configFile}},
      {"--listen", {.text = &Invocation::listen}},
      {"--watch", {.list = &Invocation::watch}},
      {"--set", {.list = &Invocation::assigned}},
      {"--logs", {.list = &Invocation::logs}},
      {"--content-only", {.flag = &Invocation::contentOnly}},
      {"--against", {.text = &Invocation::against}},
      {"--approve", {.flag = &Invocation::approve}},
      {"--gui", {.flag = &Invocation::gui}},
      {"--fail-validation", {.flag = &Invocation::failValidation}},
      {"--break-something", {.flag = &Invocation::breakSomething}},
      {"--reason", {.text = &Invocation::reason}},
      {"--plan", {.text = &Invocation::planHash}},
      {"--url", {.text = &Invocation::url}},
      {"--json", {.flag = &Invocation::json}},
      {"--markdown", {.flag = &Invocation::markdown}},
      {"--file", {.flag = &Invocation::inFile}},
      {"--format", {.text = &Invocation::format}},
      {"--topology", {.text = &Invocation::topology}},
      {"--zone", {.repeated = &Invocation::zones}},
      {"--name", {.text = &Invocation::name}},
      {"--scope", {.text = &Invocation::scope}},
  };
  return table;
}

const std::map<std::string, Command>& commands() {
  static const std::vector<std::string> run{"--config", "--listen", "--watch", "--set"};
  static const std::map<std::string, Command> table{
      {"", {Mode::Console, nullptr, "", run}},
      {"--server", {Mode::Server, nullptr, "", run}},
      {"--executor", {Mode::Executor}},
      {"demo",
       {Mode::Demo,
        &Invocation::scenario,
        "SCENARIO (see `demo list`)",
        {"--approve", "--gui", "--fail-validation", "--break-something", "--listen"}}},
      {"analyze",
       {Mode::Analyze,
        nullptr,
        "PATH (a log file, or a directory of *.log files)",
        {"--format", "--topology", "--zone"},
        &Invocation::paths,
        {"text", "json"}}},
      {"templates",
       {Mode::Templates,
        nullptr,
        "FILE (a log file)",
        {"--format", "--content-only"},
        &Invocation::paths,
        {"csv", "json"}}},
      {"anomalies",
       {Mode::Anomalies,
        &Invocation::file,
        "FILE.csv (timestamp,value)",
        {"--format"},
        nullptr,
        {"text", "csv"}}},
      {"agents", {Mode::Agents, nullptr, "", {"--url", "--json"}}},
      {"incidents", {Mode::Incidents, nullptr, "", {"--url", "--json"}}},
      {"fixes", {Mode::Fixes, nullptr, "", {"--url", "--json"}}},
      {"approve", {Mode::Approve, &Invocation::id, "ID (for example FIX-0001)", {"--url", "--plan"}}},
      {"reject", {Mode::Reject, &Invocation::id, "ID (for example FIX-0001)", {"--url", "--reason"}}},
      {"dry-run", {Mode::DryRun, &Invocation::id, "ID (for example FIX-0001)", {"--url", "--json"}}},
      {"stop", {Mode::Stop, nullptr, "", {"--url", "--reason"}}},
      {"resume", {Mode::Resume, nullptr, "", {"--url", "--reason"}}},
      {"unlock", {Mode::Unlock, &Invocation::id, "SERVICE", {"--reason"}}},
      {"audit", {Mode::AuditVerify, nullptr, "", {"--url", "--json"}}},
      {"generate-api-key", {Mode::GenerateApiKey, nullptr, "", {"--url", "--name", "--scope"}}},
      {"settings", {Mode::Settings, nullptr, "", {"--url", "--json", "--markdown", "--config", "--set"}}},
      {"secret", {Mode::Secret, &Invocation::verb, "set, list or remove", {"--url", "--json", "--file"}}},
      {"patterns",
       {Mode::Patterns, &Invocation::verb, kPatternVerbs, {"--url", "--json", "--logs", "--against"}}},
      {"knowledge", {Mode::Knowledge, &Invocation::verb, "export or import", {"--url", "--json"}}},
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
  if (option.repeated != nullptr) {
    (into.*option.repeated).push_back(words[at++]);
    return {};
  }
  while (at < words.size() && !words[at].starts_with("--")) (into.*option.list).push_back(words[at++]);
  return {};
}

/// Verbs of `patterns` that try a file on logs.
bool readsLogs(const std::string& verb) {
  return verb == "test" || verb == "backtest" || verb == "lint";
}

/// The format asked for, or the command's own.
base::Result<> settleFormat(const Command& command, Invocation& invocation) {
  if (command.formats.empty()) return {};
  if (invocation.format.empty()) invocation.format = command.formats.front();
  if (std::ranges::find(command.formats, invocation.format) != command.formats.end()) return {};
  return fail(ErrorCode::InvalidInput, "no such format '" + invocation.format + "'", "--format",
              "allowed: " + join(command.formats));
}

base::Result<> requireComplete(const Invocation& invocation) {
  if (invocation.mode == Mode::Reject && invocation.reason.empty())
    return usage("a rejection needs a reason", "--reason TEXT");
  if (invocation.mode == Mode::Unlock && invocation.reason.empty()) {
    return usage("say what was put right", "--reason TEXT");
  }
  if (invocation.mode == Mode::GenerateApiKey && invocation.name.empty())
    return usage("the key needs a name", "--name NAME");
  if (invocation.mode == Mode::Patterns && readsLogs(invocation.verb) == invocation.logs.empty())
    return usage(
        invocation.logs.empty() ? "name the files to look at" : "only test, backtest and lint take it",
        "--logs PATH...");
  if (!invocation.against.empty() && invocation.verb != "backtest")
    return usage("only `patterns backtest` takes it", "--against VERSION");
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
  if (out.mode == Mode::Secret) {
    if (out.verb != "set" && out.verb != "list" && out.verb != "remove")
      return usage("secret knows three verbs: set, list, remove", out.verb);
    if (out.verb != "list") {
      if (at >= arguments.size() || arguments[at].starts_with("--"))
        return usage("KEY is missing", "secret " + out.verb);
      out.id = arguments[at++];
      if (at < arguments.size() && !arguments[at].starts_with("--"))
        return usage("a secret is never an argument, others can see it", "give it on standard input");
    }
  }
  if (out.mode == Mode::Patterns) {
    static const std::vector<std::string> verbs{"list",    "show", "add",      "remove", "enable",
                                                "disable", "test", "backtest", "lint"};
    if (std::ranges::find(verbs, out.verb) == verbs.end())
      return usage("patterns knows the verbs " + kPatternVerbs, out.verb);
    if (out.verb != "list") {
      const bool file = out.verb == "add" || readsLogs(out.verb);
      if (at >= arguments.size() || arguments[at].starts_with("--"))
        return usage(file ? "FILE is missing" : "ID is missing", "patterns " + out.verb);
      out.id = arguments[at++];
    }
  }
  if (out.mode == Mode::Knowledge) {
    if (out.verb != "export" && out.verb != "import")
      return usage("knowledge knows two verbs: export, import", out.verb);
    if (at >= arguments.size() || arguments[at].starts_with("--"))
      return usage("FILE is missing", "knowledge " + out.verb);
    out.file = arguments[at++];
  }
  while (at < arguments.size()) {
    if (command.operands != nullptr && !arguments[at].starts_with("--")) {
      (out.*command.operands).push_back(arguments[at++]);
      continue;
    }
    if (!arguments[at].starts_with("--")) return usage("unexpected argument", arguments[at]);
    if (arguments[at] == "--server" && out.mode == Mode::Console) {
      out.mode = Mode::Server;
      ++at;
      continue;
    }
    if (auto read = readOption(command, arguments, at, out); !read) return std::unexpected(read.error());
  }
  if (command.operands != nullptr && (out.*command.operands).empty())
    return usage(command.operandName + " is missing", word);
  if (auto format = settleFormat(command, out); !format) return std::unexpected(format.error());
  if (out.mode == Mode::Templates && out.paths.size() > 1) return usage("one file at a time", out.paths[1]);
  if (auto complete = requireComplete(out); !complete) return std::unexpected(complete.error());
  return out;
}

std::string helpText() {
  return R"(ai-ops-core watches logs, finds out what is wrong and why, and fixes it with your approval.

  ai-ops-core [--config FILE] [--watch PATH...]      the console, engine inside
  ai-ops-core --server [--config FILE] [--listen ADDRESS:PORT] [--watch PATH...]
                                                     without a window; HTTP on 127.0.0.1:8500
                       [--set KEY=VALUE...]          outranks every file and variable; see `settings`
  ai-ops-core demo web-503 [--approve] [--gui] [--fail-validation | --break-something]
                                                     a real failing service: seen, diagnosed, fixed, validated
  ai-ops-core demo list
  ai-ops-core analyze PATH... [--format json|text] [--topology FILE] [--zone SERVICE=ZONE]
                                                     what went wrong in these logs, why, and what could be done
  ai-ops-core templates FILE [--format csv|json] [--content-only]
                                                     the templates behind its lines; --content-only: lines are bare
                                                     messages
  ai-ops-core anomalies FILE.csv [--format csv|text] how unusual each value of a series is (timestamp,value)

  Against the instance of this home, or of --url URL with the key in AIOPS_API_KEY:
  ai-ops-core agents [--json]                        what each agent does
  ai-ops-core incidents [--json]                     what is wrong
  ai-ops-core fixes [--json]                         what could be done about it, and what was done
  ai-ops-core dry-run ID [--json]                    try a fix without its effects: what would stand in its way
  ai-ops-core approve ID [--plan HASH]               approve exactly the plan shown by `fixes`
  ai-ops-core reject ID --reason TEXT
  ai-ops-core stop [--reason TEXT]                   stop all automation; holds over restarts
  ai-ops-core resume [--reason TEXT]
  ai-ops-core unlock SERVICE --reason TEXT           after a failed undo was put right by hand; ends no instance,
                                                     wants none running
  ai-ops-core audit verify                           check the audit chain
  ai-ops-core generate-api-key --name NAME [--scope read|ingest|operate|approve|admin]
  ai-ops-core settings [--json] [--config FILE]      every setting, its value and where that comes from
  ai-ops-core secret set KEY [--file] | list | remove KEY
                                                     a new secret comes from standard input; it is never shown
  ai-ops-core patterns list [--json] | show ID | add FILE | remove ID | enable ID | disable ID
                                                     what to look for; add changes a known one
  ai-ops-core patterns test FILE --logs PATH...      tries patterns on files; needs no instance
  ai-ops-core patterns backtest FILE --logs PATH... [--against VERSION]   what they would have found, and the difference
  ai-ops-core patterns lint FILE --logs PATH...      names what is too broad, never hit, twice there or too dear
  ai-ops-core knowledge export FILE|- | import FILE [--json]
                                                     what was learnt, for another instance; what an operator
                                                     corrected here stays as it is

AIOPS_HOME is the directory that holds all state (default: $XDG_DATA_HOME/ai-ops-core).
Exit status: 0 done, 1 the answer is negative, 2 bad usage, 3 could not run.
)";
}

}  // namespace aiops::app
