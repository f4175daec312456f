#include "net/system_failure.hpp"

#include <boost/asio/error.hpp>

#include <cerrno>

namespace hvc::net {
namespace {

// What this process, not the server, ran out of; empty if nothing.
std::string_view exhausted(boost::system::error_code ec) noexcept {
  if (ec.category() != boost::system::system_category())
    return {};
  switch (ec.value()) {
  case EMFILE:
  case ENFILE:
    return "fd";
  case ENOMEM:
  case ENOBUFS:
    return "memory";
  case EADDRNOTAVAIL:
    return "ports";
  default:
    return {};
  }
}

failure make(error_kind kind, hvc::stage stage, std::string_view who, boost::system::error_code ec) {
  failure f;
  f.reason = exhausted(ec);
  f.kind = f.reason.empty() ? kind : error_kind::resource;
  f.stage = stage;
  f.code = ec;
  f.text.append(who).append(": ").append(ec ? ec.message() : "the name has no address");
  return f;
}

} // namespace

failure resolve_failure(std::string_view host, boost::system::error_code ec) {
  return make(error_kind::resolve, stage::resolve, host, ec);
}

failure connect_failure(std::string_view peer, boost::system::error_code ec) {
  auto const kind = ec == boost::asio::error::timed_out ? error_kind::connect_timeout : error_kind::connect;
  return make(kind, stage::connect, peer, ec);
}

bool is_transient_resolve_error(boost::system::error_code ec) noexcept {
  return ec == boost::asio::error::host_not_found_try_again;
}

} // namespace hvc::net
