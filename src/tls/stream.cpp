// Drives an SSL over the BIO of ciphertext.hpp, and sorts what it returns.
#include "stream.hpp"

#include <openssl/err.h>

#include <new>
#include <utility>

namespace hvc::tls {
namespace {

// Bytes of plaintext in a record we send, the least there is: OpenSSL takes memory for the largest that may come, for
// each record anew, and so little the allocator hands out at no cost. What is longer leaves in several records.
constexpr long largest_record = 512;

} // namespace

stream::stream(std::shared_ptr<context> c) : context_(std::move(c)), connection_(context_->connection()) {
  auto* const both = wire_.make_bio().release();
  SSL_set_bio(connection_.get(), both, both);
  attach(connection_.get(), witness_);
}

bool stream::input_left() const noexcept {
  return undelivered_ || (state_ == io::done && (!wire_.input.empty() || SSL_pending(connection_.get()) > 0));
}

io stream::handshake() {
  if (state_ != io::done)
    return state_;
  clear_errors();
  auto const outcome = SSL_do_handshake(connection_.get());
  return outcome == 1 ? established() : ended_handshake(outcome);
}

// No answer in ALPN means HTTP/1.1 (RFC 7301 leaves it to the protocols, RFC 9113 does not let HTTP/2 begin without).
io stream::established() {
  if (witness_.chose_unoffered)
    return fail(alpn_failure());
  // Not sooner: boxes on the way that look for the server's name want the ClientHello in one record.
  SSL_set_max_send_fragment(connection_.get(), largest_record);
  witness_.established = true;
  witness_.plaintext_came();
  return io::done;
}

io stream::ended_handshake(int outcome) {
  if (SSL_get_error(connection_.get(), outcome) == SSL_ERROR_WANT_READ)
    return io::want_input;
  context_->forget_sessions();
  auto const code = take_error();
  if (failed_by_itself())
    return state_;
  if (witness_.chose_unoffered)
    return fail(alpn_failure());
  if (witness_.refused.code != X509_V_OK)
    return fail(verification_failure(witness_.refused, context_->server()));
  return fail(handshake_failure(facts(code)));
}

handshake_facts stream::facts(unsigned long code) const noexcept {
  return {.code = code,
          .reading_certificates = SSL_get_state(connection_.get()) == TLS_ST_CR_CERT,
          .certificate_requested = witness_.certificate_requested,
          .certificate_shown = context_->shows_certificate(),
          .first = {wire_.first.data(), wire_.first_size}};
}

io stream::write(std::span<char const> plaintext) {
  if (state_ == io::failed)
    return io::failed;
  if (plaintext.empty())
    return io::done;
  std::size_t sealed = 0;
  clear_errors();
  if (SSL_write_ex(connection_.get(), plaintext.data(), plaintext.size(), &sealed) == 1)
    return io::done;
  auto const code = take_error();
  return failed_by_itself() ? state_ : fail(record_failure(code));
}

io stream::read(std::span<char> into, std::size_t& n) {
  n = 0;
  undelivered_ = false;
  if (state_ != io::done)
    return state_;
  do {
    std::size_t opened = 0;
    clear_errors();
    if (auto const outcome = SSL_read_ex(connection_.get(), into.data() + n, into.size() - n, &opened); outcome != 1) {
      auto const end = ended_read(outcome);
      undelivered_ = n != 0 && end != io::want_input;
      return n != 0 ? io::done : end;
    }
    n += opened;
    heard_ = true;
    witness_.plaintext_came();
  } while (n != into.size() && input_left());
  return io::done;
}

io stream::ended_read(int outcome) {
  auto const kind = SSL_get_error(connection_.get(), outcome);
  if (kind == SSL_ERROR_WANT_READ)
    return io::want_input;
  if (kind == SSL_ERROR_ZERO_RETURN)
    return state_ = io::closed;
  auto const code = take_error();
  if (failed_by_itself())
    return state_;
  // In TLS 1.3 the client is done before the server has seen its certificate (RFC 8446, section 4.4.2.4).
  if (!heard_ && is_certificate_alert(code) && witness_.certificate_requested)
    return fail(handshake_failure(facts(code)));
  return fail(record_failure(code));
}

// What our own callbacks and BIO cut short, for which OpenSSL has no words.
bool stream::failed_by_itself() {
  if (wire_.out_of_memory)
    failure_ = {.kind = error_kind::resource, .reason = "memory"};
  else if (witness_.renegotiation)
    failure_ = record_failure("the server asked for a renegotiation");
  else if (witness_.flooded)
    failure_ = record_failure("the server sent too many records without content");
  else
    return false;
  state_ = io::failed;
  return true;
}

io stream::fail(failure f) noexcept {
  failure_ = std::move(f);
  return state_ = io::failed;
}

void stream::shutdown() noexcept {
  if (state_ == io::failed || !witness_.established)
    return;
  clear_errors();
  SSL_shutdown(connection_.get());
  clear_errors();
}

void stream::consume_output(std::size_t n) noexcept {
  wire_.output_sent += n;
  if (wire_.output_sent == wire_.output.size()) {
    wire_.output.clear();
    wire_.output_sent = 0;
  }
}

bool stream::resumed() const noexcept { return SSL_session_reused(connection_.get()) == 1; }

} // namespace hvc::tls
