// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/pattern_schema.h"

#include <algorithm>
#include <map>

#include "detection/fuzzy.h"
#include "detection/schema_rows.h"
#include "detection/selection_schema.h"

namespace aiops::detection {
namespace {

constexpr int64_t kDay = 86'400, kMonth = 30 * kDay;
constexpr size_t kMostSteps = 16;

// Types --------------------------------------------------------------------------------------------------

Rows<FuzzyKind> fuzzyRows() {
  auto text = textRow(&FuzzyKind::text, "text", "The message, as it is now or as it was.", KeyKind::LongText);
  text.key.required = true;
  return {text,
          {{.name = "max_edits",
            .kind = KeyKind::Integer,
            .help = "Letters that may be put in, left out or changed. Without it words are compared.",
            .least = 0,
            .most = 64},
           [](FuzzyKind& to, const YAML::Node& node, const std::string& key) {
             to.maxEdits = static_cast<uint32_t>(integerOf(node, key, 0, 64));
           },
           [](const FuzzyKind& of) { return of.maxEdits ? Json(*of.maxEdits) : Json(); }},
          {{.name = "similarity",
            .kind = KeyKind::Number,
            .help = "The share of words that have to be the same.",
            .least = 0.5,
            .most = 1,
            .byDefault = "0.8"},
           [](FuzzyKind& to, const YAML::Node& node, const std::string& key) {
             to.similarity = numberOf(node, key, 0.5, 1);
           },
           [](const FuzzyKind& of) { return of.similarity == 0.8 ? Json() : Json(of.similarity); }}};
}

Rows<SequenceStep> stepRows() {
  Rows<SequenceStep> rows = {textRow(&SequenceStep::name, "name", "What happens in this step.")};
  for (auto& row : lifted(selectionRows(), &SequenceStep::select)) rows.push_back(std::move(row));
  rows.push_back(integerRow(&SequenceStep::least, "at_least", "So many records.", 1, 250));
  rows.push_back(integerRow(&SequenceStep::most, "at_most", "No more than so many; 0: no limit.", 0, 250));
  rows.push_back(flagRow(&SequenceStep::keep, "keep",
                         "Its records are not spent by a story: they take part in the next ones too."));
  rows.push_back(
      flagRow(&SequenceStep::missing, "missing", "The last step: that it does not come is what counts."));
  return rows;
}

Rows<SequenceKind> sequenceRows() {
  return {{{.name = "steps",
            .kind = KeyKind::Groups,
            .help = "What happens, in this order.",
            .required = true,
            .keys = keysOf(stepRows())},
           [](SequenceKind& to, const YAML::Node& node, const std::string& key) {
             static const auto kRows = stepRows();
             if (!node.IsSequence()) throw Broken(node, key + " must be a list of steps");
             for (const auto& item : node) {
               auto& step = to.steps.emplace_back();
               const auto number = std::to_string(to.steps.size());
               readRows(step, item, kRows, "step " + number, key + '.' + number + '.');
               if (step.name.empty()) step.name = number;
             }
           },
           [](const SequenceKind& of) {
             static const auto kRows = stepRows();
             Json steps = Json::array();
             for (const auto& step : of.steps) steps.push_back(writeRows(step, kRows));
             return steps;
           }},
          textRow(&SequenceKind::join, "join",
                  "The capture or field that says which records belong together, such as a process or "
                  "connection id. By default what group_by says."),
          secondsRow(&SequenceKind::within, "within_seconds", "From the first record to the last.", kDay),
          flagRow(&SequenceKind::inOrder, "in_order", "In this order; else in any.")};
}

Rows<TemporalKind> temporalRows() {
  return {
      choiceRow(&TemporalKind::condition, "condition_type", "What has to happen over time.",
                {{"spike", TemporalCondition::Spike},
                 {"sustained_rate", TemporalCondition::SustainedRate},
                 {"sustained_growth", TemporalCondition::SustainedGrowth},
                 {"periodic", TemporalCondition::Periodic},
                 {"absence", TemporalCondition::Absence}},
                true),
      secondsRow(&TemporalKind::window, "window_size",
                 "How far back it looks. By default the setting temporal_window.", kMonth),
      numberRow(&TemporalKind::threshold, "threshold",
                "spike: times the usual; sustained_rate: a second, or the value; sustained_growth: the share "
                "of rises from 0 to 1.",
                0, 1e15),
      textRow(&TemporalKind::value, "value",
              "The numeric capture or field to watch; else the rate of the records.")};
}

Rows<AnomalyKind> anomalyRows() {
  return {choiceRow(&AnomalyKind::of, "of", "What is watched.",
                    {{"rate", AnomalyOf::Rate},
                     {"value", AnomalyOf::Value},
                     {"new_template", AnomalyOf::NewTemplate},
                     {"template_share", AnomalyOf::TemplateShare},
                     {"silence", AnomalyOf::Silence}}),
          textRow(&AnomalyKind::value, "value", "The numeric capture or field, of value."),
          secondsRow(&AnomalyKind::bucket, "bucket_seconds", "Rates are counted over so long.", 3600),
          numberRow(&AnomalyKind::sensitivity, "sensitivity",
                    "Higher finds more. By default the setting pattern_sensitivity.", 0.1, 10),
          choiceRow(&AnomalyKind::direction, "direction", "Which way counts.",
                    {{"both", Direction::Both}, {"up", Direction::Up}, {"down", Direction::Down}})};
}

/// One type of pattern: a row of the table.
struct TypeRow {
  std::string type, title, help;
  std::vector<model::PatternKey> keys;  ///< of `condition`
  std::function<PatternKind()> make;
  std::function<void(PatternKind&, const YAML::Node&)> read;
  std::function<Json(const PatternKind&)> write;
  std::function<std::string(PatternDocument&)> check;  ///< completes it; what is wrong, or empty
};

template <class Kind>
TypeRow typeRow(std::string type, std::string title, std::string help, Rows<Kind> rows,
                std::string (*check)(PatternDocument&)) {
  return {std::move(type),
          std::move(title),
          std::move(help),
          keysOf(rows),
          [] { return PatternKind(Kind()); },
          [rows](PatternKind& kind, const YAML::Node& node) {
            readRows(std::get<Kind>(kind), node, rows, "condition", "condition.");
          },
          [rows](const PatternKind& kind) { return writeRows(std::get<Kind>(kind), rows); },
          check};
}

std::string checkRegex(PatternDocument& document) {
  const auto& select = document.select;
  if (select.match.empty() && !select.levelAtLeast && select.fields.empty() && select.where.empty())
    return "match is missing";
  return {};
}

std::string checkFuzzy(PatternDocument& document) {
  const auto& fuzzy = std::get<FuzzyKind>(document.kind);
  if (!document.select.match.empty()) return "a fuzzy pattern has condition.text in place of match";
  if (fuzzy.text.size() > Fuzzy::kMostBytes)
    return "condition.text is longer than " + std::to_string(Fuzzy::kMostBytes) + " bytes";
  if (fuzzy.text.size() < 4) return "condition.text is too short to be looked for";
  if (fuzzy.maxEdits && *fuzzy.maxEdits * 3 > fuzzy.text.size())
    return "condition.max_edits is more than a third of the text: that is another text";
  if (Fuzzy(fuzzy).pieces().empty()) return "condition.text holds no word";
  return {};
}

std::string checkSequence(PatternDocument& document) {
  auto& sequence = std::get<SequenceKind>(document.kind);
  const auto& steps = sequence.steps;
  if (!document.select.empty()) return "a sequence says in condition.steps what its records match";
  if (steps.empty() || steps.size() > kMostSteps) return "condition.steps must be 1 to 16 steps";
  if (steps.size() == 1 && steps.front().least < 2) return "condition.steps must be two at least";
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].select.empty()) return "step '" + steps[i].name + "': match is missing";
    if (steps[i].most > 0 && steps[i].most < steps[i].least)
      return "step '" + steps[i].name + "': at_most is less than at_least";
    if (steps[i].keep && (steps[i].missing || i + 1 == steps.size()))
      return "step '" + steps[i].name + "': the last step ends the story and can't be kept";
    if (!steps[i].missing) continue;
    if (i == 0 || i + 1 < steps.size()) return "only the last of several steps can be missing";
    if (!sequence.inOrder) return "in_order must be true when a step is missing";
  }
  return {};
}

