#include "event_log.hpp"

#include "text.hpp"

#include <cstdio>

namespace hvc::tools {

namespace {

// Its words are told once: where the connection ended, or at the end of all.
std::string name_of(error const& e) {
  std::string name(to_string(e.kind()));
  return e.reason().empty() ? name : name.append("(").append(e.reason()).append(")");
}

} // namespace

void event_log::line(std::string_view text) const {
  if (!verbose_)
    return;
  auto const ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  auto const who = server_.empty() ? std::string() : printable(server_) + ": ";
  std::fprintf(stderr, "[%8.1f ms] %s%s\n", ms, who.c_str(),
               printable(text).c_str()); // one call: lines of threads do not mix
}

void event_log::connection_opened(bool resumed) {
  line(resumed ? "connection opened, TLS session resumed" : "connection opened");
}

void event_log::connection_closed(error const* why) {
  if (why == nullptr)
    return line("connection closed");
  bool const never_open =
      why->stage() == stage::resolve || why->stage() == stage::connect || why->stage() == stage::handshake;
  line((never_open ? "no connection: " : "connection closed: ") + why->message());
}

void event_log::replied(int, std::optional<std::chrono::sys_seconds> date) {
  if (date)
    clock_.heard(*date, std::chrono::steady_clock::now());
}

void event_log::retrying(std::string_view target, error const& cause, std::chrono::milliseconds delay) {
  line("trying again in " + std::to_string(delay.count()) + " ms, after " + name_of(cause) + ": " +
       std::string(target));
}

void event_log::login_finished(error const* failed) {
  line(failed == nullptr ? "logged in" : "login failed: " + name_of(*failed));
}

void event_log::finished(client_stats const& s) const {
  auto const figure = [](std::string_view name, std::uint64_t n) {
    return std::string(name).append(" ").append(std::to_string(n));
  };
  line("done: " + figure("requests", s.attempts) + figure(", logins", s.logins) + figure(", retries", s.retries) +
       figure(", replays", s.replays) + figure(", connections", s.connections_opened));
}

} // namespace hvc::tools
