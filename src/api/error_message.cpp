// error::message(): one line for a person. Says nothing the peer could use to write on a terminal or to start a new
// line.
#include "api/error_message.hpp"

#include "api/sanitise.hpp"
#include "error_builder.hpp"

namespace hvc {
namespace {

constexpr std::size_t longest_what = 600; // the words of what happened; kind, stage and counts come on top

std::string_view sentence_of_auth(std::string_view reason) noexcept {
  if (reason == "login_refused")
    return "the server refused the user or the password";
  if (reason == "refresh_failed")
    return "the server refuses even the session it has just given";
  return "the login brought no session";
}

std::string_view sentence(error_kind kind, std::string_view reason) noexcept {
  switch (kind) {
  case error_kind::resolve:
    return "the server's name could not be resolved";
  case error_kind::connect:
    return "no address of the server accepted a connection";
  case error_kind::connect_timeout:
    return "no address of the server accepted a connection in time";
  case error_kind::attempt_timeout:
    return "the server did not begin to reply in time";
  case error_kind::tls_verify:
    return "the server's certificate was not accepted";
  case error_kind::tls_handshake:
    return "the TLS handshake failed";
  case error_kind::tls_timeout:
    return "the TLS handshake did not end in time";
  case error_kind::pool_full:
    return "too many calls wait for a connection already";
  case error_kind::deadline:
    return "the deadline of the call passed";
  case error_kind::canceled:
    return "the call was cancelled";
  case error_kind::connection_lost:
    return "the connection ended before the reply did";
  case error_kind::protocol:
    return "the server broke the protocol";
  case error_kind::limit:
    return "a limit of this client was reached";
  case error_kind::content:
    return "the reply is no JSON";
  case error_kind::decode:
    return "the reply is not what the API promises";
  case error_kind::standard:
    return "the server reports an error";
  case error_kind::route_unknown:
    return "this server does not know the operation (vCenter has those of a sync before 8.0 U1, and the health of a "
           "link since)";
  case error_kind::http_status:
    return "the server answered without success, and with no standard error";
  case error_kind::auth:
    return sentence_of_auth(reason);
  case error_kind::invalid_argument:
    return "an argument cannot be used";
  case error_kind::resource:
    return "this process ran out of a resource";
  case error_kind::closed:
    return "the client has been closed";
  }
  return "unknown error";
}

// A stage by its name, but where that is a word of this library's own.
std::string_view words_for(stage where) noexcept {
  return where == stage::queue      ? "while waiting for a connection"
         : where == stage::back_off ? "while waiting to ask again"
                                    : to_string(where);
}

// Whether it waited for a connection. The stage is also that of what never came so far, or of no single call: such
// errors have a text of their own, or a kind that says so.
bool waited_for_connection(error const& e, bool has_text) noexcept {
  return e.stage() == stage::queue && !has_text && e.kind() != error_kind::pool_full && e.kind() != error_kind::closed;
}

// Where and when; nothing that the kind has said already.
std::string circumstances(error const& e, bool has_text) {
  std::string list;
  auto const add = [&list](std::string_view what, std::string_view which) {
    list.append(list.empty() ? " (" : ", ").append(what).append(which);
  };
  bool const somewhere = e.stage() != stage::queue || waited_for_connection(e, has_text);
  if (somewhere && e.kind() != error_kind::invalid_argument && !to_string(e.kind()).starts_with(to_string(e.stage())))
    add(words_for(e.stage()), {});
  if (e.http_status() != 0)
    add("HTTP ", std::to_string(e.http_status()));
  if (e.attempts() != 0)
    add("attempt ", std::to_string(e.attempts()));
  return list.empty() ? list : list + ")";
}

void append_clause(std::string& to, std::string_view clause) {
  if (clause.empty() || to.find(clause) != std::string::npos)
    return;
  if (!to.empty())
    to.append(": ");
  to.append(clause);
}

} // namespace

std::string words_of(error const& e) {
  auto const standard = e.standard();
  auto const* const detail = error_builder(e).detail();
  std::string what = detail != nullptr ? detail->text : std::string();
  auto const words = standard && e.kind() != error_kind::route_unknown ? standard->message() : std::string_view();
  if (what.empty() && (e.kind() != error_kind::standard || words.empty()))
    what = sentence(e.kind(), e.reason());
  append_clause(what, words);
  if (e.code())
    append_clause(what, e.code().message());

  if (e.may_have_taken_effect())
    what.append("; the server may have done what it was asked");

  std::string line(to_string(e.kind()));
  auto const reason = e.kind() == error_kind::standard && standard ? standard->error_type.name() : e.reason();
  if (!reason.empty())
    line.append("(").append(sanitised(reason, 64)).append(")");
  return line.append(": ").append(sanitised(what, longest_what));
}

std::string error::message() const {
  bool const has_text = detail_ && !detail_->text.empty();
  return words_of(*this).append(circumstances(*this, has_text));
}

} // namespace hvc
