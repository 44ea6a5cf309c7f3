// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/playbook.h"

#include <algorithm>
#include <system_error>

#include "base/bytes.h"
#include "remediation/augeas_edit.h"
#include "remediation/host_verb.h"
#include "remediation/yaml_section.h"

namespace aiops::remediation {
namespace {

using base::Error;
using base::ErrorCode;

constexpr size_t kMaxFileBytes = 256 * 1024;

/// Reads one file; holds the playbook so far so that later parts can be checked against earlier ones.
class PlaybookReader {
 public:
  PlaybookReader(std::string file, const std::string& bytes) : m_file(std::move(file)) {
    m_playbook.file = m_file;
    m_playbook.digest = base::sha256Hex(bytes);
  }

  Playbook read(const YAML::Node& root) {
    const YamlSection top(root, m_file, "the playbook");
    const bool byHand = top.has("by_hand");
    if (byHand) {
      top.allowOnly({"id", "version", "title", "fix_kind", "cures", "by_hand", "risk"});
    } else {
      top.allowOnly({"id", "version", "title", "fix_kind", "cures", "parameters", "preconditions", "steps",
                     "validators", "risk", "reaches", "unsure"});
    }
    m_playbook.id = identifier(top, "id");
    m_playbook.version = top.text("version");
    m_playbook.fixKind = identifier(top, "fix_kind");
    m_playbook.cures = top.texts("cures");
    if (m_playbook.cures.empty()) schemaFail(top.node("cures"), m_file, "'cures' names no root-cause kind");
    if (byHand) {
      readByHand(top);
      return std::move(m_playbook);
    }
    readParameters(YamlSection(top.node("parameters"), m_file, "parameters"));
    m_playbook.title = sentence(top, "title");
    if (top.has("preconditions")) {
      for (const auto& node : top.list("preconditions")) readPrecondition(node);
    }
    for (const auto& node : top.list("steps")) readStep(YamlSection(node, m_file, "a step"));
    for (const auto& node : top.list("validators")) readValidator(YamlSection(node, m_file, "a validator"));
    readRisk(YamlSection(top.node("risk"), m_file, "risk"));
    m_playbook.reaches = sentences(top, "reaches");
    m_playbook.unsure = sentences(top, "unsure");
    return std::move(m_playbook);
  }

 private:
  std::string identifier(const YamlSection& section, const std::string& key) const {
    std::string value = section.text(key);
    if (!isIdentifier(value))
      schemaFail(section.node(key), m_file, "'" + key + "' must be letters, digits, '_', '-' or '.'");
    return value;
  }

  /// Text in which every `{name}` is a parameter.
  void checkPlaceholders(const YAML::Node& node, const std::string& text) const {
    for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
      const size_t close = text.find('}', open);
      const std::string name =
          close == std::string::npos ? text.substr(open) : text.substr(open + 1, close - open - 1);
      if (!m_playbook.parameter(name)) schemaFail(node, m_file, "'{" + name + "}' is not a parameter");
    }
  }

  std::string sentence(const YamlSection& section, const std::string& key) const {
    std::string text = section.text(key);
    checkPlaceholders(section.node(key), text);
    return text;
  }

  std::vector<std::string> sentences(const YamlSection& section, const std::string& key) const {
    auto texts = section.texts(key);
    for (const auto& text : texts) checkPlaceholders(section.node(key), text);
    return texts;
  }

  /// Its sentences may name the service that is blamed, which need not be in the inventory.
  void readByHand(const YamlSection& top) {
    m_playbook.parameters.push_back(
        {.name = "service", .type = ParameterType::ServiceName, .source = ParameterSource::Target});
    m_playbook.title = sentence(top, "title");
    m_playbook.byHand = sentences(top, "by_hand");
    if (m_playbook.byHand.empty()) schemaFail(top.node("by_hand"), m_file, "'by_hand' says nothing");
    readRisk(YamlSection(top.node("risk"), m_file, "risk"));
  }

  std::string parameterOf(const YamlSection& section, const std::string& key, ParameterType type) const {
    std::string name = section.text(key);
    const Parameter* parameter = m_playbook.parameter(name);
    if (!parameter) schemaFail(section.node(key), m_file, "'" + name + "' is not a parameter");
    if (parameter->type != type)
      schemaFail(section.node(key), m_file, "parameter '" + name + "' has the wrong type for '" + key + "'");
    return name;
  }

