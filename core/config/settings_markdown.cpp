// docs/CONFIGURATION.md from the table.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/file_draft.h"
#include "config/setting_table.h"

namespace aiops::config {
namespace {

using Keys = std::vector<std::pair<std::string, std::string>>;

const char* const kIntroduction = R"(# Configuration

Written by `ai-ops-core settings --markdown` from the table in `core/config/setting_table.cpp`; change that, not this file.

Three lines of `config.yaml` are enough to begin:

```yaml
sources:
  - path: /var/log/nginx/error.log
  - path: /var/log/postgresql/postgresql-15-main.log
```

`ai-ops-core --config config.yaml`, and with `--server` for no window. [config.example.yaml](config.example.yaml) shows every setting.

## Where a value comes from

Each place outranks those above it:

1. the default
2. `config.yaml`: the file of `--config`, else `config.yaml` in the home, if there is one
3. `settings.yaml` in the home, and the secret store: what was set in the console, over HTTP or by `ai-ops-core secret set`
4. `.env` in the home, then `.env` in the working directory: the working directory wins
5. the environment
6. the command line: `--listen ADDRESS:PORT`, `--set KEY=VALUE` for any setting that is no list and no secret; `--watch PATH...` adds sources

The home is `AIOPS_HOME`, else `$XDG_DATA_HOME/ai-ops-core`, else `~/.local/share/ai-ops-core`. `AIOPS_HOME` counts in the environment only.

`ai-ops-core settings` lists every value with where it comes from. An unknown key, an unknown `BOOKMARKS_` variable or a bad value stops the
start, with file, line and what is allowed, also where a higher place outranks it. An empty variable counts as not set. Switches
take true, false, yes, no, on, off, 1 and 0; choices ignore case.

`.env` has `NAME=value` lines; `#` begins a comment at the start of a line and after a blank; `export` may stand before the name. Values may
stand in single quotes (taken as they are) or double quotes (`\n \t \r \" \\ \$` are escapes). Nothing is expanded. Names of
other programs are left alone. A `.env` that belongs to another user, or that everyone may write, is refused.

## Secrets

`ai-ops-core secret set KEY` reads a secret from standard input, never from the command line, and keeps it in the desktop's key ring (Secret
Service) when there is one, else in `secrets.json` in the home, which only its user can read (`--file` chooses that file). It says which.
`secret list` and `secret remove KEY` do what they say. Secrets are never shown again. Everything the program writes about itself and
what it gives out over HTTP has them taken out, also as base64 and URL-encoded.
A key ring that does not answer within a second at the start is left out, with a health event.

)";

std::string code(const std::string& text) {
  return "`" + text + "`";
}

const char* when(const SettingRow& row) {
  if (row.effect == Effect::AtOnce) return "at once";
  return row.effect == Effect::Restart ? "after a restart" : "no effect yet";
}

void appendRow(std::string& out, const SettingRow& row) {
  const bool text = row.type == model::SettingType::Text || row.type == model::SettingType::Path;
  const bool named = *row.variable != '\0' || *row.option != '\0';
  std::string names = *row.variable == '\0' ? "" : code(row.variable);
  if (*row.option != '\0') names += (names.empty() ? "" : ", ") + code(row.option);
  const std::string fallback = *row.fallback != '\0' ? code(row.fallback) : text ? "empty" : "none";
  out += "| " + code(row.key) + " | " + (named ? names : "") + " | " + fallback + " | " + allowedFor(row) +
         " | " + when(row) + " | " + row.help + (row.isSecret() ? " Secret." : "") + " |\n";
}

void appendKeys(std::string& out, const std::string& list, const Keys& keys) {
  out += "\nEach entry of " + code(list) + ":\n\n| key | is |\n|---|---|\n";
  for (const auto& [key, help] : keys) out += "| " + code(key) + " | " + help + " |\n";
}

}  // namespace

std::string settingsMarkdown() {
  std::string out = kIntroduction;
  std::string group;
  for (const SettingRow& row : settingTable()) {
    if (group != row.group) {
      out += (group.empty() ? "## " : "\n## ") + std::string(row.group) +
             "\n\n| key | variable, option | default | allowed | a change counts | what it does |\n"
             "|---|---|---|---|---|---|\n";
      group = row.group;
    }
    appendRow(out, row);
  }
  appendKeys(out, "sources", sourceKeys());
  appendKeys(out, "services", serviceKeys());
  return out;
}

}  // namespace aiops::config
