// hvc-sync cert: who the server says it is.
#include "command.hpp"
#include "error_text.hpp"
#include "probe.hpp"
#include "trust.hpp"

namespace hvc::tools {

boost::asio::awaitable<int> run_cert(session const& s) {
  co_await boost::asio::this_coro::throw_if_cancelled(false); // an interruption is reported as an error
  server const& asked = s.servers.front();
  tls_options trust = asked.options.tls();
  if (trust.is_insecure()) // --insecure says what to do in spite of the answer
    trust.system_trust();
  auto const refused = co_await refusal_of(asked, trust);
  if (refused && refused->kind() != error_kind::tls_verify)
    co_return s.report_error(*refused);
  probe_report const seen = co_await probe(asked.options);
  if (seen.chain.empty())
    co_return s.report_error(seen.failed ? *seen.failed : error(error_kind::tls_handshake));
  chain_verdict v{.trusted = !refused};
  if (refused)
    v = {false, std::string(refused->reason()), refused->message(), trust_hint(*refused, asked.options.tls())};
  auto const now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  std::string const& url = asked.options.server();
  co_return s.write(s.format == output_format::json ? chain_json(url, seen.protocol, seen.chain, v)
                                                    : chain_text(url, seen.protocol, seen.chain, v, now, s.to));
}

} // namespace hvc::tools
