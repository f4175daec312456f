#include "wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace hvc::simulation {
namespace {

constexpr std::size_t chunk_size = 1000; // smaller than an Info, so that chunked replies have more than one

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 204:
    return "No Content";
  case 302:
    return "Found";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 429:
    return "Too Many Requests";
  case 500:
    return "Internal Server Error";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Unavailable";
  case 504:
    return "Gateway Timeout";
  default:
    return "Other";
  }
}

// IMF-fixdate (RFC 9110, section 5.6.7).
std::string http_date(date_time t) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto const seconds = std::chrono::floor<std::chrono::seconds>(t);
  auto const day = std::chrono::floor<std::chrono::days>(seconds);
  std::chrono::year_month_day const date(day);
  std::chrono::hh_mm_ss const time(seconds - day);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT", days[std::chrono::weekday(day).c_encoding()],
                static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return text;
}

// A reply to which no body belongs (RFC 9110, sections 15.2, 15.3.5 and 15.4.5).
bool has_no_body(int status) noexcept { return status < 200 || status == 204 || status == 304; }

} // namespace

bool equal_names(std::string_view a, std::string_view b) noexcept {
  auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string wire_reply::head() const {
  auto text = start + "\r\n";
  for (auto const& [name, value] : fields)
    text += name + ": " + value + "\r\n";
  return text += "\r\n";
}

void wire_reply::set(std::string_view name, std::string value) {
  drop(name);
  fields.emplace_back(name, std::move(value));
}

void wire_reply::drop(std::string_view name) {
  std::erase_if(fields, [&](auto const& field) { return equal_names(field.first, name); });
}

std::string as_chunks(std::string_view body) {
  std::string out;
  while (!body.empty()) {
    auto const part = body.substr(0, chunk_size);
    char size[16];
    auto const end = std::to_chars(size, size + sizeof size, part.size(), 16).ptr;
    out.append(size, end).append("\r\n").append(part).append("\r\n");
    body.remove_prefix(part.size());
  }
  return out += "0\r\n\r\n";
}

wire_reply render(canned_reply const& reply, bool chunked, date_time now) {
  wire_reply w;
  w.start = "HTTP/1.1 " + std::to_string(reply.status) + ' ' + std::string(reason_phrase(reply.status));
  w.fields.emplace_back("date", http_date(now));
  w.fields.emplace_back("server", "envoy");
  if (!reply.content_type.empty())
    w.fields.emplace_back("content-type", reply.content_type);
  w.fields.insert(w.fields.end(), reply.fields.begin(), reply.fields.end());
  if (reply.close)
    w.fields.emplace_back("connection", "close");
  if (has_no_body(reply.status))
    return w;
  if (reply.chunked.value_or(chunked)) {
    w.fields.emplace_back("transfer-encoding", "chunked");
    w.body = as_chunks(reply.body);
  } else {
    w.fields.emplace_back("content-length", std::to_string(reply.body.size()));
    w.body = reply.body;
  }
  return w;
}

script play(canned_reply const& reply, bool chunked, date_time now) {
  script s;
  s.push_back({step::act::send, reply.wire.empty() ? render(reply, chunked, now).bytes() : reply.wire});
  if (reply.close)
    s.push_back({step::act::close});
  return s;
}

} // namespace hvc::simulation

namespace hvc {

std::string_view simulated_request::field(std::string_view name) const noexcept {
  for (auto const& [n, value] : fields)
    if (simulation::equal_names(n, name))
      return value;
  return {};
}

} // namespace hvc
