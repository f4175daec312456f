// A whole client over the platform in memory: pool, session header, deadlines, TLS, framing guard, decoding.
#pragma once

#include "memory_platform.hpp"

#include "core.hpp"

#include <hvc/detail/initiate.hpp>
#include <hvc/model.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

class memory_client {
public:
  memory_client(boost::asio::any_io_executor executor, memory_server const& server, std::string const& json,
                unsigned connections, std::size_t sealed_ahead)
      : core_(std::make_shared<hvc::detail::core>(
            executor, options_for(server, connections),
            make_memory_platform(executor, server, reply_with(json), sealed_ahead))) {}
  ~memory_client() { core_->drop(); }
  memory_client(memory_client const&) = delete;
  memory_client& operator=(memory_client const&) = delete;

  /// The handler takes an hvc::result<hvc::sync_info>.
  template <class Handler> void ask(Handler&& handler) {
    hvc::detail::initiate_call<hvc::sync_info>(hvc::detail::entrance(core_.get(), core_->executor()),
                                               hvc::detail::get_provider_sync, std::forward<Handler>(handler), "7f3c",
                                               "vsphere.local", hvc::call_options());
  }

private:
  static hvc::client_options options_for(memory_server const& server, unsigned connections) {
    hvc::client_options o;
    o.server("https://127.0.0.1:443").credentials(hvc::session_token("0123456789abcdef0123456789abcdef"));
    o.tls().ca_pem(server.authority_pem());
    o.pool().max_connections = connections;
    return o;
  }
  std::shared_ptr<hvc::detail::core> core_;
};

inline std::string text_of(char const* path) {
  std::ifstream file(path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (text.empty())
    throw std::runtime_error(std::string("cannot read ") + path);
  return text;
}

} // namespace bench
