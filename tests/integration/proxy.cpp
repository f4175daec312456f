#include "proxy.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace hvc::test {
namespace {

using boost::asio::ip::tcp;
using namespace std::chrono_literals;

tcp::endpoint on_loopback(unsigned short port) { return {boost::asio::ip::address_v4::loopback(), port}; }

unsigned short free_port() {
  boost::asio::io_context context;
  return tcp::acceptor(context, on_loopback(0)).local_endpoint().port();
}

bool listens(unsigned short port) {
  boost::asio::io_context context;
  tcp::socket socket(context);
  boost::system::error_code ec;
  socket.connect(on_loopback(port), ec);
  return !ec;
}

class haproxy final : public proxy {
public:
  using proxy::proxy;

private:
  // Scarce: two requests at a time, and who waits for longer than a moment is told 503.
  std::string configuration(proxy_capacity c) const override {
    bool const scarce = c == proxy_capacity::scarce;
    return "defaults\n mode http\n timeout connect 1s\n timeout client 30s\n timeout server 30s\n timeout queue " +
           std::string(scarce ? "10ms" : "10s") + "\nlisten vcenter\n bind 127.0.0.1:" + std::to_string(port_) +
           " ssl crt " + file("server.pem") + "\n server simulator " + upstream_ + " ssl verify none maxconn " +
           (scarce ? "2" : "100") + "\n";
  }
  // A master and a worker, so that it can be reloaded.
  std::vector<std::string> arguments() const override { return {"-W", "-db", "-f", file("configuration")}; }
  int reload_signal() const noexcept override { return SIGUSR2; }
};

class nginx final : public proxy {
public:
  using proxy::proxy;

private:
  // Scarce: whoever comes while two requests are under way is told 503.
  std::string configuration(proxy_capacity c) const override {
    std::string text = "daemon off; user root; pid " + file("pid") + "; error_log " + file("log") +
                       ";\nevents { worker_connections 512; }\nhttp { access_log off;\n";
    for (auto const* what : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      text += std::string(what) + "_temp_path " + file(what) + ";\n";
    text += "limit_conn_zone $server_addr zone=all:1m;\nupstream simulator { server " + upstream_ +
            "; keepalive 16; }\nserver { listen 127.0.0.1:" + std::to_string(port_) + " ssl; ssl_certificate " +
            file("server.pem") + "; ssl_certificate_key " + file("server.pem") + ";\n";
    if (c == proxy_capacity::scarce)
      text += "limit_conn all 2;\n";
    return text +
           "location / { proxy_pass https://simulator; proxy_http_version 1.1; proxy_set_header Connection \"\"; "
           "proxy_ssl_verify off; }\n} }\n";
  }
  std::vector<std::string> arguments() const override { return {"-p", file(""), "-c", file("configuration")}; }
  int reload_signal() const noexcept override { return SIGHUP; }
};

} // namespace

proxy::proxy(std::string program, std::string upstream)
    : upstream_(std::move(upstream)), port_(free_port()), program_(std::move(program)) {
  pki::certificate_options o;
  o.ip_addresses = {"127.0.0.1"};
  auto const leaf = authority_.issue(o);
  std::ofstream(file("server.pem")) << leaf.key_pem() << leaf.chain_pem();
}

proxy::~proxy() {
  if (running_)
    stop();
}

std::optional<std::string> proxy::find(std::string const& name) {
  for (auto const* directory : {"/usr/sbin/", "/usr/local/sbin/", "/usr/bin/", "/usr/local/bin/"})
    if (std::filesystem::exists(directory + name))
      return directory + name;
  return std::nullopt;
}

std::unique_ptr<proxy> proxy::make_haproxy(std::string const& program, std::string const& upstream) {
  return std::make_unique<haproxy>(program, upstream);
}

std::unique_ptr<proxy> proxy::make_nginx(std::string const& program, std::string const& upstream) {
  return std::make_unique<nginx>(program, upstream);
}

void proxy::configure(proxy_capacity c) const { std::ofstream(file("configuration")) << configuration(c); }

void proxy::start() {
  configure(proxy_capacity::ample);
  running_.emplace(program_, program_start{.arguments = arguments()});
  for (int n = 0; !listens(port_); ++n) {
    if (n == 1'000)
      throw std::runtime_error(program_ + " does not listen");
    std::this_thread::sleep_for(10ms);
  }
}

void proxy::stop() {
  running_->send_signal(SIGTERM);
  static_cast<void>(running_->wait());
  running_.reset();
}

void proxy::reload(proxy_capacity c) {
  configure(c);
  running_->send_signal(reload_signal());
}

} // namespace hvc::test