  void readParameters(const YamlSection& section) {
    for (const std::string& name : section.keys()) {
      const YAML::Node node = section.node(name);
      if (!isIdentifier(name)) schemaFail(node, m_file, "'" + name + "' is not a parameter name");
      m_playbook.parameters.push_back(
          readParameter(name, YamlSection(node, m_file, "parameter '" + name + "'")));
    }
  }

  Parameter readParameter(const std::string& name, const YamlSection& section) const {
    section.allowOnly({"type", "from", "default", "min", "max", "scale", "lens", "path"});
    Parameter parameter;
    parameter.name = name;
    parameter.type = readType(section);
    if (section.has("from") == section.has("default")) {
      schemaFail(section.self(), m_file, "parameter '" + name + "' needs either 'from' or 'default'");
    }
    if (section.has("default")) parameter.fixedValue = section.text("default");
    if (section.has("from")) readSource(section, parameter);
    const bool isFile = parameter.source == ParameterSource::TargetFile;
    if (isFile != (parameter.type == ParameterType::ServiceFile)) {
      schemaFail(section.self(), m_file,
                 "a service_file comes from target.config_file and nothing else does");
    }
    const bool augeas = parameter.source == ParameterSource::AugeasValue;
    if (section.has("lens") != augeas || section.has("path") != augeas)
      schemaFail(section.self(), m_file, "'from: augeas', 'lens' and 'path' belong together");
    if (augeas) {
      parameter.lens = lensOf(section);
      parameter.path = nodePath(section.node("path"), section.text("path"));
    }
    readRange(section, parameter);
    return parameter;
  }

  ParameterType readType(const YamlSection& section) const {
    const std::string type = section.text("type");
    if (type == "integer") return ParameterType::Integer;
    if (type == "identifier") return ParameterType::Identifier;
    if (type == "service") return ParameterType::ServiceName;
    if (type == "service_file") return ParameterType::ServiceFile;
    if (type == "service_command") return ParameterType::ServiceCommand;
    if (type == "path") return ParameterType::Path;
    if (type == "addresses") return ParameterType::Addresses;
    schemaFail(section.node("type"), m_file, "unknown parameter type '" + type + "'");
  }

  void readSource(const YamlSection& section, Parameter& parameter) const {
    const std::string from = section.text("from");
    const size_t dot = from.find('.');
    const std::string kind = from.substr(0, dot), name = dot == std::string::npos ? "" : from.substr(dot + 1);
    parameter.sourceName = name;
    if (from == "target") {
      parameter.source = ParameterSource::Target;
    } else if (from == "target.config_file") {
      parameter.source = ParameterSource::TargetFile;
    } else if (from == "target.log") {
      parameter.source = ParameterSource::TargetLog;
    } else if (from == "tally") {
      parameter.source = ParameterSource::Tally;
    } else if (from == "augeas") {
      parameter.source = ParameterSource::AugeasValue;
    } else if (kind == "capture" && isIdentifier(name)) {
      parameter.source = ParameterSource::Capture;
    } else if (kind == "config" || kind == "parameter") {
      const Parameter* other = m_playbook.parameter(name);
      if (!other) schemaFail(section.node("from"), m_file, "'" + name + "' is not a parameter given before");
      if (kind == "config" && other->type != ParameterType::Identifier) {
        schemaFail(section.node("from"), m_file,
                   "parameter '" + name + "' must be an identifier: it holds a key");
      }
      parameter.source = kind == "config" ? ParameterSource::ConfigValue : ParameterSource::OtherParameter;
    } else {
      schemaFail(section.node("from"), m_file, "unknown source '" + from + "'");
    }
  }

  void readRange(const YamlSection& section, Parameter& parameter) const {
    const bool ranged = section.has("min") || section.has("max") || section.has("scale");
    if (ranged && parameter.type != ParameterType::Integer) {
      schemaFail(section.self(), m_file, "only an integer has min, max and scale");
    }
    if (parameter.type != ParameterType::Integer) return;
    parameter.min = section.integerOr("min", INT64_MIN);
    parameter.max = section.integer("max");  // an integer without a bound would be no grammar at all
    parameter.scale = section.integerOr("scale", 1);
    if (parameter.min > parameter.max) schemaFail(section.self(), m_file, "min is above max");
  }

