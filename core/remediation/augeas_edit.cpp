// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/augeas_edit.h"

#include <augeas.h>

#include <algorithm>
#include <memory>

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr const char* kBytes = "/bytes";
constexpr const char* kTree = "/tree";
constexpr const char* kWritten = "/written";
constexpr const char* kError = "/augeas/text/tree/error";

struct Close {
  void operator()(augeas* handle) const { aug_close(handle); }
};

/// One text and its tree.
class Document {
 public:
  static Result<Document> parse(const std::string& bytes, const std::string& lens) {
    if (!isLensName(lens)) return fail(ErrorCode::InvalidInput, "not a lens", lens);
    if (bytes.find('\0') != std::string::npos)
      return fail(ErrorCode::InvalidInput, "the file holds a NUL byte: it is no text");
    Document out;
    out.m_lens = lens + ".lns";
    // A root that does not exist: nothing of the host can be loaded or saved.
    out.m_handle.reset(aug_init("/nonexistent", nullptr, AUG_NO_LOAD | AUG_NO_MODL_AUTOLOAD));
    if (!out.m_handle) return fail(ErrorCode::Unavailable, "Augeas can't be started");
    if (aug_set(out.m_handle.get(), kBytes, bytes.c_str()) != 0) return out.broken("can't be taken");
    if (aug_text_store(out.m_handle.get(), out.m_lens.c_str(), kBytes, kTree) != 0)
      return out.unreadable(lens);
    auto same = out.written();
    if (!same) return std::unexpected(same.error());
    if (*same != bytes)
      return fail(ErrorCode::InvalidInput, "lens " + lens + " would change other bytes too");
    return out;
  }

  Result<std::string> value(const std::string& path) const {
    if (auto found = count(path); !found || *found != 1) return notOne(path, found);
    const char* text = nullptr;
    aug_get(m_handle.get(), below(path).c_str(), &text);
    if (!text) return fail(ErrorCode::NotFound, "the node has no value: " + path);
    return std::string(text);
  }

  Result<> change(const NodeChange& wanted) {
    const auto found = count(wanted.path);
    const bool mayCreate = found && *found == 0 && wanted.create && wanted.value;
    if (!mayCreate && (!found || *found != 1)) return notOne(wanted.path, found);
    const auto path = below(wanted.path);
    const bool done = wanted.value ? aug_set(m_handle.get(), path.c_str(), wanted.value->c_str()) == 0
                                   : aug_rm(m_handle.get(), path.c_str()) > 0;
    if (!done) return broken("can't change " + wanted.path);
    return {};
  }

  Result<std::string> written() const {
    const char* text = nullptr;
    const bool done = aug_text_retrieve(m_handle.get(), m_lens.c_str(), kBytes, kTree, kWritten) == 0 &&
                      aug_get(m_handle.get(), kWritten, &text) == 1 && text;
    if (!done) return broken("the lens can't write what it would become");
    return std::string(text);
  }

 private:
  static std::string below(const std::string& path) { return std::string(kTree) + '/' + path; }

  /// How many nodes; nothing when it is no path expression.
  std::optional<int> count(const std::string& path) const {
    const int found = aug_match(m_handle.get(), below(path).c_str(), nullptr);
    if (found < 0) return std::nullopt;
    return found;
  }

  static std::unexpected<base::Error> notOne(const std::string& path, const std::optional<int>& found) {
    if (!found) return fail(ErrorCode::InvalidInput, "not a path: " + path);
    if (*found == 0) return fail(ErrorCode::NotFound, "the file has no " + path);
    return fail(ErrorCode::Conflict, "the file has " + std::to_string(*found) + " of " + path);
  }

  std::string errorText(const char* name) const {
    const char* text = nullptr;
    aug_get(m_handle.get(), (std::string(kError) + name).c_str(), &text);
    return text ? text : "";
  }

  std::unexpected<base::Error> unreadable(const std::string& lens) const {
    const std::string message = errorText("/message"), line = errorText("/line");
    if (message.empty() && errorText("").empty())
      return fail(ErrorCode::InvalidInput, "there is no lens " + lens, {}, "install augeas-lenses");
    return fail(ErrorCode::InvalidInput, "lens " + lens + " can't read the file" +
                                             (line.empty() ? "" : ", line " + line) +
                                             (message.empty() ? "" : ": " + message));
  }

  std::unexpected<base::Error> broken(const std::string& what) const {
    const std::string why = errorText("/message");
    return fail(ErrorCode::InvalidInput, what + (why.empty() ? "" : ": " + why));
  }

  std::unique_ptr<augeas, Close> m_handle;
  std::string m_lens;
};

}  // namespace

bool isLensName(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && text.size() <= 64 && letter(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

base::Result<std::string> readNode(const std::string& bytes, const std::string& lens,
                                   const std::string& path) {
  const auto document = Document::parse(bytes, lens);
  if (!document) return std::unexpected(document.error());
  return document->value(path);
}

base::Result<std::string> changeNodes(const std::string& bytes, const std::string& lens,
                                      const std::vector<NodeChange>& changes) {
  auto document = Document::parse(bytes, lens);
  if (!document) return std::unexpected(document.error());
  for (const auto& change : changes) {
    if (auto changed = document->change(change); !changed) return std::unexpected(changed.error());
  }
  auto written = document->written();
  if (!written) return written;
  // What was written must read back as what was meant.
  const auto again = Document::parse(*written, lens);
  if (!again) return std::unexpected(again.error());
  for (const auto& change : changes) {
    if (!change.value) continue;
    const auto value = again->value(change.path);
    if (!value || *value != *change.value)
      return fail(ErrorCode::InvalidInput, "the lens did not write " + change.path + " as it was meant");
  }
  return written;
}

}  // namespace aiops::remediation
