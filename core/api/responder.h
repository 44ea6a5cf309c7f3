// The way back from an engine's thread to the connection that asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <utility>

#include "api/http_response.h"

namespace aiops::api {

/// A copyable handle on one open request. The first answer counts; further ones, and one that comes after the
/// client is gone, are dropped. May be used from any thread.
class Responder {
 public:
  using Render = std::function<HttpResponse()>;

  explicit Responder(std::function<void(Render)> post) : m_post(std::move(post)) {}

  void send(HttpResponse response) const {
    m_post([response = std::move(response)] { return response; });
  }
  /// `render` runs on the server's thread: turning large values into text must not hold up the engine.
  void later(Render render) const { m_post(std::move(render)); }

 private:
  std::function<void(Render)> m_post;
};

}  // namespace aiops::api