  void readPrecondition(const YAML::Node& node) {
    Precondition condition;
    if (node.IsScalar() && node.Scalar() == "service_known") {
      condition.kind = Precondition::Kind::ServiceKnown;
    } else if (node.IsScalar() && node.Scalar() == "config_file") {
      condition.kind = Precondition::Kind::ConfigFile;
    } else if (node.IsScalar() && node.Scalar() == "manager") {
      condition.kind = Precondition::Kind::Manager;
    } else if (node.IsScalar()) {
      schemaFail(node, m_file, "unknown precondition '" + node.Scalar() + "'");
    } else {
      const YamlSection section(node, m_file, "a precondition");
      section.allowOnly({"config_integer", "command"});
      if (section.keys().size() != 1) schemaFail(node, m_file, "a precondition says one thing");
      const bool command = section.has("command");
      condition.kind = command ? Precondition::Kind::Command : Precondition::Kind::ConfigInteger;
      condition.name = command ? identifier(section, "command")
                               : parameterOf(section, "config_integer", ParameterType::Identifier);
    }
    m_playbook.preconditions.push_back(condition);
  }

  CommandUse readCommand(const YamlSection& section, std::vector<std::string> extraKeys = {}) const {
    extraKeys.insert(extraKeys.end(), {"name", "with", "timeout"});
    section.allowOnly(extraKeys);
    CommandUse use;
    use.command = identifier(section, "name");
    if (section.has("timeout")) use.timeout = section.durationOr("timeout", {});
    if (section.has("with")) {
      const YamlSection with(section.node("with"), m_file, "with");
      for (const std::string& placeholder : with.keys()) {
        const std::string name = with.text(placeholder);
        if (!m_playbook.parameter(name))
          schemaFail(with.node(placeholder), m_file, "'" + name + "' is not a parameter");
        use.with[placeholder] = name;
      }
    }
    return use;
  }

  void readStep(const YamlSection& section) {
    PlaybookStep step;
    step.title = sentence(section, "title");
    if (const auto* verb = hostVerbOf(section)) {
      readHostStep(section, *verb, step);
    } else if (section.has("config_edit")) {
      readEdit(section, step);
    } else if (section.has("service")) {
      readServiceStep(section, step);
    } else {
      readCommandStep(section, step);
    }
    m_playbook.steps.push_back(std::move(step));
  }

  /// The verb that the step names, or null; a step says one thing.
  const HostVerb* hostVerbOf(const YamlSection& section) const {
    const HostVerb* found = nullptr;
    size_t said = 0;
    for (const char* kind : {"config_edit", "command", "service"}) said += section.has(kind);
    std::string known = "'config_edit', 'command', 'service'";
    for (const auto& verb : hostVerbs()) {
      known += ", '" + std::string(verb->name()) + "'";
      if (!section.has(std::string(verb->name()))) continue;
      found = verb.get();
      ++said;
    }
    if (said != 1) schemaFail(section.self(), m_file, "a step has one of " + known);
    return found;
  }

  void readHostStep(const YamlSection& section, const HostVerb& verb, PlaybookStep& step) const {
    const std::string name(verb.name());
    section.allowOnly({"title", name});
    step.kind = "host";
    step.verb = name;
    step.idempotent = verb.idempotent();
    const YamlSection body(section.node(name), m_file, name);
    std::vector<std::string> keys{"timeout"};
    for (const auto& argument : verb.arguments()) {
      const std::string key(argument.name);
      keys.push_back(key);
      if (body.has(key)) {
        step.arguments[key] = knownParameter(body.node(key), body.text(key));
      } else if (!argument.optional) {
        schemaFail(body.self(), m_file, "'" + name + "' needs '" + key + "'");
      }
    }
    body.allowOnly(keys);
    if (body.has("timeout")) step.timeout = body.durationOr("timeout", {});
  }

  void readEdit(const YamlSection& section, PlaybookStep& step) const {
    section.allowOnly({"title", "config_edit"});
    step.kind = "config_edit";
    step.idempotent = true;  // a whole-file replacement is checked by digest
    const YamlSection edit(section.node("config_edit"), m_file, "config_edit");
    const std::string format = edit.text("format");
    if (format == "augeas") {
      readNodes(edit, step);
    } else if (format == "keyvalue") {
      edit.allowOnly({"format", "file", "key", "value", "check"});
      step.keyParameter = parameterOf(edit, "key", ParameterType::Identifier);
      step.valueParameter = knownParameter(edit.node("value"), edit.text("value"));
    } else {
      schemaFail(edit.node("format"), m_file, "unknown format; 'keyvalue' and 'augeas' are known");
    }
    step.fileParameter = parameterOf(edit, "file", ParameterType::ServiceFile);
    if (edit.has("check")) step.checkCommand = identifier(edit, "check");
  }

