#include "certificate_facts.hpp"

#include "text.hpp"
#include "times.hpp"
#include "tls/certificate.hpp"

#include <hvc/codec.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace hvc::tools {

namespace {

paint colour_of(certificate_facts const& c, date_time now) noexcept {
  constexpr auto soon = std::chrono::hours(24 * 30);
  if (now < c.not_before || now >= c.not_after)
    return paint::bad;
  return c.not_after - now < soon ? paint::notable : paint::good;
}

// What stands below in full is not said twice.
std::string trust_text(chain_verdict const& v) {
  if (v.trusted)
    return "yes";
  std::string reason = v.reason;
  std::replace(reason.begin(), reason.end(), '_', ' ');
  return "no: " + reason;
}

std::string advice(chain_verdict const& v, std::size_t width) {
  std::string text;
  if (!v.trusted)
    for (auto const& line : wrapped(v.advice, width))
      text.append(text.empty() ? "\n" : "").append(line).append("\n");
  return text;
}

} // namespace

std::string expiry_text(certificate_facts const& c, date_time now) {
  if (now < c.not_before)
    return "not valid before " + utc_text(c.not_before);
  if (now >= c.not_after)
    return "expired " + age_text(c.not_after, now);
  return "expires " + age_text(c.not_after, now);
}

std::string chain_text(std::string const& server, std::string const& protocol,
                       std::vector<certificate_facts> const& chain, chain_verdict const& v, date_time now,
                       canvas const& to) {
  std::string text = card(
      {{"Server", server}, {"Protocol", protocol}, {"Trusted", trust_text(v), v.trusted ? paint::good : paint::bad}},
      to);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    auto const& c = chain[i];
    std::string heading("Certificate ");
    heading.append(std::to_string(i + 1)).append(" of ").append(std::to_string(chain.size()));
    heading.append(i == 0 ? ", the server's own" : "");
    text.append("\n").append(to.painted(paint::heading, heading)).append("\n");
    std::vector<field> fields{{"  Subject", c.subject}, {"  Issuer", c.issuer}};
    if (i == 0)
      fields.push_back({"  Names", c.names});
    fields.push_back({"  Valid", utc_text(c.not_before) + " to " + utc_text(c.not_after)});
    fields.push_back({"", expiry_text(c, now), colour_of(c, now)});
    fields.push_back({"  SHA-256", tls::without_colons(c.sha256)});
    text += card(fields, to);
  }
  return text + advice(v, to.width);
}

std::string chain_json(std::string const& server, std::string const& protocol,
                       std::vector<certificate_facts> const& chain, chain_verdict const& v) {
  boost::json::array certificates;
  for (auto const& c : chain)
    certificates.push_back({{"subject", c.subject},
                            {"issuer", c.issuer},
                            {"names", c.names},
                            {"not_before", format_date_time(c.not_before)},
                            {"not_after", format_date_time(c.not_after)},
                            {"sha256", c.sha256}});
  boost::json::object o{{"server", server}, {"protocol", protocol}, {"trusted", v.trusted}};
  if (!v.trusted)
    o["why_not"] = v.why_not;
  o["chain"] = std::move(certificates);
  return boost::json::serialize(o) + "\n";
}

} // namespace hvc::tools