std::string checkTemporal(PatternDocument& document) {
  auto& temporal = std::get<TemporalKind>(document.kind);
  auto& select = document.select;
  // A field without an expression is a value.
  if (temporal.value.empty() && select.match.empty() && select.exclude.empty())
    temporal.value = std::exchange(select.field, {});
  const bool ofValues =
      temporal.condition != TemporalCondition::Absence && temporal.condition != TemporalCondition::Periodic;
  if (!temporal.value.empty() && !ofValues) return "this condition_type is about records, not about a value";
  temporal.everySeries = ofValues && select.empty() && temporal.value.empty();
  if (temporal.condition == TemporalCondition::SustainedGrowth && temporal.threshold.value_or(1) > 1)
    return "condition.threshold of sustained_growth must be from 0 to 1";
  if (temporal.condition == TemporalCondition::SustainedRate && !temporal.threshold)
    return "condition.threshold is missing: the rate, or the value, that is too much";
  return {};
}

std::string checkAnomaly(PatternDocument& document) {
  auto& anomaly = std::get<AnomalyKind>(document.kind);
  auto& select = document.select;
  if (anomaly.value.empty() && select.match.empty() && select.exclude.empty())
    anomaly.value = std::exchange(select.field, {});
  if (anomaly.of == AnomalyOf::Rate && !anomaly.value.empty()) anomaly.of = AnomalyOf::Value;
  if (anomaly.of == AnomalyOf::Value && anomaly.value.empty()) return "condition.value is missing: a field";
  return {};
}