  std::string knownParameter(const YAML::Node& node, const std::string& name) const {
    if (!m_playbook.parameter(name)) schemaFail(node, m_file, "'" + name + "' is not a parameter");
    return name;
  }

  std::string lensOf(const YamlSection& section) const {
    std::string lens = section.text("lens");
    if (!isLensName(lens)) schemaFail(section.node("lens"), m_file, "'" + lens + "' is not a lens");
    return lens;
  }

  /// A path expression; what stands in it for a parameter must be unable to change its meaning.
  std::string nodePath(const YAML::Node& node, const std::string& path) const {
    checkPlaceholders(node, path);
    for (const auto& parameter : m_playbook.parameters) {
      const bool used = path.find('{' + parameter.name + '}') != std::string::npos;
      if (used && parameter.type == ParameterType::ServiceFile)
        schemaFail(node, m_file, "parameter '" + parameter.name + "' can't stand in a path");
    }
    return path;
  }

  void readNodes(const YamlSection& edit, PlaybookStep& step) const {
    edit.allowOnly({"format", "lens", "file", "set", "remove", "create", "check"});
    step.lens = lensOf(edit);
    step.createNodes = edit.flagOr("create", false);
    if (edit.has("set")) {
      const YamlSection set(edit.node("set"), m_file, "set");
      for (const std::string& path : set.keys())
        step.nodes.push_back(
            {nodePath(set.node(path), path), knownParameter(set.node(path), set.text(path))});
    }
    for (const auto& path : edit.texts("remove"))
      step.nodes.push_back({nodePath(edit.node("remove"), path), ""});
    if (step.nodes.empty()) schemaFail(edit.self(), m_file, "an edit has 'set' or 'remove'");
  }

  void readServiceStep(const YamlSection& section, PlaybookStep& step) const {
    section.allowOnly({"title", "service"});
    step.kind = "service";
    step.idempotent = true;  // the unit itself tells whether it was done
    const YamlSection service(section.node("service"), m_file, "service");
    service.allowOnly({"verb", "timeout", "stability", "daemon_reload"});
    step.verb = service.text("verb");
    if (step.verb != "start" && step.verb != "stop" && step.verb != "restart" && step.verb != "reload")
      schemaFail(service.node("verb"), m_file, "a verb is start, stop, restart or reload");
    if (service.has("timeout")) step.timeout = service.durationOr("timeout", {});
    if (service.has("stability")) step.stability = service.durationOr("stability", {});
    step.reloadManager = service.flagOr("daemon_reload", false);
  }

  void readCommandStep(const YamlSection& section, PlaybookStep& step) const {
    section.allowOnly({"title", "command", "effect_check", "inverse", "idempotent"});
    step.kind = "command";
    step.command = readCommand(YamlSection(section.node("command"), m_file, "command"));
    step.effectCheck = readCommand(YamlSection(section.node("effect_check"), m_file, "effect_check"));
    step.idempotent = section.flagOr("idempotent", false);
    if (!section.has("inverse")) return;
    const YamlSection inverse(section.node("inverse"), m_file, "inverse");
    step.inverse = readCommand(inverse, {"deferred", "effect_check"});
    step.inverseDeferred = inverse.flagOr("deferred", false);
    step.inverseEffectCheck = readCommand(YamlSection(inverse.node("effect_check"), m_file, "effect_check"));
  }

  void readValidator(const YamlSection& section) {
    section.allowOnly({"http", "log_quiet", "service"});
    if (section.keys().size() != 1)
      schemaFail(section.self(), m_file, "a validator is one of 'http', 'log_quiet' and 'service'");
    PlaybookValidator validator;
    validator.kind = section.keys().front();
    const YamlSection body(section.node(validator.kind), m_file, validator.kind);
    validator.title = sentence(body, "title");
    if (validator.kind == "http") {
      readHttp(body, validator);
    } else if (validator.kind == "service") {
      body.allowOnly({"title", "settle", "interval", "probes"});
    } else {
      body.allowOnly({"title", "pattern", "settle", "interval", "probes"});
      validator.patternId = identifier(body, "pattern");
    }
    validator.settle = body.durationOr("settle", validator.settle);
    validator.interval = body.durationOr("interval", validator.interval);
    const int64_t probes = body.integerOr("probes", validator.probes);
    if (probes < 1 || probes > 1000) schemaFail(body.node("probes"), m_file, "probes must be 1 to 1000");
    validator.probes = static_cast<int>(probes);
    m_playbook.validators.push_back(std::move(validator));
  }

