// A proxy of somebody else's between a client and a simulator: haproxy or nginx, as a process of its own that
// terminates TLS, asks the simulator over TLS again, and can be reloaded, restarted and overloaded.
#pragma once

#include "program.hpp"
#include "simulator/authority.hpp"

#include <memory>
#include <optional>
#include <string>

namespace hvc::test {

// How much the proxy lets through at once.
enum class proxy_capacity { ample, scarce };

class proxy {
public:
  proxy(std::string program, std::string upstream);
  virtual ~proxy();
  proxy(proxy const&) = delete;
  proxy& operator=(proxy const&) = delete;

  // The program, if it is installed.
  [[nodiscard]] static std::optional<std::string> find(std::string const& name);
  [[nodiscard]] static std::unique_ptr<proxy> make_haproxy(std::string const& program, std::string const& upstream);
  [[nodiscard]] static std::unique_ptr<proxy> make_nginx(std::string const& program, std::string const& upstream);

  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string ca_pem() const { return authority_.certificate_pem(); }

  void start();                  // returns when it listens
  void stop();                   // at once: connections break
  void reload(proxy_capacity c); // asks it to

protected:
  [[nodiscard]] virtual std::string configuration(proxy_capacity c) const = 0;
  [[nodiscard]] virtual std::vector<std::string> arguments() const = 0;
  [[nodiscard]] virtual int reload_signal() const noexcept = 0;
  [[nodiscard]] std::string file(std::string const& name) const { return (directory_.path() / name).string(); }

  std::string upstream_; // "127.0.0.1:8443"
  unsigned short port_;

private:
  void configure(proxy_capacity c) const;

  std::string program_;
  temporary_directory directory_;
  pki::authority authority_;
  std::optional<test::program> running_;
};

} // namespace hvc::test
