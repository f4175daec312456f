// Listens, shakes hands, reads requests and carries scripts out: the only file of the simulator that knows sockets.
// What a request means, its service knows.
#pragma once

#include "faults.hpp"
#include "tls_contexts.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <string>

namespace hvc::simulation {

// What a server asks and tells. Called from any thread that runs the server, with no lock held.
class service {
public:
  virtual ~service() = default;
  virtual void connection_opened() = 0;
  virtual void connection_closed() = 0;
  [[nodiscard]] virtual handshake_fault next_handshake() = 0;
  // The waits of the script included, but for the time of the network.
  [[nodiscard]] virtual script answer(simulated_request request) = 0;
};

struct server_settings {
  std::string address;
  std::uint16_t port = 0;
  std::chrono::milliseconds idle_timeout{900'000};
  std::chrono::milliseconds rtt{0};
};

// Lives as long as its connections.
class server {
public:
  // Listens, and accepts as soon as the executor runs. Throws boost::system::system_error where it cannot.
  [[nodiscard]] static std::shared_ptr<server> start(boost::asio::any_io_executor executor, server_settings settings,
                                                     std::shared_ptr<tls_contexts> contexts,
                                                     std::shared_ptr<service> service);
  virtual ~server() = default;

  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
  // Initiates the end: idle connections close, replies under way are sent, half a second later the rest is cut.
  virtual void stop() = 0;
};

} // namespace hvc::simulation