  void readHttp(const YamlSection& body, PlaybookValidator& validator) const {
    body.allowOnly({"title", "status", "json_pointer", "below", "settle", "interval", "probes", "optional"});
    validator.optional = body.flagOr("optional", false);
    const int64_t status = body.integerOr("status", 200);
    if (status < 100 || status > 599) schemaFail(body.node("status"), m_file, "status must be 100 to 599");
    validator.expectedStatus = static_cast<int>(status);
    if (body.has("json_pointer") != body.has("below")) {
      schemaFail(body.self(), m_file, "'json_pointer' and 'below' belong together");
    }
    if (!body.has("json_pointer")) return;
    validator.jsonPointer = body.text("json_pointer");
    if (!validator.jsonPointer.starts_with('/'))
      schemaFail(body.node("json_pointer"), m_file, "a JSON pointer begins with '/'");
    validator.below = body.number("below");
  }

  void readRisk(const YamlSection& section) {
    section.allowOnly({"base", "raises", "lowers"});
    const auto risk = model::riskFromString(section.text("base"));
    if (!risk) schemaFail(section.node("base"), m_file, "risk must be low, medium or high");
    m_playbook.riskBase = *risk;
    m_playbook.riskRaises = sentences(section, "raises");
    m_playbook.riskLowers = sentences(section, "lowers");
  }

  std::string m_file;
  Playbook m_playbook;
};

std::vector<std::filesystem::path> yamlFiles(const std::filesystem::path& directory,
                                             std::vector<Error>& problems) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".yaml") files.push_back(it->path());
  }
  if (error)
    problems.push_back(
        {ErrorCode::Io, "can't read playbook directory: " + error.message(), directory.string(), {}});
  std::ranges::sort(files);
  return files;
}

base::Result<Playbook> loadFile(const std::filesystem::path& path) {
  auto bytes = base::readFile(path, kMaxFileBytes);
  if (!bytes) return std::unexpected(bytes.error());
  return parsePlaybook(*bytes, path.string());
}

}  // namespace

bool isIdentifier(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && text.size() <= 64 && letter(text[0]) && std::ranges::all_of(text, [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

const Parameter* Playbook::parameter(const std::string& name) const {
  const auto found = std::ranges::find(parameters, name, &Parameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

const Playbook* PlaybookSet::find(const std::string& id) const {
  const auto found = std::ranges::find(playbooks, id, &Playbook::id);
  return found == playbooks.end() ? nullptr : &*found;
}

base::Result<Playbook> parsePlaybook(const std::string& bytes, const std::string& file) {
  if (base::toValidUtf8(bytes) != bytes)
    return base::fail(ErrorCode::InvalidInput, "the file is not UTF-8", file);
  try {
    return PlaybookReader(file, bytes).read(YAML::Load(bytes));
  } catch (const SchemaError& problem) {
    return std::unexpected(problem.error);
  } catch (const YAML::Exception& problem) {
    const int line = problem.mark.is_null() ? 0 : problem.mark.line;
    return base::fail(ErrorCode::InvalidInput, problem.msg, file + ':' + std::to_string(line + 1));
  }
}

PlaybookSet loadPlaybooks(const std::vector<std::filesystem::path>& directories) {
  PlaybookSet set;
  for (const auto& directory : directories) {
    for (const auto& file : yamlFiles(directory, set.problems)) {
      auto playbook = loadFile(file);
      if (!playbook) {
        set.problems.push_back(playbook.error());
      } else if (const Playbook* other = set.find(playbook->id)) {
        set.problems.push_back({ErrorCode::Conflict,
                                "playbook '" + playbook->id + "' is already given by " + other->file,
                                file.string(),
                                {}});
      } else {
        set.playbooks.push_back(*std::move(playbook));
      }
    }
  }
  std::ranges::sort(set.playbooks, {}, &Playbook::id);
  return set;
}

}  // namespace aiops::remediation
