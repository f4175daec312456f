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

failure make(error_kind kind, hvc::stage stage, boost::system::error_code ec) {
  failure f;
  f.reason = exhausted(ec);
  f.kind = f.reason.empty() ? kind : error_kind::resource;
  f.stage = stage;
  f.code = ec;
  if (ec)
    f.text = ec.message();
  return f;
}

} // namespace

failure resolve_failure(boost::system::error_code ec) {
  failure f = make(error_kind::resolve, stage::resolve, ec);
  if (!ec)
    f.text = "the name has no address";
  return f;
}

failure connect_failure(boost::system::error_code ec) {
  return make(ec == boost::asio::error::timed_out ? error_kind::connect_timeout : error_kind::connect, stage::connect, ec);
}

bool is_transient_resolve_error(boost::system::error_code ec) noexcept {
  return ec == boost::asio::error::host_not_found_try_again;
}

} // namespace hvc::net