const std::vector<TypeRow>& typeRows() {
  static const std::vector<TypeRow> kRows = {
      typeRow<RegexKind>("regex", "Expression", "Each record that matches counts.", {}, checkRegex),
      typeRow<FuzzyKind>("fuzzy", "Similar text", "Each record that holds almost this text counts.",
                         fuzzyRows(), checkFuzzy),
      typeRow<SequenceKind>("sequence", "Sequence",
                            "One thing after another on the same key, or its absence.", sequenceRows(),
                            checkSequence),
      typeRow<TemporalKind>("temporal", "Over time", "How often records come, or how a value develops.",
                            temporalRows(), checkTemporal),
      typeRow<AnomalyKind>("anomaly", "Anomaly", "What is not as it usually is.", anomalyRows(),
                           checkAnomaly),
  };
  return kRows;
}

const TypeRow& typeOf(const PatternDocument& document) {
  return *std::ranges::find(typeRows(), document.type, &TypeRow::type);
}

// Documents ----------------------------------------------------------------------------------------------

Rows<PatternDocument> thresholdRows() {
  return {integerRow(&PatternDocument::count, "count", "So many occurrences ...", 1, 1000),
          secondsRow(&PatternDocument::window, "window_seconds", "... within so long.", kDay),
          flagRow(&PatternDocument::first, "first",
                  "Or at the very first one of its group: what never came before need not come twice."),
          textRow(&PatternDocument::distinct, "distinct",
                  "A capture or field: so many different values of it count, not so many occurrences.")};
}

Rows<PatternDocument> tallyRows() {
  using D = PatternDocument;
  Rows<D> rows = {
      textRow(&D::tallyBy, "by", "A capture or field: how often each value of it came."),
      textRow(&D::tallyWith, "with", "A capture or field: which values of it came with that."),
      textRow(&D::tallyMark, "mark", "A capture or field: records that have it are counted apart as well.")};
  rows.front().key.required = true;
  return rows;
}

Row<PatternDocument> linesRow(std::vector<std::string> PatternDocument::* member, const char* name,
                              const char* help) {
  return {{.name = name, .kind = KeyKind::Lines, .help = help},
          [member](PatternDocument& to, const YAML::Node& node, const std::string& key) {
            to.*member = textsOf(node, key);
          },
          [member](const PatternDocument& of) { return (of.*member).empty() ? Json() : Json(of.*member); }};
}

Rows<PatternDocument> sampleRows() {
  return {linesRow(&PatternDocument::samplesMatch, "match", "Lines that it must match."),
          linesRow(&PatternDocument::samplesNoMatch, "no_match", "Lines that it must not match.")};
}

