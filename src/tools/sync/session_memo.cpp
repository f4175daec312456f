#include "session_memo.hpp"

#include "error_builder.hpp"
#include "server_url.hpp"

#include <hvc/codec.hpp>

#include <boost/algorithm/hex.hpp>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <iterator>
#include <stdexcept>

namespace hvc::tools {

namespace {

namespace json = boost::json;

// Slow on purpose (PBKDF2, RFC 8018): what was refused is often one letter from what is right.
std::string digest_of(std::string_view password, std::string_view salt) {
  constexpr int rounds = 100'000;
  std::array<unsigned char, 32> bytes{};
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                    reinterpret_cast<unsigned char const*>(salt.data()), static_cast<int>(salt.size()), rounds,
                    EVP_sha256(), static_cast<int>(bytes.size()), bytes.data());
  std::string text;
  boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(text));
  return text;
}

std::string text_at(json::object const& o, std::string_view name) {
  auto const* const found = o.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::int64_t number_at(json::object const& o, std::string_view name) {
  auto const* const found = o.if_contains(name);
  return found != nullptr && found->is_int64() ? found->as_int64() : 0;
}

json::object to_json(login_refusal const& r) {
  return {{"when", r.when.time_since_epoch().count()},
          {"salt", r.salt},
          {"digest", r.digest},
          {"http_status", r.http_status},
          {"body", r.body}};
}

// Host and port; empty where it is no address.
std::string authority_of(std::string_view server) {
  try {
    return boost::algorithm::to_lower_copy(parse_server_url(server).authority);
  } catch (std::invalid_argument const&) {
    return {};
  }
}

login_refusal refusal_in(json::object const& o) {
  return {std::chrono::sys_seconds(std::chrono::seconds(number_at(o, "when"))), text_at(o, "salt"),
          text_at(o, "digest"), static_cast<int>(number_at(o, "http_status")), text_at(o, "body")};
}

} // namespace

login_refusal login_refusal::of(error const& e, std::string_view password, std::string salt,
                                std::chrono::sys_seconds now) {
  auto const standard = e.standard();
  std::string digest = digest_of(password, salt);
  return {now, std::move(salt), std::move(digest), e.http_status(),
          standard ? encode(*standard) : std::string(e.body_excerpt())};
}

bool login_refusal::is_of(std::string_view password) const {
  auto const same = digest_of(password, salt);
  return same.size() == digest.size() && CRYPTO_memcmp(same.data(), digest.data(), same.size()) == 0;
}

error login_refusal::told_again(std::chrono::sys_seconds now) const {
  error::detail detail;
  detail.text = "the server refused this password " + std::to_string((now - when).count()) +
                " s ago; nothing was sent now, so as not to lock the account; the next try is in " +
                std::to_string((when + refusal_memory - now).count()) + " s at the earliest";
  if (auto standard = decode_standard_error(body, http_status))
    detail.standard = std::make_shared<standard_error const>(*std::move(standard));
  else
    detail.body_excerpt = body;
  return error_builder(error(error_kind::auth, "login_refused"))
      .stage(stage::login)
      .http_status(http_status)
      .detail(std::move(detail))
      .build();
}

std::optional<session_memo> session_memo::parse(std::string_view text) {
  boost::system::error_code broken;
  auto const document = json::parse(json::string_view(text.data(), text.size()), broken);
  auto const* const object = broken ? nullptr : document.if_object();
  if (object == nullptr)
    return std::nullopt;
  session_memo memo{text_at(*object, "server"), text_at(*object, "user"), text_at(*object, "token")};
  if (memo.server.empty() || memo.user.empty())
    return std::nullopt;
  if (auto const* const refusal = object->if_contains("refusal"); refusal != nullptr && refusal->is_object())
    memo.refusal = refusal_in(refusal->as_object());
  return memo;
}

bool session_memo::is_of(std::string_view of_server, std::string_view of_user) const {
  auto const own = authority_of(server);
  return user == of_user && !own.empty() && own == authority_of(of_server);
}

std::string session_memo::text() const {
  json::object o{{"server", server}, {"user", user}};
  if (!token.empty())
    o["token"] = token;
  if (refusal)
    o["refusal"] = to_json(*refusal);
  return json::serialize(o) + "\n";
}

session_step next_step(session_memo const& memo, std::string_view rejected, std::string_view password,
                       std::chrono::sys_seconds now) {
  if (!memo.token.empty() && memo.token != rejected)
    return session_step::use_token;
  // A time ahead of now was written by a clock that has been set since.
  if (memo.refusal && memo.refusal->when <= now && now < memo.refusal->when + refusal_memory &&
      memo.refusal->is_of(password))
    return session_step::refuse;
  return session_step::log_in;
}

} // namespace hvc::tools
