#include "pki_store.hpp"

#include <boost/asio/ip/address.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace hvc::simulation {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours validity{24 * 3650}; // longer than anyone keeps a test server

std::string read_file(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in)
    throw std::runtime_error("cannot read " + file.string());
  return text;
}

// Renamed into place, so that no half-written file is ever found again.
void write_file(fs::path const& file, std::string const& text, bool secret) {
  auto const draft = fs::path(file.string() + ".new");
  {
    std::ofstream out(draft, std::ios::binary | std::ios::trunc);
    if (secret)
      fs::permissions(draft, fs::perms::owner_read | fs::perms::owner_write);
    out << text << std::flush;
    if (!out)
      throw std::runtime_error("cannot write " + draft.string());
  }
  fs::rename(draft, file);
}

pki::authority new_authority() {
  pki::certificate_options o;
  o.valid_until = validity;
  return pki::authority(o);
}

pki::authority kept_authority(fs::path const& certificate, fs::path const& key) {
  if (fs::exists(certificate) && fs::exists(key))
    return pki::authority::from_pem(read_file(certificate), read_file(key));
  auto made = new_authority();
  write_file(key, made.key_pem(), true);
  write_file(certificate, made.certificate_pem(), false);
  return made;
}

pki::identity kept_server(fs::path const& certificate, fs::path const& key, pki::authority const& issuer,
                          std::vector<std::string> const& host_names) {
  if (fs::exists(certificate) && fs::exists(key)) {
    auto kept = pki::identity::from_pem(read_file(certificate), read_file(key));
    if (issuer.has_issued(kept) && kept.is_for(host_names))
      return kept;
  }
  auto made = issuer.issue(certificate_for(host_names));
  write_file(key, made.key_pem(), true);
  write_file(certificate, made.chain_pem(), false);
  return made;
}

} // namespace

pki::certificate_options certificate_for(std::vector<std::string> const& host_names) {
  pki::certificate_options o;
  o.valid_until = validity;
  for (auto const& name : host_names) {
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(name, not_an_address);
    (not_an_address ? o.dns_names : o.ip_addresses).push_back(name);
  }
  return o;
}

server_pki open_pki(std::string const& directory, std::vector<std::string> const& host_names) {
  if (directory.empty()) {
    auto authority = new_authority();
    auto server = authority.issue(certificate_for(host_names));
    return {std::move(authority), std::move(server)};
  }
  fs::path const d(directory);
  fs::create_directories(d);
  auto authority = kept_authority(d / "ca.pem", d / "ca.key");
  auto server = kept_server(d / "server.pem", d / "server.key", authority, host_names);
  return {std::move(authority), std::move(server)};
}

} // namespace hvc::simulation