Row<PatternDocument> mapRow(const char* name, const char* help, Rows<PatternDocument> rows) {
  return {{.name = name, .kind = KeyKind::Group, .help = help, .keys = keysOf(rows)},
          [rows](PatternDocument& to, const YAML::Node& node, const std::string& key) {
            readRows(to, node, rows, key, key + '.');
          },
          [rows](const PatternDocument& of) {
            auto out = writeRows(of, rows);
            return out.empty() ? Json() : out;
          }};
}

Row<PatternDocument> conditionMapRow() {
  return {{.name = "condition", .kind = KeyKind::Group, .help = "What this type of pattern looks for."},
          [](PatternDocument& to, const YAML::Node& node, const std::string&) {
            const auto& type = typeOf(to);
            if (type.keys.empty()) throw Broken(node, "type '" + to.type + "' has no condition");
            type.read(to.kind, node);
          },
          [](const PatternDocument& of) {
            auto out = typeOf(of).write(of.kind);
            return out.empty() ? Json() : out;
          }};
}

Rows<PatternDocument> makeDocumentRows() {
  using D = PatternDocument;
  Rows<D> rows = {
      textRow(&D::id, "id", "Lower-case letters, digits, - and _. By default made of the name."),
      textRow(&D::name, "name", "What people call it."),
      textRow(&D::description, "description", "What it means when it is found.", KeyKind::LongText),
      {{.name = "type", .kind = KeyKind::Choice, .help = "What kind of pattern it is.", .byDefault = "regex"},
       [](D&, const YAML::Node&, const std::string&) {},  // read before all others
       [](const D& of) { return Json(of.type); }},
      {{.name = "severity",
        .kind = KeyKind::Choice,
        .help = "How bad it is.",
        .byDefault = "warning",
        .choices = severities()},
       [](D& to, const YAML::Node& node, const std::string& key) { to.severity = *severityOf(node, key); },
       [](const D& of) { return Json(model::toString(of.severity)); }},
      textRow(&D::signal, "signal", "What it means to the analysts. By default made of the id."),
      textRow(&D::service, "service", "Only services of this name; * stands for anything."),
      {{.name = "define",
        .kind = KeyKind::FieldTests,
        .help = "Upper-case names for pieces of expressions: %{NAME} and %{NAME:capture} stand for them."},
       [](D&, const YAML::Node&, const std::string&) {},  // put in before all else is read
       [](const D&) { return Json(); }},
  };
  for (auto& row : lifted(selectionRows(), &D::select)) rows.push_back(std::move(row));
  rows.push_back(conditionMapRow());
  rows.push_back(mapRow("threshold", "How often it has to occur.", thresholdRows()));
  rows.push_back(mapRow("tally", "What events count one by one: who came, and how often.", tallyRows()));
  rows.push_back(textRow(&D::groupBy, "group_by", "A capture, a field or `service`; each value by itself."));
  rows.push_back(secondsRow(&D::cooldown, "cooldown_seconds",
                            "How long the same trouble stays quiet after an event.", kDay));
  rows.push_back(mapRow("samples", "Lines to check it by.", sampleRows()));
  return rows;
}

const Rows<PatternDocument>& documentRows() {
  static const auto kRows = makeDocumentRows();
  return kRows;
}

std::vector<model::PatternKey> allKeysOf(const TypeRow& type) {
  auto keys = keysOf(documentRows());
  for (auto& key : keys) {
    if (key.name == "condition") key.keys = type.keys;
    if (key.name != "type") continue;
    for (const auto& row : typeRows()) key.choices.push_back(row.type);
  }
  static const std::vector<std::string> kOfSteps = {"match", "exclude", "extract", "field",         "fields",
                                                    "all",   "any",     "not",     "level_at_least"};
  std::erase_if(keys, [&](const model::PatternKey& key) {
    if (key.name == "condition") return type.keys.empty();
    if (type.type == "fuzzy" && key.name == "match") return true;
    return type.type == "sequence" && std::ranges::find(kOfSteps, key.name) != kOfSteps.end();
  });
  return keys;
}

/// The document's name as an id.
std::string slugOf(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const bool kept = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9');
    if (kept) out += low;
    if (!kept && !out.empty() && out.back() != '-') out += '-';
  }
  while (out.size() > 64 || (!out.empty() && out.back() == '-')) out.pop_back();
  return out;
}

bool isIdentifier(const std::string& text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
}

