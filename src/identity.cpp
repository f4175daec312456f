#include "identity.hpp"

#include "session/authorization.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace hvc {
namespace {

constexpr std::string_view session_field = "vmware-api-session-id: ";

dispatch::authentication authentication_of(hvc::credentials const& c) noexcept {
  if (std::holds_alternative<user_password>(c))
    return dispatch::authentication::login;
  if (std::holds_alternative<session_source>(c))
    return dispatch::authentication::session_source;
  auto const* source = std::get_if<authorization_source>(&c);
  if (source == nullptr)
    return dispatch::authentication::fixed;
  return source->when() == authorization_source::use::login ? dispatch::authentication::login_source
                                                            : dispatch::authentication::request_source;
}

} // namespace

identity::identity(hvc::credentials c)
    : credentials_(std::make_shared<hvc::credentials const>(std::move(c))),
      authentication_(authentication_of(*credentials_)) {
  if (auto const* password = std::get_if<user_password>(credentials_.get()))
    basic_.assign(session::basic_line(password->user(), password->password()));
  if (auto const* ready_made = std::get_if<session_token>(credentials_.get()))
    assign_token(ready_made->token());
}

void identity::assign_token(std::string_view token) { session_.assign(std::string(session_field).append(token)); }

std::string_view identity::token() const noexcept {
  std::string_view const line = session_.text();
  return line.substr(std::min(session_field.size(), line.size()));
}

std::array<std::string_view, 3> identity::secrets() const noexcept {
  auto const* const login = std::get_if<user_password>(credentials_.get());
  return {credentials_in(session_.text()), credentials_in(basic_.text()),
          login != nullptr ? std::string_view(login->password()) : std::string_view()};
}

void former_secrets::add(std::string_view text) {
  if (text.empty())
    return;
  kept_[next_].assign(std::string(text));
  next_ = (next_ + 1) % most;
}

std::string_view credentials_in(std::string_view line) noexcept {
  auto const value = line.substr(std::min(line.size(), line.find(": ") + 2));
  auto const scheme = value.find(' ');
  return scheme == std::string_view::npos ? value : value.substr(scheme + 1);
}

std::optional<std::string_view> take_quoted(std::string_view& value) noexcept {
  auto const open = value.find('"');
  auto const close = open == std::string_view::npos ? open : value.find('"', open + 1);
  if (close == std::string_view::npos)
    return std::nullopt;
  auto const text = value.substr(open + 1, close - open - 1);
  value.remove_prefix(close + 1);
  return text;
}

} // namespace hvc
