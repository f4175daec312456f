// What the tests of sessions share: a user of the simulator's, logins counted and answered, and every text of an error.
#pragma once

#include "client_fixture.hpp"

#include <atomic>
#include <mutex>

namespace hvc::test {

inline constexpr auto user = "administrator@vsphere.local";
inline constexpr auto password = "Correct-Horse-9";

inline client_options with_login(world const& w, std::string p = password) {
  return w.options().credentials(user_password(user, std::move(p)));
}

// Logins that reached the server, refused ones included.
class login_watch {
public:
  explicit login_watch(simulator& s) {
    s.on_request([this](simulated_request const& r) -> std::optional<canned_reply> {
      if (r.method != "POST" || r.target != "/api/session")
        return std::nullopt;
      ++tried_;
      std::lock_guard lock(mutex_);
      return reply_;
    });
  }
  void answer(std::optional<canned_reply> r) {
    std::lock_guard lock(mutex_);
    reply_ = std::move(r);
  }
  [[nodiscard]] unsigned tried() const noexcept { return tried_; }

private:
  std::mutex mutex_;
  std::optional<canned_reply> reply_;
  std::atomic<unsigned> tried_ = 0;
};

// Every text an error has.
inline std::string all_text(error const& e) {
  auto text = e.message() + std::string(e.body_excerpt()) + std::string(e.content_type()) + exception(e).what();
  if (auto const s = e.standard()) {
    text += s->data.json() + s->challenge.value_or("") + std::string(s->error_type.name());
    for (auto const& m : s->messages) {
      text += m.id + m.default_message + m.localized.value_or("");
      for (auto const& a : m.args)
        text += a;
    }
    for (auto const& n : s->notes)
      text += n;
  }
  return text;
}

} // namespace hvc::test