void complete(PatternDocument& document) {
  if (document.id.empty()) document.id = slugOf(document.name);
  if (document.name.empty()) document.name = document.id;
  if (!document.signal.empty()) return;
  document.signal = document.id;
  std::ranges::replace(document.signal, '-', '_');
}

void readType(PatternDocument& document, const YAML::Node& node) {
  if (node["type"]) document.type = scalarOf(node["type"], "type");
  const auto row = std::ranges::find(typeRows(), document.type, &TypeRow::type);
  if (row == typeRows().end()) {
    std::string all;
    for (const auto& one : typeRows()) all += (all.empty() ? "" : ", ") + one.type;
    throw Broken(node["type"], "there is no type '" + document.type + "'; the types are: " + all);
  }
  document.kind = row->make();
}

void emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, member] : value.items()) {
      out << YAML::Key << key << YAML::Value;
      emit(out, member);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << YAML::BeginSeq;
    for (const auto& item : value) emit(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    out << YAML::SingleQuoted << value.get<std::string>();
  } else {
    out << value.dump();
  }
}

}  // namespace

const std::vector<model::PatternType>& patternTypes() {
  static const auto kTypes = [] {
    std::vector<model::PatternType> types;
    for (const auto& row : typeRows()) types.push_back({row.type, row.title, row.help, allKeysOf(row)});
    return types;
  }();
  return kTypes;
}

Json toJson(const PatternDocument& document) {
  return writeRows(document, documentRows());
}

std::string toYaml(const PatternDocument& document) {
  YAML::Emitter out;
  emit(out, toJson(document));
  return std::string(out.c_str()) + '\n';
}

std::string kindText(const PatternDocument& document) {
  return typeOf(document).write(document.kind).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Why `threshold.first` would say nothing.
std::string checkFirst(const PatternDocument& document) {
  if (!document.first) return {};
  if (document.count < 2)
    return "threshold.first needs a threshold.count of 2 or more: each match fires else";
  if (!document.distinct.empty()) return "threshold.first and threshold.distinct don't go together";
  return {};
}

/// Why `threshold.distinct` could never be reached, or never mean more than a plain count.
std::string checkDistinct(const PatternDocument& document) {
  const auto& name = document.distinct;
  if (name.empty()) return {};
  if (document.count < 2) return "threshold.distinct needs a threshold.count of 2 or more";
  if (name == document.groupBy)
    return "threshold.distinct is what group_by says: there is one value of it in each group";
  if (name == "service") return "threshold.distinct: each service counts by itself, so there is only one";
  if (std::holds_alternative<TemporalKind>(document.kind) ||
      std::holds_alternative<AnomalyKind>(document.kind))
    return "threshold.distinct is about records, which a pattern of type " + document.type +
           " does not count";
  return {};
}

/// Why there would be no record to tally.
std::string checkTally(const PatternDocument& document) {
  if (document.tallyBy.empty() || std::holds_alternative<RegexKind>(document.kind) ||
      std::holds_alternative<FuzzyKind>(document.kind))
    return {};
  return "tally counts single records, which a pattern of type " + document.type + " does not select";
}

void readPattern(PatternDocument& document, const YAML::Node& node) {
  if (!node.IsMap()) throw Broken(node, "the pattern must be a map of keys");
  readType(document, node);
  readRows(document, node, documentRows(), "the pattern");
  complete(document);
  if (!isIdentifier(document.id))
    throw Broken(node, "id must be 1 to 64 lower-case letters, digits, '-' or '_'");
  if (!isIdentifier(document.signal)) throw Broken(node, "signal must be a lower-case name");
  if (const auto wrong = checkFirst(document); !wrong.empty()) throw Broken(node["threshold"], wrong);
  if (const auto wrong = checkDistinct(document); !wrong.empty()) throw Broken(node["threshold"], wrong);
  if (const auto wrong = checkTally(document); !wrong.empty()) throw Broken(node["tally"], wrong);
  const auto& type = typeOf(document);
  if (const auto wrong = type.check(document); !wrong.empty()) {
    const bool ofCondition = wrong.starts_with("condition") || wrong.starts_with("step ");
    const auto condition = node["condition"];
    throw Broken(ofCondition && condition ? condition : node, wrong);
  }
}

}  // namespace aiops::detection
